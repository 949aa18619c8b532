"""The real window on a real session and real files: from a folder to clusters on the screen and back to nothing."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSlider
from pytestqt.qtbot import QtBot

from imgfp_gui.app import create
from imgfp_gui.main_window import MainWindow
from tests.support.library import Truth
from tests.support.sources import ROOT

PATIENCE_MS = 120_000


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    """A window of its own on a session of its own."""
    _, window = create(["imgfp-gui", "--theme", "dark"])
    yield window
    window.close()
    window.deleteLater()


def _children() -> set[str]:
    """Process ids of this process's children."""
    found: set[str] = set()
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that ended while we looked
            found.update((task / "children").read_text().split())
    return found


def _scanned(window: MainWindow, truth: Truth, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.scan_finished, timeout=PATIENCE_MS):
        window.controller.add_folders([str(truth.root)])
    qtbot.waitUntil(lambda: not window.controller.scanning, timeout=PATIENCE_MS)


def _families(window: MainWindow) -> list[set[Path]]:
    found = []
    for cluster in window.controller.snapshot.clusters:
        views = [window.controller.file(file) for file in cluster.members]
        found.append({Path(os.fsdecode(view.path_bytes)) for view in views if view})
    return found


def test_a_folder_becomes_clusters_with_pictures(window: MainWindow, small_library: Truth, qtbot: QtBot) -> None:
    _scanned(window, small_library, qtbot)

    planted = [set(family.paths) for family in small_library.families]
    assert sorted(map(sorted, _families(window))) == sorted(map(sorted, planted))
    cluster = window.controller.cluster
    assert cluster is not None
    qtbot.waitUntil(lambda: all(window.pictures.get(file, 128) for file in cluster.members), timeout=PATIENCE_MS)
    model = window.cluster_list.model()
    assert model.index(0, 0).data(Qt.ItemDataRole.UserRole) == window.controller.snapshot.clusters[0].key


def test_the_slider_cuts_again_without_touching_a_file(
    window: MainWindow, small_library: Truth, qtbot: QtBot, tmp_path: Path
) -> None:
    _scanned(window, small_library, qtbot)
    before = len(window.controller.snapshot.clusters)
    slider = window.findChild(QSlider, "thresholdSlider")
    assert slider and before == len(small_library.families)
    moved = small_library.root.rename(small_library.root.with_name("away"))  # a file that is asked for now is not there
    try:
        with qtbot.waitSignal(window.controller.clusters_changed, timeout=PATIENCE_MS):
            slider.setValue(1000)
        strict = window.controller.snapshot
        with qtbot.waitSignal(window.controller.clusters_changed, timeout=PATIENCE_MS):
            slider.setValue(860)
    finally:
        moved.rename(small_library.root)

    assert strict.line == 1.0 and strict.photos < window.controller.snapshot.photos
    assert len(window.controller.snapshot.clusters) == before


def test_closing_in_the_middle_of_a_scan_leaves_no_child(window: MainWindow, small_library: Truth, qtbot: QtBot) -> None:
    others = _children()
    window.controller.add_folders([str(small_library.root)])
    qtbot.waitUntil(lambda: bool(_children() - others), timeout=PATIENCE_MS)

    window.close()

    assert _children() - others == set()


def test_a_missing_folder_is_one_sentence_in_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.controller.noted, timeout=PATIENCE_MS) as told:
        window.controller.add_folders([str(tmp_path / "gone")])

    assert "gone" in told.args[0]
    assert not window.controller.scanning


def test_the_self_test_ends_with_zero() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "imgfp_gui", "--self-test"], cwd=ROOT, capture_output=True, text=True, timeout=150
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 clusters, drawn" in done.stdout
