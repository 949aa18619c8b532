"""RAW: the camera's preview if it stands for the picture, else the developed sensor data, and never noise or nothing."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from engine.config import Limits
from engine.decode import DecodeRequest, Picture, decode, verify_readable
from engine.errors import DecodeError
from tests.unit.decode.files import SAMPLES, difference, saved, scene


def make_dng(
    sensor: np.ndarray, previews: tuple[bytes, ...] = (), orientation: int = 1, sizes: tuple[tuple[int, int], ...] = ()
) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """A DNG with uncompressed 16-bit RGGB data and embedded JPEGs behind its directory: (bytes, ranges of the JPEGs)."""
    height, width = sensor.shape
    blobs = [sensor.astype("<u2").tobytes(), *previews]
    tags: list[tuple[int, int, tuple[int, ...]]] = [
        (254, 4, (0,)), (256, 4, (width,)), (257, 4, (height,)), (258, 3, (16,)), (259, 3, (1,)), (262, 3, (32803,)),
        (273, 4, (0,)), (274, 3, (orientation,)), (277, 3, (1,)), (278, 4, (height,)), (279, 4, (len(blobs[0]),)),
        (33421, 3, (2, 2)), (33422, 1, (0, 1, 1, 2)), (50706, 1, (1, 4, 0, 0)),
    ]  # fmt: skip
    start = 8 + 2 + 12 * len(tags) + 4
    offsets = [start + sum(len(blob) for blob in blobs[:i]) for i in range(len(blobs))]
    body = b""
    for tag, kind, values in tags:
        values = (offsets[0],) if tag == 273 else values
        packed = struct.pack("<" + {1: "B", 3: "H", 4: "I"}[kind] * len(values), *values)
        body += struct.pack("<HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
    data = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + body + b"\0\0\0\0" + b"".join(blobs)
    return data, tuple(zip(offsets[1:], map(len, previews), strict=True))


def mosaic(image: Image.Image) -> np.ndarray:
    """The scene as an RGGB sensor would see it, 12 bits used."""
    rgb = np.asarray(image).astype(np.uint16) * 16
    sensor = rgb[..., 1].copy()
    sensor[::2, ::2] = rgb[::2, ::2, 0]
    sensor[1::2, 1::2] = rgb[1::2, 1::2, 2]
    return sensor


def decoded(data: bytes, previews: tuple[tuple[int, int], ...] = (), **options: object) -> Picture:
    return decode(io.BytesIO(data), len(data), DecodeRequest("dng", previews=previews, **options), Limits())  # type: ignore[arg-type]


def test_smallest_preview_that_is_large_enough_stands_for_the_picture() -> None:
    small, large = (saved(scene(2, *size), "JPEG") for size in ((120, 90), (240, 180)))
    data, ranges = make_dng(mosaic(scene(1, 480, 360)), (small, large))

    for edge, width in ((100, 120), (200, 240)):
        picture = decoded(data, ranges, edge=edge)
        assert picture.route == "raw-preview" and picture.partial is None
        assert picture.pixels.shape[1] == width
        assert picture.full_size == (480, 360)
        assert picture.lossless


def test_preview_of_another_shape_is_not_believed() -> None:
    letterboxed = saved(scene(2, 320, 160), "JPEG")
    data, ranges = make_dng(mosaic(scene(1, 480, 360)), (letterboxed,))

    picture = decoded(data, ranges, edge=200)

    assert picture.route == "raw-half"
    assert picture.pixels.shape == (180, 240, 3)


def test_flat_tiny_or_broken_previews_give_way_to_the_sensor() -> None:
    flat = saved(Image.new("RGB", (320, 240), (3, 3, 3)), "JPEG")
    tiny = saved(scene(2, 40, 30), "JPEG")
    cut = saved(scene(2, 320, 240), "JPEG")
    for preview in (flat, tiny, cut[: len(cut) // 2]):
        data, ranges = make_dng(mosaic(scene(1, 480, 360)), (preview,))
        assert decoded(data, ranges, edge=200).route == "raw-half"


def test_damaged_preview_gives_way_to_another() -> None:
    small, large = (saved(scene(2, *size), "JPEG") for size in ((240, 180), (360, 270)))
    data, ranges = make_dng(mosaic(scene(1, 480, 360)), (small[:900] + bytes(len(small) - 900), large))

    picture = decoded(data, ranges, edge=200)

    assert picture.route == "raw-preview" and picture.full_size == (480, 360)
    assert difference(picture.pixels, np.asarray(scene(2, 360, 270))) < 12


def test_preview_is_turned_with_the_file_unless_it_knows_better() -> None:
    exif = Image.Exif()
    exif[274] = 3
    plain, knowing = saved(scene(2), "JPEG", quality=95), saved(scene(2), "JPEG", quality=95, exif=exif)
    for preview, turns in ((plain, Image.Transpose.ROTATE_270), (knowing, Image.Transpose.ROTATE_180)):
        data, ranges = make_dng(mosaic(scene(1, 480, 360)), (preview,), orientation=6)

        picture = decoded(data, ranges, edge=200, orientation=6)

        assert difference(picture.pixels, np.asarray(scene(2).transpose(turns))) < 8


def test_developed_picture_shows_the_scene_upright() -> None:
    data, _ = make_dng(mosaic(scene(1, 480, 360)), orientation=6)

    picture = decoded(data, edge=100, orientation=6)

    assert picture.full_size == (360, 480)
    shown = np.asarray(Image.fromarray(picture.pixels).convert("L").resize((18, 24))).ravel()
    wanted = np.asarray(scene(1, 480, 360).convert("L").transpose(Image.Transpose.ROTATE_270).resize((18, 24))).ravel()
    assert np.corrcoef(shown, wanted)[0, 1] > 0.9


def test_black_or_constant_sensor_is_no_picture() -> None:
    for level in (0, 700):
        data, _ = make_dng(np.full((360, 480), level, np.uint16))
        with pytest.raises(DecodeError) as error:
            decoded(data)
        assert error.value.code == "decode.corrupt"


def test_sensor_data_cut_off_is_never_whole() -> None:
    preview = saved(scene(2, 320, 240), "JPEG")
    data, _ = make_dng(mosaic(scene(1, 480, 360)))
    with_preview, ranges = make_dng(mosaic(scene(1, 480, 360)), (preview,))
    moved = with_preview[: -len(preview)]

    with pytest.raises(DecodeError) as error:
        decoded(data[: len(data) // 2])
    assert error.value.code == "decode.truncated"
    assert ranges[0][0] >= len(moved)
    cut = data[: len(data) // 2] + preview
    picture = decoded(cut, ((len(data) // 2, len(preview)),), edge=200)
    assert picture.partial == "decode.truncated" and picture.route == "raw-preview"


def test_verifying_reads_the_sensor_data() -> None:
    preview = saved(scene(2, 320, 240), "JPEG")
    data, _ = make_dng(mosaic(scene(1, 480, 360)), (preview,))
    verify_readable(io.BytesIO(data), len(data), "dng", Limits())

    cut = data[: 8 + 174 + 1000]
    with pytest.raises(DecodeError):
        verify_readable(io.BytesIO(cut), len(cut), "dng", Limits())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="sample pictures are not here")
def test_header_without_sensor_data_never_becomes_a_picture() -> None:
    for path in sorted((SAMPLES / "raw" / "metadata_only").iterdir()):
        data = path.read_bytes()
        try:
            picture = decode(io.BytesIO(data), len(data), DecodeRequest(path.suffix[1:].lower()), Limits())
        except DecodeError as error:
            assert error.code in ("decode.corrupt", "decode.truncated"), path.name
        else:
            assert picture.partial and picture.route == "raw-preview", path.name


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="sample pictures are not here")
def test_old_camera_shows_its_preview_and_tells_the_sensors_size() -> None:
    data = (SAMPLES / "raw" / "Canon_G1.CRW").read_bytes()
    ranges = ((data.rindex(b"\xff\xd8\xff"), len(data) - data.rindex(b"\xff\xd8\xff")),)

    picture = decode(io.BytesIO(data), len(data), DecodeRequest("crw", previews=ranges), Limits())

    assert picture.route == "raw-preview" and picture.full_size == (2160, 1440)
