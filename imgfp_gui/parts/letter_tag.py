"""The letter of a pane, or the number of a photo, in a small frame; inverted where it is the active one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgfp_gui import theme

LETTERS = "ABCD"


def draw_tag(painter: QPainter, box: QRectF, text: str, tokens: theme.Tokens, *, active: bool = False) -> None:
    """Draw a tag into a square of logical pixels; the painter's font gives the family."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens.text if active else tokens.edge), 1))
    painter.setBrush(QColor(tokens.text) if active else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_BADGE, theme.RADIUS_BADGE)
    painter.setFont(theme.sized(painter.font(), theme.STEP_CAPTION, bold=True))
    painter.setPen(QColor(tokens.window if active else tokens.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class LetterTag(QWidget):
    """A tag in a layout. It is part of its pane's name and no stop of its own."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._active = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def active(self) -> bool:
        """Whether it is drawn inverted."""
        return self._active

    def set_active(self, active: bool) -> None:
        """Draw it inverted, or as a frame."""
        if active != self._active:
            self._active = active
            self.update()

    def sizeHint(self) -> QSize:
        edge = max(theme.TAG, theme.sized(self.font(), theme.STEP_CAPTION).pixelSize() + 8)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_tag(painter, QRectF(self.rect()), self._text, theme.tokens_of(self.palette()), active=self._active)
        painter.end()
