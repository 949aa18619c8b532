"""Candidates of the whole frame: exact joins of hashes in 8 poses, bounded where pictures are equal."""
