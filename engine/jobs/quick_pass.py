"""The first pass over a library: header facts and the pictures' own thumbnails, in seconds where reading takes minutes.

What it finds is provisional: it lies in a store of its own, and the full pass replaces it file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine import fingerprint
from engine.jobs.errand import FileResult
from engine.jobs.library import Library, LibraryFile
from engine.jobs.progress import ProgressMeter
from engine.jobs.reading import Todo
from engine.jobs.recognise import WORKER_FAILURES, decoder_versions
from engine.jobs.storing import Storing
from engine.records import PictureFacts
from engine.store import FingerprintStore, StoredFile
from engine.volumes import Volumes
from engine.wire import Kind

PROFILE = "q" + fingerprint.PROFILE
"""Of the quick store: rows of thumbnails never stand among those of pictures."""

STALE_BITS = 16
"""Of 64: a thumbnail farther from its picture than this shows another one."""

Pump = Callable[[Todo], Iterator[FileResult]]


class QuickPass:
    """One pass. store: the quick one. whole: this pass is the whole scan, so its outcomes are the files' outcomes."""

    def __init__(self, store: FingerprintStore, volumes: Volumes, library: Library, *, whole: bool) -> None:
        self._store = store
        self._storing = Storing(store, volumes)
        self._library = library
        self._whole = whole
        self._decoders = decoder_versions()

    def run(
        self,
        files: Sequence[LibraryFile],
        pump: Pump,
        meter: ProgressMeter,
        tell: Callable[[LibraryFile, FileResult | None], None],
    ) -> None:
        """Look at these files. pump: has them read by workers. tell: is told each one that is done; result None: it was known."""
        known = self._store.known([file.path for file in files])
        todo: Todo = []
        for file in files:
            stored = known.get(file.path)
            if stored is not None and stored.stat.same_file_state(file.stat) and self._holds(stored):
                self._adopt(file, stored)
                meter.step()
                meter.stored += 1
                tell(file, None)
            else:
                todo.append((Kind.QUICK, file))
        for result in pump(todo):
            self._take(result.token, result)
            meter.step()
            self.commit(meter)
            tell(result.token, result)
        self.commit(meter, force=True)

    def commit(self, meter: ProgressMeter, *, force: bool = False) -> None:
        """Store what waits; each thumbnail's file then has its row."""
        before = self._storing.stored
        self._storing.commit(force=force)
        meter.stored += self._storing.stored - before

    def hashes(self) -> Hashes:
        """Of the thumbnails that are provisional now."""
        table = self._library.table
        ids = np.flatnonzero(table.files["provisional"] & (table.files["row"] >= 0))
        rows = table.files["row"][ids]
        values = self._store.prints(rows, ("dct64",))["dct64"] if len(ids) else np.empty(0, np.uint64)
        return Hashes(ids, values.reshape(-1).astype(np.uint64))

    def _holds(self, stored: StoredFile) -> bool:
        return stored.facts.code not in WORKER_FAILURES or stored.facts.decoder == self._decoders

    def _take(self, file: LibraryFile, result: FileResult) -> None:
        if result.code == "scan.offline":
            if self._whole:
                file.status, file.code = "offline", "scan.offline"
            return
        facts = result.facts or PictureFacts("error", result.code or "decode.crashed", detail=result.message)
        if facts.code in WORKER_FAILURES:
            facts = replace(facts, decoder=self._decoders)
        if facts.status != "ok" and not self._whole:
            return  # whatever is wrong with it, the full pass says so
        if result.stat is not None:
            file.stat = result.stat
        self._put(file, facts)
        if (facts.code or "").startswith("read."):
            return
        self._library.computed += self._whole and facts.is_picture
        if result.stat is not None:
            self._storing.add(file, result.prints)

    def _adopt(self, file: LibraryFile, stored: StoredFile) -> None:
        if stored.facts.status != "ok" and not self._whole:
            return
        self._put(file, stored.facts)
        file.row = stored.row
        if self._whole:
            file.from_cache = True
            self._library.cached += file.is_picture

    def _put(self, file: LibraryFile, facts: PictureFacts) -> None:
        file.facts, file.status, file.code = facts, facts.status, facts.code
        file.provisional = True
        file.table.files["seen_small"][file.id] = True


class Hashes:
    """64-bit hashes of thumbnails by file id, to be compared with those of the pictures. ids: ascending."""

    def __init__(self, ids: NDArray[np.int64], values: NDArray[np.uint64]) -> None:
        self._ids = ids
        self._values = values

    def disagree(self, file: int, prints: bytes) -> bool:
        """True when this file's picture is another one than its thumbnail. prints: packed fingerprint of the picture."""
        place = int(np.searchsorted(self._ids, file))
        if not prints or place >= len(self._ids) or self._ids.item(place) != file:
            return False
        full = int(fingerprint.unpack(prints).dct64[0])
        return (full ^ self._values.item(place)).bit_count() > STALE_BITS


NO_HASHES = Hashes(np.empty(0, np.int64), np.empty(0, np.uint64))


def replaced(file: LibraryFile) -> None:
    """What is known of this file is that of its picture from now on; its row lies in the full store, once it has one."""
    if file.provisional:
        file.provisional = False
        file.row = None


def forget_provisional(library: Library) -> None:
    """At the end of a full scan: a file that got no answer after all is not known, whatever its thumbnail said."""
    for number in np.flatnonzero(library.table.files["provisional"]).tolist():
        file = library.files[number]
        replaced(file)
        if file.status == "ok":
            file.facts, file.status, file.code = None, "error", "read.io"
