"""The left pane and the pages on a real session and real files: the sample library, and a folder without duplicates."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.records import Suggest
from imgfp_gui.app import create
from imgfp_gui.main_window import MainWindow
from imgfp_gui.views.cluster_list import ClusterList
from imgfp_gui.views.empty_page import Case, EmptyPage
from imgfp_gui.views.folder_tree import FolderTree
from tests.support.sources import ROOT

PATIENCE_MS = 120_000
SAMPLE = ROOT / "resources" / "sample"


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    """A window of its own on a session of its own."""
    _, window = create(["imgfp-gui", "--theme", "dark"])
    qapp.processEvents()
    yield window
    window.close()
    window.deleteLater()


def _idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.controller.page != "start" and not window.controller.scanning, timeout=PATIENCE_MS)


def _going(window: MainWindow, part: bytes) -> int:
    """How many files with this in their path the rules propose to remove."""
    controller = window.controller
    gone = [v.file for c in controller.snapshot.clusters for v in c.verdicts if v.suggest is Suggest.REMOVE]
    return sum(1 for file in gone if (view := controller.file(file)) and part in view.path_bytes)


def test_the_sample_shows_every_kind_of_likeness_with_pictures(window: MainWindow, qtbot: QtBot) -> None:
    window.contents.start.drop.sample_button.click()
    _idle(window, qtbot)
    rows = window.findChild(ClusterList, "clusterList")
    assert rows
    kinds = {rows.itemDelegate()._kinds.of(cluster) for cluster in window.controller.snapshot.clusters}  # type: ignore[attr-defined]

    assert len(window.controller.snapshot.clusters) == 9
    assert {"same file", "re-saved", "edited", "turned", "mirrored", "grey"} <= kinds
    assert window.controller.page == "review"
    first = window.controller.snapshot.clusters[0].units[0][0]
    qtbot.waitUntil(lambda: window.pictures.get(first, 128) is not None, timeout=PATIENCE_MS)


def test_a_protected_folder_is_counted_locked_and_nothing_in_it_goes(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    library = tmp_path / "photos"
    for name in ("DCIM", "Export"):
        shutil.copytree(SAMPLE / name, library / name)
    window.controller.add_folders([str(library)])
    _idle(window, qtbot)
    tree = window.findChild(FolderTree, "foldersPane")
    assert tree
    qtbot.waitUntil(lambda: len(window.controller.folder_tree) == 3, timeout=PATIENCE_MS)
    assert [folder.photos for folder in window.controller.folder_tree] == [
        sum(1 for _ in library.rglob("*.jpg")),
        *(sum(1 for _ in (library / name).iterdir()) for name in ("DCIM", "Export")),
    ]
    assert _going(window, b"/Export/")
    export = tree.model().index_of(os.fsencode(library / "Export"))  # type: ignore[attr-defined]

    tree.toggle_protection(export)

    qtbot.waitUntil(lambda: any(folder.protected for folder in window.controller.folder_tree), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not _going(window, b"/Export/"), timeout=PATIENCE_MS)
    again = tree.model().index_of(os.fsencode(library / "Export"))  # type: ignore[attr-defined]
    assert "Protected" in again.data(Qt.ItemDataRole.AccessibleTextRole)
    window.controller.protect(os.fsencode(library / "Export"), False)


def test_a_folder_without_duplicates_says_so_and_is_listed_next_time(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    library = tmp_path / "alone"
    shutil.copytree(SAMPLE / "DCIM", library)
    window.controller.add_folders([str(library)])
    _idle(window, qtbot)
    page = window.findChild(EmptyPage, "emptyPage")
    assert page
    qtbot.waitUntil(lambda: page.isVisible() and page.case is Case.NO_DUPLICATES, timeout=PATIENCE_MS)
    assert "All 10 photos were read and compared." in page._sentence.text()

    window.controller.close_library()
    rows = window.contents.start.rows()

    assert window.controller.page == "start"
    assert [row.library.folders for row in rows][:1] == [(str(library),)]
    assert "nothing undecided" in rows[0].accessibleName()


def test_a_folder_with_other_files_only_says_there_are_no_photos(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("no photo")
    window.controller.add_folders([str(tmp_path / "notes")])
    _idle(window, qtbot)
    page = window.findChild(EmptyPage, "emptyPage")
    assert page

    qtbot.waitUntil(lambda: page.isVisible() and page.case is Case.NO_PHOTOS, timeout=PATIENCE_MS)
    assert "1 file looked at" in page._sentence.text()
