"""Loads every codec and decodes one tiny picture with each, so that nothing is opened or imported once the walls are up."""

from __future__ import annotations

import base64
import io
import os
from typing import Any, BinaryIO

import numpy as np

from engine.config import Limits
from engine.decode.colour import srgb_pixels
from engine.decode.guard import codec_errors
from engine.decode.picture import DecodeRequest
from engine.decode.routes import decode
from engine.errors import DecodeError

_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {"progressive": True}),
    "png": ("PNG", {}),
    "gif": ("GIF", {}),
    "bmp": ("BMP", {}),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}),
    "webp": ("WEBP", {}),
}

_HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABZgABAAAAAAAAABYAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAAwmlwcnAA"
    "AACkaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkA"
    "AAAwAAAwAeoCCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAA"
    "ABZpcG1hAAAAAAAAAAEAAQOBAgMAAAAebWRhdAAAABIoAa8EGPwd1z6bUkcq/+md/1w="
)
_AVIF = (
    "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcG"
    "l0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAJAAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABq"
    "aXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAAEAAAABAAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAAB"
    "dpcG1hAAAAAAAAAAEAAQQBAoMEAAAALG1kYXQSAAoJGAz/2iAhoNCAMhVHseHhVnf///iy4ACiSRiQsY6LUWg="
)
"""64×64 and 16×16 px in two greys; made beforehand, as their encoders start threads and take long."""

_DNG = (
    (254, 4, (0,)), (256, 4, (16,)), (257, 4, (16,)), (258, 3, (16,)), (259, 3, (1,)), (262, 3, (32803,)), (273, 4, (0,)),
    (277, 3, (1,)), (278, 4, (16,)), (279, 4, (512,)), (33421, 3, (2, 2)), (33422, 1, (0, 1, 1, 2)), (50706, 1, (1, 4, 0, 0)),
)  # fmt: skip


def preload() -> None:
    """Import and use all codecs once. Call it before memory, files or programs are forbidden; later calls are cheap."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # LibRaw's threads would cost address space and change nothing
    import rawpy
    from PIL import Image, ImageCms

    limits = Limits()
    ramp = np.arange(48 * 48 * 3, dtype=np.uint32).reshape(48, 48, 3) % 251
    image = Image.fromarray(ramp.astype(np.uint8))
    image.info["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, (pillow_name, options) in _FORMATS.items():
        data = io.BytesIO()
        image.save(data, pillow_name, icc_profile=image.info["icc_profile"], **options)
        _try(data, name, limits)
    _try(io.BytesIO(base64.b64decode(_HEIC)), "heif", limits)
    _try(io.BytesIO(base64.b64decode(_AVIF)), "avif", limits)
    _try(io.BytesIO(_tiny_dng()), "dng", limits)
    assert rawpy.libraw_version
    for mode in ("CMYK", "LAB", "LA", "P", "I;16", "F", "1"):
        srgb_pixels(Image.new(mode, (4, 4)), limits, 0)


def _try(data: BinaryIO, name: str, limits: Limits) -> None:
    size = data.seek(0, os.SEEK_END)
    try:
        with codec_errors():
            decode(data, size, DecodeRequest(name), limits)
    except DecodeError:
        pass  # a codec that is missing here is missing for its files, too


def _tiny_dng() -> bytes:
    """A DNG of 16×16 px, developed to warm LibRaw up."""
    import struct

    head = b"II*\0\x08\0\0\0" + struct.pack("<H", len(_DNG))
    after = 8 + 2 + 12 * len(_DNG) + 4
    entries = b""
    for tag, kind, values in _DNG:
        values = (after,) if tag == 273 else values
        packed = struct.pack("<" + {1: "B", 3: "H", 4: "I"}[kind] * len(values), *values)
        entries += struct.pack("<HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
    pixels = (np.arange(256, dtype=np.uint32) * 251 % 4096).astype("<u2").tobytes()
    return head + entries + b"\0\0\0\0" + pixels
