"""Puts the application together: arguments, theme, window, and behind it session and controller. Enters no event loop.

The frame of the window is shown before the engine is loaded: it needs none of it, and loading takes longer than an eye waits.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from engine import __version__
from engine.session import window_folder
from imgfp_gui.main_window import MainWindow
from imgfp_gui.preferences import Preferences
from imgfp_gui.style import Theme
from imgfp_gui.theme import THEMES

QUIETLY = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
SEEN_MS = 250  # no window system is waited for longer


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The window's own arguments; `argv` without the program's name. Exits with 2 on a usage error."""
    parser = argparse.ArgumentParser(prog="imgfp-gui", description="Finds duplicate photos; nothing is removed until you say so.")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="folders with photos to open")
    parser.add_argument("--self-test", action="store_true", help="start, scan a few built-in pictures, and end")
    parser.add_argument("--theme", choices=THEMES, help="dark, light, or as the system has it; else as chosen in the preferences")
    parser.add_argument("--version", action="version", version=f"imgfp {__version__}")
    return parser.parse_args(argv)


def create(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Build everything; the window is shown and the folders of `argv` (program name first) begin to be scanned."""
    given = parse(argv[1:])
    app, window = show_frame(list(argv[:1]), given.theme)
    fill(window)
    if not given.folders:  # with folders, another page comes at once
        app.processEvents(QUIETLY)
    window.make_ready()
    if given.folders:
        window.controller.add_folders(given.folders)
    return app, window


def show_frame(program: list[str], wanted: str | None = None) -> tuple[QApplication, MainWindow]:
    """Show the window with nothing in it, as soon as it can be. wanted: a theme, in place of the one that was chosen."""
    QCoreApplication.setApplicationName("imgfp")
    QCoreApplication.setApplicationVersion(__version__)
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(program)
    preferences = Preferences(window_folder())
    window = MainWindow(preferences=preferences)
    theme = Theme(app, wanted or preferences.values.theme)
    theme.setParent(window)
    window.theme = theme
    window.show()
    _let_it_be_seen(app, window)
    return app, window


def fill(window: MainWindow) -> None:
    """Load the engine, and let the window show what it knows."""
    from engine.session import Session
    from imgfp_gui.controller import ReviewController

    session = Session()
    controller = ReviewController(session, window)
    session.setParent(window)
    window.attach(controller)


def _let_it_be_seen(app: QApplication, window: MainWindow) -> None:
    """Wait, but not long, for the window system to show the window, and paint it. What the user does meanwhile comes later."""
    patience = QElapsedTimer()
    patience.start()
    while not window.windowHandle().isExposed() and patience.elapsed() < SEEN_MS:
        app.processEvents(QUIETLY, 10)
    app.processEvents(QUIETLY)
