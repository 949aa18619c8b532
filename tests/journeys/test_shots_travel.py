"""Files of one shot are judged and moved together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.cli import Cli
from tests.support.library import exif_block
from tests.support.scenes import scene

FILM = b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + b"\x00\x00\x00\x08free" * 40
EDITS = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A Live Photo without camera data in one folder, and its still with camera data in another."""
    folder = tmp_path / "photos"
    for name in ("live", "tagged"):
        (folder / name).mkdir(parents=True)
    picture = Image.fromarray(scene(11, 900, 600))
    picture.save(folder / "live" / "IMG_1.jpg", quality=90)
    (folder / "live" / "IMG_1.MOV").write_bytes(FILM)
    picture.save(folder / "tagged" / "IMG_1.jpg", quality=90, exif=exif_block(1))
    return folder


def suggestions(report: Any) -> dict[str, str]:
    """Suggestion by path below the scanned folder."""
    root = report["roots"][0]
    members = [member for cluster in report["clusters"] for member in cluster["members"]]
    return {os.path.relpath(report["files"][m["file"]]["path"], root): m["suggest"] for m in members}


def test_a_film_that_is_nowhere_else_holds_its_shot_back(cli: Cli, photos: Path) -> None:
    report = cli("scan", photos, "--json", "-", code=0).json

    assert suggestions(report) == {"live/IMG_1.jpg": "undecided", "tagged/IMG_1.jpg": "keep"}


def test_the_shot_goes_whole_once_the_kept_one_has_the_same_film(cli: Cli, photos: Path, tmp_path: Path) -> None:
    (photos / "tagged" / "IMG_1.MOV").write_bytes(FILM)
    cli("scan", photos, "--json", tmp_path / "report.json", code=0)
    cli("propose", tmp_path / "report.json", "--json", tmp_path / "plan.json", code=0)

    cli("apply", tmp_path / "plan.json", "--to", str(tmp_path / "aside"), code=0)

    assert sorted(os.listdir(photos / "live")) == []
    assert sorted(os.listdir(photos / "tagged")) == ["IMG_1.MOV", "IMG_1.jpg"]


def test_a_sidecar_written_after_the_scan_travels_with_its_photo(cli: Cli, photos: Path, tmp_path: Path) -> None:
    (photos / "live" / "IMG_1.MOV").rename(tmp_path / "film.mov")
    cli("scan", photos, "--json", tmp_path / "report.json", code=0)
    (photos / "live" / "IMG_1.xmp").write_bytes(EDITS)
    cli("propose", tmp_path / "report.json", "--json", tmp_path / "plan.json", code=0)

    cli("apply", tmp_path / "plan.json", "--to", str(tmp_path / "aside"), code=0)
    left = os.listdir(photos / "live")
    cli("undo", code=0)

    assert left == []
    assert (photos / "live" / "IMG_1.xmp").read_bytes() == EDITS
