"""The clusters of the queue, a row each. `KEY_ROLE` is the key, by which selection survives every change.

A list asks for the number of rows twice a row whenever it lays itself out. With 100,000 rows that must not be asked of Python, so
the model counts with Qt's own and answers only what is read of a row.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItemModel

from engine.records import Cluster
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words

KEY_ROLE = Qt.ItemDataRole.UserRole
CLUSTER_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex

SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class ClusterListModel(QStandardItemModel):
    """Rows follow the controller's queue; indexes that a view holds are moved with their clusters.

    Signals
    -------
    taking(), taken(): before and after the rows become others, in several steps that views must not look between.
    """

    taking = Signal()
    taken = Signal()

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._clusters = controller.snapshot.clusters
        self._rows = controller.queue.rows
        self.setColumnCount(1)
        self.setRowCount(len(self._rows))
        controller.queue_changed.connect(self._take)
        controller.verdicts_changed.connect(self._tell)

    def row_of(self, key: str | None) -> int:
        """Row of the cluster with this key, -1 if it is not in the list."""
        return self._controller.queue.position(key)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        cluster = self._clusters[self._rows[index.row()]]
        if role == KEY_ROLE:
            return cluster.key
        if role == CLUSTER_ROLE:
            return cluster
        if role == STATE_ROLE:
            return self._controller.verdicts.state_of(cluster)
        if role in SPOKEN:
            return self._sentence(index.row(), cluster)
        return None

    def _take(self) -> None:
        """The queue changed: the rows are its rows. Rows are added and removed at the end, where they are empty just then."""
        count = len(self._controller.queue.rows)
        self.taking.emit()
        if count > self.rowCount():
            self.setRowCount(count)
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [index.data(KEY_ROLE) for index in held]
        self._clusters = self._controller.snapshot.clusters
        self._rows = self._controller.queue.rows
        places = [self.row_of(key) for key in keys]
        moved = [self.index(place, 0) if place >= 0 else QModelIndex() for place in places]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()
        if count < self.rowCount():
            self.setRowCount(count)
        self.taken.emit()

    def _tell(self, keys: frozenset[str]) -> None:
        """What holds for some clusters changed."""
        rows = [row for row in map(self.row_of, keys) if row >= 0]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), 0))

    def _sentence(self, row: int, cluster: Cluster) -> str:
        """What a screen reader says of a row."""
        place = self.tr("Cluster {0} of {1}").format(words.number(row + 1), words.number(len(self._rows)))
        book = self._controller.verdicts
        facts = [words.photos(len(cluster.units)), words.tier(cluster.tier), words.similarity_range(cluster)]
        freed = book.freed_of(cluster)
        if freed:
            facts.append(self.tr("would free {0}").format(words.size(freed)))
        return ", ".join([place, *facts, words.state(book.state_of(cluster))])
