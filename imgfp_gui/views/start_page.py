"""The first page: drop folders, choose one, try it on sample photos, or go on where one was. And the promise."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTemporaryDir, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.recent import RecentLibraries
from imgfp_gui.models.recent_file import Recent
from imgfp_gui.parts.dropped import holds_files, places_of
from imgfp_gui.views.drop_target import DropTarget
from imgfp_gui.views.promise import Promise
from imgfp_gui.views.recent_row import RecentRow

WIDTH = 720


class StartPage(QFrame):
    """`startPage`. Folders can be dropped anywhere on it. actions: commands by id.

    Signals
    -------
    dropped(object): list of what was dropped, not looked at.
    """

    dropped = Signal(object)

    def __init__(
        self,
        controller: ReviewController,
        recent: RecentLibraries,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("startPage")
        self.setAcceptDrops(True)
        self._controller = controller
        self._recent = recent
        self._sample: QTemporaryDir | None = None
        self.drop = DropTarget(actions["folder.add"], self._sample_action())
        self._heading = QLabel(self.tr("Recent"))
        self._heading.setProperty("role", "heading")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._arrange()
        recent.changed.connect(self._list_if_seen)
        recent.presence_changed.connect(self._list_if_seen)
        controller.applied.connect(lambda _: self._keep_sample())
        self._list()

    def rows(self) -> list[RecentRow]:
        """The libraries that are listed."""
        found = (self._rows.itemAt(place).widget() for place in range(self._rows.count()))
        return [row for row in found if isinstance(row, RecentRow)]

    # ------------------------------------------------------------------------------------------------ building

    def _sample_action(self) -> QAction:
        action = QAction(self.tr("Try it on our pictures"), self)
        action.setToolTip(self.tr("Copies some photos of ours, with duplicates among them, into a temporary folder and opens it"))
        action.triggered.connect(self._open_sample)
        return action

    def _arrange(self) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(theme.SPACE_M, theme.SPACE_XXL, theme.SPACE_M, theme.SPACE_S)
        heading.addWidget(self._heading)
        column = QWidget()
        column.setMaximumWidth(WIDTH)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.drop)
        inner.addLayout(heading)
        inner.addLayout(self._rows)
        middle = QWidget()
        around = QVBoxLayout(middle)
        around.setContentsMargins(theme.SPACE_XL, theme.SPACE_L, theme.SPACE_XL, theme.SPACE_L)
        around.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(column, 1000)
        row.addStretch(1)
        around.addLayout(row)
        around.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(middle)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        middle.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Promise())

    def _list_if_seen(self) -> None:
        """Every decision changes what is left of a library: while nobody looks, nothing is made anew."""
        if self.isVisible():
            self._list()

    def _list(self) -> None:
        """One row for each library; the one that had the keyboard keeps it."""
        had = next((row.library.folders for row in self.rows() if row.hasFocus()), None)
        while self._rows.count():
            widget = self._rows.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for library in self._recent.libraries:
            row = RecentRow(library, missing=self._recent.missing(library))
            row.clicked.connect(lambda _=False, library=library: self._open(library))
            row.removed.connect(lambda library=library: self._recent.remove(library))
            self._rows.addWidget(row)
            if library.folders == had:
                row.setFocus(Qt.FocusReason.OtherFocusReason)
        self._heading.setVisible(bool(self._recent.libraries))

    # ------------------------------------------------------------------------------------------------ opening

    def _open(self, library: Recent) -> None:
        self._controller.add_folders(library.folders)

    def _open_sample(self) -> None:
        folder = QTemporaryDir()
        if not folder.isValid():
            self._controller.noted.emit(self.tr("No temporary folder could be made for the sample photos."))
            return
        self._sample = folder
        place = f"{folder.path()}/{self.tr('Sample photos')}"
        self._recent.leave_out(place)
        self._controller.open_sample(place)

    def _keep_sample(self) -> None:
        """Something was moved: as long as it can come back, the folder that it comes back to stays."""
        if self._sample is not None and any(folder.startswith(self._sample.path()) for folder in self._controller.folders):
            self._sample.setAutoRemove(False)

    # ------------------------------------------------------------------------------------------------ dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if holds_files(event.mimeData()):
            event.acceptProposedAction()
            self.drop.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tells whoever adds folders; a drop does not go on to the window by itself."""
        self.drop.set_over(False)
        event.acceptProposedAction()
        self.dropped.emit(places_of(event.mimeData()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list()
        self._recent.look()
