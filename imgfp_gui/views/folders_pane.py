"""The folders part of the left pane: heading, button to add one, and the tree."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from imgfp_gui.controller import ReviewController
from imgfp_gui.parts.fold_heading import FoldHeading
from imgfp_gui.views.folder_tree import FolderTree

SHARE = 0.36  # of the window's height: the clusters need the rest


class FoldersPane(QFrame):
    """As high as its rows, up to a share of the window; then the tree scrolls. actions: commands by id."""

    def __init__(self, controller: ReviewController, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = FolderTree(controller)
        self.heading = FoldHeading(self.tr("Folders"), self.tree, line=False)
        self.heading.add_button("plus", self.tr("Add folder"), actions["folder.add"])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self.tree)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.tree.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.tree.rows_changed.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        most = round(self.window().height() * SHARE)
        least = self.tree.minimumSizeHint().height()
        self.tree.setFixedHeight(max(least, min(self.tree.sizeHint().height(), most)))
