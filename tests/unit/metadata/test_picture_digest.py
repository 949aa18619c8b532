"""The picture digest follows the picture's data and nothing else."""

from __future__ import annotations

import io
import random
import re
import zlib

import pytest
from PIL import Image

from engine.metadata import picture_digest

from .files import (
    CAMERA,
    PNG_MARK,
    apng,
    chunk,
    chunks,
    digest,
    exif_segment,
    facts,
    jpeg,
    png,
    png_of,
    raw_tiff,
    saved,
    scene,
    segment,
    xmp_segment,
)

COMMENT = segment(0xFE, b"edited")


def big_progressive() -> bytes:
    """Many scans and more than one read buffer."""
    noise = Image.frombytes("RGB", (1100, 1000), random.Random(3).randbytes(1100 * 1000 * 3))
    return saved(noise, "JPEG", quality=97, progressive=True)


def scan_starts(data: bytes) -> list[int]:
    return [i for i in range(len(data) - 1) if data[i] == 0xFF and data[i + 1] == 0xDA]


# ------------------------------------------------------------------------------------------------------------ JPEG


def test_comments_and_application_segments_change_nothing() -> None:
    plain = jpeg()
    for extra in (
        COMMENT,
        exif_segment(CAMERA),
        xmp_segment(),
        segment(0xE2, b"ICC_PROFILE\0\1\1xyz"),
        segment(0xEF, b"\xff\xd9\xff\xda"),
    ):
        assert digest(jpeg(None, extra), "jpeg") == digest(plain, "jpeg")


def test_comments_between_scans_change_nothing() -> None:
    data = saved(scene(200, 150), "JPEG", progressive=True)
    places = [found.start() for found in re.finditer(rb"\xff[\xc4\xda]", data)]
    assert len(places) > 8

    for at in places:
        assert digest(data[:at] + COMMENT + data[at:], "jpeg") == digest(data, "jpeg")


def test_jfif_segment_added_or_lost_changes_nothing_for_ordinary_colour() -> None:
    data = jpeg()
    assert data[2:4] == b"\xff\xe0"
    bare = data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]

    assert digest(bare, "jpeg") == digest(data, "jpeg")


def test_adobe_segment_counts_when_it_changes_the_colours() -> None:
    data = jpeg()
    bare = data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]
    adobe = [bare[:2] + segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([transform])) + bare[2:] for transform in (0, 1)]

    assert digest(adobe[1], "jpeg") == digest(bare, "jpeg")
    assert digest(adobe[0], "jpeg") != digest(bare, "jpeg"), "transform 0 means RGB"


@pytest.mark.parametrize("options", [{"quality": 89}, {"optimize": True}, {"progressive": True}, {"subsampling": 0}])
def test_another_encoding_of_the_same_pixels_is_other_data(options: dict) -> None:
    assert digest(jpeg(None, **options), "jpeg") != digest(jpeg(), "jpeg")


def test_every_byte_of_picture_data_counts() -> None:
    data = jpeg(scene(16, 16))
    whole = digest(data, "jpeg")
    inert = {2, 3} | set(range(4, 4 + int.from_bytes(data[4:6], "big")))  # the JFIF segment

    for at in set(range(2, len(data))) - inert:
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert digest(flipped, "jpeg") != whole, at


def test_restart_markers_are_part_of_the_data() -> None:
    data = saved(scene(200, 150), "JPEG", restart_marker_blocks=4)
    assert b"\xff\xd0" in data and b"\xff\xd7" in data

    other = data.replace(b"\xff\xd3", b"\xff\xd2", 1)

    assert digest(data, "jpeg") is not None
    assert digest(other, "jpeg") != digest(data, "jpeg")


def test_fill_bytes_before_markers_change_nothing() -> None:
    data = jpeg()

    assert digest(data[:2] + b"\xff\xff\xff" + data[2:], "jpeg") == digest(data, "jpeg")


@pytest.mark.parametrize("padding", [b"\0" * 5000, b"\xff" * 17, b"\r\n", b" \0\xff"])
def test_padding_behind_the_end_changes_nothing(padding: bytes) -> None:
    assert digest(jpeg() + padding, "jpeg") == digest(jpeg(), "jpeg")


def test_what_hangs_behind_the_picture_counts() -> None:
    first, second, film = jpeg(), jpeg(scene(seed=2)), b"\0\0\0\x18ftypmp42" + bytes(2_000_000) + b"moov"
    found = {digest(first + tail, "jpeg") for tail in (b"", second, second + b"x", film, b"\0" * 10 + second + film)}

    assert len(found) == 5
    assert digest(first + b"\0" * 64 + second + b"\0" * 99, "jpeg") == digest(first + second, "jpeg")


def test_a_long_progressive_file_is_read_across_buffers() -> None:
    data = big_progressive()
    assert len(data) > (1 << 20) + 200_000
    whole = digest(data, "jpeg")

    assert whole is not None
    for shift in range(12):  # every marker once at the edge of a buffer
        assert digest(data[:2] + segment(0xFE, bytes(shift)) + data[2:], "jpeg") == whole
    last = scan_starts(data)[-1]
    edge = (1 << 20) - last
    for shift in range(-3, 4):
        filler = b"".join(segment(0xFE, bytes(n)) for n in _sizes(edge + shift)) if edge + shift > 8 else b""
        assert digest(data[:2] + filler + data[2:], "jpeg") == whole


