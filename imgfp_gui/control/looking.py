"""What is looked at: the snapshot in force, the queue, the selected cluster, its active photo and those shown side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.config import MatchOptions
from engine.records import Cluster, ClusterColumns, ClusterSnapshot, FileView, PairView
from imgfp_gui.control.queue import SORTS, ClusterFilter, Queue
from imgfp_gui.control.searching import Searching
from imgfp_gui.control.signals import ControllerSignals
from imgfp_gui.control.slices import Slices
from imgfp_gui.control.verdicts import VerdictBook

if TYPE_CHECKING:
    from engine.session import Session

MODES = ("grid", "side")
MOST_PANES = 4


def empty_snapshot(line: float) -> ClusterSnapshot:
    """No clusters at all."""
    none = ClusterColumns(
        tier=np.empty(0, np.uint8),
        state=np.empty(0, np.uint8),
        units=np.empty(0, np.int32),
        weakest=np.empty(0, np.float32),
        strongest=np.empty(0, np.float32),
        reclaimable=np.empty(0, np.int64),
        row_of_file=np.empty(0, np.int32),
        row_of_key={},
        going=np.empty(0, np.int32),
        going_bytes=np.empty(0, np.int64),
    )
    return ClusterSnapshot(0, line, (), 0, 0, True, none)


class Looking:
    """Keeps the selection through every change of the clusters. Tells the views by `signals`."""

    def __init__(self, session: Session, signals: ControllerSignals, slices: Slices) -> None:
        self._session = session
        self._signals = signals
        self._views: dict[int, FileView | None] = {}
        self._pairs: dict[tuple[int, int], PairView | None] = {}
        self._links: dict[str, tuple[PairView, ...]] = {}
        self.snapshot = empty_snapshot(MatchOptions().line)
        self.queue = Queue(self.snapshot)
        self.book = VerdictBook(session, self.file, self.snapshot)
        self._searching = Searching(session, slices)
        self.key: str | None = None
        self.photo = 0
        self.panes: tuple[int, ...] = ()
        self._pane_count = 2
        self.mode = MODES[0]
        self.opening = False  # the next snapshot is of another library
        self._update()

    # ------------------------------------------------------------------------------------------------ what is

    @property
    def cluster(self) -> Cluster | None:
        """The selected cluster."""
        return self.cluster_of(self.key)

    def cluster_of(self, key: str | None) -> Cluster | None:
        """The cluster with this key."""
        row = self.snapshot.columns.row_of_key.get(key, -1) if key is not None else -1
        return self.snapshot.clusters[row] if row >= 0 else None

    def file(self, file_id: int) -> FileView | None:
        """Facts of a file, kept while the library is the same; None when there is no such file."""
        if file_id not in self._views:
            try:
                self._views[file_id] = self._session.file(file_id)
            except (KeyError, IndexError):
                self._views[file_id] = None
        return self._views[file_id]

    def pair(self, a: int, b: int) -> PairView | None:
        """Two files as the matcher sees them, kept while the snapshot is the same: what is in no table costs milliseconds."""
        if (a, b) not in self._pairs:
            self._pairs[a, b] = self._session.pair(a, b)
        return self._pairs[a, b]

    def links(self, cluster: Cluster) -> tuple[PairView, ...]:
        """The links of a cluster, kept likewise: every pane and every painted row asks for them."""
        if cluster.key not in self._links:
            self._links[cluster.key] = self._session.links(cluster.members)
        return self._links[cluster.key]

    def knows_pair(self, a: int, b: int) -> bool:
        """`pair` answers at once."""
        return (a, b) in self._pairs

    def forget_facts(self) -> None:
        """Facts of files are asked for again."""
        self._views.clear()

    # ------------------------------------------------------------------------------------------------ another snapshot

    def take(self, snapshot: ClusterSnapshot) -> None:
        """Put a snapshot in force and follow the selected photo into it."""
        if self.opening or snapshot.library != self.snapshot.library:
            self.opening = False
            self._views.clear()
            followed = None
            self._signals.library_opened.emit()
        else:
            followed = self._active_file()
        self._pairs.clear()
        self._links.clear()
        before, place = self.cluster, self.queue.position(self.key)
        said = self.book.judged(before) if before else None
        self.snapshot = snapshot
        self.queue.take(snapshot)
        self.book.take(snapshot)
        self._follow(followed, place)
        after = self.cluster
        self._signals.clusters_changed.emit(snapshot)
        self._signals.queue_changed.emit()
        self._signals.totals_changed.emit(self.book.totals)
        self._search()
        if after != before or (after and self.book.judged(after) != said):
            self._selected(keep_photo=bool(before and after and before.key == after.key))

    def _active_file(self) -> int | None:
        cluster = self.cluster
        return cluster.units[self.photo][0] if cluster and self.photo < len(cluster.units) else None

    def _follow(self, file: int | None, place: int) -> None:
        """Make the rows; where the selected key is gone, go where its photo is now, else stay at the place in the list."""
        row_of_file = self.snapshot.columns.row_of_file
        if self.cluster is None and file is not None and file < len(row_of_file) and row_of_file[file] >= 0:
            self.key = self.snapshot.clusters[row_of_file[file]].key
        self._update()
        if self.queue.position(self.key) < 0:
            self.key = self.queue.key_at(min(max(place, 0), len(self.queue) - 1))

    # ------------------------------------------------------------------------------------------------ the queue

    def _update(self) -> bool:
        return self.queue.update(self.book.states, self.book.hidden, self.book.row(self.key) if self.key else -1)

    def update_queue(self) -> None:
        """The rows again, after states changed or a cluster left. The selected one stays while it is selected."""
        if self._update():
            self._signals.queue_changed.emit()

    def set_filter(self, wanted: ClusterFilter) -> None:
        """Show only these; what is selected stays until the selection leaves it."""
        if wanted == self.queue.filter:
            return
        words = wanted.text.strip().casefold() != self.queue.filter.text.strip().casefold()
        self.queue.filter = wanted
        if words:
            self._search()
        self.update_queue()

    def set_sort(self, sort: str) -> None:
        """Another order: ``space`` ``certain`` ``line``."""
        if sort in SORTS and sort != self.queue.sort:
            self.queue.sort = sort
            self._update()
            self._signals.queue_changed.emit()

    def _search(self) -> None:
        """Look for the filter's text, in slices; the rows follow when it is done."""
        text = self.queue.filter.text.strip()
        if not text:
            self.queue.found(None)
        else:
            self._searching.find(text, self.snapshot, self._found)

    def _found(self, snapshot: ClusterSnapshot, text: str, rows: object) -> None:
        if snapshot is self.snapshot and text == self.queue.filter.text.strip():
            self.queue.found(rows)  # type: ignore[arg-type]
            self.update_queue()

    # ------------------------------------------------------------------------------------------------ selecting

    def select(self, key: str | None) -> None:
        """Make a cluster the current one."""
        if key == self.key or (key is not None and self.cluster_of(key) is None):
            return
        self.key = key
        self._selected(keep_photo=False)
        self.update_queue()

    def step(self, by: int) -> None:
        """Go some places on or back in the queue; stays at the ends."""
        self.select(self.queue.after(self.key, by) or self.key)

    def _selected(self, *, keep_photo: bool) -> None:
        cluster = self.cluster
        units = len(cluster.units) if cluster else 0
        if not keep_photo or self.photo >= units:
            self.photo = 0
        panes = self.panes if keep_photo and all(pane < units for pane in self.panes) else ()
        self.panes = self._filled(panes, units)
        self._signals.cluster_selected.emit(cluster)
        self._signals.photo_selected.emit(self.photo)
        self._signals.panes_changed.emit(self.panes)

    def changed(self) -> None:
        """What holds for the selected cluster's photos changed: its views look again."""
        self._signals.cluster_selected.emit(self.cluster)

    # ------------------------------------------------------------------------------------------------ photos and panes

    def select_photo(self, index: int) -> None:
        """Make a unit the active one; side by side it takes the place of the challenger."""
        cluster = self.cluster
        if cluster is None or not 0 <= index < len(cluster.units) or index == self.photo:
            return
        active = self.panes.index(self.photo) if self.photo in self.panes else -1
        self.photo = index
        if self.panes and index not in self.panes:
            place = active if active > 0 else len(self.panes) - 1
            self.panes = (*self.panes[:place], index, *self.panes[place + 1 :])
            self._signals.panes_changed.emit(self.panes)
        self._signals.photo_selected.emit(index)

    def step_photo(self, by: int) -> None:
        """Go some photos on or back within the cluster."""
        cluster = self.cluster
        if cluster:
            self.select_photo(min(max(self.photo + by, 0), len(cluster.units) - 1))

    def set_panes(self, count: int) -> None:
        """Show so many photos side by side, two to four, where the cluster has them."""
        self._pane_count = min(max(count, 2), MOST_PANES)
        cluster = self.cluster
        if cluster:
            panes = self._filled(self.panes, len(cluster.units))
            if self.photo not in panes:
                panes = (*panes[:-1], self.photo)
            self._show_panes(panes)

    def swap_panes(self) -> None:
        """The first two change places; which photo is active stays."""
        if len(self.panes) >= 2:
            self._show_panes((self.panes[1], self.panes[0], *self.panes[2:]))

    def _filled(self, panes: tuple[int, ...], units: int) -> tuple[int, ...]:
        others = tuple(unit for unit in range(units) if unit not in panes)
        return (*panes, *others)[: self._pane_count]

    def _show_panes(self, panes: tuple[int, ...]) -> None:
        if panes != self.panes:
            self.panes = panes
            self._signals.panes_changed.emit(panes)

    def set_mode(self, mode: str) -> None:
        """``grid`` or ``side``."""
        if mode in MODES and mode != self.mode:
            self.mode = mode
            self._signals.mode_changed.emit(mode)
