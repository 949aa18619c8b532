"""Why a picture cannot be shown, in its place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter

from imgfp_gui import icons, theme


def draw_trouble(painter: QPainter, frame: QRect, sentence: str, tokens: theme.Tokens) -> None:
    """A sentence under a sign, on a quiet ground that fills `frame`; the sign alone where there is no room for words."""
    painter.save()
    painter.fillRect(frame, QColor(tokens.panel))
    size = theme.ICON_LARGE
    sign = icons.icon("image-off", tokens.dim, size, painter.device().devicePixelRatioF())
    room = frame.adjusted(theme.SPACE_L, theme.SPACE_S, -theme.SPACE_L, -theme.SPACE_S)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    words = painter.fontMetrics().boundingRect(QRect(0, 0, max(1, room.width()), 10_000), flags, sentence).height()
    fits = room.width() > 100 and size + theme.SPACE_S + words <= room.height()
    height = size + theme.SPACE_S + words if fits else size
    top = frame.y() + (frame.height() - height) // 2
    painter.drawPixmap(QPoint(frame.center().x() - size // 2, top), sign)
    if fits:
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QRect(room.x(), top + size + theme.SPACE_S, room.width(), words), flags, sentence)
    painter.restore()
