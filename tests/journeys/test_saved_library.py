"""A library that was read before is taken over as it was saved, and every change since then is noticed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import fingerprint
from engine.jobs.searching import place_of_kept
from tests.support.cli import Cli


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Ten pictures in two folders, two of them twice, a sidecar with one that has a camera's name, and what is left out."""
    root = tmp_path / "album"
    rng = np.random.default_rng(7)
    for number in range(8):
        path = root / ("a" if number < 4 else "b") / f"IMG_{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = rng.integers(0, 255, (9, 12, 3), dtype=np.uint8)
        Image.fromarray(cells).resize((320, 240), Image.Resampling.BICUBIC).save(path, quality=80)
    for number in (1, 5):
        shutil.copy(root / ("a" if number < 4 else "b") / f"IMG_{number}.jpg", root / "b" / f"copy {number}.jpg")
    (root / "a" / "broken.jpg").write_bytes((root / "a" / "IMG_0.jpg").read_bytes()[:700])
    (root / "a" / "IMG_0.aae").write_bytes(b"<plist/>")
    os.symlink(root / "a" / "IMG_0.jpg", root / "b" / "link.jpg")
    os.link(root / "a" / "IMG_2.jpg", root / "b" / "zz.jpg")
    return root


@pytest.fixture
def scan(cli: Cli, album: Path) -> Callable[[], dict[str, Any]]:
    """Scans the album."""
    return lambda: cli("scan", album, "--json", "-", code=0).json


def lasting(report: dict[str, Any]) -> str:
    """What must not depend on how it was learnt."""
    kept = {key: value for key, value in report.items() if key != "stats"}
    kept["files"] = [{key: value for key, value in file.items() if key != "from_cache"} for file in report["files"]]
    return json.dumps(kept)


def saved(cli: Cli) -> Path:
    """The one saved library; what the search keeps lies beside it."""
    kept = place_of_kept(fingerprint.PROFILE).hex()
    (found,) = (file for file in (cli.home / "cache" / "libraries").iterdir() if not file.name.startswith(kept))
    return found


def without_saved(cli: Cli, scan: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A scan that has the catalog only."""
    shutil.rmtree(cli.home / "cache" / "libraries")
    return scan()


def test_the_report_is_the_same_with_and_without_the_saved_library(cli: Cli, scan: Callable[[], dict[str, Any]]) -> None:
    first = scan()
    taken = scan()
    assert saved(cli).stat().st_size > 0
    asked = without_saved(cli, scan)

    assert lasting(first) == lasting(taken) == lasting(asked)
    assert [(r["stats"]["computed"] > 0, r["stats"]["cached"]) for r in (first, taken, asked)] == [
        (True, 0),
        (False, 10),
        (False, 10),
    ]
    assert [f["from_cache"] for f in taken["files"]] == [f["from_cache"] for f in asked["files"]]


def touched(album: Path) -> None:
    os.utime(album / "a" / "IMG_1.jpg", ns=(1, 1))


def replaced(album: Path) -> None:
    shutil.copy(album / "b" / "IMG_6.jpg", album / "a" / "new")
    os.replace(album / "a" / "new", album / "a" / "IMG_1.jpg")


def removed(album: Path) -> None:
    (album / "a" / "IMG_1.jpg").unlink()


def added(album: Path) -> None:
    shutil.copy(album / "b" / "IMG_6.jpg", album / "a" / "IMG_00.jpg")


def renamed(album: Path) -> None:
    (album / "a" / "IMG_1.jpg").rename(album / "b" / "IMG_11.jpg")


def unlinked(album: Path) -> None:
    (album / "b" / "link.jpg").unlink()


def broken(album: Path) -> None:
    path = album / "a" / "IMG_3.jpg"
    path.write_bytes(path.read_bytes()[:900])


@pytest.mark.parametrize("change", [touched, replaced, removed, added, renamed, unlinked, broken])
def test_what_changed_is_noticed(
    cli: Cli, scan: Callable[[], dict[str, Any]], album: Path, change: Callable[[Path], None]
) -> None:
    before = scan()
    change(album)

    taken = scan()
    again = scan()

    assert lasting(taken) == lasting(again) == lasting(without_saved(cli, scan))
    assert (lasting(taken) == lasting(before)) == (change is None)
    assert taken["stats"]["computed"] <= 1


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def of_another_version(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8] += 1
    path.write_bytes(data)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flipped, of_another_version, emptied])
def test_a_damaged_saved_library_is_no_loss(cli: Cli, scan: Callable[[], dict[str, Any]], damage: Callable[[Path], None]) -> None:
    first = scan()
    damage(saved(cli))
    damaged = saved(cli).read_bytes()

    again = scan()

    assert lasting(again) == lasting(first)
    assert again["stats"]["computed"] == 0
    assert saved(cli).read_bytes() != damaged  # saved anew


def test_the_saved_library_of_another_cache_is_not_believed(cli: Cli, scan: Callable[[], dict[str, Any]], album: Path) -> None:
    scan()
    kept = saved(cli).read_bytes()
    cli("store", "clear", code=0)
    (album / "a" / "IMG_1.jpg").rename(album / "a" / "was.jpg")
    scan()
    saved(cli).write_bytes(kept)

    taken = scan()

    assert lasting(taken) == lasting(without_saved(cli, scan))


def test_a_bounded_number_of_libraries_is_kept(cli: Cli, album: Path) -> None:
    folders = []
    for number in range(10):
        folder = album / f"more {number}"
        folder.mkdir()
        shutil.copy(album / "a" / "IMG_1.jpg", folder / "one.jpg")
        folders.append(folder)
    for folder in folders:
        cli("scan", folder, "--json", "-", code=0)

    assert len(list((cli.home / "cache" / "libraries").iterdir())) == 8
