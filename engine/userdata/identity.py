"""Names for runs and decisions, and times as the contract writes them. The clock never decides an order."""

from __future__ import annotations

import os
import time


def new_id() -> str:
    """A name that is unique, safe as a folder's name, and tells a person when: ``20260101-120000-9f3c2a``."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.urandom(3).hex()}"


def utc_now() -> str:
    """``2026-01-01T12:00:00Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
