"""What the user may choose about the window. Everything acts at once and is kept; there is nothing to confirm."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.dialogs.apply_destination import DestinationRow
from imgfp_gui.dialogs.cache_row import CacheRow
from imgfp_gui.dialogs.sheet import Sheet
from imgfp_gui.parts.push import push

WIDTH = 560


class PreferencesDialog(Sheet):
    """`preferencesDialog`."""

    def __init__(self, controller: ReviewController, window: QWidget) -> None:
        super().__init__(window, WIDTH)
        self.setObjectName("preferencesDialog")
        self.setAccessibleName(self.tr("Preferences"))
        self._controller, self._preferences = controller, controller.preferences
        self.title.setText(self.tr("Preferences"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.SPACE_L)
        self._grid.setVerticalSpacing(theme.SPACE_M)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._fill()
        close = push(self.tr("Close"))
        close.clicked.connect(self.accept)
        self.foot.addStretch()
        self.foot.addWidget(close)

    def _fill(self) -> None:
        self._choice(
            "theme",
            self.tr("Theme"),
            (("system", self.tr("As the system")), ("dark", self.tr("Dark")), ("light", self.tr("Light"))),
        )
        greys = (
            ("well", self.tr("As the theme")),
            ("black", self.tr("Black")),
            ("middle", self.tr("Middle grey")),
            ("white", self.tr("White")),
        )
        self._choice("photos.surround", self.tr("Behind photos"), greys)
        self._check("photos.keep_zoom", self.tr("Photos"), self.tr("Keep the zoom from cluster to cluster"))
        self._check("facts.only_differences", self.tr("Facts"), self.tr("Show only what differs"))
        where = DestinationRow(self._preferences)
        where.findChild(QLabel).hide()  # the heading of the row says it here
        self._row(self.tr("Move photos to"), where)
        self._check("reading.whole_cpu", self.tr("Reading"), self.tr("Use the whole computer, also when others want it"))
        self._check("reading.pause_on_battery", "", self.tr("Wait while the computer runs on battery"))
        self._check("reading.watch", "", self.tr("Read again what changes in the folders"))
        self._check("clusters.moments", self.tr("Clusters"), self.tr("Show bursts and brackets as clusters of their own"))
        self._row(self.tr("Cache"), CacheRow(self._controller))
        self._check("confirm_close", self.tr("Closing"), self.tr("Ask before reading is ended"))

    def _choice(self, name: str, text: str, choices: Sequence[tuple[str, str]]) -> None:
        box = QComboBox()
        box.setObjectName(f"preference.{name}")
        box.setAccessibleName(text)
        for value, shown in choices:
            box.addItem(shown, value)
        box.setCurrentIndex(max(0, box.findData(self._preferences.get(name))))
        box.activated.connect(lambda place: self._preferences.set(name, box.itemData(place)))
        self._row(text, box)

    def _check(self, name: str, text: str, what: str) -> None:
        box = QCheckBox(what)
        box.setObjectName(f"preference.{name}")
        box.setAccessibleName(what)
        box.setMinimumHeight(theme.ROW)
        box.setChecked(bool(self._preferences.get(name)))
        box.toggled.connect(lambda on: self._preferences.set(name, on))
        self._row(text, box)

    def _row(self, text: str, widget: QWidget) -> None:
        row = self._grid.rowCount()
        label = QLabel(text)
        label.setProperty("role", "second")
        label.setBuddy(widget)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(widget, row, 1)
