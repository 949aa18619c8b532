"""The window on a real X display, started as a program and driven from outside: what a user does, and what is on the disk then.

Screenshots are left in `IMGFP_TEST_SHOTS` when that names a folder.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.sources import ROOT
from tests.support.x_display import XDisplay, missing

PATIENCE_S = 90
BETWEEN_PRESSES_S = 3
LOOKS = 10
DARKEST = 0x2B

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed here: {', '.join(missing())}")


@pytest.fixture
def display() -> Iterator[XDisplay]:
    """A screen of its own."""
    with XDisplay() as display:
        yield display


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """The sample photos, where they may be moved."""
    return Path(shutil.copytree(ROOT / "resources" / "sample", tmp_path / "Photos"))


def _all_files(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def _shoot(display: XDisplay, name: str) -> None:
    """Keep a picture of the screen; there must be photos and text on it, not one colour."""
    shot = display.picture()
    assert len(np.unique(np.asarray(shot).reshape(-1, 3), axis=0)) > 50
    if folder := os.environ.get("IMGFP_TEST_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        shot.save(Path(folder) / f"desktop-{name}.png")


def test_photos_go_to_the_trash_and_come_back_by_keys_from_outside(display: XDisplay, photos: Path, tmp_path: Path) -> None:
    before = _all_files(photos)
    own = {"IMGFP_CACHE_DIR": str(tmp_path / "cache"), "IMGFP_DATA_DIR": str(tmp_path / "data")}
    program = display.start(["--theme", "dark", str(photos)], {**own, "XDG_DATA_HOME": str(tmp_path / "share")})
    try:
        window = display.window(PATIENCE_S)
        display.wait(lambda: _is_idle(display, window), PATIENCE_S, f"no clusters: {display.title(window)}")
        _shoot(display, "scanned")
        display.press("Return")  # start reviewing, where the page of the scan is still there
        display.press("g")
        _shoot(display, "grid")
        display.press("c", "z")
        _shoot(display, "side-by-side-1-to-1")
        display.press("z", "Return", "Return", "Down", "Up", "2", "x", "BackSpace", "Return")
        assert _all_files(photos) == before  # decisions move nothing
        _shoot(display, "decided")

        display.press("ctrl+Return")
        display.wait(lambda: _sheet_is_open(display), PATIENCE_S, "no summary came up")
        display.wait(lambda: _moves(display, photos, before), PATIENCE_S, "nothing was moved")
        display.wait(lambda: not _sheet_is_open(display), PATIENCE_S, "the summary stayed")
        _shoot(display, "moved")
        gone = before.keys() - _all_files(photos).keys()
        assert all(_all_files(photos)[name] == before[name] for name in before.keys() - gone)
        trash = tmp_path / "share" / "Trash" / "files"
        assert sorted(path.read_bytes() for path in trash.iterdir()) == sorted(before[name][0] for name in gone)

        display.press("ctrl+z")
        display.wait(lambda: _all_files(photos) == before, PATIENCE_S, "the photos did not come back")
        display.wait(lambda: _is_idle(display, window), PATIENCE_S, "reading did not end")
        _shoot(display, "put-back")
        display.press("ctrl+q")
        display.wait(lambda: program.poll() is not None, PATIENCE_S, "the window did not close")
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()


def _is_idle(display: XDisplay, window: str) -> bool:
    """The title counts clusters, and goes on doing so: a scan that has just ended may be followed by another."""
    titles = set()
    for _ in range(LOOKS):
        titles.add(display.title(window))
        time.sleep(0.1)
    return len(titles) == 1 and "clusters" in titles.pop()


def _sheet_is_open(display: XDisplay) -> bool:
    """The toolbar lies in the shade of a sheet: darker there than any part of the window is."""
    return max(display.picture().getpixel((700, 20))) < DARKEST


def _moves(display: XDisplay, photos: Path, before: dict[str, tuple[bytes, int]]) -> bool:
    """Press the summary's button, which has the keyboard; a first press may be early, one too many would mean something else."""
    display.press("Return")
    try:
        display.wait(lambda: len(_all_files(photos)) < len(before), BETWEEN_PRESSES_S, "too early")
    except TimeoutError:
        return False
    return True
