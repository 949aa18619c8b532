"""Where to: the system's trash, or a folder of the user's. The choice is kept."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QSizePolicy, QWidget

from imgfp_gui import theme
from imgfp_gui.models import names
from imgfp_gui.preferences import Preferences

WIDEST = 400
TRASH, FOLDER, OTHER = "trash", "folder", "other"


class DestinationRow(QWidget):
    """Says `changed` when another place was chosen."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.box = QComboBox()
        self.box.setObjectName("applyDestination")
        self.box.setAccessibleName(self.tr("Where to"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(20)
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.setMaximumWidth(WIDEST)
        label = QLabel(self.tr("To"))
        label.setProperty("role", "quiet")
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_M)
        row.addWidget(label)
        row.addWidget(self.box, 1)
        row.addStretch()
        self._last = str(preferences.get("destination"))
        self._fill()
        self.box.activated.connect(lambda place: self._choose(str(self.box.itemData(place))))

    @property
    def folder(self) -> str:
        """The folder that is chosen, empty for the trash."""
        return str(self._preferences.get("destination"))

    def ask_folder(self) -> None:
        """Let the user choose a folder; nothing changes when none is chosen."""
        chosen = QFileDialog.getExistingDirectory(self.window(), self.tr("Choose a folder on the same drive as the photos"))
        if chosen:
            self._last = chosen
            self._set(chosen)
        else:
            self._fill()

    def _choose(self, what: str) -> None:
        if what == OTHER:
            self.ask_folder()
        else:
            self._set(self._last if what == FOLDER else "")

    def _set(self, folder: str) -> None:
        different = folder != self.folder
        self._preferences.set("destination", folder)
        self._fill()
        if different:
            self.changed.emit()

    def _fill(self) -> None:
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(self.tr("System trash"), TRASH)
            if self._last:
                self.box.addItem(names.shown(self._last), FOLDER)
            self.box.addItem(self.tr("Another folder…") if self._last else self.tr("A folder…"), OTHER)
            self.box.setCurrentIndex(1 if self.folder else 0)
