"""What holds for every photo: the user's marks over the rules' proposals, cluster by cluster, with sums that follow each key.

A mark is told to the session at once and kept here until a snapshot holds it; then the snapshot speaks. Nothing here loops over
all clusters, except in slices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.records import Cluster, ClusterSnapshot, ClusterState, FileView, Suggest, Verdict
from imgfp_gui.control.judging import Judged, judge
from imgfp_gui.control.sums import Sums
from imgfp_gui.control.told import Said, Told
from imgfp_gui.control.totals import Totals

if TYPE_CHECKING:
    from engine.session import Session

LookUp = Callable[[int], FileView | None]
REMOVE, UNDECIDED = Suggest.REMOVE, Suggest.UNDECIDED  # an enum's own look-up takes its time
ASIDE = ClusterState.ASIDE


class Marks(NamedTuple):
    """Marks to make, one a picture: path, file id, what the user had said before, what is said now."""

    paths: list[bytes]
    files: list[int]
    before: list[Said]
    after: list[Said]

    @staticmethod
    def none() -> Marks:
        """Room for some."""
        return Marks([], [], [], [])

    def add(self, more: Marks) -> None:
        """Put others behind them."""
        self.paths.extend(more.paths)
        self.files.extend(more.files)
        self.before.extend(more.before)
        self.after.extend(more.after)


class VerdictBook:
    """Verdicts of the snapshot in force. look_up: facts of a file, None when it is gone."""

    def __init__(self, session: Session, look_up: LookUp, snapshot: ClusterSnapshot) -> None:
        self._session = session
        self._look_up = look_up
        self._told = Told(session)
        self._touched: set[int] = set()
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
        self._touched.clear()
        self._gone -= self._settled
        self._settled.clear()
        hidden = np.zeros(len(snapshot.clusters), np.bool_)
        hidden[[columns.row_of_key[key] for key in self._gone & columns.row_of_key.keys()]] = True
        self._sums = Sums(columns, hidden)
        if snapshot.library != before:
            self._told.move(snapshot.marks, self.locate)
        keys = self._told.keys_since(snapshot.marks)
        rows = {columns.row_of_key[key] for key in keys if key in columns.row_of_key}
        self.refresh(rows.union(self.rows_of(self._told.files_since(snapshot.marks))))

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
        if not len(files) or not len(row_of_file):
            return []  # before there is a library; numpy would load its masked arrays for it, which the first window waited for
        ids = np.array(files, np.int64)
        rows = row_of_file[ids[(ids >= 0) & (ids < len(row_of_file))]]
        found: list[int] = np.unique(rows[rows >= 0]).tolist()
        return found

    @property
    def library(self) -> int:
        """The number of the library whose file ids are meant."""
        return self._snapshot.library

    # ------------------------------------------------------------------------------------------------ what holds

    @property
    def totals(self) -> Totals:
        """Sums over all clusters."""
        return self._sums.totals

    @property
    def states(self) -> NDArray[np.uint8]:
        """State of each cluster, a row each; changes in place."""
        return self._sums.states

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Clusters that have left the list, a row each."""
        return self._sums.hidden

    def rows_going(self) -> list[int]:
        """Rows with photos that the user marked for trash, those set aside left out."""
        return self._sums.rows_going()

    def row(self, cluster: Cluster | str) -> int:
        """Row of a cluster or key in the snapshot, -1 for none."""
        key = cluster if isinstance(cluster, str) else cluster.key
        return self._snapshot.columns.row_of_key.get(key, -1)

    def state_of(self, cluster: Cluster) -> ClusterState:
        """How far the user is with a cluster."""
        row = self.row(cluster)
        return ClusterState(int(self.states[row])) if row >= 0 else cluster.state

    def freed_of(self, cluster: Cluster) -> int:
        """Bytes that would go from a cluster."""
        row = self.row(cluster)
        return int(self._sums.freed[row]) if row >= 0 else cluster.reclaimable_bytes

    def judged(self, cluster: Cluster) -> Judged:
        """All that holds for a cluster of the snapshot."""
        row = self.row(cluster)
        if row < 0 or self._snapshot.clusters[row] is not cluster:
            return judge(cluster, self._marks(cluster), aside=cluster.state is ASIDE)
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
        said = self._told.is_aside(cluster.key, self._snapshot.marks)
        return cluster.state is ASIDE if said is None else said

    def _marks(self, cluster: Cluster) -> dict[int, Suggest]:
        """What the user said, by file id: the snapshot's word, and over it what was said since."""
        marks = {verdict.file: verdict.suggest for verdict in cluster.verdicts if verdict.source == "user"}
        if cluster.proposals and not marks:  # all of them were marked for trash, so the engine lets none of the marks hold
            marks = dict.fromkeys(cluster.members, REMOVE)
        if self._told:
            self._told.lay_over(marks, cluster.members, self._paths(cluster.members), self._snapshot.marks)
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
            return Marks.none()
        return Marks(list(paths), files, [before.get(file) for file in files], after)

    def say(self, paths: Sequence[bytes], files: Sequence[int], said: Sequence[Suggest | None]) -> None:
        """Tell the session, and hold it here. files: ids of the same pictures, -1 unknown. The rows follow by `refresh`."""
        self._told.mark(paths, files, said)

    def set_aside(self, key: str, aside: bool) -> None:
        """Set a cluster aside, or take it up again."""
        self._told.set_aside(key, aside)
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
        if row >= 0 and self.hidden[row] != gone:
            self._sums.hide(row, gone)

    # ------------------------------------------------------------------------------------------------ rows

    def refresh(self, rows: Iterable[int]) -> None:
        """Judge these rows anew, and correct the sums."""
        plain, columns = [], self._snapshot.columns
        for row in rows:
            cluster = self._snapshot.clusters[row]
            self._judged.pop(row, None)
            self._touched.add(row)
            if cluster.proposals or cluster.state is ASIDE or self.is_aside(cluster) or self._marks(cluster):
                self._refresh(row, cluster)
            else:
                plain.append(row)
        at = np.array(plain, np.int64)
        self._sums.put(at, columns.state[at], columns.reclaimable[at], 0, 0)

    def _refresh(self, row: int, cluster: Cluster) -> None:
        judged = self.judged(cluster)
        going = [n for n, said in enumerate(judged.said) if said is REMOVE]
        leaving = [n for n, verdict in enumerate(judged.verdicts) if verdict.suggest is REMOVE]
        sizes = {n: self._unit_bytes(cluster.units[n]) for n in {*going, *leaving}}
        freed, gone = sum(sizes[n] for n in leaving), sum(sizes[n] for n in going)
        self._sums.put(np.array([row]), judged.state, freed, len(going), gone)

    def accept(self, rows: Sequence[int]) -> Marks:
        """What the rules propose in these rows, all in state PROPOSED, becomes the user's word."""
        marks, plain, counts, others = Marks.none(), [], [], []
        clusters, touched = self._snapshot.clusters, self._touched
        files, after = marks.files, marks.after
        for row in rows:
            cluster = clusters[row]
            if cluster.proposals or row in touched or len(cluster.units) != len(cluster.members):
                others.append(row)
                continue
            begun = len(after)
            for verdict in cluster.verdicts:
                if verdict.suggest is not UNDECIDED:
                    files.append(verdict.file)
                    after.append(verdict.suggest)
            plain.append(row)
            counts.append(after[begun:].count(REMOVE))
        marks.paths.extend(self._paths(marks.files))
        marks.before.extend([None] * len(marks.files))
        for row in others:
            marks.add(self.marks_for(clusters[row], self.proposed(clusters[row])))
        if not all(marks.paths):
            return Marks.none()
        self.say(marks.paths, marks.files, marks.after)
        self._touched.update(plain)
        for row in self._judged.keys() & self._touched:
            del self._judged[row]
        at = np.array(plain, np.int64)  # all that is proposed goes, so that nobody need look at the files
        self._sums.put(at, ClusterState.DECIDED, self._sums.freed[at], counts, self._sums.freed[at])
        self.refresh(others)
        return marks

    def proposed(self, cluster: Cluster) -> dict[int, Said]:
        """What the rules propose for units of which the user has said nothing."""
        open_ones = ((n, v.suggest) for n, v in enumerate(self.judged(cluster).verdicts) if v.source != "user")
        return {n: suggest for n, suggest in open_ones if suggest is not UNDECIDED}

    def _unit_bytes(self, unit: Sequence[int]) -> int:
        """Bytes of a shot, companions included."""
        views = [self._look_up(file) for file in unit]
        files = set(unit).union(*(view.companions for view in views if view))
        return sum(view.size for file in files if (view := self._look_up(file)))
