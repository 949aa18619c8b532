"""Which clusters the list shows, and in which order: arrays of row numbers, so that 100,000 of them cost a few milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.records import ClusterSnapshot, ClusterState, Tier

SORTS = ("space", "certain", "line")
"""Most bytes first; the surest first; nearest to the line first. Ties by path."""


@dataclass(frozen=True, slots=True)
class ClusterFilter:
    """What is shown. Empty sets mean all. text: part of a file or folder name, whatever its case."""

    states: frozenset[ClusterState] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    text: str = ""


class Queue:
    """Rows of the snapshot in the order of the list. The order is that of the snapshot: decisions never make rows jump.

    rows: row numbers of the visible clusters, in order.
    """

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self.filter = ClusterFilter()
        self.sort = SORTS[0]
        self._snapshot = snapshot
        self._orders: dict[str, NDArray[np.int64]] = {}
        self._text: NDArray[np.bool_] | None = None
        self.rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._position: NDArray[np.int32] = np.empty(0, np.int32)

    def take(self, snapshot: ClusterSnapshot) -> None:
        """Another snapshot is in force; `update` makes the rows. What was found for a text is void."""
        self._snapshot = snapshot
        self._orders.clear()
        self._text = None

    def found(self, text: NDArray[np.bool_] | None) -> None:
        """One a cluster: the filter's text occurs in it. None while that is not known: then the text hides nothing."""
        self._text = text

    def update(self, states: NDArray[np.uint8], gone: NDArray[np.bool_], stays: int = -1) -> bool:
        """Make the rows anew; True when they changed.

        Parameters
        ----------
        states, gone: one a cluster: how far the user is; it has left the list. stays: a row that the filter does not hide (unless
        it is gone), -1 for none.
        """
        shown = ~gone
        if self.filter.states:
            shown &= np.isin(states, [int(state) for state in self.filter.states])
        if self.filter.tiers:
            shown &= np.isin(self._snapshot.columns.tier, [int(tier) for tier in self.filter.tiers])
        if self.filter.text and self._text is not None:
            shown &= self._text
        if 0 <= stays < len(shown):
            shown[stays] = not gone[stays]
        order = self._order()
        rows = order[shown[order]]
        same = len(rows) == len(self.rows) and bool((rows == self.rows).all())
        self.rows = rows
        self._position = np.full(len(states), -1, np.int32)
        self._position[rows] = np.arange(len(rows), dtype=np.int32)
        return not same

    def __len__(self) -> int:
        return len(self.rows)

    def position(self, key: str | None) -> int:
        """Place of a cluster in the list, -1 when it is not there."""
        row = self._snapshot.columns.row_of_key.get(key, -1) if key is not None else -1
        return int(self._position[row]) if 0 <= row < len(self._position) else -1

    def key_at(self, position: int) -> str | None:
        """Key of the cluster at a place, None outside the list."""
        return self._snapshot.clusters[self.rows[position]].key if 0 <= position < len(self.rows) else None

    def after(self, key: str | None, by: int) -> str | None:
        """Key of the cluster `by` places on; stays at the ends. From a cluster that is not in the list: its first or last."""
        if not len(self.rows):
            return None
        now = self.position(key)
        if now < 0:
            now = -1 if by > 0 else len(self.rows)
        return self.key_at(min(max(now + by, 0), len(self.rows) - 1))

    def ahead(self, key: str | None, count: int) -> tuple[int, ...]:
        """Rows of the next clusters, nearest first."""
        start = self.position(key) + 1
        return tuple(int(row) for row in self.rows[start : start + count])

    def _order(self) -> NDArray[np.int64]:
        if self.sort not in self._orders:
            columns = self._snapshot.columns
            least: dict[str, NDArray[Any]] = {
                "space": -columns.reclaimable,
                "certain": -columns.weakest,
                "line": columns.weakest,
            }
            self._orders[self.sort] = np.argsort(least[self.sort], kind="stable")
        return self._orders[self.sort]
