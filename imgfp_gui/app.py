"""Puts the application together: arguments, theme, session, controller, window. Enters no event loop."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from engine import __version__
from engine.session import Session
from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window import MainWindow
from imgfp_gui.style import Theme
from imgfp_gui.theme import THEMES


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The window's own arguments; `argv` without the program's name. Exits with 2 on a usage error."""
    parser = argparse.ArgumentParser(prog="imgfp-gui", description="Finds duplicate photos; nothing is removed until you say so.")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="folders with photos to open")
    parser.add_argument("--self-test", action="store_true", help="start, scan a few built-in pictures, and end")
    parser.add_argument("--theme", choices=THEMES, default="system", help="dark, light, or as the system has it")
    parser.add_argument("--version", action="version", version=f"imgfp {__version__}")
    return parser.parse_args(argv)


def create(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Build everything; the window is shown and the folders of `argv` (program name first) begin to be scanned."""
    given = parse(argv[1:])
    QCoreApplication.setApplicationName("imgfp")
    QCoreApplication.setApplicationVersion(__version__)
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(list(argv[:1]))
    Theme(app, given.theme)
    session = Session()
    window = MainWindow(ReviewController(session, None))
    session.setParent(window)
    window.controller.setParent(window)
    window.show()
    if given.folders:
        window.controller.add_folders(given.folders)
    return app, window
