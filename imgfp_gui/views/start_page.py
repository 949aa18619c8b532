"""The first page: drop folders, choose one, try it on sample photos, or go on where one was. And the promise."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, Qt, QTemporaryDir, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.recent import Recent, RecentLibraries
from imgfp_gui.parts.button import ActionButton
from imgfp_gui.parts.dropped import holds_files, places_of
from imgfp_gui.parts.icon_label import IconLabel
from imgfp_gui.views.recent_row import RecentRow

WIDTH = 720
DROP_HEIGHT = 288
PROMISE_HEIGHT = 44


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


class DropTarget(QWidget):
    """The dashed frame with what to do in it. It is wide enough to be hit, but the whole page takes what is dropped."""

    def __init__(self, add: QAction, sample: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self._title, about = QLabel(), QLabel(self.tr("A card, a drive, a whole library. RAW, JPEG, HEIC, TIFF and more."))
        self._title.setProperty("role", "title")
        about.setProperty("role", "second")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_S)
        buttons.addStretch()
        self.add_button = ActionButton(add, "primary", large=True)
        self.sample_button = ActionButton(sample, large=True, icon=False)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.addStretch()
        layout.addWidget(IconLabel("images", "dim", theme.ICON_EMPTY), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(theme.SPACE_L)
        for label in (self._title, about):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.insertSpacing(layout.count() - 1, theme.SPACE_XS)
        layout.addSpacing(theme.SPACE_XL)
        layout.addLayout(buttons)
        layout.addStretch()
        self.setMinimumHeight(DROP_HEIGHT)
        self.set_over(False)

    def set_over(self, over: bool) -> None:
        """Folders hang over the page and can be let go."""
        self._over = over
        self._title.setText(self.tr("Let go to add these folders") if over else self.tr("Drop folders with photos here"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tokens.text if self._over else tokens.edge), 2 if self._over else 1)
        if not self._over:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.hover if self._over else tokens.window))
        inset = pen.widthF() / 2
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, theme.RADIUS_SHEET, theme.RADIUS_SHEET)
        painter.end()


class Promise(QFrame):
    """What happens to the photos, in one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", "top")
        self.setProperty("pane", "side")
        text = _Sentence(
            self.tr(
                "Everything stays on this computer. Photos you decide against go to the trash when you say Apply, "
                "and come back with Undo."
            )
        )
        text.setProperty("role", "dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_L, theme.SPACE_XS, theme.SPACE_L, theme.SPACE_XS)
        layout.setSpacing(theme.SPACE_S)
        layout.addStretch(1)
        layout.addWidget(IconLabel("shield-check"))
        layout.addWidget(text, 1000)
        layout.addStretch(1)
        self.setMinimumHeight(PROMISE_HEIGHT)


class _Sentence(QLabel):
    """Takes one line where there is room for it, and as many as it needs where there is none."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(self.text()) + theme.SPACE_XS)
