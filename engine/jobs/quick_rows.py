"""Fingerprints of a library whose pictures are partly known by their embedded thumbnails only: two stores, one table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.jobs.library import Files
from engine.store import FingerprintStore


def gathered(
    pictures: Files, store: FingerprintStore, quick_store: FingerprintStore | None, parts: Sequence[str] | None = None
) -> dict[str, NDArray[np.generic]]:
    """Fingerprint columns of these pictures in their order: provisional rows from the quick store, the others from the full one.

    parts: these only, None for all. A row number means nothing in the other store: a provisional picture without a quick store is
    an error of ours.
    """
    rows: NDArray[np.int64] = pictures.table.files["row"][pictures.ids]
    quick: NDArray[np.bool_] = pictures.table.files["provisional"][pictures.ids]
    if not quick.any():
        return store.prints(rows, parts)
    assert quick_store is not None, "provisional rows lie in the quick store"
    if quick.all():
        return quick_store.prints(rows, parts)
    return _woven(store.prints(rows[~quick], parts), quick_store.prints(rows[quick], parts), quick)


def _woven(
    full: dict[str, NDArray[np.generic]], small: dict[str, NDArray[np.generic]], quick: NDArray[np.bool_]
) -> dict[str, NDArray[np.generic]]:
    whole: dict[str, NDArray[np.generic]] = {}
    for name, column in full.items():
        both = np.empty((len(quick), *column.shape[1:]), column.dtype)
        both[~quick], both[quick] = column, small[name]
        both.setflags(write=False)
        whole[name] = both
    return whole
