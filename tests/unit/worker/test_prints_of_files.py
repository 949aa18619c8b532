"""One picture in every format that is read and in every orientation that cameras write: each file gets nearly the same prints."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from engine.config import Limits
from engine.fingerprint import Prints, unpack
from engine.worker.examine import examine
from engine.worker.limits import Allowance
from engine.worker.loop import Request
from tests.support.scenes import scene

# what turns a picture into what a camera stores when it writes this orientation
STORED: dict[int, Callable[[Image.Image], Image.Image]] = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}

SAVED: dict[str, dict[str, object]] = {
    "90.jpg": {"quality": 90},
    "60.jpg": {"quality": 60},
    "progressive.jpg": {"quality": 85, "progressive": True},
    "a.png": {},
    "80.webp": {"quality": 80},
    "lossless.webp": {"lossless": True},
    "a.heic": {"quality": 80},
    "80.avif": {"quality": 80},
    "a.tif": {},
    "lzw.tif": {"compression": "tiff_lzw"},
    "a.gif": {},
    "a.bmp": {},
}


class _Unlimited(Allowance):
    """This process is not to be limited."""

    def __init__(self) -> None:
        pass

    def allow_memory(self, pixels: int, extra_bytes: int = 0) -> None:
        pass

    def allow_cpu(self, size_bytes: int) -> None:
        pass


def prints_of(path: Path) -> Prints:
    with path.open("rb") as file:
        reply = examine(Request(file, path.stat().st_size, path.name.encode(), 0, False, None, Limits(), _Unlimited()))
    assert reply.fields["facts"]["status"] == "ok", reply.fields["facts"]
    return unpack(reply.blob)


@cache
def picture(bordered: bool) -> Image.Image:
    """1,000 x 700 px, perhaps inside a white border."""
    if not bordered:
        return Image.fromarray(scene(21, 1000, 700))
    return Image.fromarray(np.pad(scene(21, 880, 580), ((60, 60), (60, 60), (0, 0)), constant_values=255))


@cache
def original(folder: Path, bordered: bool) -> Prints:
    path = folder / f"original-{bordered}.png"
    picture(bordered).save(path)
    return prints_of(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


def bits(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.bitwise_count(a ^ b).sum())


def require_close(found: Prints, wanted: Prints, bordered: bool) -> None:
    assert bits(found.dct64, wanted.dct64) <= 4 and bits(found.dct256, wanted.dct256) <= 16
    assert bits(found.trim64, wanted.trim64) <= 4 and bits(found.trim256, wanted.trim256) <= 16
    assert (bits(found.trim64, found.dct64) > 0) == bordered
    assert np.abs(found.frame[:4].astype(int) - wanted.frame[:4]).max() <= 65535 // 100
    assert found.frame[4:6].tolist() == wanted.frame[4:6].tolist()
    assert np.abs(found.colour.astype(int) - wanted.colour).mean() < 3
    here, there = found.codes[: found.frame[6]], wanted.codes[: wanted.frame[6]]
    again = (np.bitwise_count(here[:, None] ^ there) <= 10).any(axis=1)
    assert len(here) > 40 and again.mean() > 0.5


@pytest.mark.parametrize("bordered", [False, True], ids=["plain", "bordered"])
@pytest.mark.parametrize("name", SAVED)
def test_every_format_gets_nearly_the_same_prints(folder: Path, name: str, bordered: bool) -> None:
    path = folder / f"{bordered}-{name}"
    if name.endswith(".heic"):
        pillow_heif.from_pillow(picture(bordered)).save(path, **SAVED[name])
    else:
        picture(bordered).save(path, **SAVED[name])

    require_close(prints_of(path), original(folder, bordered), bordered)


@pytest.mark.parametrize("bordered", [False, True], ids=["plain", "bordered"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_gets_nearly_the_same_prints(folder: Path, orientation: int, bordered: bool) -> None:
    path = folder / f"{bordered}-{orientation}.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    STORED[orientation](picture(bordered)).save(path, quality=92, exif=exif)

    require_close(prints_of(path), original(folder, bordered), bordered)


def test_an_orientation_that_is_not_declared_turns_the_prints(folder: Path) -> None:
    path = folder / "turned.jpg"
    STORED[6](picture(False)).save(path, quality=92)

    assert bits(prints_of(path).dct64, original(folder, False).dct64) > 16
