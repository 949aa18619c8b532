"""Which files need not be read again: unchanged ones by their stat facts, moved, renamed or touched ones by their digest."""

from __future__ import annotations

import contextlib
import os
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import __version__
from engine.records import FoundFile, FoundFiles, StatFacts

if TYPE_CHECKING:
    from engine.store import FingerprintStore, StoredFile

CHUNK = 1024
"""Files looked up at once."""

Identity = tuple[int, int, int, int]
"""device, inode, size in bytes, mtime_ns."""

WORKER_FAILURES = ("decode.crashed", "decode.timeout", "decode.memory")
"""Codes that are remembered only as long as the decoders stay the same."""


def decoder_versions() -> str:
    """Versions of the codecs and of our own loops, told without importing them: a file that killed them is tried again when
    this changes."""
    from importlib import metadata  # costs a start twenty milliseconds, and only a scan asks

    names = ("pillow", "pillow-heif", "rawpy")
    told = [f"{name} {metadata.version(name)}" for name in names]
    with contextlib.suppress(metadata.PackageNotFoundError):
        told.append(f"numba {metadata.version('numba')}")
    return " ".join([*told, f"imgfp {__version__}"])


def suffix(path: bytes) -> bytes:
    """Lower-case suffix: content is judged together with it for sidecars and some RAW families."""
    return os.path.splitext(path)[1].lower()


class Answer(Enum):
    """How a file is to be treated."""

    CACHED = auto()  # the stored facts hold
    SAMPLE = auto()  # perhaps a copy from another disk: read a little of it and look again
    DIGEST = auto()  # perhaps known: read the bytes once and look again
    COMPUTE = auto()


@dataclass(frozen=True, slots=True)
class Judgement:
    """`stored` is given with CACHED only."""

    answer: Answer
    stored: StoredFile | None = None


COMPUTE = Judgement(Answer.COMPUTE)
SAMPLE = Judgement(Answer.SAMPLE)
DIGEST = Judgement(Answer.DIGEST)


class Recogniser:
    """Judges found files against the store, a few thousand at a time: no more than those are held, however many there are."""

    def __init__(self, store: FingerprintStore, found: Iterable[FoundFile]) -> None:
        """found: those that will be judged, by path; judged in that order, each look-up serves many of them."""
        self._store = store
        self._found = found if isinstance(found, FoundFiles) else list(found)
        self._paths = found.paths if isinstance(found, FoundFiles) else [file.path for file in self._found]
        self._at_hand: range = range(0)
        self._known: dict[bytes, StoredFile] = {}
        self._alike: dict[Identity, tuple[StoredFile, ...]] = {}
        self._sizes: NDArray[np.int64] | None = None
        self._decoders = decoder_versions()

    def judge(self, file: FoundFile) -> Judgement:
        """What to do with one file that the walk found."""
        self._fetch(file)
        here = self._known.get(file.path)
        if here is not None and here.same_file_state(file.stat):
            return self._unchanged(here)
        return self._moved(file) or self.unsampled(file.path, file.stat, may_sample=here is None)

    def unsampled(self, path: bytes, stat: StatFacts, *, may_sample: bool = False) -> Judgement:
        """What to do with a file that none of the facts of the disk told of; may_sample: nothing is known under its name.

        A file that changed in place is never sampled: what was changed may lie between the places looked at.
        """
        if may_sample and any(suffix(one.path) == suffix(path) for one in self._store.sampled_elsewhere(stat)):
            return SAMPLE
        return DIGEST if self._has_size(stat.size) else COMPUTE

    def likely_copy(self, path: bytes, stat: StatFacts, sample: bytes | None) -> StoredFile | None:
        """A sound camera RAW of another disk with this sample, judged under a name of the same suffix; without its digest.

        Only of a RAW: a scan reads no more of one than its headers and a preview. Other pictures are known by all their bytes. A
        digest, where there is one, is that of bytes that were not read here; whoever needs one takes it from this file.
        """
        for stored in self._store.sampled_elsewhere(stat, sample) if sample is not None else ():
            if (
                stored.status == "ok"
                and stored.facts.kind == "raw"
                and suffix(stored.path) == suffix(path)
                and self._unchanged(stored).answer is Answer.CACHED
            ):
                return stored.without_digest()
        return None

    def _fetch(self, file: FoundFile) -> None:
        """Have what is known of this file, and of those that come after it, at hand."""
        place = bisect_left(self._paths, file.path)
        if self._paths[place : place + 1] != [file.path]:  # none of those that were announced
            files, self._at_hand = [file], range(0)
        elif place in self._at_hand:
            return
        else:
            files = self._found[place : place + CHUNK]
            self._at_hand = range(place, place + len(files))
        self._known = self._store.known([one.path for one in files])
        unsure = [one for one in files if not self._is_unchanged(one)]
        self._alike = self._store.by_identities(map(_identity, unsure)) if unsure else {}

    def _is_unchanged(self, file: FoundFile) -> bool:
        here = self._known.get(file.path)
        return here is not None and here.same_file_state(file.stat)

    def _has_size(self, size: int) -> bool:
        if self._sizes is None:  # a look at every record: not where all is as it was
            self._sizes = self._store.digest_sizes()
        place = int(np.searchsorted(self._sizes, size))
        return place < len(self._sizes) and int(self._sizes[place]) == size

    def same_content(self, path: bytes, digest: bytes) -> StoredFile | None:
        """A stored file with these bytes, judged under a name of the same suffix."""
        for stored in self._store.by_digest(digest):
            if suffix(stored.path) == suffix(path) and self._unchanged(stored).answer is Answer.CACHED:
                return stored
        return None

    def _unchanged(self, stored: StoredFile) -> Judgement:
        if stored.code in WORKER_FAILURES and stored.decoder != self._decoders:
            return COMPUTE
        if stored.is_picture and stored.row is None:
            return COMPUTE
        return Judgement(Answer.CACHED, stored)

    def _moved(self, file: FoundFile) -> Judgement | None:
        stat = file.stat
        for stored in self._alike.get(_identity(file), ()):
            if stored.path == file.path or suffix(stored.path) != suffix(file.path):
                continue
            if stored.same_file_state(stat):
                return self._unchanged(stored)
            # A rename changes the change time. Without a digest to prove the content (camera RAW, read by its preview only, and
            # what is no picture), the same inode, size and modification time under a name that replaced the old one is the same
            # file.
            if stored.facts.blake3 is None and not os.path.lexists(stored.path):
                return self._unchanged(stored)
        return None


def _identity(file: FoundFile) -> Identity:
    return (file.stat.device, file.stat.inode, file.stat.size, file.stat.mtime_ns)
