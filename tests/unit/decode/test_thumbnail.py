"""The small picture in a file: which part of it counts, when it cannot be of this picture, and what a lying header gives."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.config import Limits
from engine.decode import ThumbnailRequest, decode_thumbnail
from engine.decode.thumbnail import fit
from tests.support.scenes import scene
from tests.support.thumbnails import phone_file, small_jpeg

LIMITS = Limits()


def photo(width: int = 720, height: int = 480) -> Image.Image:
    return Image.fromarray(np.asarray(scene(5, width, height))[:, :, :3])


def pixels_of(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("size", [(6000, 4000), (6000, 3376), (4000, 4000), (3000, 4000)])
def test_black_bars_are_cut_off_where_the_picture_has_another_shape(size: tuple[int, int]) -> None:
    frame = (160, 120) if size[0] >= size[1] else (90, 160)
    small = pixels_of(small_jpeg(photo(size[0] // 10, size[1] // 10), size=frame))

    cut = fit(small, size)

    assert cut is not None
    assert cut.shape[1] / cut.shape[0] == pytest.approx(size[0] / size[1], rel=0.04)
    assert min(cut[0].mean(), cut[-1].mean(), cut[:, 0].mean(), cut[:, -1].mean()) > 20


def test_a_thumbnail_of_the_right_shape_is_taken_whole() -> None:
    small = pixels_of(small_jpeg(photo(), bars=False))

    assert fit(small, (6000, 4000)) is small


def test_a_lying_thumbnail_in_a_standing_picture_is_stale() -> None:
    small = pixels_of(small_jpeg(photo()))

    assert fit(small, (4000, 6000)) is None


def test_another_shape_without_black_bars_is_another_picture() -> None:
    small = pixels_of(small_jpeg(photo(640, 480), bars=False))

    assert fit(small, (6000, 3376)) is None


@pytest.mark.parametrize("size", [(0, 0), (6000, 0), (1, 100_000)])
def test_a_picture_without_a_shape_has_no_thumbnail(size: tuple[int, int]) -> None:
    assert fit(pixels_of(small_jpeg(photo())), size) is None


def test_an_icon_is_no_thumbnail() -> None:
    assert fit(np.zeros((16, 24, 3), np.uint8), (6000, 4000)) is None


def looked(data: bytes, **request: object) -> object:
    wanted = ThumbnailRequest(**{"format": "jpeg", "jpeg": None, "item": None, "size": (720, 480), **request})  # type: ignore[arg-type]
    return decode_thumbnail(io.BytesIO(data), len(data), wanted, LIMITS)


def test_it_stands_upright_when_the_picture_is_to_be_turned() -> None:
    small = small_jpeg(photo(), bars=False)

    flat, turned = looked(small, jpeg=(0, len(small))), looked(small, jpeg=(0, len(small)), orientation=6)

    assert np.array_equal(np.rot90(flat.pixels, -1), turned.pixels)  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", [(-5, 100), (0, 0), (0, -1), (10, 1 << 40), (1 << 40, 100), (0, 600_000), (3, 2000)])
def test_a_range_that_lies_gives_nothing(place: tuple[int, int]) -> None:
    assert looked(small_jpeg(photo()) + bytes(700_000), jpeg=place) is None


def test_a_huge_or_cut_embedded_picture_gives_nothing() -> None:
    huge = io.BytesIO()
    Image.new("RGB", (3000, 2000), (9, 9, 9)).save(huge, "JPEG", quality=5)
    small = small_jpeg(photo())

    assert looked(huge.getvalue(), jpeg=(0, len(huge.getvalue()))) is None
    assert looked(small, jpeg=(0, len(small) // 2)) is None


def test_only_the_thumbnail_item_of_a_phone_picture_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pillow_heif

    monkeypatch.setattr(pillow_heif.options, "THUMBNAILS", True)  # decoding turns it off for the whole process
    path = phone_file(tmp_path / "a.heic", photo(960, 640))
    data = path.read_bytes()
    item = _thumbnail_item(data)
    assert pillow_heif.open_heif(path).info["thumbnails"]
    blind = _overwrite_primary(data, item)

    whole = looked(data, format="heif", item=item, size=(960, 640))
    beside = looked(blind, format="heif", item=item, size=(960, 640))

    assert whole is not None and beside is not None
    assert np.array_equal(whole.pixels, beside.pixels)  # type: ignore[attr-defined]
    assert max(whole.pixels.shape) == 256  # type: ignore[attr-defined]


@pytest.mark.parametrize("item", [0, 1, 77, 1 << 31])
def test_an_item_that_is_none_or_too_large_gives_nothing(tmp_path: Path, item: int) -> None:
    data = phone_file(tmp_path / "a.heic", photo(2400, 1800), edge=None).read_bytes()

    assert looked(data, format="heif", item=item, size=(2400, 1800)) is None


def test_mutated_tables_never_raise(tmp_path: Path) -> None:
    data = phone_file(tmp_path / "a.heic", photo(480, 320), edge=128).read_bytes()
    item, rng = _thumbnail_item(data), random.Random(4)

    for _ in range(400):
        broken = bytearray(data)
        for _ in range(rng.choice((1, 1, 3, 12))):
            broken[rng.randrange(700)] = rng.randrange(256)
        looked(bytes(broken[: rng.choice((len(data), rng.randrange(60, len(data))))]), format="heif", item=item, size=(480, 320))


def _thumbnail_item(data: bytes) -> int:
    """Id of the item that refers to another one as its thumbnail."""
    at = data.index(b"thmb") + 4
    return int.from_bytes(data[at : at + 2], "big")


def _overwrite_primary(data: bytes, thumbnail: int) -> bytes:
    """The file with noise in place of the coded data of every other item."""
    from engine.decode.isobmff import read_items

    items = read_items(io.BytesIO(data), len(data))
    broken = bytearray(data)
    for item, extents in items.extents.items():
        if item != thumbnail:
            for offset, length in extents:
                broken[offset : offset + length] = b"\xaa" * length
    return bytes(broken)
