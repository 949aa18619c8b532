"""A bar that tells a share; unlike a bar of progress it is grey, for nothing is under way."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from imgfp_gui import theme


class ReasonBar(QProgressBar):
    """A bar of a hundred, in the grey of second text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 100)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: int) -> None:
        """0..100, painted with all the rest: `setValue` alone would paint the window at once, for each bar."""
        self.setUpdatesEnabled(False)
        self.setValue(value)
        self.setUpdatesEnabled(True)

    def sizeHint(self) -> QSize:
        return QSize(40, max(theme.FACTS_ROW, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        groove = QRectF(0, (self.height() - theme.PROGRESS) / 2, self.width(), theme.PROGRESS)
        part = QRectF(groove.x(), groove.y(), groove.width() * self.value() / 100, groove.height())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            part.moveRight(groove.right())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for rect, colour in ((groove, tokens.groove), (part, tokens.dim)):
            painter.setBrush(QColor(colour))
            if rect.width() >= 1:
                painter.drawRoundedRect(rect, theme.RADIUS_BAR, theme.RADIUS_BAR)
        painter.end()
