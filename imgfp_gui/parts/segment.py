"""Commands of which one holds, side by side in one frame: modes, zoom steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from imgfp_gui.parts.button import ICON_PLACE

ALL_WORDS, CURRENT_WORDS, NO_WORDS = "all", "current", "none"


class Segment(QFrame):
    """A row of checkable commands, exactly one of which is checked. Their icons should be in `dim`, `text` while checked."""

    def __init__(self, actions: Sequence[QAction], name: str, parent: QWidget | None = None) -> None:
        """name: what a screen reader calls the row."""
        super().__init__(parent)
        self.setProperty("segments", "true")
        self.setAccessibleName(name)
        self._words = ALL_WORDS
        group = QActionGroup(self)
        group.setExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        self.buttons: list[QToolButton] = []
        for number, action in enumerate(actions):
            group.addAction(action)
            button = QToolButton()
            button.setProperty("segment", "first" if number == 0 else "next")
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(ICON_PLACE)
            button.setAccessibleName(action.text().replace("&", ""))
            action.toggled.connect(lambda _: self._label())
            layout.addWidget(button)
            self.buttons.append(button)
        self._label()

    def show_words(self, which: str) -> None:
        """`ALL_WORDS`, `CURRENT_WORDS` for those of the checked one, or `NO_WORDS`; commands without an icon keep theirs."""
        if which != self._words:
            self._words = which
            self._label()

    def _label(self) -> None:
        style = Qt.ToolButtonStyle
        for button in self.buttons:
            action = button.defaultAction()
            worded = self._words == ALL_WORDS or (self._words == CURRENT_WORDS and action.isChecked())
            if action.icon().isNull():
                button.setToolButtonStyle(style.ToolButtonTextOnly)
            else:
                button.setToolButtonStyle(style.ToolButtonTextBesideIcon if worded else style.ToolButtonIconOnly)
