"""The clusters of the snapshot in force, a row each. `Qt.UserRole` is the key, by which selection survives every change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.records import Cluster, ClusterSnapshot, Suggest
from imgfp_gui.models import words

KEY_ROLE = Qt.ItemDataRole.UserRole
CLUSTER_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class ClusterListModel(QAbstractListModel):
    """Rows follow the snapshot's order; a new snapshot changes only the rows that differ."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clusters: tuple[Cluster, ...] = ()

    def show(self, snapshot: ClusterSnapshot) -> None:
        """Take a new snapshot over. Rows before the first and after the last difference stay where they are."""
        old, new = self._clusters, snapshot.clusters
        shorter = min(len(old), len(new))
        head = 0
        while head < shorter and old[head].key == new[head].key:
            head += 1
        tail = 0
        while tail < shorter - head and old[-1 - tail].key == new[-1 - tail].key:
            tail += 1
        changed = [row for row in range(head) if old[row] != new[row]]
        changed += [len(new) - 1 - i for i in range(tail) if old[-1 - i] != new[-1 - i]]
        if len(old) - tail > head:
            self.beginRemoveRows(QModelIndex(), head, len(old) - tail - 1)
            self._clusters = old[:head] + old[len(old) - tail :]
            self.endRemoveRows()
        if len(new) - tail > head:
            self.beginInsertRows(QModelIndex(), head, len(new) - tail - 1)
            self._clusters = new
            self.endInsertRows()
        self._clusters = new
        if changed:
            self.dataChanged.emit(self.index(min(changed)), self.index(max(changed)))

    def row_of(self, key: str | None) -> int:
        """Row of the cluster with this key, -1 if there is none."""
        return next((row for row, cluster in enumerate(self._clusters) if cluster.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._clusters)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._clusters):
            return None
        cluster = self._clusters[index.row()]
        if role == KEY_ROLE:
            return cluster.key
        if role == CLUSTER_ROLE:
            return cluster
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._sentence(index.row(), cluster)
        return None

    def _sentence(self, row: int, cluster: Cluster) -> str:
        """What a screen reader says of a row."""
        place = self.tr("Cluster {0} of {1}").format(words.number(row + 1), words.number(len(self._clusters)))
        facts = [words.photos(len(cluster.members)), words.tier(cluster.tier), words.similarity_range(cluster)]
        if cluster.reclaimable_bytes:
            facts.append(self.tr("would free {0}").format(words.size(cluster.reclaimable_bytes)))
        if not proposed(cluster):
            facts.append(words.marked_for(Suggest.UNDECIDED))
        return ", ".join([place, *facts])


def proposed(cluster: Cluster) -> bool:
    """True when the rules propose to remove something here."""
    return any(verdict.suggest is Suggest.REMOVE for verdict in cluster.verdicts)
