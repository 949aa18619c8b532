"""What holds for every photo: the user's marks over the rules' proposals, cluster by cluster, with sums that follow each key.

A mark is told to the session at once and kept here until a snapshot holds it; then the snapshot speaks. Nothing here loops over
all clusters, except in slices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.records import Cluster, ClusterSnapshot, ClusterState, FileView, Suggest, Verdict
from imgfp_gui.control.judging import Judged, judge
from imgfp_gui.control.totals import Totals

if TYPE_CHECKING:
    from engine.session import Session


class Marks(NamedTuple):
    """Marks to make, one a picture: path, file id, what the user had said before, what is said now."""

    paths: list[bytes]
    files: list[int]
    before: list[Suggest | None]
    after: list[Suggest | None]


LookUp = Callable[[int], FileView | None]


@dataclass(frozen=True, slots=True)
class _Told:
    """A mark of this session. call: number of the session call that told it: snapshots that count so many hold it. file: id."""

    said: Suggest | None
    call: int
    file: int


class VerdictBook:
    """Verdicts of the snapshot in force. look_up: facts of a file, None when it is gone."""

    def __init__(self, session: Session, look_up: LookUp, snapshot: ClusterSnapshot) -> None:
        self._session = session
        self._look_up = look_up
        self._calls = 0
        self._told: dict[bytes, _Told] = {}
        self._aside: dict[str, tuple[bool, int]] = {}
        self._gone: set[str] = set()
        self._settled: set[str] = set()
        self._judged: dict[int, Judged] = {}
        self._snapshot = snapshot
        self.take(snapshot)

    # ------------------------------------------------------------------------------------------------ a snapshot

    def take(self, snapshot: ClusterSnapshot) -> None:
        """Another snapshot is in force. What was said since it was made still holds."""
        columns, before = snapshot.columns, self._snapshot.library
        self._snapshot = snapshot
        self._judged.clear()
        self._state = columns.state.copy()
        self._freed = columns.reclaimable.copy()
        self._going = columns.going.copy()
        self._going_bytes = columns.going_bytes.copy()
        self._hidden = np.zeros(len(snapshot.clusters), np.bool_)
        self._gone -= self._settled
        self._settled.clear()
        for key in self._gone & columns.row_of_key.keys():
            self._hidden[columns.row_of_key[key]] = True
        rows = self._rows_told(another=snapshot.library != before)
        self._sum()
        self.refresh(rows)

    def _rows_told(self, *, another: bool) -> set[int]:
        """Rows of clusters with something that the snapshot does not hold. another: the library was read again since."""
        columns, held = self._snapshot.columns, self._snapshot.marks
        if another:  # file numbers are others; what is held now is held from now on
            self._aside = {key: told for key, told in self._aside.items() if told[1] > held}
            left = {path: told for path, told in self._told.items() if told.call > held}
            found = zip(left.items(), self.locate(list(left)), strict=True)
            self._told = {path: replace(told, file=file) for (path, told), file in found}
        rows = {columns.row_of_key[key] for key, told in self._aside.items() if told[1] > held and key in columns.row_of_key}
        rows.update(self.rows_of([told.file for told in self._told.values() if told.call > held]))
        return rows

    def locate(self, paths: Sequence[bytes]) -> list[int]:
        """Ids of pictures in clusters by path, -1 for others. For what was said before the library was read again."""
        if not paths:
            return []
        files = np.flatnonzero(self._snapshot.columns.row_of_file >= 0).tolist()
        known = dict(zip(self._paths(files), files, strict=True))
        return [known.get(path, -1) for path in paths]

    def rows_of(self, files: Sequence[int]) -> list[int]:
        """Rows of the clusters that hold these files (ids; -1 is nobody), each once."""
        row_of_file = self._snapshot.columns.row_of_file
        ids = np.array(files, np.int64)
        rows = row_of_file[ids[(ids >= 0) & (ids < len(row_of_file))]]
        return np.unique(rows[rows >= 0]).tolist()

    @property
    def library(self) -> int:
        """The number of the library whose file ids are meant."""
        return self._snapshot.library

    def _sum(self) -> None:
        """Sums over all rows, as arrays."""
        counted = ~self._hidden & (self._state != ClusterState.ASIDE)
        self._photos = int(self._going[counted].sum(dtype=np.int64))
        self._bytes = int(self._going_bytes[counted].sum(dtype=np.int64))
        self._all_freed = int(self._freed[counted].sum(dtype=np.int64))
        self._by_state = np.bincount(self._state[~self._hidden], minlength=len(ClusterState)).tolist()

    # ------------------------------------------------------------------------------------------------ what holds

    @property
    def totals(self) -> Totals:
        """The sums as they are."""
        undecided, proposed, decided, aside = self._by_state
        return Totals(self._photos, decided, self._bytes, self._all_freed, (undecided, proposed, decided, aside))

    @property
    def states(self) -> NDArray[np.uint8]:
        """State of each cluster, a row each; changes in place."""
        return self._state

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Clusters that have left the list, a row each."""
        return self._hidden

    def rows_going(self) -> list[int]:
        """Rows with photos that the user marked for trash, those set aside left out."""
        counted = (self._going > 0) & ~self._hidden & (self._state != ClusterState.ASIDE)
        return np.flatnonzero(counted).tolist()

    def row(self, cluster: Cluster | str) -> int:
        """Row of a cluster or key in the snapshot, -1 for none."""
        key = cluster if isinstance(cluster, str) else cluster.key
        return self._snapshot.columns.row_of_key.get(key, -1)

    def state_of(self, cluster: Cluster) -> ClusterState:
        """How far the user is with a cluster."""
        row = self.row(cluster)
        return ClusterState(int(self._state[row])) if row >= 0 else cluster.state

    def freed_of(self, cluster: Cluster) -> int:
        """Bytes that would go from a cluster."""
        row = self.row(cluster)
        return int(self._freed[row]) if row >= 0 else cluster.reclaimable_bytes

    def judged(self, cluster: Cluster) -> Judged:
        """All that holds for a cluster of the snapshot."""
        row = self.row(cluster)
        if row < 0 or self._snapshot.clusters[row] is not cluster:
            return judge(cluster, self._marks(cluster), aside=cluster.state is ClusterState.ASIDE)
        if row not in self._judged:
            self._judged[row] = judge(cluster, self._marks(cluster), aside=self.is_aside(cluster))
        return self._judged[row]

    def suggest_of(self, cluster: Cluster, unit: int) -> Suggest:
        """What holds for a unit."""
        return self.judged(cluster).verdicts[unit].suggest

    def verdict_of(self, cluster: Cluster, unit: int) -> Verdict:
        """What holds for a unit, with its reason; source ``user`` where the user said it."""
        return self.judged(cluster).verdicts[unit]

    def is_aside(self, cluster: Cluster) -> bool:
        """The user set it aside."""
        aside, call = self._aside.get(cluster.key, (False, 0))
        return aside if call > self._snapshot.marks else cluster.state is ClusterState.ASIDE

    def _marks(self, cluster: Cluster) -> dict[int, Suggest]:
        """What the user said, by file id: the snapshot's word, and over it what was said since."""
        marks = {verdict.file: verdict.suggest for verdict in cluster.verdicts if verdict.source == "user"}
        if cluster.proposals and not marks:  # all of them were marked for trash, so the engine lets none of the marks hold
            marks = dict.fromkeys(cluster.members, Suggest.REMOVE)
        if self._told:
            for file, path in zip(cluster.members, self._paths(cluster.members), strict=True):
                told = self._told.get(path)
                if told is not None and told.call > self._snapshot.marks:
                    marks.pop(file, None)
                    if told.said is not None:
                        marks[file] = told.said
        return marks

    def _paths(self, files: Sequence[int]) -> tuple[bytes, ...]:
        return self._session.paths(files, self._snapshot.library)

    # ------------------------------------------------------------------------------------------------ saying

    def marks_for(self, cluster: Cluster, wanted: Mapping[int, Suggest | None]) -> Marks:
        """Marks for whole units. Where the marks of a cluster had lapsed, the other units are unmarked with it."""
        units = dict(wanted)
        if self.judged(cluster).lapsed:
            units = {unit: units.get(unit) for unit in range(len(cluster.units))}
        files = [file for unit in units for file in cluster.units[unit]]
        after = [said for unit, said in units.items() for _ in cluster.units[unit]]
        before = self._marks(cluster)
        paths = self._paths(files)
        if not all(paths):  # the library moved on this very moment: its snapshot is on the way
            return Marks([], [], [], [])
        return Marks(list(paths), files, [before.get(file) for file in files], after)

    def say(self, paths: Sequence[bytes], files: Sequence[int], said: Sequence[Suggest | None]) -> None:
        """Tell the session, and hold it here. files: ids of the same pictures, -1 unknown. The rows follow by `refresh`."""
        if paths:
            self._session.set_marks(dict(zip(paths, said, strict=True)))
            self._calls += 1
            told = [_Told(mark, self._calls, file) for mark, file in zip(said, files, strict=True)]
            self._told.update(zip(paths, told, strict=True))

    def set_aside(self, key: str, aside: bool) -> None:
        """Set a cluster aside, or take it up again."""
        self._session.set_aside(key, aside)
        self._calls += 1
        self._aside[key] = (aside, self._calls)
        row = self.row(key)
        if row >= 0:
            self.refresh([row])

    def settle(self, key: str) -> None:
        """The session knows that a cluster left: the next snapshot decides whether it is there."""
        if key in self._gone:
            self._settled.add(key)

    def leave(self, key: str, gone: bool = True) -> None:
        """A cluster leaves the list at once, or comes back."""
        (self._gone.add if gone else self._gone.discard)(key)
        row = self.row(key)
        if row >= 0 and self._hidden[row] != gone:
            self._count(row, -1)
            self._hidden[row] = gone
            self._count(row, 1)

    # ------------------------------------------------------------------------------------------------ rows

    def refresh(self, rows: Iterable[int]) -> None:
        """Judge these rows anew, and correct the sums."""
        for row in rows:
            cluster = self._snapshot.clusters[row]
            self._judged.pop(row, None)
            judged = self.judged(cluster)
            sizes = [self._unit_bytes(unit) for unit in cluster.units]
            going = [n for n, said in enumerate(judged.said) if said is Suggest.REMOVE]
            self._count(row, -1)
            self._state[row] = judged.state
            self._freed[row] = sum(sizes[n] for n, v in enumerate(judged.verdicts) if v.suggest is Suggest.REMOVE)
            self._going[row] = len(going)
            self._going_bytes[row] = sum(sizes[n] for n in going)
            self._count(row, 1)

    def _count(self, row: int, sign: int) -> None:
        if self._hidden[row]:
            return
        state = int(self._state[row])
        self._by_state[state] += sign
        if state != ClusterState.ASIDE:
            self._photos += sign * int(self._going[row])
            self._bytes += sign * int(self._going_bytes[row])
            self._all_freed += sign * int(self._freed[row])

    def _unit_bytes(self, unit: Sequence[int]) -> int:
        """Bytes of a shot, companions included."""
        views = [self._look_up(file) for file in unit]
        files = set(unit).union(*(view.companions for view in views if view))
        return sum(view.size for file in files if (view := self._look_up(file)))
