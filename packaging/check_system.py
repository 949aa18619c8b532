"""Can Qt start on this system? Prints what is missing and ends with 1, or ends with 0. Run by the set-up, inside .venv."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


def missing() -> str:
    """One sentence about what keeps the window from opening, or nothing."""
    try:
        from PySide6 import QtCore, QtGui, QtWidgets  # noqa: F401  (loading them is the question)
    except ImportError as error:
        return str(error)
    plugins = Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    wanted = ["libqoffscreen.so"] + (["libqxcb.so"] if os.environ.get("DISPLAY") else [])
    for name in wanted if sys.platform == "linux" else ():
        try:
            ctypes.CDLL(str(plugins / name))
        except OSError as error:
            return str(error)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QtGui.QGuiApplication(["imgfp"])
    families = QtGui.QFontDatabase.families()
    del app
    return "" if families else "no fonts are installed, so every label would be empty"


if __name__ == "__main__":
    sentence = missing()
    print(sentence)
    raise SystemExit(1 if sentence else 0)
