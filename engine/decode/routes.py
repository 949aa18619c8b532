"""The registry: which route decodes which format, and what all routes have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from engine.config import Limits
from engine.decode.avif import decode_avif
from engine.decode.heif import decode_heif
from engine.decode.jpeg import decode_jpeg, verify_jpeg
from engine.decode.picture import DecodeRequest, Picture
from engine.decode.pillow import decode_bmp, decode_gif, decode_png, decode_tiff
from engine.decode.raw import decode_raw, verify_raw
from engine.decode.settings import apply_limits
from engine.decode.webp import decode_webp
from engine.errors import DecodeError
from engine.formats import FORMATS

Route = Callable[[BinaryIO, int, DecodeRequest, Limits], Picture]

ROUTES: dict[str, Route] = {
    "jpeg": decode_jpeg,
    "png": decode_png,
    "tiff": decode_tiff,
    "webp": decode_webp,
    "gif": decode_gif,
    "bmp": decode_bmp,
    "heif": decode_heif,
    "avif": decode_avif,
}
"""Route of each picture format; every RAW format goes by `decode_raw`."""


def decode(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """Decode one picture file.

    file: opened for reading, `size` bytes long; its position is moved. Returns a `Picture`, partial if the file is damaged.
    Raises DecodeError (``decode.empty`` ``decode.corrupt`` ``decode.truncated`` ``decode.unsupported``
    ``decode.too-large``) if there is no picture; MemoryError and OSError (disk) pass through.
    """
    return _call(_route(request.format, size), file, size, request, limits)


def verify_readable(file: BinaryIO, size: int, format: str, limits: Limits) -> None:
    """Decode everything and raise DecodeError if the file gives no picture, or only part of one."""
    route = _route(format, size)
    apply_limits(limits)
    if route is decode_jpeg:
        verify_jpeg(file, size, limits)
        return
    if route is decode_raw:
        verify_raw(file, size, limits)
        return
    picture = route(file, size, DecodeRequest(format, edge=512), limits)
    if picture.partial:
        raise DecodeError("the file is damaged", code=picture.partial)
    if picture.frame_pixels is not None:
        for _ in picture.frame_pixels():
            pass


def _route(format: str, size: int) -> Route:
    if size == 0:
        raise DecodeError("the file is empty", code="decode.empty")
    if format in ROUTES:
        return ROUTES[format]
    if format in FORMATS and FORMATS[format].kind == "raw":
        return decode_raw
    raise DecodeError(f"no decoder for {format}", code="decode.unsupported")


def _call(route: Route, file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    apply_limits(limits)
    return route(file, size, request, limits)
