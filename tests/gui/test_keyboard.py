"""A whole session by keyboard: from a folder to moved photos and back, on real files, without one mouse event."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.records import Cluster, ClusterState, Suggest
from imgfp_gui.app import create
from imgfp_gui.main_window import MainWindow
from tests.support.library import Truth, make_library

PATIENCE_MS = 30_000
CLUSTERS = 22


class NoMouse(QObject):
    """Counts what a mouse would send."""

    KINDS = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseMove, QEvent.Type.Wheel)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.seen = 0
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen += event.type() in self.KINDS
        return False


@pytest.fixture
def library(tmp_path: Path) -> Truth:
    """Families of a photo, a copy, a smaller one and a turned one."""
    kinds = ("exact", "half", "turned")
    return make_library(tmp_path / "Photos", originals=CLUSTERS, megapixels=0.4, kinds=kinds, alone=3, flat=0)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    """A window of its own on a session of its own."""
    _, window = create(["imgfp-gui", "--theme", "dark"])
    window.resize(1280, 800)
    yield window
    window.close()
    window.deleteLater()


class Hand:
    """Presses keys as they come from the system, at whatever has the keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot

    def press(self, *keys: str) -> None:
        """Keys like ``Ctrl+O`` or ``P``, one after the other."""
        for key in keys:
            stroke = QKeySequence.fromString(key)[0]
            if QGuiApplication.focusWindow() is None:
                self.window.activateWindow()  # what a window manager does when a dialog has closed
                self.until(lambda: QGuiApplication.focusWindow() is not None)
            QTest.keyClick(QGuiApplication.focusWindow(), stroke.key(), stroke.keyboardModifiers())
            QApplication.processEvents()

    def write(self, text: str) -> None:
        """Letters, into the field that has the keyboard."""
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit), field
        QTest.keyClicks(field, text)

    def tab_to(self, kind: type[QWidget], wanted: Callable[[QWidget], bool] = lambda _: True) -> None:
        """Go on with Tab until such a control has the keyboard."""
        for _ in range(30):
            widget = QApplication.focusWidget()
            if isinstance(widget, kind) and wanted(widget):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not come to a {kind.__name__}")

    def until(self, reached: object) -> None:
        """Wait until it is so."""
        self._qtbot.waitUntil(reached, timeout=PATIENCE_MS)  # type: ignore[arg-type]


def dialog_button(window: MainWindow) -> QPushButton:
    """The button of the summary that moves the photos."""
    dialog = window.findChild(QDialog, "applyDialog")
    assert dialog is not None
    return next(button for button in dialog.findChildren(QPushButton) if button.isDefault())


def _all_files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def _paths(window: MainWindow, cluster: Cluster, wanted: Suggest) -> set[Path]:
    """Files of the photos of a cluster for which this is in force."""
    found = set()
    for number, unit in enumerate(cluster.units):
        if window.controller.suggest_of(cluster, number) is wanted:
            found |= {Path(os.fsdecode(view.path_bytes)) for file in unit if (view := window.controller.file(file))}
    return found


def test_a_whole_session_by_keyboard(
    qapp: QApplication, window: MainWindow, library: Truth, qtbot: QtBot, tmp_path: Path
) -> None:
    before = _all_files(library.root)
    mouse, hand, controller = NoMouse(qapp), Hand(window, qtbot), window.controller
    controller.preferences.set("destination", str(library.root / "Set aside"))
    window.activateWindow()
    hand.until(lambda: QGuiApplication.focusWindow() is not None)

    # open a folder
    hand.press("Ctrl+O")
    hand.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    chooser = QApplication.activeModalWidget()
    field = chooser.findChild(QLineEdit)
    hand.until(lambda: QApplication.focusWidget() is field)
    hand.press("Ctrl+A")
    hand.write(str(library.root))
    hand.press("Return")
    hand.until(lambda: controller.folders == (str(library.root),))
    hand.until(lambda: not controller.scanning)
    if controller.page == "scanning":
        hand.press("Return")
    hand.until(lambda: controller.page == "review" and controller.cluster is not None)
    assert len(controller.snapshot.clusters) == CLUSTERS

    # overrule, accept, say "different", in both modes
    going: set[Path] = set()
    hand.press("G")
    assert controller.mode == "grid"
    first = controller.cluster
    assert first is not None
    kept = next(n for n in range(len(first.units)) if controller.suggest_of(first, n) is Suggest.KEEP)
    other = next(n for n in range(len(first.units)) if controller.suggest_of(first, n) is Suggest.REMOVE)
    hand.press(str(other + 1), "P", str(kept + 1), "X")  # the other way round
    assert controller.suggest_of(first, other) is Suggest.KEEP and controller.suggest_of(first, kept) is Suggest.REMOVE
    hand.press("Return")
    going |= _paths(window, first, Suggest.REMOVE)
    for number in range(1, CLUSTERS):
        cluster = controller.cluster
        assert cluster is not None and cluster.key != first.key
        if number == 11:
            hand.press("C")
            assert controller.mode == "side"
        if number == 5:  # different: leaves the list, nothing of it goes
            hand.press("K")
            hand.until(lambda key=cluster.key: controller.queue.position(key) < 0)
            continue
        if number == 6:  # looked at, marked, and the word taken back
            hand.press("1", "X", "Backspace")
        if number == 7:
            hand.press("S")
            assert controller.verdicts.state_of(cluster) is ClusterState.ASIDE
            hand.until(lambda key=cluster.key: controller.cluster is not None and controller.cluster.key != key)
            continue
        hand.press("Right", "Left", "Return")
        going |= _paths(window, cluster, Suggest.REMOVE)
    assert len(going) >= CLUSTERS - 3
    assert _all_files(library.root) == before  # nothing has moved yet

    # apply
    hand.press("Ctrl+Return")
    hand.until(lambda: window.findChild(QDialog, "applyDialog") is not None)
    hand.until(lambda: any(box.isVisible() for box in window.findChildren(QCheckBox) if box.text() == "Yes, move them"))
    hand.tab_to(QCheckBox)  # more than half of a folder would go: that is confirmed apart
    assert not dialog_button(window).isEnabled()
    hand.press("Space")
    hand.until(lambda: dialog_button(window).isEnabled())
    hand.tab_to(QPushButton, lambda button: button.isDefault())
    qtbot.wait(400)  # a key held too long must not press it
    with qtbot.waitSignal(controller.applied, timeout=PATIENCE_MS):
        hand.press("Return")
    hand.until(lambda: not controller.working)
    gone = set(before) - {path for path in before if path.exists()}
    assert gone == going
    hand.until(lambda: not controller.scanning)
    # the turned photo of each was left as it was: its cluster is still there, and does not ask again
    assert {controller.verdicts.state_of(c) for c in controller.snapshot.clusters} <= {ClusterState.DECIDED, ClusterState.ASIDE}

    # and back
    with qtbot.waitSignal(controller.applied, timeout=PATIENCE_MS):
        hand.press("Ctrl+Z")
    hand.until(lambda: not controller.working)
    after = {path: state for path, state in _all_files(library.root).items() if "Set aside" not in path.parts}
    assert after == before
    assert mouse.seen == 0
