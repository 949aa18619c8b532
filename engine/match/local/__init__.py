"""Candidates by local features: the self-join of codes, what matches agree on, what supports an overlap."""
