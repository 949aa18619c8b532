"""Size, place and panes of the window, kept between starts; a place that no screen has any more is repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QGuiApplication

from imgfp_gui.preferences import Preferences

if TYPE_CHECKING:
    from imgfp_gui.main_window.window import MainWindow
    from imgfp_gui.main_window.workspace import Workspace

USUAL_SIZE = QSize(1280, 800)
SEEN = QSize(160, 40)  # so much of the window's top must be on some screen, or it could not be moved


class WindowState:
    """Reads when the window is made, writes when it closes."""

    def __init__(self, window: MainWindow, preferences: Preferences) -> None:
        self._window, self._preferences = window, preferences
        self._restore()
        window.actions_by_id["view.panels"].setChecked(preferences.values.window_panels)

    def use(self, preferences: Preferences) -> None:
        """Keep things here from now on."""
        self._preferences = preferences

    def lay(self, workspace: Workspace) -> None:
        """Give the panes the widths they had."""
        values = self._preferences.values
        workspace.set_widths(values.window_left, values.window_right)

    def keep(self) -> None:
        """Remember how the window is now."""
        window = self._window
        self._preferences.set("window.geometry", bytes(window.saveGeometry().data()))
        if window.contents.has_workspace:
            left, right = window.contents.workspace.widths()
            self._preferences.set("window.left", left)
            self._preferences.set("window.right", right)

    def _restore(self) -> None:
        window, kept = self._window, self._preferences.values.window_geometry
        if not kept or not window.restoreGeometry(QByteArray(kept)):
            window.resize(self._fitting())
        elif not self._can_be_seen():
            window.resize(self._fitting())
            screen = QGuiApplication.primaryScreen().availableGeometry()
            window.move(screen.center() - window.rect().center())

    def _fitting(self) -> QSize:
        room = QGuiApplication.primaryScreen().availableGeometry().size()
        return USUAL_SIZE.boundedTo(room).expandedTo(self._window.minimumSize())

    def _can_be_seen(self) -> bool:
        top = self._window.frameGeometry()
        top.setHeight(SEEN.height())
        for screen in QGuiApplication.screens():
            seen = screen.availableGeometry().intersected(top)
            if seen.width() >= SEEN.width() and seen.height() >= SEEN.height() // 2:
                return True
        return False
