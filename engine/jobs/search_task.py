"""From the pictures of a library to what a search process is told: row numbers, facts, and rows that lie in no file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import fingerprint
from engine.config import MatchOptions
from engine.jobs.library import Files
from engine.jobs.saved_matching import Matching
from engine.searcher import Task
from engine.searcher.task import IN_MEMORY
from engine.store import FingerprintStore
from engine.store.place import ColumnPlace


def task_of(
    pictures: Files,
    matching: Matching,
    store: FingerprintStore,
    quick_store: FingerprintStore | None,
    options: MatchOptions,
    fresh: NDArray[np.bool_] | None,
    threads: int,
) -> Task:
    """The search of these pictures. quick_store: where the rows of provisional ones lie. Raises StoreError."""
    files = pictures.table.files
    row = files["row"][pictures.ids].astype(np.int64)
    quick = files["provisional"][pictures.ids].astype(np.bool_)
    source = np.full(len(row), IN_MEMORY, np.uint8)
    places: list[ColumnPlace] = []
    carried: list[dict[str, NDArray[Any]]] = []
    count = 0
    for chosen, here in ((store, ~quick), (quick_store, quick)):
        if not here.any():
            continue
        assert chosen is not None, "provisional rows lie in the quick store"
        place = chosen.place
        without_file = np.flatnonzero(here & (row >= place.memory_from))
        source[here & (row < place.memory_from)] = len(places)
        places.append(place)
        carried.append(chosen.prints(row[without_file]))
        row[without_file] = count + np.arange(len(without_file))
        count += len(without_file)
    parts = {name: np.concatenate([each[name] for each in carried]) for name in fingerprint.PARTS} if count else {}
    return Task(options, tuple(places), source, row, parts, matching.columns, matching.films, fresh, threads)
