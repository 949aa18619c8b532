"""An icon by itself, in a colour of the theme. It is no control, and what it means stands beside it in words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgfp_gui import icons, theme


class IconLabel(QWidget):
    """name: of the icon. role: name of the token that colours it. size: logical px."""

    def __init__(self, name: str, role: str = "dim", size: int = theme.ICON, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role, self._size = name, role, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = getattr(theme.tokens_of(self.palette()), self._role)
        corner = QPointF((self.width() - self._size) / 2, (self.height() - self._size) / 2)
        painter.drawPixmap(corner, icons.icon(self._name, colour, self._size, self.devicePixelRatioF()))
        painter.end()