def _sizes(total: int) -> list[int]:
    """Comment lengths that add up to `total` bytes with their heads."""
    sizes = []
    while total > 0:
        piece = min(total, 60_000)
        if 0 < total - piece < 4:
            piece -= 4
        sizes.append(piece - 4)
        total -= piece
    return sizes


@pytest.mark.parametrize("sixteenth", range(1, 16))
def test_truncated_files_have_no_digest(sixteenth: int) -> None:
    for data, format in ((jpeg(), "jpeg"), (png(), "png"), (apng(), "png")):
        assert digest(data[: len(data) * sixteenth // 16], format) is None


def test_files_without_a_picture_have_no_digest() -> None:
    assert digest(b"", "jpeg") is None
    assert digest(b"\xff\xd8\xff\xd9", "jpeg") is None
    assert digest(jpeg()[:-2] + jpeg()[2:], "jpeg") is None, "two files run together"
    assert digest(PNG_MARK + chunk(b"IEND", b""), "png") is None


def test_other_formats_have_none() -> None:
    assert digest(saved(scene(), "GIF"), "gif") is None
    assert digest(saved(scene(), "BMP"), "bmp") is None
    assert digest(raw_tiff()[0], "nef") is None


def test_disk_errors_pass_through() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        picture_digest(Broken(jpeg()), 999, "jpeg")


# ------------------------------------------------------------------------------------------------------------- PNG


def test_text_and_profile_chunks_change_nothing() -> None:
    plain = png()
    for extra in (
        (b"tEXt", b"Title\0x"),
        (b"tIME", bytes(7)),
        (b"pHYs", bytes(9)),
        (b"eXIf", b"II*\0"),
        (b"iCCP", b"x\0\0" + zlib.compress(b"profile")),
    ):
        assert digest(png(extra), "png") == digest(plain, "png")


def test_chunks_that_say_what_the_colours_mean_count() -> None:
    found = {
        digest(png(*extra), "png") for extra in ([], [(b"gAMA", b"\0\0\xb1\x8f")], [(b"sRGB", b"\0")], [(b"cHRM", bytes(32))])
    }

    assert len(found) == 4


def test_cutting_the_data_into_other_chunks_changes_nothing() -> None:
    parts = chunks(png())
    data = b"".join(content for kind, content in parts if kind == b"IDAT")
    cut = [(b"IDAT", data[i : i + 100]) for i in range(0, len(data), 100)]

    assert digest(png_of([parts[0], *cut, (b"tEXt", b"a\0b"), parts[-1]]), "png") == digest(png(), "png")


def test_palette_and_transparency_count() -> None:
    parts = chunks(saved(scene().quantize(16), "PNG", transparency=3))
    whole = digest(png_of(parts), "png")
    for kind in (b"PLTE", b"tRNS", b"IHDR", b"IDAT"):
        changed = [(k, c[:-1] + bytes([c[-1] ^ 1]) if k == kind else c) for k, c in parts]
        assert digest(png_of(changed), "png") not in (None, whole), kind


def test_wrong_checksum_in_picture_data_is_a_broken_file() -> None:
    data = bytearray(png())
    at = data.index(b"IDAT") + 40
    data[at] ^= 1

    assert digest(bytes(data), "png") is None


def test_wrong_checksum_in_a_text_does_not_matter() -> None:
    data = png((b"tEXt", b"Title\0hello"))

    assert digest(data.replace(b"hello", b"jello"), "png") == digest(png(), "png")


def test_unknown_critical_chunk_is_a_broken_file() -> None:
    assert digest(png((b"CgBI", b"\0\0")), "png") is None


def test_frames_of_an_animation_count() -> None:
    data = apng(3)
    parts = chunks(data)
    still = [(kind, content) for kind, content in parts if kind not in (b"acTL", b"fcTL", b"fdAT")]
    slower = [(kind, content[:21] + b"\x63" + content[22:]) if kind == b"fcTL" else (kind, content) for kind, content in parts]
    shorter = [part for i, part in enumerate(parts) if i != len(parts) - 2]

    assert (
        len({digest(data, "png"), digest(png_of(still), "png"), digest(png_of(slower), "png"), digest(png_of(shorter), "png")})
        == 4
    )


def test_frame_data_cut_into_other_chunks_changes_nothing() -> None:
    parts, number = [], 0
    for kind, content in chunks(apng(3)):
        pieces = [content[4:][:50], content[4:][50:]] if kind == b"fdAT" else [content]
        for piece in pieces:
            if kind in (b"fcTL", b"fdAT"):
                piece = number.to_bytes(4, "big") + (piece if kind == b"fdAT" else piece[4:])
                number += 1
            parts.append((kind, piece))

    assert digest(png_of(parts), "png") == digest(apng(3), "png") != None  # noqa: E711


def test_what_hangs_behind_a_png_counts_unless_it_is_padding() -> None:
    assert digest(png() + b"\0" * 300, "png") == digest(png(), "png")
    assert digest(png() + b"\0 more \0", "png") not in (None, digest(png(), "png"))
    assert facts(png() + b"12345", "png").trailing == 5
