"""What resembles one picture, among files whose fingerprints are stored: with all parts, whatever it was cropped from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions
from engine.jobs.library import Files
from engine.jobs.saved_matching import Matching
from engine.jobs.search_apart import search_library
from engine.jobs.table import fact_columns
from engine.store import FingerprintStore


def resembling(files: Files, store: FingerprintStore, options: MatchOptions, cancelled: Callable[[], bool]) -> NDArray[np.void]:
    """Pairs of the first of these files with the others, which stand in any order: `PAIR_DTYPE`, by the other's place.

    Raises Cancelled, StoreError, EngineError.
    """
    columns, films = fact_columns(files, apart=True)
    matching = Matching(files.ids, columns, films, b"")
    fresh = np.zeros(len(files), np.bool_)
    fresh[0] = True
    found = search_library(files, matching, store, None, options, cancelled, fresh=fresh)
    return match.pairs_of_first(found.pairs, columns["bytes_id"])
