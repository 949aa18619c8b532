"""A walk through the real window that leaves a picture of every screen, and says how long the window ever paused.

    python -m tests.support.tour OUT [FOLDER…] [--theme dark|light] [--size 1280x800]

Without folders it opens a copy of the sample photos, decides, moves some and puts them back. In folders that are named it only
looks: nothing is decided and nothing is moved. `QT_SCALE_FACTOR=1.5` makes everything half as large again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.library import make_library
from tests.support.pauses import PauseMeter
from tests.support.sources import ROOT

MORE_PHOTOS = 300  # so that there is something to read while the page of the scan is looked at


class Tour:
    """Pictures are numbered in the order of the walk."""

    def __init__(self, out: Path, theme: str, size: tuple[int, int]) -> None:
        from imgfp_gui.app import create
        from tests.support.walk import Walk

        self._out = out
        self._out.mkdir(parents=True, exist_ok=True)
        self._app, self._window = create(["imgfp-gui", "--theme", theme])
        self._window.resize(*size)
        self._meter = PauseMeter(self._window)
        self._walk = Walk(self._window, self._shoot)
        self._taken = 0

    def through(self, photos: Path, lonely: Path) -> None:
        """Every screen in turn, on photos that may be moved."""
        self._end(lambda: self._walk.through([str(photos)], str(lonely), str(photos / "Quarantine")))

    def look(self, folders: Sequence[str]) -> None:
        """The screens on which nothing is decided."""
        self._end(lambda: self._walk.look(folders))

    def _end(self, walk: Callable[[], None]) -> None:
        walk()
        self._window.close()
        print(f"{self._taken} pictures in {self._out}; longest pause of the event loop {self._meter.longest_ms:.0f} ms")

    def _shoot(self, name: str) -> None:
        with self._meter.aside():
            self._taken += 1
            shot = self._window.grab()
            shot.save(str(self._out / f"{self._taken:02}-{name.replace(' ', '-')}.png"))


def sample_photos(spare: Path) -> tuple[Path, Path]:
    """A folder with duplicates, one broken file and enough to read, and a folder without duplicates."""
    photos, lonely = spare / "Photos", spare / "Field trips"
    shutil.copytree(ROOT / "resources" / "sample", photos, ignore=shutil.ignore_patterns("*.md"))
    (photos / "DCIM" / "DSC_0499.jpg").write_bytes((photos / "DCIM" / "P5140211.jpg").read_bytes()[:90_000])
    _more_photos(photos / "Other")
    make_library(lonely, originals=0, alone=6, flat=0)
    return photos, lonely


def _more_photos(folder: Path) -> None:
    """Pictures that resemble nothing, quickly made and slow enough to read."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    for number in range(MORE_PHOTOS):
        coarse = Image.fromarray(rng.integers(0, 256, (8, 12, 3), np.uint8))
        coarse.resize((3000, 2000), Image.Resampling.BILINEAR).save(folder / f"IMG_{number:04}.jpg", quality=80)


def main(argv: Sequence[str] | None = None) -> int:
    """Walk, and leave pictures in the folder named."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.tour", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--size", default="1280x800")
    given = parser.parse_args(argv)
    width, height = (int(part) for part in given.size.split("x"))
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="imgfp-tour-") as spare:
        # A walk decides, moves and undoes: it must find and leave nothing of the user's own.
        os.environ["IMGFP_CACHE_DIR"], os.environ["IMGFP_DATA_DIR"] = f"{spare}/cache", f"{spare}/data"
        if given.folders:
            Tour(given.out, given.theme, (width, height)).look(given.folders)
        else:
            photos, lonely = sample_photos(Path(spare))
            Tour(given.out, given.theme, (width, height)).through(photos, lonely)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
