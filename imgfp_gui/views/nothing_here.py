"""What a page shows when it has nothing to list: a sign, a heading and a sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.icon_label import IconLabel


class NothingHere(QWidget):
    """icon: name of the sign."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._sentence = QLabel(), QLabel()
        self._title.setProperty("role", "page")
        self._sentence.setProperty("role", "dim")
        self._sentence.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACE_S)
        layout.addStretch(2)
        layout.addWidget(IconLabel(icon, "dim", theme.ICON_EMPTY), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(theme.SPACE_S)
        for label in (self._title, self._sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addStretch(3)

    def say(self, title: str, sentence: str) -> None:
        """Show other words."""
        self._title.setText(title)
        self._sentence.setText(sentence)
