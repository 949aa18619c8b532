"""Which files are digested whole although they were not read whole: those that could be copies of each other, by their size."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from engine.jobs.library import Files, Library


def without_digest(library: Library, among: NDArray[np.bool_], decided_sizes: Collection[int]) -> Files:
    """Files among these of which another has the size, or of a size that a decision speaks of, and whose digest is not known."""
    table = library.table
    places = np.flatnonzero(among & table.files["known"])
    sizes = table.sizes[places]
    _, which, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    wanted = (counts[which] > 1) | np.isin(sizes, np.array(sorted(decided_sizes), np.int64))
    wanted &= table.facts["blake3"][places, -1] == 0
    return Files(table, places[wanted])
