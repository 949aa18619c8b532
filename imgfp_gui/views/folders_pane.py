"""The folders of the library, by name; the whole path is one hover away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController

ROW = 28
SHOWN = 5


class FoldersPane(QFrame):
    """`foldersPane`."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foldersPane")
        self._list = QListWidget()
        self._list.setObjectName("foldersList")
        self._list.setAccessibleName(self.tr("Folders of the library"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        heading = QLabel(self.tr("Folders"))
        heading.setProperty("role", "heading")
        heading.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_XS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, theme.SPACE_XS)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self._list)
        controller.folders_changed.connect(self._show)
        self._show(controller.folders)

    def _show(self, folders: tuple[str, ...]) -> None:
        self._list.clear()
        for folder in folders:
            shown = folder.encode("utf-8", "replace").decode("utf-8")  # names that are no Unicode have stand-ins in them
            item = QListWidgetItem(shown.rstrip("/").rsplit("/", 1)[-1] or shown)
            item.setToolTip(shown)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, shown)
            self._list.addItem(item)
        rows = min(max(len(folders), 1), SHOWN)
        self._list.setFixedHeight(rows * ROW)
