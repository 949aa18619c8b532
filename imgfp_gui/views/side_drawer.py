"""The right side: facts, reasons and tuning in a column; in a narrow window a strip of tabs whose drawer lies over the photos."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.pairing import PairingFollower
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.style.ring import by_keyboard
from imgfp_gui.views.drawer import Drawer, PaneColumn
from imgfp_gui.views.facts_pane import FactsPane
from imgfp_gui.views.side_pane import SidePane
from imgfp_gui.views.tuning_pane import TuningPane
from imgfp_gui.views.why_pane import WhyPane

STRIP = 36


class SideDrawer(QWidget):
    """Holds the three panes. `set_narrow` turns the column into tabs and back; `over` is what an open drawer lies on.

    Signals
    -------
    opened(str): name of the tab whose drawer was opened, ``facts`` ``why`` ``tuning``; empty when it was closed.
    """

    opened = Signal(str)

    def __init__(self, controller: ReviewController, pictures: Pictures, over: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideDrawer")
        pairing = PairingFollower(controller, self)
        self.facts = FactsPane(controller, pictures, pairing)
        self.why = WhyPane(controller, pairing)
        self.tuning = TuningPane(controller)
        self._panes: dict[str, SidePane] = {"facts": self.facts, "why": self.why, "tuning": self.tuning}
        self._narrow = False
        self._usual = 0  # width of the column before it became a strip
        self._column = PaneColumn(list(self._panes.values()))
        self._strip, self._tabs = self._make_strip()
        self._drawer = Drawer(over)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WindowShortcut)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self.close_drawer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._column)
        layout.addWidget(self._strip)
        self._strip.hide()
        self._bound()

    @property
    def narrow(self) -> bool:
        """It is a strip of tabs."""
        return self._narrow

    @property
    def open_tab(self) -> str:
        """Name of the tab whose drawer is open, empty for none."""
        return next((name for name, tab in self._tabs.items() if tab.isChecked()), "")

    def sizeHint(self) -> QSize:
        wide = self.window().width() >= theme.WIDE_WINDOW
        return QSize(STRIP if self._narrow else theme.RIGHT_PANE_WIDE if wide else theme.RIGHT_PANE[1], 400)

    def set_narrow(self, narrow: bool) -> None:
        """Tabs with a drawer, or the column."""
        if narrow == self._narrow:
            return
        self.close_drawer()
        self._narrow = narrow
        if narrow and self.isVisible():
            self._usual = self.width()
        elif not narrow:
            self._layout().insertWidget(0, self._column)
        self._column.setVisible(not narrow)
        self._column.show_only(None)
        self._strip.setVisible(narrow)
        self._bound()
        if not narrow:
            self._take_back(self._usual or self.sizeHint().width())

    def open_drawer(self, name: str) -> None:
        """Show a pane: unfold it in the column, or open its drawer."""
        self._panes[name].unfold()
        if not self._narrow:
            self._column.ensureWidgetVisible(self._panes[name])
            return
        for other, tab in self._tabs.items():
            tab.setChecked(other == name)
        self._column.show_only(self._panes[name])
        self._drawer.take(self._column)
        self._escape.setEnabled(True)
        self.opened.emit(name)

    def close_drawer(self) -> None:
        """Close it; the keyboard goes back to its tab."""
        name = self.open_tab
        if not name:
            return
        inside = self._drawer.isAncestorOf(QApplication.focusWidget())
        self._escape.setEnabled(False)
        self._tabs[name].setChecked(False)
        self._drawer.hide()
        if inside:
            self._tabs[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit("")

    def hideEvent(self, event: QEvent) -> None:  # type: ignore[override]
        if not event.spontaneous():
            self.close_drawer()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _make_strip(self) -> tuple[QWidget, dict[str, QToolButton]]:
        strip, tabs = QWidget(), {}
        strip.setAccessibleName(self.tr("Facts, reasons and tuning"))
        layout = QVBoxLayout(strip)
        layout.setContentsMargins(0, theme.SPACE_XS, 0, 0)
        layout.setSpacing(theme.SPACE_XS)
        names = {
            "facts": ("info", self.tr("Facts")),
            "why": ("circle-question-mark", self.tr("Why these came together")),
            "tuning": ("sliders-horizontal", self.tr("Tuning")),
        }
        for name, (icon, text) in names.items():
            tab = QToolButton()
            tab.setObjectName(f"drawerTab.{name}")
            tab.setIcon(icons.qicon(icon))
            tab.setCheckable(True)
            tab.setAccessibleName(text)
            tab.setToolTip(text)
            for quality in ("flat", "square"):
                tab.setProperty(quality, "true")
            tab.clicked.connect(lambda checked, name=name: self._pressed(name, checked))
            layout.addWidget(tab, 0, Qt.AlignmentFlag.AlignHCenter)
            tabs[name] = tab
        layout.addStretch()
        return strip, tabs

    def _pressed(self, name: str, checked: bool) -> None:
        if not checked:
            self._tabs[name].setChecked(True)  # what `close_drawer` goes by
            self.close_drawer()
            return
        self.open_drawer(name)
        if by_keyboard(self):
            self._panes[name].take_keyboard()

    def _layout(self) -> QHBoxLayout:
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        return layout

    def _bound(self) -> None:
        least, _, most = (STRIP,) * 3 if self._narrow else theme.RIGHT_PANE
        self.setMinimumWidth(least)
        self.setMaximumWidth(most)

    def _take_back(self, width: int) -> None:
        """The width from before, from the widget beside it."""
        splitter = self.parentWidget()
        if isinstance(splitter, QSplitter):
            sizes, place = splitter.sizes(), splitter.indexOf(self)
            middle = max(range(len(sizes)), key=lambda at: 0 if at == place else sizes[at])
            sizes[middle] -= width - sizes[place]
            sizes[place] = width
            splitter.setSizes(sizes)
