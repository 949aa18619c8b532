"""A disk that goes away: between two scans, in the middle of one, and back again. Nothing that was read is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.session import Session
from tests.journeys.test_session import Asker
from tests.support.cli import Cli
from tests.support.library import Truth

MIB = 1 << 20


class Disk:
    """A disk in a file, mounted on a folder; pulled like a cable, not ejected."""

    def __init__(self, folder: Path) -> None:
        self.image, self.point = folder / "disk.img", folder / "card"
        self.point.mkdir()
        self.image.touch()
        os.truncate(self.image, 64 * MIB)
        if not (self._done("mkfs.ext4", "-q", str(self.image)) and self.plug()):
            pytest.skip("this machine lets nobody mount a disk in a file")

    def plug(self) -> bool:
        """Mount it."""
        return self._done("mount", "-o", "loop", str(self.image), str(self.point))

    def pull(self) -> None:
        """It is gone, whoever reads from it."""
        assert self._done("umount", "-l", str(self.point))

    @staticmethod
    def _done(*command: str) -> bool:
        return shutil.which(command[0]) is not None and not subprocess.run(command, capture_output=True, timeout=60).returncode


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0:
        pytest.skip("only the administrator may mount a disk in a file")
    made = Disk(tmp_path)
    yield made
    while os.path.ismount(made.point):
        made.pull()


@pytest.fixture
def ask(qtbot: QtBot) -> Iterator[Asker]:
    session = Session()
    yield Asker(session, qtbot)
    session.close()


def statuses(report: dict[str, Any]) -> Counter[str]:
    return Counter(file["status"] for file in report["files"])


def without_runs(report: dict[str, Any]) -> dict[str, Any]:
    files = [{k: v for k, v in file.items() if k != "from_cache"} for file in report["files"]]
    return {**report, "stats": None, "files": files}


def test_a_disk_pulled_in_the_middle_costs_what_was_not_read_and_no_more(
    ask: Asker, disk: Disk, small_library: Truth, tmp_path: Path
) -> None:
    shutil.copytree(small_library.root, disk.point / "photos")
    here = tmp_path / "here"
    shutil.copytree(small_library.root / "Edits", here)
    folders = [str(disk.point / "photos"), str(here)]
    notes: list[str] = []
    pulled: list[int] = []
    ask.session.noted.connect(notes.append)

    def pull(progress: Any) -> None:
        if progress.stage == "read" and progress.done >= 3 and not pulled:
            pulled.append(progress.done)
            disk.pull()

    ask.session.progress_changed.connect(pull, Qt.ConnectionType.DirectConnection)
    broken = ask(ask.session.open_folders(folders))
    disk.plug()
    whole = ask(ask.session.open_folders(folders))

    found = statuses(broken)
    assert found["offline"] > 0 and found["ok"] > 0 and found.total() == len(small_library.files) + len(list(here.iterdir()))
    assert {file["code"] for file in broken["files"] if file["status"] == "offline"} == {"scan.offline"}
    assert all(file["status"] == "ok" for file in broken["files"] if file["path"].startswith(str(here)))
    assert any(str(disk.point) in note and "does not answer" in note for note in notes)
    assert statuses(whole) == {"ok": found.total()}
    assert whole["stats"]["cached"] >= found["ok"] and whole["stats"]["computed"] <= found["offline"]


def test_the_command_line_ends_well_without_the_disk_and_says_the_same_when_it_is_back(
    cli: Cli, disk: Disk, small_library: Truth
) -> None:
    photos = disk.point / "photos"
    shutil.copytree(small_library.root, photos)
    before = cli("scan", photos, "--json", "-", code=0).json

    disk.pull()
    away = cli("scan", photos, "--json", "-", code=0).json
    disk.plug()
    after = cli("scan", photos, "--json", "-", code=0).json

    assert statuses(away) == {"offline": len(small_library.files)}
    assert [file["path"] for file in away["files"]] == [file["path"] for file in before["files"]]
    assert without_runs(after) == without_runs(before) and after["stats"]["computed"] == 0


def test_a_folder_that_is_renamed_in_the_middle_gives_each_file_one_outcome(
    ask: Asker, small_library: Truth, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    shutil.copytree(small_library.root, photos)
    moved: list[int] = []

    def move(progress: Any) -> None:
        if progress.stage == "read" and progress.done >= 3 and not moved:
            moved.append(progress.done)
            photos.rename(tmp_path / "elsewhere")

    ask.session.progress_changed.connect(move, Qt.ConnectionType.DirectConnection)
    broken = ask(ask.session.open_folders([str(photos)]))
    found = statuses(broken)
    whole = ask(ask.session.open_folders([str(tmp_path / "elsewhere")]))

    assert found.total() == len(small_library.files) and set(found) <= {"ok", "error"}
    assert {file["code"] for file in broken["files"] if file["status"] == "error"} <= {"read.vanished"}
    assert statuses(whole) == {"ok": len(small_library.files)} and whole["stats"]["cached"] >= found["ok"]
