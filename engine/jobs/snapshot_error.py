"""What was saved is no library."""

from __future__ import annotations


class SnapshotError(ValueError):
    """Something in a saved library cannot be; the message says what, for the log."""
