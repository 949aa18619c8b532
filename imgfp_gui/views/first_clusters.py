"""The first clusters of a scan as cards, best match first. A card stays where it is: one may be about to click it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from engine.records import ClusterSnapshot
from imgfp_gui import theme
from imgfp_gui.models.kinds import Kinds
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.cluster_card import ClusterCard

MOST = 9
COLUMN = 260  # least width of a card; fewer columns where there is less


class FirstClusters(QScrollArea):
    """Up to `MOST` cards.

    Signals
    -------
    chosen(str): key of the cluster whose card was clicked.
    """

    chosen = Signal(str)

    def __init__(self, pictures: Pictures, kinds: Kinds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self.cards = [ClusterCard(pictures) for _ in range(MOST)]
        self._keys: list[str | None] = [None] * MOST
        self._columns = 0
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(theme.SPACE_XL, 3, theme.SPACE_XL, theme.SPACE_L)
        self._grid.setSpacing(theme.SPACE_M)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        for card in self.cards:
            card.hide()
            card.clicked.connect(lambda _=False, card=card: self._choose(card))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._place(3)

    @property
    def count(self) -> int:
        """Cards that show a cluster."""
        return sum(key is not None for key in self._keys)

    @property
    def best_first(self) -> bool:
        """The cards stand in the order of their similarity. Clusters that came later may have found their place behind."""
        scores = [card.cluster.weakest for card in self.cards if card.cluster is not None and not card.isHidden()]
        return all(before >= after for before, after in pairwise(scores))

    def clear(self) -> None:
        """Another scan begins."""
        self._keys = [None] * MOST
        for card in self.cards:
            card.hide()

    def show_clusters(self, snapshot: ClusterSnapshot) -> None:
        """What is still there stays in its place; free places take the best of the rest."""
        rows = snapshot.columns.row_of_key
        self._keys = [key if key in rows else None for key in self._keys]
        free = [place for place, key in enumerate(self._keys) if key is None]
        taken = {rows[key] for key in self._keys if key is not None}
        for place, row in zip(free, _best(snapshot, len(free), taken), strict=False):
            self._keys[place] = snapshot.clusters[row].key
        for card, key in zip(self.cards, self._keys, strict=True):
            if key is not None:
                cluster = snapshot.clusters[rows[key]]
                card.show_cluster(cluster, self._kinds.of(cluster))
            card.setVisible(key is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(max(1, min(3, (self.viewport().width() - theme.SPACE_XL) // COLUMN)))

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)

    def _choose(self, card: ClusterCard) -> None:
        if card.cluster is not None:
            self.chosen.emit(card.cluster.key)


def _best(snapshot: ClusterSnapshot, count: int, taken: set[int]) -> list[int]:
    """Rows of the surest clusters that are not taken, best first; ties by their place in the snapshot."""
    order = np.argsort(-snapshot.columns.weakest, kind="stable")[: count + len(taken)]
    return [row for row in order.tolist() if row not in taken][:count]
