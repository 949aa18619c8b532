"""State and bytes of every cluster as it stands, a row each, and their sums, which follow every change without a loop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.records import ClusterColumns, ClusterState
from imgfp_gui.control.totals import Totals


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
        self._by_state = np.bincount(self.states[~hidden], minlength=len(ClusterState)).tolist()

    @property
    def totals(self) -> Totals:
        """The sums."""
        undecided, proposed, decided, aside = self._by_state
        return Totals(self._photos, decided, self._bytes, self._freed, (undecided, proposed, decided, aside))

    def rows_going(self) -> list[int]:
        """Rows with photos that the user marked for trash, those set aside left out."""
        return np.flatnonzero((self.going > 0) & self._counted()).tolist()

    def put(self, row: int, state: int, freed: int, going: int, going_bytes: int) -> None:
        """A cluster stands otherwise."""
        self._count(row, -1)
        self.states[row], self.freed[row] = state, freed
        self.going[row], self.going_bytes[row] = going, going_bytes
        self._count(row, 1)

    def hide(self, row: int, hidden: bool) -> None:
        """A cluster leaves the list, or comes back."""
        self._count(row, -1)
        self.hidden[row] = hidden
        self._count(row, 1)

    def accept(self, rows: NDArray[np.int64], going: NDArray[np.int32]) -> None:
        """Proposals of clusters that nobody had said anything about became the user's word: all that is proposed goes."""
        self.states[rows] = ClusterState.DECIDED
        self.going[rows] = going
        self.going_bytes[rows] = self.freed[rows]
        self._photos += int(going.sum())
        self._bytes += int(self.freed[rows].sum())
        self._by_state[ClusterState.PROPOSED] -= len(rows)
        self._by_state[ClusterState.DECIDED] += len(rows)

    def _counted(self) -> NDArray[np.bool_]:
        counted: NDArray[np.bool_] = ~self.hidden & (self.states != ClusterState.ASIDE)
        return counted

    def _count(self, row: int, sign: int) -> None:
        if self.hidden[row]:
            return
        state = int(self.states[row])
        self._by_state[state] += sign
        if state != ClusterState.ASIDE:
            self._photos += sign * int(self.going[row])
            self._bytes += sign * int(self.going_bytes[row])
            self._freed += sign * int(self.freed[row])
