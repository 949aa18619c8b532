"""State and bytes of every cluster as it stands, a row each, and their sums, which follow every change without a loop."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.records import ClusterColumns, ClusterState
from imgfp_gui.control.totals import Totals

Rows = NDArray[np.int64]
Values = ArrayLike
ASIDE, STATES = int(ClusterState.ASIDE), len(ClusterState)


class Sums:
    """states, freed, going, going_bytes: as in `ClusterColumns`, with what was said since. hidden: has left the list."""

    def __init__(self, columns: ClusterColumns, hidden: NDArray[np.bool_]) -> None:
        self.states, self.freed = columns.state.copy(), columns.reclaimable.copy()
        self.going, self.going_bytes = columns.going.copy(), columns.going_bytes.copy()
        self.hidden = hidden
        counted = self._counted()
        self._photos = int(self.going[counted].sum(dtype=np.int64))
        self._bytes = int(self.going_bytes[counted].sum(dtype=np.int64))
        self._freed = int(self.freed[counted].sum(dtype=np.int64))
        self._by_state = np.bincount(self.states[~hidden], minlength=STATES).tolist()

    @property
    def totals(self) -> Totals:
        """The sums."""
        undecided, proposed, decided, aside = self._by_state
        return Totals(self._photos, decided, self._bytes, self._freed, (undecided, proposed, decided, aside))

    def rows_going(self) -> list[int]:
        """Rows with photos that the user marked for trash, those set aside left out."""
        return np.flatnonzero((self.going > 0) & self._counted()).tolist()

    def put(self, rows: Rows, states: Values, freed: Values, going: Values, going_bytes: Values) -> None:
        """Clusters stand otherwise; each row once."""
        self._count(rows, -1)
        self.states[rows], self.freed[rows] = states, freed
        self.going[rows], self.going_bytes[rows] = going, going_bytes
        self._count(rows, 1)

    def hide(self, row: int, hidden: bool) -> None:
        """A cluster leaves the list, or comes back."""
        rows = np.array([row])
        self._count(rows, -1)
        self.hidden[row] = hidden
        self._count(rows, 1)

    def _counted(self) -> NDArray[np.bool_]:
        counted: NDArray[np.bool_] = ~self.hidden & (self.states != ASIDE)
        return counted

    def _count(self, rows: Rows, sign: int) -> None:
        rows = rows[~self.hidden[rows]]
        for state, clusters in enumerate(np.bincount(self.states[rows], minlength=STATES).tolist()):
            self._by_state[state] += sign * clusters
        rows = rows[self.states[rows] != ASIDE]
        self._photos += sign * int(self.going[rows].sum(dtype=np.int64))
        self._bytes += sign * int(self.going_bytes[rows].sum(dtype=np.int64))
        self._freed += sign * int(self.freed[rows].sum(dtype=np.int64))
