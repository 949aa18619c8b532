"""The one button that moves photos."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton


class MoveButton(QPushButton):
    """The button that moves: a key that is held down is nobody's word."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("applyMove")
        self.setProperty("primary", "true")

    def say(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
        else:
            super().keyPressEvent(event)
