"""Hostile JPEG, PNG, GIF and BMP files: declared sizes, endless repetition, texts and streams that grow, numbers out of range."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from tests.unit.decode.files import film, saved, scene
from tests.unit.metadata.files import TiffFile, chunks, exif_segment, jpeg, png_of, segment, xmp_packet

Bomb = tuple[str, bytes]
"""(name with its suffix, content)."""

XMP = b"http://ns.adobe.com/xap/1.0/\0"


def jpegs(heavy: bool) -> Iterator[Bomb]:
    """heavy: with those that cost seconds."""
    plain = saved(scene(), "JPEG", quality=90)
    progressive = saved(scene(), "JPEG", quality=90, progressive=True)
    for name, (height, width) in {
        "huge": (65500, 65500), "wide": (8, 65535), "high": (65535, 8), "nothing": (0, 0), "no-width": (180, 0),
        "larger": (4000, 6000),
    }.items():  # fmt: skip
        yield f"size-{name}.jpg", _sized(plain, height, width)
        yield f"size-{name}-progressive.jpg", _sized(progressive, height, width)
    yield "segments.jpg", plain[:2] + segment(0xE1, b"Exif\0\0" + bytes(60)) * 3000 + plain[2:]
    yield "comments.jpg", plain[:2] + segment(0xFE, b"x" * 60_000) * 100 + plain[2:]
    yield "fill.jpg", plain[:2] + b"\xff" * 2_000_000 + plain[2:]
    yield "tables.jpg", plain[:2] + segment(0xDB, b"\0" + b"\1" * 64) * 5000 + plain[2:]
    yield "zero-tables.jpg", plain[:2] + segment(0xDB, b"\0" + bytes(64)) + plain[2:]
    yield "huffman.jpg", plain[:2] + segment(0xC4, b"\0" + b"\xff" * 16 + b"\0" * 300) + plain[2:]
    yield "length-zero.jpg", plain[:2] + b"\xff\xe1\0\0" + plain[2:]
    yield "length-one.jpg", plain[:2] + b"\xff\xe1\0\1" + plain[2:]
    yield "two-frames.jpg", _sized(plain, 180, 240)[: plain.index(b"\xff\xda")] + plain[2:]
    yield "restart.jpg", plain[:2] + segment(0xDD, b"\0\1") + plain[2:]
    yield "profile.jpg", plain[:2] + segment(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(60_000)) * 255 + plain[2:]
    yield "scans.jpg", _many_scans(progressive, 20_000 if heavy else 300)
    loop = TiffFile("<")
    loop.ifd({0x8769: (4, 8), 0x8825: (4, 8), 0x014A: (4, [8] * 64)})
    yield "exif-loop.jpg", plain[:2] + segment(0xE1, b"Exif\0\0" + bytes(loop.data)) + plain[2:]
    yield "exif-huge.jpg", jpeg(None, exif_segment({0x010F: (2, "x" * 40_000), 0x0112: (3, 77)}))
    deep = b"<x>" * 15_000
    yield "xmp-deep.jpg", plain[:2] + segment(0xE1, XMP + deep) + plain[2:]
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 20) for n in range(1, 12))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaa">' + entities + b"]><x>&e11;</x>"
    yield "xmp-entities.jpg", plain[:2] + segment(0xE1, XMP + bomb) + plain[2:]
    outside = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    yield "xmp-outside.jpg", plain[:2] + segment(0xE1, XMP + outside) + plain[2:]
    packet = xmp_packet('xmp:Rating="' + "9" * 20_000 + '"')
    yield "xmp-rating.jpg", plain[:2] + segment(0xE1, XMP + packet) + plain[2:]
    body = b"MPF\0II*\0\x08\0\0\0\x01\0\x02\xb0\x07\0\xff\xff\xff\xff\x1a\0\0\0\0\0\0\0"
    yield "mpf.jpg", plain[:2] + segment(0xE2, body) + plain[2:]


def _sized(data: bytes, height: int, width: int) -> bytes:
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def _many_scans(data: bytes, count: int) -> bytes:
    """The last scan again and again."""
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def pngs(heavy: bool) -> Iterator[Bomb]:
    """heavy: with those that cost seconds."""
    parts = chunks(saved(scene(), "PNG"))
    (_, header), *rest = parts
    for name, (width, height) in {
        "huge": ((1 << 31) - 1, (1 << 31) - 1), "zero": (0, 180), "limit": (22_000, 22_700), "long": (1 << 30, 1), "more": (240,
        9000),
    }.items():  # fmt: skip
        yield f"size-{name}.png", png_of([(b"IHDR", struct.pack(">II", width, height) + header[8:]), *rest])
    for depth, colour in ((3, 2), (16, 3), (255, 255), (1, 6)):
        yield f"depth-{depth}-{colour}.png", png_of([(b"IHDR", header[:8] + bytes([depth, colour]) + header[10:]), *rest])
    yield "interlaced-not.png", png_of([(b"IHDR", header[:12] + b"\1"), *rest])
    yield "interlace-9.png", png_of([(b"IHDR", header[:12] + b"\x09"), *rest])
    much = zlib.compress(bytes(200_000_000 if heavy else 30_000_000), 9)
    yield "text-grows.png", png_of([parts[0], (b"zTXt", b"a\0\0" + much), (b"iTXt", b"a\0\1\0\0\0" + much), *rest])
    yield "profile-grows.png", png_of([parts[0], (b"iCCP", b"a\0\0" + much), *rest])
    yield "data-grows.png", png_of([parts[0], (b"IDAT", much), (b"IEND", b"")])
    yield "empty-chunks.png", png_of([parts[0], *[(b"IDAT", b"")] * 60_000, *rest])
    yield "many-texts.png", png_of([parts[0], *[(b"tEXt", b"a\0b")] * 40_000, *rest])
    yield "two-headers.png", png_of([parts[0], (b"IHDR", struct.pack(">II", 60_000, 60_000) + header[8:]), *rest])
    yield "no-header.png", png_of(rest)
    yield "chunk-length.png", png_of(parts[:1]) + b"\xff\xff\xff\xffIDAT" + bytes(400)
    yield "palette.png", png_of([(b"IHDR", header[:8] + b"\x08\x03\0\0\0"), (b"PLTE", b"\1\2\3"), *rest])
    moving = chunks(film("PNG"))
    yield "frames.png", png_of([(k, struct.pack(">II", (1 << 31) - 1, 0)) if k == b"acTL" else (k, v) for k, v in moving])
    outside = [(k, v[:4] + struct.pack(">IIII", 1 << 30, 1 << 30, 9, 9) + v[20:]) if k == b"fcTL" else (k, v) for k, v in moving]
    yield "frame-outside.png", png_of(outside)
    side = 21_000 if heavy else 6_000
    grey = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    yield "black.png", png_of([(b"IHDR", grey), (b"IDAT", zlib.compress(bytes((side + 7) // 8 + 1) * side, 9)), (b"IEND", b"")])


def gifs(heavy: bool) -> Iterator[Bomb]:
    """heavy: with those that cost seconds."""
    still, moving = saved(scene().quantize(), "GIF"), film("GIF")
    for name, size in {"huge": (65535, 65535), "zero": (0, 0), "wide": (65535, 1), "large": (7000, 7000)}.items():
        yield f"size-{name}.gif", still[:6] + struct.pack("<HH", *size) + still[10:]
    frame = moving.index(b"!\xf9")
    yield "frames.gif", moving[:-1] + moving[frame:-1] * (3000 if heavy else 60) + b";"
    yield "comments.gif", still[:-1] + b"!\xfe" + (b"\xff" + b"c" * 255) * 8000 + b"\0;"
    yield "no-end.gif", still[:-1] + b"!\xfe" + b"\x01c" * 200_000
    at = still.index(b",", 13 + 3 * 256)
    yield "frame-outside.gif", still[: at + 1] + struct.pack("<HHHH", 60_000, 60_000, 65_535, 65_535) + still[at + 9 :]
    yield "codes.gif", still[: at + 10] + b"\x0c" + still[at + 11 :]
    yield "codes-zero.gif", still[: at + 10] + b"\0" + still[at + 11 :]
    yield "blocks-empty.gif", still[: at + 11] + b"\0" * 1000 + b";"


def bmps(heavy: bool) -> Iterator[Bomb]:
    """heavy: not used; no small bitmap costs much."""
    plain = saved(scene(), "BMP")
    for name, size in {
        "huge": (60_000, 60_000), "lowest": (240, -(1 << 31)), "negative": (-240, 180), "zero": (0, 0), "upside-down": (240,
        -180),
        "limit": (22_000, 22_000), "more": (240, 181),
    }.items():  # fmt: skip
        yield f"size-{name}.bmp", plain[:18] + struct.pack("<ii", *size) + plain[26:]
    for name, (place, value) in {
        "offset": (10, 0xFFFFFFFF), "offset-zero": (10, 0), "header": (14, 0xFFFFFFFF), "header-small": (14, 3), "runs": (30, 1),
        "jpeg-inside": (30, 4), "masks": (30, 3), "colours": (46, 0x7FFFFFFF), "size": (2, 1),
    }.items():  # fmt: skip
        yield f"{name}.bmp", plain[:place] + struct.pack("<I", value) + plain[place + 4 :]
    for bits in (0, 1, 3, 8, 16, 32, 255):
        yield f"bits-{bits}.bmp", plain[:28] + struct.pack("<H", bits) + plain[30:]
    runs = plain[:28] + struct.pack("<HI", 8, 1) + plain[34:54] + bytes(1024) + b"\0\2\0\0" * 100_000
    yield "runs-nowhere.bmp", runs
