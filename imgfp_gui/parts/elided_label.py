"""A line of text that gives way: shortened in the middle or at the end, whole in the tooltip and for screen readers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from imgfp_gui.models import names


class ElidedLabel(QLabel):
    """Like QLabel with plain text on one line.

    least: characters that always stay, as far as the layout can give room. name: a file's name, which reads from left to right
    whatever the language of the window.
    """

    def __init__(self, elide: Qt.TextElideMode, least: int = 8, parent: QWidget | None = None, *, name: bool = False) -> None:
        super().__init__(parent)
        self._is_name = name
        self._elide = elide
        self._least = least
        self._note = ""
        self._hushed = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str, note: str = "") -> None:
        """Show a text. note: what the tooltip says besides."""
        if (text, note) != (self.text(), self._note):
            self._note = note
            self.setText(text)
            self.setAccessibleName(text)
            self._tell()

    def set_hushed(self, hushed: bool) -> None:
        """Keep the place but draw nothing."""
        if hushed != self._hushed:
            self._hushed = hushed
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().averageCharWidth() * self._least if self.text() else 0
        return QSize(min(self.sizeHint().width(), least), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._hushed:
            return
        painter = QPainter(self)
        if self._is_name:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), self._elide, self.width())
        side = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, shown)
        painter.end()

    def _tell(self) -> None:
        cut = self.sizeHint().width() > self.width()
        said = [part for part in (self.text() if cut else "", self._note) if part]
        self.setToolTip(names.tip("\n".join(said)).replace("\n", "<br>") if said else "")
