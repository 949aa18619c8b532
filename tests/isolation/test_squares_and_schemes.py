"""What workers answer beside facts: the hashes of the imgfprint scheme, and squares for a model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from blake3 import blake3
from PIL import Image

from engine import imgfprint
from engine.config import Limits
from engine.jobs.answers import WrongAnswerError, result_of
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from engine.records import StatFacts
from engine.wire import Message
from engine.worker.square import squared
from tests.support.scenes import scene
from tests.unit.imgfprint.pictures import first_reference, second_reference

STAT = StatFacts(1, 1, 1, 1, 1)


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers]:
    with Workers(1, Limits()) as workers:
        yield workers


def _ask(pool: Workers, path: Path, kind: Kind, edge: int = 0) -> FileResult:
    return pool.ask(FileJob(kind, os.fsencode(path), 0, edge), lambda: False)


def _saved(path: Path, pixels: np.ndarray, **options: object) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def test_a_lossless_file_of_the_reference_picture_has_its_hashes(pool: Workers, tmp_path: Path) -> None:
    path = _saved(tmp_path / "v1.png", first_reference())

    found = _ask(pool, path, Kind.IMGFPRINT)

    assert (imgfprint.unpack(found.prints) == imgfprint.fingerprint(first_reference())).all()
    assert found.digest == blake3(path.read_bytes()).digest()


def test_a_picture_stands_upright_before_it_is_hashed(pool: Workers, tmp_path: Path) -> None:
    upright = second_reference()
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying: to be turned clockwise
    lying = _saved(tmp_path / "lying.png", np.ascontiguousarray(np.rot90(upright)), exif=exif)

    found = _ask(pool, lying, Kind.IMGFPRINT)

    assert (imgfprint.unpack(found.prints) == imgfprint.fingerprint(upright)).all()


def test_a_large_jpeg_decoded_smaller_scores_like_itself_decoded_in_full(pool: Workers, tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    _saved(path, scene(4, 3600, 2400), quality=92)
    with Image.open(path) as opened:
        full = imgfprint.fingerprint(np.asarray(opened.convert("RGB")))

    found = _ask(pool, path, Kind.IMGFPRINT)

    assert imgfprint.compare(imgfprint.unpack(found.prints), full).score > 0.97


def test_what_is_no_picture_gives_no_hashes(pool: Workers, tmp_path: Path) -> None:
    path = tmp_path / "text.jpg"
    path.write_bytes(b"no picture at all" * 100)

    for kind, edge in ((Kind.IMGFPRINT, 0), (Kind.SQUARE, 64)):
        found = _ask(pool, path, kind, edge)
        assert (found.prints, found.code) == (b"", "decode.corrupt")


@pytest.mark.parametrize("edge", [1, 32, 224, 512])
def test_a_square_is_the_whole_picture_averaged(pool: Workers, tmp_path: Path, edge: int) -> None:
    pixels = np.zeros((120, 300, 3), np.uint8)
    pixels[:, 150:] = (200, 100, 50)

    found = _ask(pool, _saved(tmp_path / "halves.png", pixels), Kind.SQUARE, edge)

    square = np.frombuffer(found.prints, np.uint8).reshape(edge, edge, 3)
    if edge == 1:
        assert square.tolist() == [[[100, 50, 25]]]
    else:
        assert (square[:, : edge // 2 - 1] == 0).all() and (square[:, edge // 2 + 1 :] == (200, 100, 50)).all()


def test_an_average_by_area_keeps_the_mean_of_any_picture() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (331, 517, 3), dtype=np.uint8)

    small = squared(pixels, 64)

    assert np.abs(small.mean(axis=(0, 1)) - pixels.mean(axis=(0, 1))).max() < 0.2
    exact = pixels[: 331 // 64 + 1, :9, 0].astype(float)
    rows = np.array([*[1.0] * 5, 331 / 64 - 5])
    columns = np.array([*[1.0] * 8, 517 / 64 - 8])
    assert small[0, 0, 0] == np.floor((rows @ exact @ columns) / (331 / 64 * 517 / 64) + 0.5)


def test_a_square_out_of_range_is_refused(pool: Workers, tmp_path: Path) -> None:
    path = _saved(tmp_path / "v1.png", first_reference())

    assert _ask(pool, path, Kind.SQUARE, 513).code == "decode.corrupt"


@pytest.mark.parametrize(
    ("job", "fields", "blob"),
    [
        (FileJob(Kind.IMGFPRINT, b"/a", 1), {"digest": "00" * 32}, bytes(407)),
        (FileJob(Kind.IMGFPRINT, b"/a", 1), {"digest": "00" * 31}, bytes(408)),
        (FileJob(Kind.IMGFPRINT, b"/a", 1), {}, bytes(408)),
        (FileJob(Kind.SQUARE, b"/a", 1, 8), {}, bytes(3 * 64 - 1)),
    ],
)
def test_an_answer_of_the_wrong_length_is_not_believed(job: FileJob, fields: dict[str, str], blob: bytes) -> None:
    with pytest.raises(WrongAnswerError):
        result_of(job, Message(job.kind, 1, dict(fields), blob), STAT, Limits(), None)
