"""The clusters of one analysis as the window takes them, with the user's marks: kept, and made anew only where something changed.

What stands in arrays is kept by the cluster's last join, so that a snapshot of many clusters is a matter of gathering.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.cluster_keys import lasting_key
from engine.jobs.clusters import Cut
from engine.jobs.forest import Forest
from engine.jobs.library import Library
from engine.jobs.marks import Marks
from engine.jobs.shown import going, shown
from engine.records import Cluster, ClusterColumns, ClusterSnapshot

Ints = NDArray[np.int64]
COLUMNS = np.dtype(
    [
        ("tier", "u1"),
        ("state", "u1"),
        ("units", "i4"),
        ("weakest", "f4"),
        ("strongest", "f4"),
        ("reclaimable", "i8"),
        ("going", "i4"),
        ("going_bytes", "i8"),
    ]
)
Rows = tuple[NDArray[np.int32], Mapping[str, int]]
"""Row of each file id, and of each key."""


class Showing:
    """See the module; for one thread at a time."""

    def __init__(self, library: Library, forest: Forest) -> None:
        joins = len(forest.tree.depth)
        self._library = library
        self._forest = forest
        self._shown: list[Cluster | None] = [None] * joins
        self._ready = np.zeros(joins, np.bool_)
        self._columns = np.zeros(joins, COLUMNS)
        self._stamp = (-1, -1)
        self._aside: frozenset[str] = frozenset()
        self._rows_for: Ints = np.full(1, -1, np.int64)
        self._rows: Rows = (np.empty(0, np.int32), {})

    def snapshot(self, cut: Cut, marks: Marks, *, number: int, final: bool) -> ClusterSnapshot:
        """A cut as the window takes it. number: of the library, see `ClusterSnapshot`."""
        stamp, calls, aside = marks.stamp, marks.calls, marks.aside
        self._ready[cut.fresh] = False
        self._find_rows(cut)
        self._forget_what_was_said(cut, marks, stamp, aside)
        self._renew(cut, marks)
        columns = self._columns[cut.joins]
        return ClusterSnapshot(
            generation=0,
            line=cut.line,
            clusters=tuple([cluster for join in cut.joins.tolist() if (cluster := self._shown[join]) is not None]),
            photos=int(columns["units"].sum(dtype=np.int64)),
            reclaimable_bytes=int(columns["reclaimable"].sum(dtype=np.int64)),
            final=final,
            columns=ClusterColumns(
                row_of_file=self._rows[0],
                row_of_key=self._rows[1],
                tier=_frozen(columns["tier"]),
                state=_frozen(columns["state"]),
                units=_frozen(columns["units"]),
                weakest=_frozen(columns["weakest"]),
                strongest=_frozen(columns["strongest"]),
                reclaimable=_frozen(columns["reclaimable"]),
                going=_frozen(columns["going"]),
                going_bytes=_frozen(columns["going_bytes"]),
            ),
            library=number,
            marks=calls,
            provisional=sum([cluster.provisional for cluster in cut.clusters]) if self._library.provisional else 0,
        )

    def _find_rows(self, cut: Cut) -> None:
        """Rows by file and key; the same as before where the clusters are."""
        if np.array_equal(cut.joins, self._rows_for) and not len(cut.fresh):
            return
        files, row = self._forest.files(cut.joins)
        row_of_file = np.full(int(files.max(initial=-1)) + 1, -1, np.int32)
        row_of_file[files] = row
        keys = [cluster.key for cluster in cut.clusters]
        keys.reverse()  # of two clusters of one key, which only a decision can make, the first is found
        row_of_key = dict(zip(keys, range(len(keys) - 1, -1, -1), strict=True))
        if self._library.table.files["seen_small"].any():  # what was said of one before is known by its content
            for place, cluster in enumerate(cut.clusters):
                row_of_key.setdefault(lasting_key(self._library.files[cluster.members[0]]), place)
        self._rows = _frozen(row_of_file), row_of_key
        self._rows_for = cut.joins

    def _forget_what_was_said(self, cut: Cut, marks: Marks, stamp: tuple[int, int], aside: frozenset[str]) -> None:
        """Clusters of which the user said something since the last snapshot are made anew; so are those at no line just now."""
        if stamp == self._stamp:
            return
        changed = marks.changed_since(self._stamp)
        here = np.zeros(len(self._ready), np.bool_)
        if changed is not None:
            row_of_file, row_of_key = self._rows
            touched = [row_of_key[key] for key in aside ^ self._aside if key in row_of_key]
            files = [file.id for path in changed if (file := self._library.find(path)) is not None]
            touched += [row for file in files if file < len(row_of_file) and (row := int(row_of_file[file])) >= 0]
            here[cut.joins] = True
            here[cut.joins[touched]] = False
        self._ready &= here
        self._stamp, self._aside = stamp, aside

    def _renew(self, cut: Cut, marks: Marks) -> None:
        """Lay the marks over every cluster that is not ready."""
        rows = np.flatnonzero(~self._ready[cut.joins])
        made = []
        for row in rows.tolist():
            cluster = shown(self._library, cut.clusters[row], marks)
            self._shown[cut.joins[row]] = cluster
            photos, size = going(self._library, cluster) if cluster.proposals else (0, 0)
            made.append((*_sorted_by(cluster), photos, size))
        self._columns[cut.joins[rows]] = np.array(made, COLUMNS)
        self._ready[cut.joins[rows]] = True


def _sorted_by(cluster: Cluster) -> tuple[float, ...]:
    """Tier, state, units, weakest, strongest and reclaimable, as in `COLUMNS`."""
    units, freed = len(cluster.units), cluster.reclaimable_bytes
    return cluster.tier, cluster.state, units, cluster.weakest, cluster.strongest, freed


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    array = np.ascontiguousarray(values)
    array.setflags(write=False)
    return array
