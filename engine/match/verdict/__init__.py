"""From evidence to a judgement: strength, similarity, tier, and the names of edits."""
