"""The metadata reader against exiftool: a field is right only if it is right in every file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.config import Limits
from engine.formats import FORMATS, HEAD_BYTES, RAW, sniff
from engine.metadata import Metadata, read_metadata
from engine.metadata.draft import FIRST_LOOK_EDGE
from tests.oracle import exiftool

from .made import made_files

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
SIDECARS = {".xmp", ".aae", ".md"}

pytestmark = pytest.mark.skipif(exiftool.COMMAND is None, reason="exiftool is not installed")


def read(path: Path) -> tuple[str, Metadata]:
    """Format and metadata of a file."""
    with open(path, "rb") as file:
        format = sniff(file.read(HEAD_BYTES), path.name.encode())
        assert format is not None, path
        return format, read_metadata(file, path.stat().st_size, format, Limits())


def ours(found: Metadata) -> dict[str, Any]:
    """Our values under the oracle's names."""
    time, aperture, iso, bias = (found.exposure or "|||").split("|")
    return {
        "size": (found.width, found.height),
        "orientation": found.declared_orientation,
        "capture time": found.taken,
        "sub-seconds": found.taken_fraction,
        "zone": found.zone,
        "make": found.make,
        "model": found.model,
        "serial": found.serial,
        "lens": found.lens,
        "exposure time": time,
        "aperture": aperture,
        "ISO": iso,
        "bias": bias,
        "GPS present": found.gps,
        "rating": found.rating,
        "keywords": found.keywords,
        "software": found.software,
        "profile name": found.profile_name,
        "bit depth": found.bit_depth,
        "white balance": found.white_balance,
        "pairing id": found.pairing_id,
    }


def compared(paths: list[Path]) -> tuple[dict[str, list[int]], list[str]]:
    """Per field: files compared, files where exiftool tells something, files right; and a line for each that is wrong."""
    table: dict[str, list[int]] = {}
    wrong: list[str] = []

    def note(field: str, path: Path, mine: object, theirs: object) -> None:
        row = table.setdefault(field, [0, 0, 0])
        row[0] += 1
        row[1] += theirs not in (None, "", []) and theirs is not False
        mine = " ".join(mine.split()) if isinstance(mine, str) else mine
        row[2] += mine == theirs
        if mine != theirs:
            wrong.append(f"{field} of {path}: {mine!r}, exiftool: {theirs!r}")

    for path, tags in zip(paths, exiftool.ask(paths), strict=True):
        format, found = read(path)
        values = ours(found)
        for field, expected in exiftool.FIELDS.items():
            theirs = expected(tags)
            if theirs is exiftool.SKIP or (field == "profile name" and format == "heif" and found.pages != 1):
                continue  # of several pictures, exiftool does not say whose profile it is
            note(field, path, values[field], theirs)
        if format == "jpeg":
            thumbnail = (found.thumbnail.offset, found.thumbnail.length) if found.thumbnail else None
            note("thumbnail", path, thumbnail, usable(path, exiftool.thumbnail(tags)))
        elif FORMATS[format].kind == RAW:
            mine = {(preview.offset, preview.length) for preview in found.previews}
            told = {place for place in exiftool.previews(tags) if is_jpeg(path, place)}
            note("previews", path, sorted(told & mine), sorted(told))
    return table, wrong


def is_jpeg(path: Path, place: tuple[int, int]) -> bool:
    """A whole JPEG lies there."""
    data = path.read_bytes()[place[0] : sum(place)]
    return len(data) == place[1] and data.startswith(b"\xff\xd8\xff")


def usable(path: Path, place: tuple[int, int] | None) -> tuple[int, int] | None:
    """The place of the thumbnail if a picture lies there that is large enough for a first look."""
    if place is None or not is_jpeg(path, place):
        return None
    try:
        with Image.open(io.BytesIO(path.read_bytes()[place[0] : sum(place)])) as image:
            return place if max(image.size) >= FIRST_LOOK_EDGE else None
    except OSError:
        return None


def show(table: dict[str, list[int]]) -> None:
    """The table for docs/develop/metadata.md: run with -s to see it."""
    print("\n| field | files compared | exiftool tells | right |\n|---|---|---|---|")
    for field, (files, told, right) in table.items():
        print(f"| {field} | {files} | {told} | {right} |")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample pictures are not beside this repository")
def test_every_field_is_right_in_every_sample() -> None:
    paths = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.suffix.lower() not in SIDECARS]

    table, wrong = compared(paths)

    show(table)
    assert wrong == []
    assert len(paths) > 200 and min(told for _, told, _ in table.values()) >= 1


def test_every_field_is_right_in_files_made_for_it(tmp_path: Path) -> None:
    paths = []
    for name, data in made_files().items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)

    table, wrong = compared(paths)

    show(table)
    assert wrong == []
    assert {field for field, (_, told, _) in table.items() if told} >= set(exiftool.FIELDS), "each field is told by some file"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample pictures are not beside this repository")
def test_quantisation_is_what_the_decoder_sees_in_every_sample() -> None:
    seen = 0
    for path in sorted(SAMPLES.rglob("*.jp*g")):
        with Image.open(path) as image:
            luma = image.layer[0][3] if getattr(image, "layer", None) else 0
            expected = sum(image.quantization[luma])  # type: ignore[attr-defined]
        assert read(path)[1].quantisation == expected, path
        seen += 1
    assert seen > 100
