"""The bulky parts of fingerprints (4 KiB a plate), read when they are asked for: a library's never lie in memory together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.library import Files
from engine.records.pairs import Rows
from engine.store import FingerprintStore


def lazily(pictures: Files, store: FingerprintStore, quick_store: FingerprintStore | None, part: str) -> Rows:
    """One part of these pictures in their order: provisional rows from the quick store, the others from the full one."""
    files = pictures.table.files
    rows, quick = files["row"][pictures.ids], files["provisional"][pictures.ids]
    if not quick.any():
        return store.lazy(rows, part)
    assert quick_store is not None, "provisional rows lie in the quick store"
    if quick.all():
        return quick_store.lazy(rows, part)
    return _Woven(store.lazy(rows[~quick], part), quick_store.lazy(rows[quick], part), quick)


class _Woven:
    """Rows of two stores in one order. quick: bool (n,), which come from the second."""

    def __init__(self, full: Rows, small: Rows, quick: NDArray[np.bool_]) -> None:
        self._full, self._small, self._quick = full, small, quick
        self._place = np.where(quick, np.cumsum(quick), np.cumsum(~quick)) - 1

    def __len__(self) -> int:
        return len(self._quick)

    def __getitem__(self, place: Any, /) -> Any:
        quick, inside = self._quick[place], self._place[place]
        if not np.ndim(inside):
            return (self._small if quick else self._full)[int(inside)]
        small, full = self._small[inside[quick]], self._full[inside[~quick]]
        both = np.empty((len(inside), *full.shape[1:]), full.dtype)
        both[quick], both[~quick] = small, full
        return both
