"""A splitter that paints one pixel and is grabbed by eight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle

from imgfp_gui import theme


class _Handle(QSplitterHandle):
    """Qt lays a handle out by its contents and takes the margins round them for the mouse alone."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = (theme.SPLITTER_HIT - theme.SPLITTER) // 2
        after = theme.SPLITTER_HIT - theme.SPLITTER - before
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)
        if self.orientation() == Qt.Orientation.Horizontal:
            self.setContentsMargins(before, 0, after, 0)
        else:
            self.setContentsMargins(0, before, 0, after)
        self.setMask(QRegion(self.contentsRect()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.contentsRect(), QColor(theme.tokens_of(self.palette()).line))
        painter.end()


class Splitter(QSplitter):
    """Panes never vanish by dragging; F9 hides them."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setHandleWidth(theme.SPLITTER)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)
