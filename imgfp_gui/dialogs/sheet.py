"""A dialog inside its window: it lies over a scrim, keeps the keyboard to itself, and opens at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from imgfp_gui import theme

SCRIM_OPACITY = 0.72
RADIUS = 6
AWAY = 24  # least distance from the edges of the window


class Scrim(QWidget):
    """Covers the window while a sheet is open: nothing below it can be reached by the mouse."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAcceptDrops(True)  # so that drops end here

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(SCRIM_OPACITY)
        painter.fillRect(event.rect(), QColor(theme.tokens_of(self.palette()).scrim))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()


class _Room(QScrollArea):
    """The middle of a sheet: as high as its content wants, and scrolled where the window has less."""

    changed = Signal()

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.setWidget(content)

    def wanted(self, width: int) -> int:
        """Height in px at this width."""
        return _height(self.widget().layout(), width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.changed.emit()
        return done

    def sizeHint(self) -> QSize:
        return QSize(self.widget().sizeHint().width(), self.wanted(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 60)


class Sheet(QDialog):
    """A modal dialog as a child of `window`; `finished` tells its end as with any dialog.

    body: layout of the content, between `title` with `subtitle` and the row `foot` of buttons. width: logical px, less where the
    window is narrower.
    """

    def __init__(self, window: QWidget, width: int) -> None:
        super().__init__(window, Qt.WindowType.SubWindow)  # a child that keeps Tab inside
        self._wide = width
        self._before: QWidget | None = None
        self.scrim = Scrim(window)
        self.scrim.hide()
        self.setProperty("sheet", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the last resort of the focus
        self.title, self.subtitle = QLabel(), QLabel()
        for label in (self.title, self.subtitle):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.title.setProperty("role", "title")
        self.subtitle.setProperty("role", "quiet")
        self.subtitle.hide()
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(theme.SPACE_XL, theme.SPACE_L, theme.SPACE_XL, theme.SPACE_L)
        self.body.setSpacing(theme.SPACE_L)
        self._room = _Room(content)
        self._room.changed.connect(self._follow)
        self.foot = QHBoxLayout()
        self._arrange()
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._keep_focus)

    def _arrange(self) -> None:
        head = self._head = QVBoxLayout()
        head.setContentsMargins(theme.SPACE_XL, 20, theme.SPACE_XL, 0)
        head.setSpacing(0)
        head.addWidget(self.title)
        head.addWidget(self.subtitle)
        footer = QFrame()
        footer.setProperty("rule", "top")
        footer.setLayout(self.foot)
        self.foot.setContentsMargins(theme.SPACE_XL, theme.SPACE_L, theme.SPACE_XL, theme.SPACE_L)
        self.foot.setSpacing(theme.SPACE_S)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self._room, 1)
        whole.addWidget(footer)

    # ------------------------------------------------------------------------------------------------ open, close

    def present(self) -> None:
        """Open at once, over everything else in the window."""
        self._before = self.window().focusWidget()
        self.scrim.setGeometry(self.parentWidget().rect())
        self.scrim.show()
        self.scrim.raise_()
        self.raise_()
        self._place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def done(self, result: int) -> None:
        self.scrim.hide()
        self.scrim.deleteLater()
        super().done(result)
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    # ------------------------------------------------------------------------------------------------ its place

    def _place(self) -> None:
        """In the middle of the window, as high as the content wants and the window allows."""
        around = self.parentWidget().rect()
        width = min(self._wide, around.width() - 2 * AWAY)
        inside = width - 2
        around_it = _height(self._head, inside) + _height(self.foot, inside) + 3  # edges, and the hairline over the buttons
        height = min(around_it + self._room.wanted(inside), around.height() - 2 * AWAY)
        self.setGeometry(QRect((around.width() - width) // 2, (around.height() - height) // 2, width, height))

    def _follow(self) -> None:
        if self.isVisible():
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self.scrim.setGeometry(self.parentWidget().rect())
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:  # no command of the window acts while a sheet is open
            event.accept()
            return True
        done = super().event(event)
        if kind == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.edge), 1))
        painter.setBrush(QColor(tokens.window))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    # ------------------------------------------------------------------------------------------------ keys, mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def _keep_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """The focus stays in the sheet while it is open, whatever happens below."""
        if not self.isVisible() or not self.window().isActiveWindow():
            return
        if now is not None and (now.window() is not self.window() or _in_a_sheet(now)):
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)


def _height(layout: QLayout, width: int) -> int:
    """How high a layout wants to be at this width."""
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def _in_a_sheet(widget: QWidget | None) -> bool:
    while widget is not None:
        if isinstance(widget, Sheet):
            return True
        widget = widget.parentWidget()
    return False
