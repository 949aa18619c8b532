"""The cache of fingerprints and facts: mapped columns, an SQLite catalog, and the pair table of the last match.

Disposable at any time. Nothing in here knows how a fingerprint is made, and nothing here opens a file of the user.
"""

from __future__ import annotations

from engine.store.entries import Entry
from engine.store.layout import PartSpec
from engine.store.store import FingerprintStore
from engine.store.stored_file import StoredFile

__all__ = ["Entry", "FingerprintStore", "PartSpec", "StoredFile"]
