"""How many pairs lie in each range of similarity, on a logarithmic scale; what lies inside the line is in the accent colour."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.config import FLOOR
from imgfp_gui import theme
from imgfp_gui.models import words
from imgfp_gui.views.line_handle import MARGIN, line_at, x_of

BARS, ABOVE = 44, 4  # height of the tallest bar; room for the line to stand out


class ScoreHistogram(QWidget):
    """`scoreHistogram`: a picture of the scores, not a control; the handle below it moves the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scoreHistogram")
        self.setAccessibleName(self.tr("Pairs by similarity"))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bins: tuple[int, ...] = ()
        self._heights: tuple[float, ...] = ()
        self._line = 1.0

    def sizeHint(self) -> QSize:
        return QSize(200, ABOVE + BARS + 1)

    def show_bins(self, bins: tuple[int, ...]) -> None:
        """Counts of equal ranges from the floor to 1."""
        if bins == self._bins:
            return
        self._bins = bins
        tallest = math.log1p(max(bins, default=0)) or 1.0
        self._heights = tuple(max(2.0, math.log1p(pairs) / tallest * BARS) if pairs else 0.0 for pairs in bins)
        self.setAccessibleDescription(self.tr("{0} pairs in all").format(words.number(sum(bins))))
        self.update()

    def show_line(self, line: float) -> None:
        """Where the line stands, 0..1."""
        if line != self._line:
            self._line = line
            self.update()

    def told_at(self, x: float) -> str:
        """What the bar at this place holds; empty beside the bars."""
        if not self._bins or not MARGIN <= x <= self.width() - MARGIN:
            return ""
        count = len(self._bins)
        bar = min(count - 1, int((line_at(x, self.width()) - FLOOR) / (1 - FLOOR) * count))
        low, high = (words.one_decimal(100 * (FLOOR + (1 - FLOOR) * edge / count)) for edge in (bar, bar + 1))
        return self.tr("{0}–{1}: {2}").format(low, high, words.pairs(self._bins[bar]))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        ground, line = ABOVE + BARS, x_of(self._line, self.width())
        for side, colour in ((QRectF(0, 0, line, ground), tokens.edge), (QRectF(line, 0, self.width(), ground), tokens.accent)):
            painter.setClipRect(side)
            self._paint_bars(painter, QColor(colour))
        painter.setClipping(False)
        painter.fillRect(QRectF(MARGIN, ground, self.width() - 2 * MARGIN, 1), QColor(tokens.edge))
        painter.fillRect(QRectF(round(line - 0.5), 0, 1, ground), QColor(tokens.text))
        painter.end()

    def _paint_bars(self, painter: QPainter, colour: QColor) -> None:
        wide = (self.width() - 2 * MARGIN) / max(1, len(self._heights))
        for place, height in enumerate(self._heights):
            if height:
                painter.fillRect(QRectF(MARGIN + place * wide, ABOVE + BARS - height, max(1.0, wide - 0.8), height), colour)
