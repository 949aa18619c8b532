"""Where the trash of a volume lies, and which volumes have none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.jobs import trash_place
from engine.jobs.trash_place import trash_of, volumes_without_trash


@pytest.fixture
def other_volume(tmp_path: Path) -> Iterator[Path]:
    """A folder on another volume than the home trash."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one volume only")
    with tempfile.TemporaryDirectory(dir=memory, prefix="imgfp-test-") as folder:
        yield Path(folder)


def test_photos_beside_the_home_trash_can_always_go_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "not" / "made" / "yet"))
    device = tmp_path.stat().st_dev

    assert trash_of(Path("/anywhere"), device) == (tmp_path / "not" / "made" / "yet" / "Trash", True)
    assert volumes_without_trash([(os.fsencode(tmp_path / "a.jpg"), device)]) == ()


@pytest.mark.parametrize("writable", [True, False])
def test_a_volume_at_whose_top_nothing_can_be_made_is_named(
    tmp_path: Path, other_volume: Path, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(trash_place.os, "access", lambda path, mode: writable)
    files = [(os.fsencode(other_volume / name), other_volume.stat().st_dev) for name in ("a.jpg", "b.jpg")]
    files.append((os.fsencode(tmp_path / "c.jpg"), tmp_path.stat().st_dev))

    assert volumes_without_trash(files) == (() if writable else ("/dev/shm",))
