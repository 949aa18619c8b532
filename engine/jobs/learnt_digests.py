"""Whole-file digests that were read after the scan, for files of which a decision was made."""

from __future__ import annotations

from engine.jobs.library import LibraryFile
from engine.records import StatFacts


class LearntDigests:
    """Kept for a session, by path and only for the same state of the file. Any thread."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[StatFacts, bytes]] = {}

    def learn(self, file: LibraryFile, digest: bytes) -> None:
        """Keep the digest of a file in the state in which the library knows it."""
        if file.digest is None:
            self._known[file.path] = file.stat, digest

    def of(self, file: LibraryFile) -> bytes | None:
        """BLAKE3 of the whole file: from its facts, else as it was learnt."""
        if file.digest is not None:
            return file.digest
        stat, digest = self._known.get(file.path, (None, None))
        return digest if stat is not None and stat.same_file_state(file.stat) else None
