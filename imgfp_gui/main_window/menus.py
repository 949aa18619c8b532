"""The menus, from the command table: behind the first button of the toolbar, or in the system's own bar where it has one."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from imgfp_gui.commands import COMMANDS, MENU_BREAKS, MENUS, translated

SYSTEM_BAR = sys.platform == "darwin"


def make_menus(window: QMainWindow, actions: Mapping[str, QAction]) -> QMenu | None:
    """The menu of the toolbar's first button, filled when it is opened first; None where the menus went to the system's bar.

    The menus are bound to no widget that could have the keyboard, so that their keys act only where the window says so.
    """
    if SYSTEM_BAR:
        bar = window.menuBar()
        bar.setAccessibleName(window.tr("Menu"))
        for menu in _filled(window, actions):
            bar.addMenu(menu)
        return None
    whole = QMenu(window)
    whole.setObjectName("menu")
    whole.setAccessibleName(window.tr("Menu"))

    def fill() -> None:
        if whole.isEmpty():
            for menu in _filled(whole, actions):
                whole.addMenu(menu)

    whole.aboutToShow.connect(fill)
    return whole


def _filled(parent: QObject, actions: Mapping[str, QAction]) -> list[QMenu]:
    made = []
    for name, title in MENUS.items():
        menu = QMenu(translated(title), parent)  # type: ignore[arg-type]
        menu.setObjectName(f"menu.{name}")
        menu.setAccessibleName(translated(title).replace("&", ""))
        menu.setToolTipsVisible(True)
        for command in COMMANDS:
            if command.menu == name:
                if command.id in MENU_BREAKS:
                    menu.addSeparator()
                menu.addAction(actions[command.id])
        made.append(menu)
    return made
