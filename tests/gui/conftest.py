"""The real window on a scripted session, for states that cannot be made with files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window import MainWindow
from imgfp_gui.style import Theme
from tests.support.scripted_session import ScriptedSession


@pytest.fixture
def session() -> ScriptedSession:
    """What the window speaks to."""
    return ScriptedSession()


@pytest.fixture(scope="session")
def themed(qapp: QApplication) -> QApplication:
    """The application, dark; once, because a style sheet costs half a second."""
    Theme(qapp, "dark")
    return qapp


@pytest.fixture
def window(themed: QApplication, session: ScriptedSession) -> Iterator[MainWindow]:
    """The window, shown."""
    window = MainWindow(ReviewController(session))  # type: ignore[arg-type]
    window.controller.setParent(window)
    window.resize(1280, 800)
    window.show()
    yield window
    window.close()
    window.deleteLater()
    themed.processEvents()
