"""What the right side is made of in a narrow window: the panes as a column, and the drawer that lies over the photos with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from imgfp_gui import theme


class PaneColumn(QScrollArea):
    """The panes one below the other; scrolls when they are higher than the window."""

    def __init__(self, panes: Sequence[QWidget]) -> None:
        super().__init__()
        self._panes = panes
        inner = QWidget()
        inner.setProperty("pane", "side")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for pane in panes:
            layout.addWidget(pane)
        layout.addStretch()
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_only(self, chosen: QWidget | None) -> None:
        """One pane, or all with None."""
        for pane in self._panes:
            pane.setVisible(chosen is None or pane is chosen)


class Drawer(QFrame):
    """Lies over a widget at its trailing edge, as high as that is."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("drawer")
        self._over = over
        over.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        left = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        layout.setContentsMargins(1 if left else 0, 0, 0 if left else 1, 0)
        self.hide()

    def take(self, column: QWidget) -> None:
        """Show the column in it."""
        self.layout().addWidget(column)
        column.show()
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.window))
        x = 0 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else self.width() - 1
        painter.fillRect(QRect(x, 0, 1, self.height()), QColor(tokens.edge))
        painter.end()

    def _place(self) -> None:
        wide = min(theme.RIGHT_PANE[1], self._over.width())
        x = self._over.width() - wide if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else 0
        self.setGeometry(x, 0, wide, self._over.height())
