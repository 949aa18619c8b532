"""Very large photos in a library: read, one at a time, with all processes together inside their bounds."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import pytest

from tests.hostile.trial import MEMORY
from tests.hostile.watch import MemoryWatch
from tests.support.cli import Cli
from tests.unit.decode.files import saved, scene


def huge_bitmap(path: Path) -> None:
    """484 megapixels of 24 bits, most of them a hole."""
    side = 22_000
    head = b"BM" + struct.pack("<IHHI", 0, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    with path.open("wb") as file:
        file.write(head)
        for number in range(6):
            file.seek(54 + 3 * side * 3000 * number)
            file.write(os.urandom(30_000) * 400)
        file.truncate(54 + 3 * side * side)


def watched_scan(cli: Cli, folder: Path, target: Path) -> tuple[dict[str, tuple[str, str | None]], int]:
    """name → (status, code), and bytes of memory at most."""
    process = cli.start("scan", folder, "--json", target)
    with MemoryWatch(process.pid) as memory:
        _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    files = json.loads(target.read_bytes())["files"]
    return {os.path.basename(file["path"]): (file["status"], file["code"]) for file in files}, memory.peak_shared


@pytest.mark.slow
def test_half_a_thousand_megapixels_are_read_beside_others(cli: Cli, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    huge_bitmap(photos / "huge.bmp")
    for number in range(12):
        (photos / f"{number}.jpg").write_bytes(saved(scene(number), "JPEG"))

    found, memory = watched_scan(cli, photos, tmp_path / "report.json")

    assert set(found.values()) == {("ok", None)}
    assert memory < 1 << 29


@pytest.mark.slow
def test_phone_photo_of_200_megapixels_stays_inside_the_bounds(cli: Cli, samples: Path, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "phone.heic").write_bytes((samples / "heif" / "Galaxy_200MP.heic").read_bytes())
    for number in range(12):
        (photos / f"{number}.jpg").write_bytes(saved(scene(number), "JPEG"))

    found, memory = watched_scan(cli, photos, tmp_path / "report.json")

    assert set(found.values()) == {("ok", None)}
    assert memory < MEMORY
