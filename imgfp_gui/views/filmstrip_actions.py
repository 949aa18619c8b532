"""What can be done with the whole cluster: the column at the end of the filmstrip, always in the same place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.button import ActionButton

WIDEST = 180  # logical pixels that the column takes with its keys
COMMANDS = (("cluster.accept", "plain"), ("cluster.different", "flat"), ("cluster.aside", "flat"))


class FilmstripActions(QFrame):
    """Accept and go on, all different, set aside. actions: by command id."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmstripActions")
        self._buttons = [ActionButton(actions[command], look, key=True, spread=True, icon=False) for command, look in COMMANDS]
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_S, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addStretch(1)
        for button in self._buttons:
            column.addWidget(button)
        column.addStretch(1)
        self._give_way()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._give_way()

    def _give_way(self) -> None:
        """As wide as usual; a little wider for longer words, and without keys before it takes too much from the photos."""
        inset = 2 * theme.SPACE_S
        for button in self._buttons:
            button.show_key(shown=True)
        if self._needed() + inset > WIDEST:
            for button in self._buttons:
                button.show_key(shown=False)
        self.setFixedWidth(max(theme.FILMSTRIP_ACTIONS, self._needed() + inset))

    def _needed(self) -> int:
        return max(button.sizeHint().width() for button in self._buttons)

    def set_low(self, *, low: bool) -> None:
        """A low strip has room for two of them; the third has its key."""
        self._buttons[-1].setVisible(not low)
