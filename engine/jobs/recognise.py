"""Which files need not be read again: unchanged ones by their stat facts, moved, renamed or touched ones by their digest."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from engine.records import FoundFile

if TYPE_CHECKING:
    from engine.store import FingerprintStore, StoredFile

WORKER_FAILURES = ("decode.crashed", "decode.timeout", "decode.memory")
"""Codes that are remembered only as long as the decoders stay the same."""


def decoder_versions() -> str:
    """Versions of the codecs, told without importing them: a file that killed them is tried again when this changes."""
    from importlib import metadata  # costs a start twenty milliseconds, and only a scan asks

    names = ("pillow", "pillow-heif", "rawpy")
    return " ".join(f"{name} {metadata.version(name)}" for name in names)


def suffix(path: bytes) -> bytes:
    """Lower-case suffix: content is judged together with it for sidecars and some RAW families."""
    return os.path.splitext(path)[1].lower()


class Answer(Enum):
    """How a file is to be treated."""

    CACHED = auto()  # the stored facts hold
    DIGEST = auto()  # perhaps known: read the bytes once and look again
    COMPUTE = auto()


@dataclass(frozen=True, slots=True)
class Judgement:
    """`stored` is given with CACHED only."""

    answer: Answer
    stored: StoredFile | None = None


COMPUTE = Judgement(Answer.COMPUTE)
DIGEST = Judgement(Answer.DIGEST)


class Recogniser:
    """Judges found files against the store; one bulk look-up at creation, none a file afterwards."""

    def __init__(self, store: FingerprintStore, found: Iterable[FoundFile]) -> None:
        self._store = store
        self._known = store.known([file.path for file in found])
        self._sizes = store.digest_sizes()
        self._decoders = decoder_versions()

    def judge(self, file: FoundFile) -> Judgement:
        """What to do with one file that the walk found."""
        here = self._known.get(file.path)
        if here is not None and here.stat.same_file_state(file.stat):
            return self._unchanged(here)
        return self._moved(file) or (DIGEST if file.stat.size in self._sizes else COMPUTE)

    def same_content(self, path: bytes, digest: bytes) -> StoredFile | None:
        """A stored file with these bytes, judged under a name of the same suffix."""
        for stored in self._store.by_digest(digest):
            if suffix(stored.path) == suffix(path) and self._unchanged(stored).answer is Answer.CACHED:
                return stored
        return None

    def _unchanged(self, stored: StoredFile) -> Judgement:
        if stored.facts.code in WORKER_FAILURES and stored.facts.decoder != self._decoders:
            return COMPUTE
        if stored.facts.is_picture and stored.row is None:
            return COMPUTE
        return Judgement(Answer.CACHED, stored)

    def _moved(self, file: FoundFile) -> Judgement | None:
        stat = file.stat
        for stored in self._store.by_identity(stat.device, stat.inode, stat.size, stat.mtime_ns):
            if stored.path == file.path or suffix(stored.path) != suffix(file.path):
                continue
            if stored.stat.same_file_state(stat):
                return self._unchanged(stored)
            # A rename changes the change time. Without a digest to prove the content (camera RAW, read by its preview only, and
            # what is no picture), the same inode, size and modification time under a name that replaced the old one is the same
            # file.
            if stored.facts.blake3 is None and not os.path.lexists(stored.path):
                return self._unchanged(stored)
        return None
