"""The thumbnail item of a HEIF or AVIF file, decoded alone: a small file of one item is put together around its bytes, so that
the codec never sees the tables and tiles of the large picture."""

from __future__ import annotations

import io
import struct
from typing import Any, BinaryIO

import numpy as np

from engine.config import Limits
from engine.decode.colour import srgb_array
from engine.decode.guard import codec_errors
from engine.decode.picture import CORRUPT, Pixels
from engine.decode.thumbnail_tables import ItemPlace, find_item
from engine.errors import DecodeError

MOST_BYTES = 512 << 10
MOST_PIXELS = 4_000_000
_PROPERTIES = 64
_PROPERTY_BYTES = 64 << 10
_BRANDS = {b"hvc1": b"heic", b"hev1": b"heic", b"av01": b"avif"}


def decode_item(file: BinaryIO, size: int, format: str, item: int, limits: Limits) -> Pixels:
    """Pixels of one coded item, turned as its own properties say. Raises DecodeError, MemoryError, OSError (disk)."""
    found = find_item(file, size, item)
    if found is None or found.kind not in _BRANDS or (_BRANDS[found.kind] == b"avif") != (format == "avif"):
        raise DecodeError("no item that could be a small picture", code=CORRUPT)
    alone = _file_of(found, _read(file, size, found.extents))
    return _by_avif(alone, limits) if format == "avif" else _by_heif(alone, limits)


def _by_heif(data: bytes, limits: Limits) -> Pixels:
    import pillow_heif

    options = pillow_heif.options
    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DISABLE_SECURITY_LIMITS = False
    with codec_errors():
        heif: Any = pillow_heif.HeifFile(io.BytesIO(data), convert_hdr_to_8bit=True)  # type: ignore[no-untyped-call]
        image = heif[0]
        _check(*image.size)
        if image.mode not in ("L", "RGB", "RGBA"):
            raise DecodeError(f"pixels of mode {image.mode}", code="decode.unsupported")
        raw, stride = image.data, image.stride
        width, height = image.size
        channels = len(image.mode)
        rows = np.frombuffer(raw, np.uint8)[: stride * height].reshape(height, stride)[:, : width * channels]
        profile = image.info.get("icc_profile")
    array = np.ascontiguousarray(rows).reshape(height, width, channels)
    return srgb_array(array, profile if isinstance(profile, bytes) else None, limits, 0)


def _by_avif(data: bytes, limits: Limits) -> Pixels:
    from PIL import _avif  # type: ignore[attr-defined, unused-ignore]

    with codec_errors():
        decoder = _avif.AvifDecoder(data, "auto", 1)
        (width, height), _, mode, profile, *_ = decoder.get_info()
        _check(width, height)
        channels = {"RGBA": 4, "RGB": 3, "L": 1}.get(mode, 3)
        array = np.frombuffer(decoder.get_frame(0)[0], np.uint8).reshape(height, width, -1)[..., :channels]
    return srgb_array(array, profile, limits, 0)


def _check(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise DecodeError("no small picture", code="decode.unsupported")


def _read(file: BinaryIO, size: int, extents: list[tuple[int, int]]) -> bytes:
    if not extents or len(extents) > 16 or not 0 < sum(length for _, length in extents) <= MOST_BYTES:
        raise DecodeError("no small picture", code=CORRUPT)
    parts = []
    for offset, length in extents:
        if offset + length > size:
            raise DecodeError("part of the small picture lies behind the end of the file", code=CORRUPT)
        file.seek(offset)
        parts.append(file.read(length))
    return b"".join(parts)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _file_of(item: ItemPlace, data: bytes) -> bytes:
    kept = [(box, needed) for box, needed in item.properties[:_PROPERTIES] if len(box) <= _PROPERTY_BYTES]
    kind, brand = item.kind, _BRANDS[item.kind]
    ftyp = _box(b"ftyp", brand + bytes(4) + b"mif1" + brand)
    links = bytes([index | 0x80 * needed for index, (_, needed) in enumerate(kept, 1)])
    linked = bytes(4) + struct.pack(">IHB", 1, 1, len(kept)) + links
    tables = (
        _box(b"hdlr", bytes(8) + b"pict" + bytes(13)),
        _box(b"pitm", bytes(4) + b"\0\1"),
        _box(b"iinf", bytes(4) + b"\0\1" + _box(b"infe", b"\2" + bytes(3) + b"\0\1\0\0" + kind + b"\0")),
        _box(b"iprp", _box(b"ipco", b"".join(box for box, _ in kept)) + _box(b"ipma", linked)),
    )

    def whole(at: int) -> bytes:
        place = _box(b"iloc", bytes(4) + b"\x44\0" + struct.pack(">HHHHII", 1, 1, 0, 1, at, len(data)))
        return ftyp + _box(b"meta", bytes(4) + b"".join(tables) + place) + struct.pack(">I", 8 + len(data)) + b"mdat"

    return whole(len(whole(0))) + data
