"""Photos go and come back through the real window, the real engine and real files; nothing is faked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imgfp_gui.app import create
from imgfp_gui.dialogs import apply_dialog
from imgfp_gui.dialogs.apply_dialog import ApplyDialog
from imgfp_gui.main_window import MainWindow
from imgfp_gui.views.history_page import HistoryPage
from imgfp_gui.views.problems_page import ProblemsPage
from tests.journeys.test_trash_and_back import state
from tests.support.library import Truth

PATIENCE_MS = 120_000
OURS = (".imgfp-quarantine", "manifest.jsonl")


@pytest.fixture
def photos(small_library: Truth, tmp_path: Path) -> Path:
    """A library of the test's own."""
    copy = tmp_path / "photos"
    shutil.copytree(small_library.root, copy)
    return copy


@pytest.fixture
def window(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window of its own on a session of its own."""
    monkeypatch.setattr(apply_dialog, "FIRST_MS", 0)
    _, window = create(["imgfp-gui", "--theme", "dark"])
    qapp.processEvents()
    yield window
    window.close()
    window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _scanned(window: MainWindow, photos: Path, qtbot: QtBot) -> None:
    """The library is open, and what the rules propose is accepted."""
    qtbot.waitUntil(lambda: hasattr(window, "controller"), timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.controller.scan_finished, timeout=PATIENCE_MS):
        window.controller.add_folders([str(photos)])
    _still(window, qtbot)
    window.controller.start_reviewing()
    window.controller.accept_all()
    qtbot.waitUntil(lambda: window.action("actions.apply").isEnabled(), timeout=PATIENCE_MS)


def _still(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.controller.working, timeout=PATIENCE_MS)


def _checked(window: MainWindow, qtbot: QtBot) -> ApplyDialog:
    """The summary, when the check is done."""
    window.action("actions.apply").trigger()
    dialog = window.findChild(ApplyDialog, "applyDialog")
    assert isinstance(dialog, ApplyDialog) and dialog.isVisible()
    qtbot.waitUntil(lambda: _button(dialog, "applyMove").isEnabled(), timeout=PATIENCE_MS)
    return dialog


def _button(part: QWidget, name: str) -> QPushButton:
    found = part.findChild(QPushButton, name)
    assert found
    return found


def _words(part: QWidget) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def _move(window: MainWindow, dialog: ApplyDialog, qtbot: QtBot) -> dict[str, object]:
    with qtbot.waitSignal(window.controller.applied, timeout=PATIENCE_MS) as told:
        QTest.keyClick(_button(dialog, "applyMove"), Qt.Key.Key_Return)
    _still(window, qtbot)
    return told.args[0]


def _shown_files(window: MainWindow) -> list[bytes]:
    clusters = window.controller.snapshot.clusters
    views = [window.controller.file(file) for cluster in clusters for file in cluster.members]
    return [view.path_bytes for view in views if view is not None]


def test_to_a_folder_and_back_from_the_history(window: MainWindow, photos: Path, qtbot: QtBot, tmp_path: Path) -> None:
    before = state(photos)
    window.controller.preferences.set("destination", str(tmp_path / "aside"))
    _scanned(window, photos, qtbot)
    marked = window.controller.totals.decided_photos
    dialog = _checked(window, qtbot)
    assert marked > 10 and f"Move {marked} photos to a folder" in _words(dialog)
    assert state(photos) == before  # to look is not to touch

    _move(window, dialog, qtbot)

    qtbot.waitUntil(lambda: window.findChild(ApplyDialog) is None)
    aside = [path for path in (tmp_path / "aside").rglob("*") if path.is_file() and path.name not in OURS]
    assert len(before) - len(state(photos)) == marked == len(aside)
    assert all(os.path.exists(path) for path in _shown_files(window))  # what went has left the clusters
    assert window.controller.totals.decided_photos == 0

    window.action("history.show").trigger()
    page = window.findChild(HistoryPage, "historyWindow")
    assert isinstance(page, HistoryPage)
    qtbot.waitUntil(lambda: page.list.entry is not None, timeout=PATIENCE_MS)
    assert f"{marked} photos moved to a folder" in _words(page.detail)
    with qtbot.waitSignal(window.controller.applied, timeout=PATIENCE_MS):
        QTest.keyClick(_button(page, "historyRestore"), Qt.Key.Key_Space)
    _still(window, qtbot)

    assert state(photos) == before
    qtbot.waitUntil(lambda: page.list.model().index(1, 0).data().count(f"{marked} photos put back") == 1, timeout=PATIENCE_MS)
    assert not _button(page, "historyRestore").isVisible()


def test_to_the_trash_and_back_by_undo(
    window: MainWindow, photos: Path, qtbot: QtBot, private_home: Path, qapp: QApplication
) -> None:
    before = state(photos)
    _scanned(window, photos, qtbot)
    marked = window.controller.totals.decided_photos
    dialog = _checked(window, qtbot)
    assert f"Move {marked} photos to the trash" in _words(dialog)

    _move(window, dialog, qtbot)

    trash = private_home / "xdg-data" / "Trash" / "files"
    assert len(list(trash.iterdir())) == marked == len(before) - len(state(photos))
    with qtbot.waitSignal(window.controller.applied, timeout=PATIENCE_MS):
        window.action("actions.undo").trigger()
    _still(window, qtbot)
    assert state(photos) == before
    assert not list(trash.iterdir())


def test_a_photo_changed_after_the_check_stays_and_is_named(
    window: MainWindow, photos: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    window.controller.preferences.set("destination", str(tmp_path / "aside"))
    _scanned(window, photos, qtbot)
    dialog = _checked(window, qtbot)
    controller = window.controller
    cluster = next(c for c in controller.snapshot.clusters if len(c.units) > 1)
    gone = next(unit for unit in range(len(cluster.units)) if controller.suggest_of(cluster, unit).label == "remove")
    view = controller.file(cluster.units[gone][0])
    assert view is not None
    changed = Path(os.fsdecode(view.path_bytes))
    changed.write_bytes(changed.read_bytes() + b"somebody was here")

    _move(window, dialog, qtbot)

    assert changed.exists() and dialog.isVisible() and "1 file stayed in place" in _words(dialog)
    rows = [v.model().index(0, 0).data() for v in dialog.findChildren(QAbstractItemView) if v.isVisible() and v.accessibleName()]
    assert rows and changed.name in rows[0]


def test_what_the_user_threw_out_of_the_folder_is_said_and_the_rest_comes_back(
    window: MainWindow, photos: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    before = state(photos)
    window.controller.preferences.set("destination", str(tmp_path / "aside"))
    _scanned(window, photos, qtbot)
    marked = window.controller.totals.decided_photos
    _move(window, _checked(window, qtbot), qtbot)
    thrown = next(path for path in (tmp_path / "aside").rglob("*.jpg"))
    thrown.unlink()

    window.action("history.show").trigger()
    page = window.findChild(HistoryPage, "historyWindow")
    assert isinstance(page, HistoryPage)
    restore = _button(page, "historyRestore")
    qtbot.waitUntil(lambda: restore.text() == f"Restore {marked - 1}", timeout=PATIENCE_MS)
    assert "1 photo cannot be put back: no longer in the folder" in page.list.model().index(1, 0).data()
    with qtbot.waitSignal(window.controller.applied, timeout=PATIENCE_MS):
        restore.click()
    _still(window, qtbot)

    after = state(photos)
    assert len(before) - len(after) == 1 and all(before[name] == facts for name, facts in after.items())
    assert f"1 file could not be put back: {thrown.name}" in _words(page.detail)


def test_nothing_moves_when_the_summary_is_closed(window: MainWindow, photos: Path, qtbot: QtBot) -> None:
    before = state(photos)
    _scanned(window, photos, qtbot)
    dialog = _checked(window, qtbot)

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    _still(window, qtbot)

    qtbot.waitUntil(lambda: window.findChild(ApplyDialog) is None)
    assert state(photos) == before


def test_a_broken_file_is_listed_and_really_read_again(window: MainWindow, photos: Path, qtbot: QtBot) -> None:
    whole = next(photos.rglob("*.jpg"))
    broken = photos / "broken.jpg"
    broken.write_bytes(whole.read_bytes()[:2000])
    stats: list[dict[str, int]] = []
    qtbot.waitUntil(lambda: hasattr(window, "controller"), timeout=PATIENCE_MS)
    window.controller.scan_finished.connect(stats.append)
    with qtbot.waitSignal(window.controller.scan_finished, timeout=PATIENCE_MS):
        window.controller.add_folders([str(photos)])
    _still(window, qtbot)
    window.action("problems.show").trigger()
    page = window.findChild(ProblemsPage, "problemsPage")
    assert isinstance(page, ProblemsPage)
    qtbot.waitUntil(lambda: page.rows.rowCount() == 1, timeout=PATIENCE_MS)
    assert "broken.jpg" in _words(page.detail)

    with qtbot.waitSignal(window.controller.scan_finished, timeout=PATIENCE_MS):
        _button(page, "readAgain").click()
    _still(window, qtbot)

    assert stats[-1]["computed"] == 1  # that file and no other
    qtbot.waitUntil(lambda: page.rows.rowCount() == 1, timeout=PATIENCE_MS)
