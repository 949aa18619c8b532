"""Models: immutable snapshots as rows. They keep no truth of their own."""
