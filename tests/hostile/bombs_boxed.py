"""Hostile TIFF, RAW, WebP, HEIF and AVIF files: directories and boxes that lead round in circles, overlap, promise too much."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests.hostile.bombs_coded import Bomb
from tests.unit.decode.files import film, heif, saved, scene
from tests.unit.metadata.files import TiffFile, box, ftyp, full_box, ispe, raw_tiff
from tests.unit.metadata.files import heif as items_file


def tiffs(heavy: bool) -> Iterator[Bomb]:
    """heavy: with those that cost seconds."""
    plain = saved(scene(), "TIFF")
    yield "itself.tif", b"II*\0\x08\0\0\0\0\0\x08\0\0\0"
    yield "nowhere.tif", b"II*\0\xff\xff\xff\xff" + bytes(100)
    yield "entries.tif", b"II*\0\x08\0\0\0\xff\xff" + b"\0\1\4\0\1\0\0\0\1\0\0\0" * 65_535
    yield "large-entries.tif", b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + b"\xff" * 8 + bytes(400)
    yield "sub-loop.tif", _page({330: (4, [8] * 1000)})
    ring = bytearray(film("TIFF", 3))
    yield "ring.tif", bytes(ring[:-4]) + b"\x08\0\0\0"
    for name, change in {
        "huge": {256: (4, 60_000), 257: (4, 60_000)}, "zero": {256: (4, 0)}, "max": {256: (4, 0xFFFFFFFF), 257: (4, 0xFFFFFFFF)},
        "limit": {256: (4, 22_000), 257: (4, 22_000)}, "samples": {277: (3, 65_535)}, "bits": {258: (3, [64, 64, 64])},
        "no-rows": {278: (4, 0)}, "all-rows": {278: (4, 0xFFFFFFFF)}, "outside": {273: (4, 0xFFFFFF00)},
        "bytes": {279: (4, 0xFFFFFFFF)}, "itself-as-strip": {273: (4, 0)}, "unknown-coding": {259: (3, 9999)}, "lzw": {259: (3,
        5)},
        "deflate": {259: (3, 8)}, "jpeg": {259: (3, 7)}, "fax": {259: (3, 4)}, "packbits": {259: (3, 32_773)},
        "planes": {284: (3, 2)},
        "predictor": {317: (3, 3)}, "colours": {262: (3, 3)}, "separated": {262: (3, 5)}, "lab": {262: (3, 8)},
        "float": {339: (3, 3)},
        "tiles": {322: (4, 16), 323: (4, 16), 324: (4, [8] * 9), 325: (4, [0xFFFF] * 9)},
        "tiles-of-nothing": {322: (4, 0), 323: (4, 0), 324: (4, [8]), 325: (4, [8])},
        "tile-of-all": {322: (4, 1 << 30), 323: (4, 1 << 30), 324: (4, [8]), 325: (4, [8])},
    }.items():  # fmt: skip
        yield f"{name}.tif", _page(change)
    yield "same-strip.tif", _page({273: (4, [8] * 48), 279: (4, [192] * 48), 278: (4, 1)})
    side = 20_000 if heavy else 4_000
    yield "grows.tif", _page({256: (4, side), 257: (4, side), 278: (4, side), 259: (3, 8)}, _black(side))
    yield "pages.tif", film("TIFF", 40) if not heavy else _chain(3000)
    yield "half.tif", plain[: len(plain) // 2]


def _black(side: int) -> bytes:
    packer = zlib.compressobj(6)
    return b"".join(packer.compress(bytes(3 * side)) for _ in range(side)) + packer.flush()


def _page(change: dict[int, tuple[int, object]], pixels: bytes = b"") -> bytes:
    """A page of 64 × 48 px in colour with some of its entries changed."""
    tiff = TiffFile("<")
    pixels = pixels or np.random.default_rng(1).integers(0, 256, 64 * 48 * 3, np.uint8).tobytes()
    place = tiff.blob(pixels)
    entries: dict[int, tuple[int, object]] = {
        256: (4, 64), 257: (4, 48), 258: (3, [8, 8, 8]), 259: (3, 1), 262: (3, 2), 273: (4, place), 277: (3, 3), 278: (4, 48),
        279: (4, len(pixels)), 284: (3, 1),
    }  # fmt: skip
    tiff.ifd({**entries, **change})
    return bytes(tiff.data)


def _chain(count: int) -> bytes:
    tiff = TiffFile("<")
    place = tiff.blob(bytes(12))
    for _ in range(count):
        tiff.ifd(
            {256: (4, 2), 257: (4, 2), 258: (3, [8, 8, 8]), 259: (3, 1), 262: (3, 2), 273: (4, place), 277: (3, 3), 278: (4, 2),
             279: (4, 12)}
        )  # fmt: skip
    return bytes(tiff.data)


def raws(heavy: bool) -> Iterator[Bomb]:
    """heavy: not used."""
    data, ranges = raw_tiff()
    yield "sub-loop.nef", raw_tiff(main={0x014A: (4, [8] * 500)})[0]
    yield "previews-outside.nef", data.replace(struct.pack("<I", ranges[0][0]), b"\xf0\xff\xff\xff")
    yield "preview-is-itself.nef", data.replace(struct.pack("<I", ranges[0][0]), b"\0\0\0\0")
    yield "sensor.nef", raw_tiff(sensor=(65_535, 65_535))[0]
    yield "sensor-none.dng", raw_tiff(sensor=(0, 0), dng=True)[0]
    yield "maker.arw", raw_tiff(maker="SONY" + "Y" * 5000)[0]
    for suffix, head in {
        ".cr2": b"II*\0\x10\0\0\0CR\x02\0\xff\xff\xff\xff", ".raf": b"FUJIFILMCCD-RAW 0201FF", ".orf": b"IIRO\x08\0\0\0",
        ".rw2": b"IIU\0\x18\0\0\0", ".mrw": b"\0MRM\xff\xff\xff\xff", ".x3f": b"FOVb\0\0\2\0", ".crw": b"II\x1a\0\0\0HEAPCCDR",
    }.items():  # fmt: skip
        yield f"head-only{suffix}", head
        yield f"then-ones{suffix}", head + b"\xff" * 4000
        yield f"then-zeros{suffix}", head + bytes(4000)


def webps(heavy: bool) -> Iterator[Bomb]:
    """heavy: with those that cost seconds."""
    plain, moving = saved(scene(), "WEBP", quality=90), film("WEBP")
    extended = saved(scene().convert("RGBA"), "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    place = extended.index(b"VP8X") + 12
    for name, size in {"huge": b"\xff\xff\xff", "large": b"\xff\x3f\0", "one": b"\0\0\0"}.items():
        yield f"canvas-{name}.webp", extended[:place] + size * 2 + extended[place + 6 :]
    frame = moving.index(b"ANMF")
    yield "frames.webp", _riff(moving[12:] + moving[frame:] * (400 if heavy else 30))
    yield "length.webp", plain[:16] + b"\xff\xff\xff\xff" + plain[20:]
    yield "riff-zero.webp", plain[:4] + bytes(4) + plain[8:]
    yield "riff-in-riff.webp", _riff(plain * 3)
    yield "empty-chunks.webp", _riff(b"XXXX\0\0\0\0" * 50_000 + plain[12:])
    yield "no-picture.webp", _riff(b"EXIF\x04\0\0\0abcd" * 10)
    at = moving.index(b"ANMF") + 8
    yield "frame-outside.webp", moving[:at] + b"\xff" * 12 + moving[at + 12 :]


def _riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def boxes(heavy: bool) -> Iterator[Bomb]:
    """HEIF, AVIF and CR3. heavy: with those that cost seconds."""
    still, tiled = heif(scene()), heif(scene(), tile_size=64)
    avif = saved(scene(), "AVIF", max_threads=1, speed=10)
    nested = b""
    for _ in range(5000 if heavy else 800):
        nested = box(b"moov", nested)[: 1 << 24]
    for name, data, suffix in (("heic", still, ".heic"), ("avif", avif, ".avif"), ("tiles", tiled, ".heic")):
        yield f"{name}-nested{suffix}", data[: data.index(b"meta") - 4] + nested + data[data.index(b"meta") - 4 :]
        at = data.index(b"ispe") + 8
        for word, size in (("huge", 60_000), ("max", 0x7FFFFFFF), ("zero", 0), ("limit", 22_000)):
            yield f"{name}-size-{word}{suffix}", data[:at] + struct.pack(">II", size, size) + data[at + 8 :]
        for kind in (b"meta", b"iloc", b"iinf", b"iprp", b"ipma", b"mdat"):
            if kind in data:
                start = data.index(kind) - 4
                for word, length in (("none", 0), ("one", 1), ("two", 2), ("all", 0xFFFFFFFF)):
                    new = data[:start] + struct.pack(">I", length) + data[start + 4 :]
                    yield f"{name}-{kind.decode()}-{word}{suffix}", new
    many = [(number, b"hvc1", False) for number in range(1, 2000)]
    yield "items.heic", items_file(many)
    yield "grid-of-itself.heic", items_file([(1, b"grid", False)], references=[(b"dimg", 1, [1] * 200)], contents={1: bytes(8)})
    ring = [(b"dimg", 1, [2]), (b"dimg", 2, [3]), (b"dimg", 3, [1])]
    yield "grids-in-a-ring.heic", items_file([(n, b"grid", False) for n in (1, 2, 3)], references=ring)
    chain = [(b"dimg", n, [n + 1, n + 1]) for n in range(1, 60)]
    yield (
        "grids-in-grids.heic",
        items_file(
            [(n, b"grid", False) for n in range(1, 61)],
            references=chain,
            contents=dict.fromkeys(range(1, 61), b"\0\0\0\1" + b"\xff" * 4),
        ),
    )
    yield "grid-huge.heic", items_file(
        [(1, b"grid", False), (2, b"hvc1", True)], references=[(b"dimg", 1, [2] * 60_000)],
        contents={1: b"\0\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}, properties=[ispe(60_000, 8_000)], associations={1: [1]},
    )  # fmt: skip
    yield "no-primary.heic", items_file([], primary=77)
    yield "brand-only.heic", ftyp(b"heic", b"mif1")
    yield "brand-only.cr3", ftyp(b"crx ", b"crx ")
    yield "film-without-end.heic", ftyp(b"hevc", b"hevc") + box(b"moov", full_box(b"mvhd", b"\xff" * 96))
    yield "film-without-end.avif", ftyp(b"avis", b"avis") + box(b"moov", full_box(b"mvhd", b"\xff" * 96))
