"""The imgfprint hashes of a library's pictures: from their own store, else by workers, then kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine import imgfprint
from engine.config import Limits
from engine.jobs.beside_rows import BesideRows, read_beside
from engine.jobs.library import LibraryFile
from engine.jobs.pools import FileResult, Kind
from engine.jobs.scan_job import ScanListener
from engine.store import FingerprintStore, PartSpec

BATCH = 256
PARTS = {name: PartSpec(np.dtype("<u8"), (imgfprint.REGIONS,), 1) for name in imgfprint.ALGORITHMS}


def imgfprint_hashes(
    files: Sequence[LibraryFile], store: FingerprintStore, limits: Limits, listener: ScanListener
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Hashes uint64 (n, 3, 17) of these pictures in their order, and bool (n,): which have any. Raises Cancelled, StoreError."""
    beside = BesideRows(store)
    rows = beside.known(files)
    place = {file.id: number for number, file in enumerate(files)}
    waiting: list[FileResult] = []

    def keep() -> None:
        done = [result.token for result in waiting]
        rows[[place[file.id] for file in done]] = beside.keep(done, [result.prints for result in waiting])
        waiting.clear()

    try:
        lacking = [file for file, row in zip(files, rows.tolist(), strict=True) if row < 0]
        for result in read_beside(lacking, Kind.IMGFPRINT, limits, listener):
            waiting.append(result)
            if len(waiting) >= BATCH:
                keep()
    finally:
        if waiting:
            keep()
    return _gathered(store, rows)


def _gathered(store: FingerprintStore, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    known = rows >= 0
    hashes = np.zeros((len(rows), len(PARTS), imgfprint.REGIONS), np.uint64)
    parts = store.prints(rows[known])
    for number, name in enumerate(imgfprint.ALGORITHMS):
        hashes[known, number] = parts[name]
    return hashes, known
