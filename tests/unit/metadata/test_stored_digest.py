"""Picture digests of TIFF, WebP, HEIF and AVIF: other metadata changes nothing, another pixel everything."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.metadata import picture_digest

from .files import CAMERA, DATES, PARIS, TiffFile, box, digest, exif_block, heif, saved, scene, xmp_packet

pillow_heif = pytest.importorskip("pillow_heif")
pillow_heif.register_heif_opener()

EXIF = b"Exif\0\0" + exif_block(CAMERA, DATES, PARIS)
OTHER_EXIF = b"Exif\0\0" + exif_block({**CAMERA, 0x0131: (2, "Another program, with more to say")}, {**DATES, 0xA431: (2, "9")})
XMP = xmp_packet('xmp:Rating="3"')


def touched(image: Image.Image) -> Image.Image:
    """The same picture but for one pixel."""
    pixels = np.array(image)
    pixels[10, 12] ^= 0x80
    return Image.fromarray(pixels)


def tiff(image: Image.Image, **more: Any) -> bytes:
    """A TIFF as Pillow writes it; exif: bytes become tags of the first directory."""
    more.pop("xmp", None)
    told = more.pop("exif", None)
    return saved(image, "TIFF", tiffinfo={270: "About: " + told.hex()} if told else {}, **more)


def heic(image: Image.Image, **more: Any) -> bytes:
    return saved(image, "HEIF", quality=-1, **more)


def avif(image: Image.Image, **more: Any) -> bytes:
    return saved(image, "AVIF", quality=90, **more)


def webp(image: Image.Image, **more: Any) -> bytes:
    return saved(image, "WEBP", lossless=True, **more)


WRITERS: dict[str, Callable[..., bytes]] = {"tiff": tiff, "webp": webp, "heif": heic, "avif": avif}


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_other_metadata_changes_nothing_and_another_pixel_does(format: str) -> None:
    write, image = WRITERS[format], scene(96, 64)

    plain, more = write(image), [write(image, exif=EXIF), write(image, exif=OTHER_EXIF, xmp=XMP)]
    found = {digest(data, format) for data in (plain, *more)}

    assert len({plain, *more}) == 3 and len(found) == 1 and None not in found
    assert digest(write(touched(image)), format) not in found | {None}


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_cut_file_has_none(format: str) -> None:
    data = WRITERS[format](scene(96, 64))

    for length in (0, 7, 12, len(data) // 3, len(data) // 2, len(data) - 20):
        assert digest(data[:length], format) is None


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_no_byte_is_read_twice(format: str) -> None:
    class Counting(io.BytesIO):
        total = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.total += len(data)
            return data

    noise = Image.fromarray(np.random.default_rng(3).integers(0, 256, (700, 900, 3), np.uint8))
    file = Counting(WRITERS[format](noise, exif=EXIF))

    assert picture_digest(file, len(file.getvalue()), format) is not None
    assert file.total <= len(file.getvalue()) + 100_000, "the picture once; directories beside it"


def _strips(
    order: str = "<",
    *,
    first: int = 0,
    bits: int = 8,
    predictor: int = 1,
    tiled: bool = False,
    text: str = "",
    data: bytes = b"\7" * 256,
) -> bytes:
    """A TIFF of two strips or tiles that lie `first` bytes further back."""
    file = TiffFile(order)
    file.blob(bytes(first))
    offsets = [file.blob(data[:128]), file.blob(data[128:])]
    where = (0x0144, 0x0145) if tiled else (0x0111, 0x0117)
    layout = {
        0x0100: (3, 16),
        0x0101: (3, 16),
        0x0102: (3, bits),
        0x0103: (3, 1),
        0x0106: (3, 1),
        0x0116: (3, 8),
        0x013D: (3, predictor),
    }
    file.ifd({**layout, where[0]: (4, offsets), where[1]: (4, [128, 128]), **({0x010E: (2, text)} if text else {})})
    return bytes(file.data)


def test_strips_of_a_tiff_may_lie_anywhere() -> None:
    assert digest(_strips(), "tiff") == digest(_strips(first=999), "tiff") == digest(_strips(text="a description"), "tiff")


@pytest.mark.parametrize(
    "other",
    [{"bits": 16}, {"predictor": 2}, {"order": ">"}, {"tiled": True}, {"data": b"\7" * 255 + b"\6"}],
    ids=["bits", "predictor", "byte order", "tiles", "data"],
)
def test_how_a_tiff_is_read_counts(other: dict[str, Any]) -> None:
    assert digest(_strips(**other), "tiff") not in (digest(_strips(), "tiff"), None)


def test_every_page_of_a_tiff_counts() -> None:
    pages = [scene(40, 30, seed) for seed in range(3)]

    def book(*images: Image.Image) -> bytes:
        return saved(images[0], "TIFF", save_all=True, append_images=list(images[1:]))

    assert (
        len({digest(book(*pages), "tiff"), digest(book(*pages[:2]), "tiff"), digest(book(pages[0], pages[2], pages[1]), "tiff")})
        == 3
    )


def test_tiff_whose_strips_overlap_beyond_the_file_has_none() -> None:
    file = TiffFile()
    at = file.blob(bytes(4000))
    file.ifd({0x0100: (3, 16), 0x0101: (3, 16), 0x0111: (4, [at] * 1000), 0x0117: (4, [4000] * 1000)})

    assert digest(bytes(file.data), "tiff") is None


def test_webp_that_only_made_room_for_metadata_has_the_digest_of_the_plain_one() -> None:
    plain = webp(scene(96, 64))
    extended = webp(scene(96, 64), icc_profile=b"profile", exif=EXIF)

    assert plain[12:16] == b"VP8L" and extended[12:16] == b"VP8X"
    assert digest(plain, "webp") == digest(extended, "webp")


def test_frames_and_canvas_of_a_webp_count() -> None:
    frames = [scene(40, 30, seed) for seed in range(3)]

    def film(*images: Image.Image, **more: Any) -> bytes:
        return saved(images[0], "WEBP", save_all=True, append_images=list(images[1:]), lossless=True, **more)

    assert digest(film(*frames), "webp") == digest(film(*frames, exif=EXIF), "webp")
    assert digest(film(*frames), "webp") != digest(film(*frames[:2]), "webp")


@cache
def _coded(
    properties: bytes = b"\1" * 30, *, turn: int = 0, film: bytes = b"", profile: bytes = b"", exif: bytes = b"", shift: int = 0
) -> bytes:
    """A HEIF with one coded item of 64 bytes in the item data box, or behind what is put before it."""
    boxes = [box(b"hvcC", properties), box(b"irot", bytes([turn]))]
    if profile:
        boxes.append(box(b"colr", b"prof" + profile))
    contents = {1: bytes(range(64))}
    if exif:
        contents = {**contents, 3: b"\0\0\0\6" + exif}
    if shift:
        contents = {3: b"\0\0\0\6Exif\0\0" + bytes(shift), 1: contents[1]}
    data = heif(
        [(1, b"hvc1", False), (3, b"Exif", True)],
        references=[(b"cdsc", 3, [1])],
        properties=boxes,
        associations={1: list(range(1, len(boxes) + 1))},
        contents=contents,
    )
    return data + (box(b"mpvd", film) if film else b"")


def test_metadata_and_profile_of_a_heif_change_nothing() -> None:
    plain = digest(_coded(), "heif")

    assert plain is not None
    assert plain == digest(_coded(exif=EXIF), "heif") == digest(_coded(shift=500), "heif")
    assert digest(_coded(profile=b"a"), "heif") == digest(_coded(profile=b"b"), "heif")


@pytest.mark.parametrize("other", [{"properties": b"\2" * 30}, {"turn": 1}, {"film": b"moving"}], ids=["codec", "turn", "film"])
def test_codec_turn_and_film_of_a_heif_count(other: dict[str, Any]) -> None:
    assert digest(_coded(**other), "heif") not in (digest(_coded(), "heif"), None)


def test_item_that_lies_outside_the_file_leaves_a_heif_without_digest() -> None:
    data = bytearray(_coded())
    at = data.index(struct.pack(">HHHHII", 1, 1, 0, 1, 0, 64))
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "big")

    assert digest(bytes(data), "heif") is None


def test_sequence_has_none() -> None:
    assert digest(_coded() + box(b"moov", b""), "avif") is None
