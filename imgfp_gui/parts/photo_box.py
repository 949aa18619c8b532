"""One whole photo in a box: never cropped, never larger than it is, drawn when its pixels come."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting


class PhotoBox(QWidget):
    """size: of the box in logical px; it may be made smaller. A box without a photo shows the icon `empty`, if there is one."""

    def __init__(self, pictures: Pictures, size: QSize, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._wanted = size
        self._empty = empty
        self._file: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        pictures.arrived.connect(self._come)

    def show_file(self, file: int | None, name: str) -> None:
        """Show another photo of the open library, or none. name: for screen readers."""
        self._file = file
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return self._wanted

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.HIT_MIN, theme.HIT_MIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        if self._file is None:
            self._draw_empty(painter, tokens)
        else:
            edge = max(self.width(), self.height()) * self.devicePixelRatioF()
            picture = self._pictures.get(self._file, edge)
            if picture is not None:
                painting.draw_photo(painter, self.rect(), picture, tokens)
            else:
                painter.fillRect(self.rect(), QColor(tokens.panel))
        painter.end()

    def _draw_empty(self, painter: QPainter, tokens: theme.Tokens) -> None:
        painter.fillRect(self.rect(), QColor(tokens.panel))
        if self._empty:
            size = min(theme.ICON_EMPTY, self.width() // 2)
            place = QRect(0, 0, size, size)
            place.moveCenter(self.rect().center())
            painter.drawPixmap(place.topLeft(), icons.icon(self._empty, tokens.dim, size, self.devicePixelRatioF()))

    def _come(self, file: int) -> None:
        if file == self._file:
            self.update()
