"""Which rows may be written: each at most once between opening and closing, and never one that somebody may still read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.store.columns import MEMORY_ROWS

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


class RowSet:
    """Rows that something is true of: a bit a row of the files, however many there are, and the few in memory one by one."""

    def __init__(self) -> None:
        self._bits = np.zeros(0, np.bool_)
        self._memory: set[int] = set()

    def add(self, rows: Rows) -> None:
        """These, too."""
        in_files = rows[rows < MEMORY_ROWS]
        if len(in_files):
            missing = int(in_files.max()) + 1 - len(self._bits)
            if missing > 0:
                self._bits = np.concatenate([self._bits, np.zeros(max(missing, len(self._bits) // 2), np.bool_)])
            self._bits[in_files] = True
        self._memory.update(rows[rows >= MEMORY_ROWS].tolist())

    def __contains__(self, row: int) -> bool:
        return bool(self._bits[row]) if 0 <= row < len(self._bits) else row in self._memory

    def clear(self) -> None:
        """None any more."""
        self._bits = np.zeros(0, np.bool_)
        self._memory.clear()
