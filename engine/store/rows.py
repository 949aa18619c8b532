"""Which rows may be written: each at most once between opening and closing, and never one that somebody may still read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class RowSupply:
    """Hands out unused row numbers.

    Parameters
    ----------
    named: ascending rows that records named when the store was opened. next_row: no row from there on was ever named.
    reuse: rows below `next_row` that no record names may be written again (no reader can know them).
    """

    def __init__(self, named: Rows, next_row: int, *, reuse: bool) -> None:
        self.next_row = max(next_row, int(named[-1]) + 1 if len(named) else 0)
        self._free: Rows = np.empty(0, np.int64)
        if reuse:
            used = np.zeros(self.next_row, np.bool_)
            used[named] = True
            self._free = np.flatnonzero(~used).astype(np.int64)

    @property
    def free(self) -> int:
        """How many rows of earlier records wait to be written again."""
        return len(self._free)

    def take(self, count: int) -> Rows:
        """So many rows, ascending. They are not handed out again, whatever becomes of them, before the store is opened anew."""
        again, self._free = self._free[:count], self._free[count:]
        fresh = np.arange(self.next_row, self.next_row + count - len(again), dtype=np.int64)
        self.next_row += len(fresh)
        return np.concatenate([again, fresh])
