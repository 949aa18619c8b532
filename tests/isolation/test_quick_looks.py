"""QUICK by the shipped worker on hostile files, and by workers that lie: one outcome each, and nothing is believed."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from engine import fingerprint
from engine.config import Limits
from engine.jobs import answers
from engine.jobs.errand import FileJob
from engine.jobs.pools import FileResult, Kind, Workers
from engine.records import PictureFacts, StatFacts
from engine.wire import Message
from tests.isolation.conftest import Bench
from tests.support.jpeg_edit import with_exif
from tests.support.scenes import scene
from tests.support.thumbnails import camera_file, exif_with, small_jpeg


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One shipped worker for all tests here."""
    with Workers(1, Limits(max_pixels=6_000_000)) as pool:
        yield pool


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.fromarray(scene(5, 720, 480))


def look(pool: Workers, path: Path) -> FileResult:
    pool.submit(FileJob(Kind.QUICK, os.fsencode(path), path.stat().st_size, token=path))
    result = pool.next_result(60)
    assert result is not None and result.token == path and result.facts is not None
    return result


def framed(photo: Image.Image, path: Path, exif: bytes) -> Path:
    photo.save(path, "JPEG", quality=90)
    path.write_bytes(with_exif(path.read_bytes(), exif))
    return path


def test_a_sound_thumbnail_gives_prints_and_header_facts_and_no_digest(
    workers: Workers, photo: Image.Image, tmp_path: Path
) -> None:
    result = look(workers, camera_file(tmp_path / "a.jpg", photo))

    assert result.facts is not None and result.prints and result.code is None
    assert (result.facts.status, result.facts.width, result.facts.height) == ("ok", 720, 480)
    assert result.facts.blake3 is None and result.facts.picture_digest is None and result.digest is None
    assert not fingerprint.unpack(result.prints).flat


def test_the_picture_itself_is_not_read(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    whole = camera_file(tmp_path / "a.jpg", photo)
    data = bytearray(whole.read_bytes())
    scan = data.rindex(b"\xff\xda")
    data[scan + 20 :] = b"\x55" * (len(data) - scan - 20)
    broken = tmp_path / "b.jpg"
    broken.write_bytes(data)

    assert look(workers, broken).prints == look(workers, whole).prints


@pytest.mark.parametrize(
    "claims",
    [
        {"offset": 0xFFFFFFF0},
        {"offset": 8},
        {"length": 0xFFFFFFFF},
        {"length": 0},
        {"length": 40},
        {"offset": 0, "length": 0},
    ],
)
def test_a_lying_directory_costs_the_thumbnail_only(
    workers: Workers, photo: Image.Image, tmp_path: Path, claims: dict[str, int]
) -> None:
    result = look(workers, framed(photo, tmp_path / "a.jpg", exif_with(small_jpeg(photo), **claims)))

    assert result.facts is not None and result.facts.status == "ok" and result.prints == b""
    assert (result.facts.width, result.facts.height) == (720, 480)


def huge_claim(small: bytes) -> bytes:
    """The frame header says 65,500 px a side."""
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack(">HH", 65_500, 65_500) + small[at + 4 :]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda small: small[: len(small) // 2], id="truncated"),
        pytest.param(lambda small: small[:200] + bytes(len(small) - 200), id="zeroed"),
        pytest.param(huge_claim, id="huge"),
        pytest.param(lambda small: b"\xff\xd8" + b"\xff\xe1\0\2" * 2000 + small[2:], id="many segments"),
        pytest.param(lambda small: b"GIF89a" + small, id="not a JPEG"),
        pytest.param(lambda small: b"\xff\xd8\xff\xd9", id="nothing"),
    ],
)
def test_a_hostile_thumbnail_costs_neither_file_nor_worker(
    workers: Workers, photo: Image.Image, tmp_path: Path, spoil: object
) -> None:
    exif = exif_with(spoil(small_jpeg(photo)))  # type: ignore[operator]

    result = look(workers, framed(photo, tmp_path / "a.jpg", exif))

    assert result.facts is not None and (result.facts.status, result.facts.code) == ("ok", None)


def test_directories_in_a_loop_end(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    exif = bytearray(exif_with(small_jpeg(photo)))
    next_of_first = 6 + 8 + 2 + 12
    exif[next_of_first : next_of_first + 4] = struct.pack("<I", 8)

    result = look(workers, framed(photo, tmp_path / "a.jpg", bytes(exif)))

    assert result.facts is not None and result.facts.status == "ok" and result.prints == b""


def test_too_many_declared_pixels_are_skipped_as_in_full(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    path = camera_file(tmp_path / "a.jpg", photo)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 4000, 6000)
    path.write_bytes(data)

    result = look(workers, path)

    assert result.facts is not None and (result.facts.status, result.facts.code) == ("skipped", "decode.too-large")


@pytest.mark.parametrize(("fault", "code"), [("segfault", "crashed"), ("spin", "timeout")])
def test_what_one_look_does_to_its_worker_costs_that_file_only(bench: Bench, fault: str, code: str) -> None:
    results = bench.run("ok", fault, "ok", kind=Kind.QUICK)

    assert [result.code for result in results] == [None, f"decode.{code}", None]
    assert [result.facts.status for result in results if result.facts] == ["ok", "error", "ok"]


def test_a_worker_lasts_for_many_looks(bench: Bench) -> None:
    bench.run(*["ok"] * 12, limits=Limits(files_per_worker=5), kind=Kind.QUICK)

    assert len(bench.pids) == 1


SOUND = PictureFacts("ok", format="jpeg", kind="picture", width=720, height=480, frames=1, route="thumbnail-jpeg")


def judged(facts: dict[str, object], blob: bytes = b"") -> FileResult:
    job = FileJob(Kind.QUICK, b"/a.jpg", 1)
    message = Message(Kind.QUICK, 1, {"facts": {**SOUND.to_json(), **facts}}, blob)
    return answers.result_of(job, message, StatFacts(1, 1, 1, 1, 1), Limits(), None)


def prints(*, flat: bool = False) -> bytes:
    return fingerprint.pack(fingerprint.fingerprint(scene(1, 96, 64)))[:-1] + bytes([flat])


def test_an_honest_answer_passes() -> None:
    assert judged({}, prints()).prints == prints()
    assert judged({"width": None, "height": None, "frames": None}).prints == b""


@pytest.mark.parametrize(
    ("facts", "blob"),
    [
        pytest.param({"blake3": "00" * 32}, b"", id="a digest that nobody took"),
        pytest.param({"picture_digest": "00" * 32}, b"", id="a picture digest"),
        pytest.param({"frame_hashes": "00" * 8}, b"", id="frames"),
        pytest.param({"flat": True, "code": "decode.low-information"}, b"", id="flatness"),
        pytest.param({"status": "partial", "code": "decode.truncated"}, b"", id="damage behind the headers"),
        pytest.param({"decoder": "Pillow 1"}, b"", id="a decoder"),
        pytest.param({}, prints()[:-1], id="short prints"),
        pytest.param({}, prints(flat=True), id="flat prints"),
        pytest.param({"width": None}, prints(), id="prints of a picture without size"),
        pytest.param({"frames": 3}, prints(), id="prints of a film"),
        pytest.param({"status": "error", "code": "decode.corrupt"}, prints(), id="prints of no picture"),
        pytest.param({"width": 1 << 20, "height": 1 << 20}, b"", id="too many pixels"),
    ],
)
def test_a_lie_is_not_believed(facts: dict[str, object], blob: bytes) -> None:
    with pytest.raises(answers.WrongAnswerError):
        judged(facts, blob)
