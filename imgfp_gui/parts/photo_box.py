"""One whole photo in a box: never cropped, drawn when its pixels come."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgfp_gui import theme
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting


class PhotoBox(QWidget):
    """side: edge of the square box in logical px. name: what a screen reader says."""

    def __init__(self, pictures: Pictures, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._side = side
        self._file: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        pictures.arrived.connect(self._come)

    def show_file(self, file: int | None, name: str) -> None:
        """Show another photo of the open library, or an empty box."""
        self._file = file
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(self.rect(), QColor(tokens.well))
        if self._file is not None:
            edge = max(self.width(), self.height()) * self.devicePixelRatioF()
            picture = self._pictures.get(self._file, edge)
            if picture is not None:
                painting.draw_photo(painter, self.rect(), picture, tokens)
        painter.end()

    def _come(self, file: int) -> None:
        if file == self._file:
            self.update()
