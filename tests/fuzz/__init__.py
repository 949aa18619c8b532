"""Long runs over mutated files, by hand: each says how to start it."""
