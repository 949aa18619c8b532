"""What was read goes to the store in batches: a kill loses one at most."""

from __future__ import annotations

import time

from engine.jobs.library import LibraryFile
from engine.store import Entry, FingerprintStore
from engine.volumes import Volumes

BATCH_FILES = 256
BATCH_SECONDS = 1.0


class Storing:
    """The batches of one scan; used in the thread that owns the store.

    stored: files read in this run that would survive a kill now.
    """

    def __init__(self, store: FingerprintStore, volumes: Volumes) -> None:
        self.stored = 0
        self._store = store
        self._volumes = volumes
        self._waiting: list[tuple[LibraryFile, bytes, bytes | None]] = []
        self._last = time.monotonic()

    def add(self, file: LibraryFile, prints: bytes = b"", sample: bytes | None = None) -> None:
        """Have this file's facts kept. prints: its packed fingerprint; empty where the file's row has it, or there is none.

        sample: see `Entry`; None leaves what is known of it.
        """
        self._waiting.append((file, prints, sample))

    def commit(self, *, force: bool = False) -> None:
        """Store what waits, if it is enough or has waited long enough; each file then has its row."""
        if not force and len(self._waiting) < BATCH_FILES and time.monotonic() - self._last < BATCH_SECONDS:
            return
        batch, self._waiting = self._waiting, []
        self._last = time.monotonic()
        batch = [one for one in batch if one[0].facts is not None]
        if not batch:
            return
        entries = [
            Entry(file.path, file.stat, file.facts, prints or None, file.row, self._volumes.name_for(file.stat.device), sample)
            for file, prints, sample in batch
            if file.facts is not None
        ]
        for (file, _, _), row in zip(batch, self._store.put(entries), strict=True):
            file.row = row
        self.stored += sum(1 for file, _, _ in batch if not file.from_cache)
