"""What can be done with the whole cluster: the column at the end of the filmstrip, always in the same place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.button import ActionButton

COMMANDS = (("cluster.accept", "plain"), ("cluster.different", "flat"), ("cluster.aside", "flat"))


class FilmstripActions(QFrame):
    """Accept and go on, all different, set aside. actions: by command id."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmstripActions")
        self.setFixedWidth(theme.FILMSTRIP_ACTIONS)
        self._buttons = [ActionButton(actions[command], look, key=True, spread=True, icon=False) for command, look in COMMANDS]
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_S, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addStretch(1)
        for button in self._buttons:
            column.addWidget(button)
        column.addStretch(1)

    def set_low(self, *, low: bool) -> None:
        """A low strip has room for two of them; the third has its key."""
        self._buttons[-1].setVisible(not low)
