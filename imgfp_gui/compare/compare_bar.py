"""The line over the photos: which cluster it is, and what the mode offers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from engine.records import Cluster
from imgfp_gui import theme
from imgfp_gui.compare.stage import Stage
from imgfp_gui.compare.zoom_bar import ZoomBar
from imgfp_gui.models import words
from imgfp_gui.parts.button import ActionButton
from imgfp_gui.parts.elided_label import ElidedLabel

WORDS_FROM = 560  # logical pixels of width under which toggles are icons and keys leave the buttons


class CompareBar(QFrame):
    """`compareBar`."""

    def __init__(self, stage: Stage, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareBar")
        self.setFixedHeight(theme.at_least(theme.COMPARE_BAR, self.fontMetrics().height()))
        self._stage = stage
        self._title = QLabel()
        self._title.setProperty("role", "number")
        self._facts = ElidedLabel(Qt.TextElideMode.ElideRight, 0)
        self._facts.setProperty("role", "second")
        self.zoom = ZoomBar(stage)
        self._buttons = (
            ActionButton(actions["cluster.different"], "outlined", key=True, icon=False),
            ActionButton(actions["cluster.accept"], key=True, icon=False),
        )
        self._decide = self._deciding()
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_S, 0)
        line.setSpacing(theme.SPACE_S)
        line.addWidget(self._title)
        line.addWidget(self._facts, 1)
        line.addWidget(self.zoom)
        line.addWidget(self._decide)
        controller = stage.controller
        controller.cluster_selected.connect(lambda _: self._show())
        controller.queue_changed.connect(self._show)
        self._show()

    def _deciding(self) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_S)
        for button in self._buttons:
            line.addWidget(button)
        return box

    def show_mode(self, *, zooms: bool) -> None:
        """Offer what the mode can do: zoom, or decide for the whole cluster (elsewhere that stands under the photos)."""
        self.zoom.setVisible(zooms)
        self._decide.setVisible(not zooms)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() >= WORDS_FROM
        self.zoom.show_words(shown=room)
        for button in self._buttons:
            button.show_key(shown=room)

    def _show(self) -> None:
        controller = self._stage.controller
        cluster = controller.cluster
        place = controller.queue.position(cluster.key) if cluster else -1
        self._title.setText(self.tr("Cluster {0}").format(words.number(place + 1)) if place >= 0 else self.tr("Cluster"))
        self._facts.set_text(self._sentence(cluster, len(controller.queue)) if cluster else "")

    def _sentence(self, cluster: Cluster, all_clusters: int) -> str:
        photos, alike = words.photos(len(cluster.units)), words.similarity_range(cluster)
        return self.tr("of {0}  ·  {1}, {2}").format(words.number(all_clusters), photos, alike)
