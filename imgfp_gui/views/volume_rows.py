"""How far reading is on each disk, where there are several, or where one does not answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from engine.records import VolumeProgress
from imgfp_gui import theme
from imgfp_gui.models import names, scan_words
from imgfp_gui.parts.elided_label import ElidedLabel

FULL = 1000
TROUBLED = ("offline", "retrying")


class VolumeRows(QWidget):
    """`volumeRows`. Hidden while one disk is read that answers: then the stages say all there is to say."""

    def __init__(self, names_width: int, numbers_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("volumeRows")
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, theme.SPACE_M, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_M)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, names_width)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 2)
        self._grid.setColumnMinimumWidth(2, numbers_width)
        self.hide()

    def show_volumes(self, volumes: Sequence[VolumeProgress]) -> None:
        """Show these, in this order."""
        wanted = volumes if len(volumes) > 1 or any(one.state in TROUBLED for one in volumes) else ()
        while len(self._rows) < len(wanted):
            self._rows.append(_Row(self._grid, len(self._rows)))
        for place, row in enumerate(self._rows):
            row.show_volume(wanted[place] if place < len(wanted) else None)
        self.setVisible(bool(wanted))


class _Row:
    """Name, bar, and how far it is."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self._name, self._bar, self._told = ElidedLabel(Qt.TextElideMode.ElideMiddle), QProgressBar(textVisible=False), QLabel()
        self._name.setMinimumHeight(theme.ROW)
        self._bar.setRange(0, FULL)
        self._told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._told.setProperty("role", "second")
        for column, widget in enumerate((self._name, self._bar, self._told)):
            grid.addWidget(widget, row, column)

    def show_volume(self, told: VolumeProgress | None) -> None:
        """None leaves the row empty."""
        for widget in (self._name, self._bar, self._told):
            widget.setVisible(told is not None)
        if told is None:
            return
        shown = names.shown(told.name)
        kind = scan_words.volume_kind(told)
        self._name.set_text(shown, kind)
        self._bar.setValue(round(FULL * told.done / told.total) if told.total else FULL)
        self._bar.setAccessibleName(shown)
        said = scan_words.volume(told)
        self._bar.setAccessibleDescription(said)
        self._told.setText(said)
