"""What is kept of pictures beside their own fingerprints: each kind in a store of its own, by path and state of the file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.config import Limits
from engine.errors import Cancelled
from engine.jobs.library import LibraryFile
from engine.jobs.pace import processes
from engine.jobs.pace_volumes import PacedVolumes
from engine.jobs.pools import FileResult, Kind, Workers
from engine.jobs.progress import ProgressMeter
from engine.jobs.reading import Reading
from engine.jobs.scan_job import ScanListener
from engine.store import Entry, FingerprintStore
from engine.volumes import Volumes

MOST_PROCESSES = 8


class BesideRows:
    """Rows of one store by files of a library. The file's own row, in the full store, is another number."""

    def __init__(self, store: FingerprintStore) -> None:
        self.store = store
        self._volumes = Volumes()

    def known(self, files: Sequence[LibraryFile]) -> NDArray[np.int64]:
        """The row of each file in the state in which the library has it, -1 where there is none."""
        stored = self.store.known([file.path for file in files])
        rows = np.full(len(files), -1, np.int64)
        for place, file in enumerate(files):
            one = stored.get(file.path)
            if one is not None and one.row is not None and one.stat.same_file_state(file.stat):
                rows[place] = one.row
        return rows

    def keep(self, files: Sequence[LibraryFile], data: Sequence[bytes]) -> NDArray[np.int64]:
        """Store what was made of these pictures; the row of each."""
        entries = [
            Entry(file.path, file.stat, replace(facts, detail=""), prints, None, self._volumes.name_for(file.stat.device))
            for file, prints in zip(files, data, strict=True)
            if (facts := file.facts) is not None
        ]
        return np.array([-1 if row is None else row for row in self.store.put(entries)], np.int64)


def read_beside(
    files: Sequence[LibraryFile], kind: Kind, limits: Limits, listener: ScanListener, *, edge: int = 0
) -> Iterator[FileResult]:
    """Ask workers for one more thing of each picture; results as they come, `token` is the file. A file that changed, cannot be
    read or gives no picture gives none. Raises Cancelled."""
    if not files:
        return
    count = processes(min(MOST_PROCESSES, os.cpu_count() or 1), len({file.stat.device for file in files}))
    meter = ProgressMeter("read", len(files), listener.progress)
    with Workers(count, limits, background=not listener.pace.options.whole_cpu) as pool:
        paced = PacedVolumes(listener.pace)
        reading = Reading(pool, listener.cancelled, listener.wait_while_paused, volumes=paced, meter=meter, edge=edge)
        for result in reading.results([(kind, file) for file in files]):
            meter.step()
            if result.prints and result.stat is not None and result.stat.same_file_state(result.token.stat):
                yield result
    if listener.cancelled():
        raise Cancelled
    meter.tell()
