"""The bar at the top: menu, folders, modes, history, and the one button that moves photos. Its words give way to icons."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.button import ActionButton, BarButton
from imgfp_gui.parts.segment import ALL_WORDS, CURRENT_WORDS, NO_WORDS, Segment

MODES = ("view.grid", "view.side")
QUIET = ("scan.rescan", "history.show")
LEVELS = ((ALL_WORDS, True, True), (CURRENT_WORDS, True, True), (CURRENT_WORDS, False, True), (NO_WORDS, False, False))
"""What keeps its words, from roomy to narrow: the modes, the quiet commands, and the button that adds a folder."""
NARROW = len(LEVELS) - 1


class Toolbar(QFrame):
    """`toolbar`. `review` says whether there is something to look at: without, only folders and history are shown."""

    def __init__(self, actions: Mapping[str, QAction], menu: QMenu | None, parent: QWidget | None = None) -> None:
        """menu: behind the first button; None where the system has its own menu bar."""
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setAccessibleName(self.tr("Toolbar"))
        self._menu = menu
        self._level = -1
        self.menu_button = self._button(actions["app.menu"])
        self.menu_button.show_words(shown=False)
        self.menu_button.setVisible(menu is not None)
        self._add = self._button(actions["folder.add"])
        self._quiet = [self._button(actions[name]) for name in QUIET]
        self.modes = Segment([actions[name] for name in MODES], self.tr("How photos are shown"))
        self.apply = ActionButton(actions["actions.apply"], "primary", icon=False)
        self.apply.setObjectName("applyButton")
        self._lines = [_line(), _line()]
        self._review = True
        self._arrange()
        self.setFixedHeight(theme.at_least(theme.TOOLBAR - 12, self.fontMetrics().height()) + 12)
        self.set_review(review=False)

    def set_review(self, *, review: bool) -> None:
        """With the modes and Apply, or without."""
        if review != self._review:
            self._review = review
            for part in (self._quiet[0], self.modes, self.apply, *self._lines):
                part.setVisible(review)
            self.fit()

    def set_calm(self, *, calm: bool) -> None:
        """Apply is a plain button while the page has a primary one of its own."""
        wanted = None if calm else "true"
        if self.apply.property("primary") != wanted:
            self.apply.setProperty("primary", wanted)
            self.apply.style().unpolish(self.apply)
            self.apply.style().polish(self.apply)

    def open_menu(self) -> None:
        """Open the menu below its button."""
        if self._menu is not None:
            button = self.menu_button
            corner = QPoint(0, button.height() + 2)
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                corner.setX(button.width() - self._menu.sizeHint().width())
            self._menu.popup(button.mapToGlobal(corner))

    def fit(self) -> None:
        """Take away words until everything has room; below a certain width only icons look calm."""
        first = NARROW if self.width() < theme.ICONS_BELOW else 0
        for level in range(first, len(LEVELS)):
            self._show(level)
            if self.layout().totalMinimumSize().width() <= self.width():
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange):
            self._level = -1
            self.fit()

    def _button(self, action: QAction) -> BarButton:
        return BarButton(action, self)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_S, 0)
        layout.setSpacing(theme.SPACE_XS)
        for part in (self.menu_button, self._add, self._quiet[0], self._lines[0], self.modes):
            layout.addWidget(part)
        layout.addStretch(1)
        for part in (self._quiet[1], self._lines[1], self.apply):
            layout.addWidget(part)
        in_order = (self.menu_button, self._add, self._quiet[0], *self.modes.buttons, self._quiet[1], self.apply)
        for before, after in pairwise(in_order):
            QWidget.setTabOrder(before, after)

    def _show(self, level: int) -> None:
        if level == self._level:
            return
        self._level = level
        modes, quiet, add = LEVELS[level]
        self.modes.show_words(modes)
        for button in self._quiet:
            button.show_words(shown=quiet)
        self._add.show_words(shown=add)
        self.layout().invalidate()


def _line() -> QWidget:
    """A hairline between groups, with room on both sides."""
    whole, line = QWidget(), QFrame()
    line.setProperty("role", "separator")
    line.setFixedSize(theme.HAIR, theme.ICON_LARGE)
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(theme.SPACE_XS, 0, theme.SPACE_XS, 0)
    layout.addWidget(line)
    return whole
