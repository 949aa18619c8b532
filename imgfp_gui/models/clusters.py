"""The clusters of the queue, a row each. `KEY_ROLE` is the key, by which selection survives every change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.records import Cluster
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words

KEY_ROLE = Qt.ItemDataRole.UserRole
CLUSTER_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex

SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class ClusterListModel(QAbstractListModel):
    """Rows follow the controller's queue; indexes that a view holds are moved with their clusters."""

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._clusters = controller.snapshot.clusters
        self._rows = controller.queue.rows
        controller.queue_changed.connect(self._take)
        controller.verdicts_changed.connect(self._tell)

    def row_of(self, key: str | None) -> int:
        """Row of the cluster with this key, -1 if it is not in the list."""
        return self._controller.queue.position(key)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

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
        """The queue changed: the rows are its rows."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self._clusters[self._rows[index.row()]].key for index in held]
        self._clusters = self._controller.snapshot.clusters
        self._rows = self._controller.queue.rows
        places = [self.row_of(key) for key in keys]
        moved = [self.index(place) if place >= 0 else QModelIndex() for place in places]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell(self, keys: frozenset[str]) -> None:
        """What holds for some clusters changed."""
        rows = [row for row in map(self.row_of, keys) if row >= 0]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def _sentence(self, row: int, cluster: Cluster) -> str:
        """What a screen reader says of a row."""
        place = self.tr("Cluster {0} of {1}").format(words.number(row + 1), words.number(len(self._rows)))
        book = self._controller.verdicts
        facts = [words.photos(len(cluster.units)), words.tier(cluster.tier), words.similarity_range(cluster)]
        freed = book.freed_of(cluster)
        if freed:
            facts.append(self.tr("would free {0}").format(words.size(freed)))
        return ", ".join([place, *facts, words.state(book.state_of(cluster))])
