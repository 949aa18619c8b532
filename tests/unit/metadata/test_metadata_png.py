"""Headers of PNG, GIF, WebP and BMP files."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from engine.metadata import gif

from .files import CAMERA, DATES, apng, chunks, exif_block, facts, png, png_of, saved, scene, xmp_packet


def test_size_and_lossless() -> None:
    found = facts(png(image=scene(70, 50)), "png")

    assert (found.width, found.height, found.lossless, found.pages, found.quantisation) == (70, 50, True, 1, None)


@pytest.mark.parametrize(("default_image", "pages"), [(False, 3), (True, 4)])
def test_animated_png_counts_frames_as_decoders_do(default_image: bool, pages: int) -> None:
    data = apng(3, default_image=default_image)
    with Image.open(io.BytesIO(data)) as image:
        assert image.n_frames == pages  # type: ignore[attr-defined]

    assert facts(data, "png").pages == pages


def test_frame_control_behind_a_still_picture_is_no_animation() -> None:
    parts = chunks(png())
    late = [*parts[:-1], (b"acTL", struct.pack(">II", 9, 0)), (b"fcTL", bytes(26)), parts[-1]]

    assert facts(png_of(late), "png").pages == 1


@pytest.mark.parametrize(
    "place",
    [
        (b"eXIf", exif_block({**CAMERA, 0x0112: (3, 8)}, DATES)),
        (b"eXIf", b"Exif\0\0" + exif_block({**CAMERA, 0x0112: (3, 8)}, DATES)),
        (
            b"zTXt",
            b"Raw profile type exif\0\0"
            + zlib.compress(b"\nexif\n    9\n" + exif_block({**CAMERA, 0x0112: (3, 8)}, DATES).hex().encode()),
        ),
        (
            b"iTXt",
            b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_packet('tiff:Orientation="8" exif:DateTimeOriginal="2021-05-06T07:08:09.042"'),
        ),
    ],
    ids=["exif", "exif with mark", "imagemagick", "xmp"],
)
@pytest.mark.parametrize("behind", [False, True])
def test_orientation_and_date_wherever_programs_put_them(place: tuple[bytes, bytes], behind: bool) -> None:
    parts = chunks(png())
    parts.insert(len(parts) - 1 if behind else 1, place)

    found = facts(png_of(parts), "png")

    assert (found.orientation, found.taken, found.taken_fraction) == (8, "2021-05-06T07:08:09", "042")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (b"2010-03-04T05:06:07+01:00", "2010-03-04T05:06:07"),
        (b"Tue, 13 Feb 2007 06:34:38 GMT", "2007-02-13T06:34:38"),
        (b"spring", None),
    ],
)
def test_creation_time_text(text: bytes, taken: str | None) -> None:
    assert facts(png((b"tEXt", b"Creation Time\0" + text)), "png").taken == taken


def test_time_of_change_is_no_capture_time() -> None:
    assert (
        facts(png((b"tIME", b"\x07\xe0\x01\x01\x01\x01\x01"), (b"tEXt", b"date:create\x002016-01-01T01:01:01")), "png").taken
        is None
    )


def test_profiles_are_compared_inflated_and_plain_srgb_is_none() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    packed = [b"a\0\0" + zlib.compress(profile, level) for level in (1, 9)]

    first, second = (facts(png((b"iCCP", content)), "png").profile for content in packed)

    assert first == second
    assert len(first) == 16
    for plain in ([], [(b"sRGB", b"\0")], [(b"gAMA", (45455).to_bytes(4, "big"))], [(b"cICP", b"\x01\x0d\0\1")]):
        assert facts(png(*plain), "png").profile == b""
    assert facts(png((b"gAMA", (100000).to_bytes(4, "big"))), "png").profile not in (b"", first)


def test_inflated_text_is_bounded() -> None:
    bomb = png(
        (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(80_000_000))),
        (b"iCCP", b"a\0\0" + zlib.compress(bytes(80_000_000))),
    )

    found = facts(bomb, "png")

    assert (found.width, found.orientation) == (64, 1)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_gif_frames_are_counted_by_structure(count: int) -> None:
    pictures = [scene(40, 30, seed).quantize(32) for seed in range(count)]
    data = saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=50, loop=0)

    found = facts(data + b"more", "gif")

    assert (found.width, found.height, found.pages, found.lossless, found.trailing) == (40, 30, count, False, 4)


def test_truncated_gif_counts_what_began() -> None:
    pictures = [scene(40, 30, seed).quantize(32) for seed in range(4)]
    data = saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=50)

    assert facts(data[: len(data) // 2], "gif").pages in (2, 3)


def test_gif_too_long_to_step_through_leaves_the_count_to_the_codec(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [scene(40, 30, seed).quantize(32) for seed in range(4)]
    data = saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=50)
    monkeypatch.setattr(gif, "MAX_BLOCKS", 5)

    found = facts(data, "gif")

    assert (found.width, found.pages) == (40, None)


def test_xmp_in_a_gif() -> None:
    data = saved(scene(20, 20).quantize(8), "GIF")
    at = 13 + 3 * (2 << (data[10] & 7))
    block = (
        b"\x21\xff\x0bXMP DataXMP"
        + xmp_packet('xmp:CreateDate="2011-02-03T04:05:06"')
        + b"\x01"
        + bytes(range(255, -1, -1))
        + b"\0"
    )

    found = facts(data[:at] + block + data[at:], "gif")

    assert (found.taken, found.pages) == ("2011-02-03T04:05:06", 1)


def test_webp_still() -> None:
    exif = b"Exif\0\0" + exif_block({**CAMERA, 0x0112: (3, 6)}, DATES)
    lossy = facts(saved(scene(70, 50), "WEBP", quality=80, exif=exif), "webp")
    lossless = facts(saved(scene(70, 50), "WEBP", lossless=True), "webp")

    assert (lossy.width, lossy.height, lossy.orientation, lossy.taken, lossy.lossless) == (
        70,
        50,
        6,
        "2021-05-06T07:08:09",
        False,
    )
    assert (lossless.width, lossless.height, lossless.lossless, lossless.pages) == (70, 50, True, 1)
    assert facts(saved(scene(33, 21), "WEBP", quality=80), "webp").width == 33


def test_webp_animation_and_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    pictures = [scene(40, 30, seed) for seed in range(5)]
    data = saved(pictures[0], "WEBP", save_all=True, append_images=pictures[1:], duration=50, icc_profile=profile)

    found = facts(data + b"tail", "webp")

    assert (found.width, found.height, found.pages, found.trailing, len(found.profile)) == (40, 30, 5, 4, 16)


def test_bmp_of_both_ages_and_both_directions() -> None:
    modern = saved(scene(70, 50), "BMP")
    flipped = modern[:22] + struct.pack("<i", -50) + modern[26:]
    ancient = b"BM" + bytes(12) + struct.pack("<IHHHH", 12, 70, 50, 1, 24) + bytes(40)

    for data in (modern, flipped, ancient):
        found = facts(data, "bmp")
        assert (found.width, found.height, found.lossless) == (70, 50, True)
