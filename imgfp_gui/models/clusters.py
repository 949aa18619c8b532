"""The clusters of the queue, a row each. `KEY_ROLE` is the key, by which selection survives every change.

A list asks for the number of rows twice a row whenever it lays itself out. With 100,000 rows that must not be asked of Python:
counting is left to a model of Qt's own, filled with empty texts, and Python answers only what is read of a row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, Signal

from engine.records import Cluster
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words

KEY_ROLE = Qt.ItemDataRole.UserRole
CLUSTER_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex

MANY = 64  # so many changed rows are told as all rows

NO_ROW = -1  # of the snapshot: a row of the list that has no cluster yet
SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class ClusterListModel(QStringListModel):
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
        self.insertRows(0, len(self._rows))
        controller.queue_changed.connect(self._take)
        controller.verdicts_changed.connect(self._tell)

    def row_of(self, key: str | None) -> int:
        """Row of the cluster with this key, -1 if it is not in the list."""
        return self._controller.queue.position(key)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return row if index.isValid() else Qt.ItemFlag.NoItemFlags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Nothing here is written to."""
        return False

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else NO_ROW
        if row == NO_ROW:
            return None
        cluster = self._clusters[row]
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
        """The queue changed: the rows are its rows. Rows that are added come first, those removed go last, without clusters."""
        rows = self._controller.queue.rows
        more = len(rows) - len(self._rows)
        self.taking.emit()
        if more > 0:
            self._rows = np.concatenate((np.full(more, NO_ROW), self._rows))
            self.insertRows(0, more)
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [index.data(KEY_ROLE) for index in held]
        self._clusters, self._rows = self._controller.snapshot.clusters, rows
        places = [self.row_of(key) for key in keys]
        self.changePersistentIndexList(held, [self.index(place) if place >= 0 else QModelIndex() for place in places])
        self.layoutChanged.emit()
        if more < 0:
            self.removeRows(len(rows), -more)
        self.taken.emit()

    def _tell(self, keys: frozenset[str]) -> None:
        """What holds for some clusters changed."""
        if len(keys) > MANY:
            rows = [0, len(self._rows) - 1] if len(self._rows) else []
        else:
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
        state = words.first_look() if cluster.provisional else words.state(book.state_of(cluster))
        return ", ".join([place, *facts, state])
