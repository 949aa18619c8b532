"""How many pairs lie in each range of similarity, on a logarithmic scale; what lies inside the line is in the accent colour."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.config import FLOOR
from imgfp_gui import theme
from imgfp_gui.models import words

HEIGHT = 64


class ScoreHistogram(QWidget):
    """`scoreHistogram`: a picture of the scores, not a control; the slider below it moves the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scoreHistogram")
        self.setAccessibleName(self.tr("Pairs by similarity"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bins: tuple[int, ...] = ()
        self._line = 1.0

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_bins(self, bins: tuple[int, ...]) -> None:
        """Counts of equal ranges from the floor to 1."""
        if bins != self._bins:
            self._bins = bins
            self.update()

    def show_line(self, line: float) -> None:
        """Where the line stands, 0..1."""
        if line != self._line:
            self._line = line
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._bins:
            number = min(len(self._bins) - 1, max(0, int(event.pos().x() / self.width() * len(self._bins))))
            low, high = (FLOOR + (1 - FLOOR) * edge / len(self._bins) for edge in (number, number + 1))
            pairs = words.number(self._bins[number])
            text = self.tr("{0} to {1}: {2} pairs").format(words.percent_fine(low), words.percent_fine(high), pairs)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        ground = QRectF(self.rect()).adjusted(0, 0, 0, -1)
        painter.fillRect(QRectF(0, ground.bottom(), ground.width(), 1), QColor(tokens.edge))
        tallest = math.log1p(max(self._bins, default=0)) or 1.0
        width = ground.width() / max(1, len(self._bins))
        for number, pairs in enumerate(self._bins):
            if not pairs:
                continue
            low = FLOOR + (1 - FLOOR) * number / len(self._bins)
            height = max(2.0, math.log1p(pairs) / tallest * (ground.height() - 2))
            bar = QRectF(number * width, ground.bottom() - height, max(1.0, width - 1), height)
            painter.fillRect(bar, QColor(tokens.accent if low >= self._line - 1e-6 else tokens.edge))
        x = (self._line - FLOOR) / (1 - FLOOR) * ground.width()
        painter.fillRect(QRectF(min(max(x - 0.5, 0), ground.width() - 1), 0, 1, ground.height()), QColor(tokens.text))
        painter.end()
