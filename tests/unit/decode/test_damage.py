"""A file that lost data is never a whole picture, and what was filled in never counts as one."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.config import Limits
from engine.decode import verify_readable
from engine.errors import DecodeError
from tests.unit.decode.files import difference, every_format, opened, saved, scene

UNCOMPRESSED = ("bmp", "tiff", "tiff pages")  # zeros in these are black pixels, as good as any
NAMES = tuple(every_format())


def outcome(data: bytes, format: str) -> str:
    """``whole``, ``partial`` or the code of the error; any other exception fails the test."""
    try:
        picture = opened(data, format, edge=96)
        frames = list(picture.frame_pixels()) if picture.frame_pixels else []
    except DecodeError as error:
        return error.code
    assert all(frame.dtype == np.uint8 for frame in frames)
    return "partial" if picture.partial else "whole"


@pytest.mark.parametrize("name", NAMES)
def test_sound_file_is_whole(name: str) -> None:
    format, data = every_format()[name]

    assert outcome(data, format) == "whole"
    verify_readable(io.BytesIO(data), len(data), format, Limits())


@pytest.mark.parametrize("name", NAMES)
def test_file_cut_at_any_sixteenth_is_never_whole(name: str) -> None:
    format, data = every_format()[name]

    outcomes = [outcome(data[: len(data) * part // 16], format) for part in range(1, 16)]

    assert "whole" not in outcomes
    assert all(each in ("partial", "decode.truncated", "decode.corrupt") for each in outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_cut_file_does_not_verify(name: str) -> None:
    format, data = every_format()[name]
    cut = data[: len(data) * 3 // 4]

    with pytest.raises(DecodeError):
        verify_readable(io.BytesIO(cut), len(cut), format, Limits())


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNCOMPRESSED])
def test_overwritten_sector_in_the_middle_is_noticed(name: str) -> None:
    format, data = every_format()[name]
    for part in (5, 8, 11):
        at = len(data) * part // 16
        broken = data[:at] + b"\0" * 520 + data[at + 520 :]

        assert outcome(broken, format) != "whole"


@pytest.mark.parametrize("name", NAMES)
def test_bytes_behind_the_picture_harm_nothing(name: str) -> None:
    format, data = every_format()[name]

    assert outcome(data + b"private notes of some program" * 40, format) == "whole"


@pytest.mark.parametrize("name", ["jpeg", "jpeg progressive", "jpeg with restarts"])
def test_jpeg_without_its_end_marker_is_whole(name: str) -> None:
    format, data = every_format()[name]

    assert outcome(data[:-2], format) == "whole"


def test_cut_jpeg_with_an_end_marker_put_behind_it_is_noticed() -> None:
    _, data = every_format()["jpeg"]
    repaired = data[: len(data) // 2] + b"\xff\xd9"

    assert outcome(repaired, "jpeg") == "partial"


def test_jpeg_that_ends_in_zeros_is_noticed() -> None:
    _, data = every_format()["jpeg"]
    half = len(data) // 2

    assert outcome(data[:half] + bytes(len(data) - half), "jpeg") == "partial"


@pytest.mark.parametrize("name", ["jpeg", "jpeg with restarts", "jpeg ink", "png", "png palette", "bmp", "tiff", "gif"])
def test_rows_that_came_are_kept_and_no_others(name: str) -> None:
    format, data = every_format()[name]
    whole = opened(data, format, edge=0)

    part = opened(data[: len(data) * 7 // 8], format, edge=0)

    assert part.partial == "decode.truncated"
    assert part.full_size == whole.full_size
    rows = part.pixels.shape[0]
    assert rows < whole.pixels.shape[0]
    kept = whole.pixels[-rows:] if format == "bmp" else whole.pixels[:rows]
    assert difference(part.pixels[:-16], kept[:-16]) < 0.01  # chroma of the last rows leans on rows that did not come


def test_progressive_jpeg_cut_late_is_coarse_but_whole_in_size() -> None:
    format, data = every_format()["jpeg progressive"]

    part = opened(data[: len(data) * 3 // 4], format, edge=0)

    assert part.partial == "decode.truncated"
    assert part.pixels.shape == (180, 240, 3)
    assert difference(part.pixels, np.asarray(scene())) < 12


def test_too_little_of_a_picture_is_no_picture() -> None:
    format, data = every_format()["jpeg"]

    with pytest.raises(DecodeError) as error:
        opened(data[: len(data) // 8], format)

    assert error.value.code == "decode.truncated"


def test_flat_picture_with_zeros_for_data_is_sound() -> None:
    flat = Image.new("RGB", (3000, 2000), (128, 128, 128))
    for options in ({"optimize": True}, {"progressive": True}, {"optimize": True, "restart_marker_rows": 1}):
        assert outcome(saved(flat, "JPEG", **options), "jpeg") == "whole"
    assert outcome(saved(flat, "TIFF", compression="tiff_adobe_deflate"), "tiff") == "whole"
    assert outcome(saved(flat, "WEBP", lossless=True, method=0), "webp") == "whole"
    assert outcome(saved(flat, "WEBP", method=0), "webp") == "whole"


def test_camera_padding_before_the_end_marker_is_sound() -> None:
    _, data = every_format()["jpeg"]
    for padding in (b"\0" * 5000, b"\xff" * 3000):
        assert outcome(data[:-2] + padding + b"\xff\xd9", "jpeg") == "whole"


def test_png_with_a_damaged_checksum_but_sound_data_is_whole() -> None:
    _, data = every_format()["png"]
    end = data.index(b"IEND") - 4
    flipped = data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]

    assert outcome(flipped, "png") == "whole"


def test_png_with_huge_or_broken_text_is_whole() -> None:
    from PIL import PngImagePlugin

    text = PngImagePlugin.PngInfo()
    text.add_text("mask", "x" * 40_000_000, zip=True)
    data = saved(scene(), "PNG", pnginfo=text)
    at = data.index(b"zTXt") + 20
    broken = data[:at] + b"\0\0\0\0" + data[at + 4 :]

    assert outcome(data, "png") == "whole"
    assert outcome(broken, "png") == "whole"


def test_film_cut_in_a_later_frame_keeps_the_frames_before() -> None:
    format, data = every_format()["gif film"]

    film = opened(data[: len(data) // 2], format)

    assert film.partial == "decode.truncated"
    assert film.frame_pixels is not None
    assert len(list(film.frame_pixels())) == film.frames == 2


def test_empty_and_foreign_bytes_are_errors_for_every_format() -> None:
    for format, _ in every_format().values():
        with pytest.raises(DecodeError) as error:
            opened(b"", format)
        assert error.value.code == "decode.empty"
        for junk in (b"x", b"\0" * 5000, b"%!PS-Adobe-3.0\n" * 100):
            with pytest.raises(DecodeError):
                opened(junk, format)


def test_disk_errors_are_not_taken_for_damage() -> None:
    class BadDisk(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    from engine.decode import DecodeRequest, decode

    for format in ("jpeg", "png", "gif", "bmp", "tiff", "webp", "heif", "avif", "nef"):
        with pytest.raises(OSError, match="Input/output error"):
            decode(BadDisk(b"x" * 100), 100, DecodeRequest(format), Limits())
