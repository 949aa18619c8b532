"""A small file is read once and a large one piece by piece: what is told of them is the same."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path
from typing import BinaryIO

import pytest
from PIL import Image

from engine.config import Limits
from engine.metadata import picture_digest
from engine.metadata.jpeg_digest import find_marker
from engine.worker import examine as module
from engine.worker.limits import Allowance
from engine.worker.loop import Request
from tests.support.scenes import scene

STAGES = {"open", "metadata", "decode", "fingerprint", "features", "digest"}


class _Unlimited(Allowance):
    """This process is not to be limited."""

    def __init__(self) -> None:
        pass

    def allow_memory(self, pixels: int, extra_bytes: int = 0) -> None:
        pass

    def allow_cpu(self, size_bytes: int) -> None:
        pass


class _Counted(io.BufferedReader):
    """A file that counts what is read of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def request(path: Path, file: BinaryIO) -> Request:
    return Request(file, path.stat().st_size, path.name.encode(), 0, False, None, Limits(), _Unlimited())


@pytest.fixture(params=["a.jpg", "restarts.jpg", "progressive.jpg", "a.png", "a.tif", "a.webp"])
def photo(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    extra = {"restarts.jpg": {"restart_marker_rows": 1}, "progressive.jpg": {"progressive": True}}.get(request.param, {})
    Image.fromarray(scene(3, 1200, 800)).save(path, **extra)
    if path.suffix == ".jpg":  # a second picture hangs behind the first
        path.write_bytes(path.read_bytes() + b"\xff\xd8\xff\xe0 and more")
    return path


def test_one_reading_tells_the_same_as_many(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with photo.open("rb") as file:
        once = module.examine(request(photo, file))
    monkeypatch.setattr(module, "READ_WHOLE_BYTES", 0)
    with photo.open("rb") as file:
        many = module.examine(request(photo, file))

    assert once.fields["facts"] == many.fields["facts"] and once.blob == many.blob
    assert once.fields["facts"]["blake3"] and once.fields["facts"]["picture_digest"]
    assert set(once.fields["ms"]) == set(many.fields["ms"]) == STAGES
    assert all(ms >= 0 for ms in once.fields["ms"].values()) and once.fields["ms"]["decode"] > 0


def test_a_small_file_is_read_exactly_once(photo: Path) -> None:
    with _Counted(io.FileIO(photo)) as file:
        module.examine(request(photo, file))

        assert file.taken == photo.stat().st_size


@pytest.mark.parametrize("name", ["notes.txt", "broken.jpg", "empty.jpg"])
def test_times_are_told_where_there_is_no_picture(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if name.startswith("empty") else b"\xff\xd8\xff\xe0 nothing")
    with path.open("rb") as file:
        reply = module.examine(request(path, file))

    assert reply.fields["facts"]["status"] != "ok" and {"open", "metadata"} <= set(reply.fields["ms"])


def test_the_digest_of_memory_is_that_of_the_file(photo: Path) -> None:
    data = photo.read_bytes()
    name = {"jpg": "jpeg", "tif": "tiff"}.get(photo.suffix[1:], photo.suffix[1:])
    for changed in (data, data[:-40], data + bytes(70_000), data + b"x" * 3_000_000):
        photo.write_bytes(changed)
        with photo.open("rb") as file:
            assert picture_digest(io.BytesIO(changed), len(changed), name) == picture_digest(file, len(changed), name)


def test_markers_are_found_where_a_plain_search_finds_them() -> None:
    plain, rng = re.compile(rb"\xff[^\x00\xd0-\xd7]"), random.Random(4)
    pieces = [bytes(rng.choices([0xFF, 0, 0xD0, 0xD7, 0xD8, 1], k=rng.randrange(9))) for _ in range(3000)]
    for place in (0, 131_070, 131_071, 131_072, 262_143, 299_998):
        pieces.append(bytes(place) + b"\xff\xd9" + bytes(299_998 - place))
    for piece in pieces:
        found = plain.search(piece)
        assert find_marker(memoryview(piece)) == (found.start() if found else None)
