"""HEIF by libheif: the primary picture, turned by the codec; further top-level pictures are frames.

Before decoding it is checked that all tiles are in the file and were not overwritten, since libheif leaves a missing tile dark
and the video codec smears over damage. One thread, no thumbnails, no copies: 200 megapixels fit the walls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.config import Limits
from engine.decode.colour import over_grey, srgb_array
from engine.decode.guard import codec_errors
from engine.decode.isobmff import Items, missing, overwritten, read_items
from engine.decode.picture import (
    CORRUPT,
    TRUNCATED,
    DecodeRequest,
    Picture,
    Pixels,
    check_memory,
    check_size,
    sampled,
    turn,
    turned_size,
)
from engine.decode.window import PiecedFile
from engine.errors import DecodeError

_NO_SUCH_ZEROS = b"\0" * 24
"""HEVC puts a 3 behind every two zeros; with length fields around, this many in a row cannot happen."""


def decode_heif(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """Decode the primary picture. Raises DecodeError, MemoryError, OSError."""
    items = read_items(file, size)
    _check_data(file, size, items)
    heif = _open(file, items, limits)
    primary = heif[heif.primary_index]
    pixels, full_size = _pixels(primary, limits, request)
    count = len(heif)
    order = [heif.primary_index, *(i for i in range(count) if i != heif.primary_index)]
    del primary, heif  # the codec holds the decoded pixels

    def frames() -> Iterator[Pixels]:
        for number in sampled(count, limits.max_frames):
            yield _pixels(_open(file, items, limits)[order[number]], limits, request)[0]

    return Picture(
        pixels=pixels,
        full_size=full_size,
        frames=count,
        frame_pixels=frames if count > 1 and request.frames else None,
        route="heif-primary",
        decoder=decoder_name(),
    )


@lru_cache(maxsize=1)
def decoder_name() -> str:
    """Version of the library that decodes, e.g. ``libheif 1.23.6``."""
    import pillow_heif

    return f"libheif {pillow_heif.libheif_version()}"


def _check_data(file: BinaryIO, size: int, items: Items) -> None:
    if items.sequence and not items.has_meta:
        raise DecodeError("a HEVC film without a still picture", code=CORRUPT if items.cut else "decode.unsupported")
    if not items.has_meta or not items.extents:
        raise DecodeError("the file ends before its tables", code=TRUNCATED if items.cut or not items.has_meta else CORRUPT)
    if missing(items, items.primary, size):
        raise DecodeError("part of the picture lies behind the end of the file", code=TRUNCATED)
    hevc = all(items.types.get(tile) == b"hvc1" for tile in items.tiles(items.primary))
    if hevc and overwritten(file, items, items.primary, _NO_SUCH_ZEROS):
        raise DecodeError("part of the picture was overwritten", code=CORRUPT)


def _open(file: BinaryIO, items: Items, limits: Limits) -> Any:  # pillow_heif has no types of its own
    import pillow_heif

    options = pillow_heif.options
    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DISABLE_SECURITY_LIMITS = False
    width, height = items.sizes.get(items.primary, (0, 0))
    if width and height:
        check_size(width, height, limits)
    with _heif_errors(TRUNCATED if items.cut else CORRUPT):
        heif: Any = pillow_heif.HeifFile(  # type: ignore[no-untyped-call]
            PiecedFile(file, [(0, items.end)]), remove_stride=False
        )
        if not len(heif):
            raise DecodeError("no picture in the file", code=CORRUPT)
        return heif


@contextmanager
def _heif_errors(code: str = CORRUPT) -> Iterator[None]:
    """As `codec_errors`; an OSError without errno is pillow_heif's way to say that memory ran out."""
    with codec_errors(code):
        try:
            yield
        except OSError as error:
            if error.errno is None:
                raise MemoryError from error
            raise


def _pixels(image: Any, limits: Limits, request: DecodeRequest) -> tuple[Pixels, tuple[int, int]]:
    width, height = image.size
    check_size(width, height, limits)
    check_memory(5 * width * height, width * height, limits)
    with _heif_errors():
        data, stride = image.data, image.stride
        width, height = image.size
        channels, wide = _layout(image.mode)
    row = width * channels * (2 if wide else 1)
    raw = np.frombuffer(data, np.uint8)[: stride * height].reshape(height, stride)[:, :row]
    if wide:
        values = raw.copy().view("<u2").astype(np.uint32)
        raw = ((values * 255 + 32767) // 65535).astype(np.uint8)
    array: NDArray[np.uint8] = raw.reshape(height, width, channels) if raw.flags.c_contiguous else _split(raw, width, channels)
    profile = image.info.get("icc_profile")
    if channels == 2:
        array = np.concatenate([np.repeat(array[..., :1], 3, axis=2), array[..., 1:]], axis=2)
    if image.mode.startswith(("RGBa", "La")):
        pixels = _premultiplied(array)
    else:
        pixels = srgb_array(array, profile if isinstance(profile, bytes) else None, limits, request.edge)
    return turn(pixels, request.orientation), turned_size((width, height), request.orientation)


def _layout(mode: str) -> tuple[int, bool]:
    """(channels, two bytes a value) of a pillow_heif mode."""
    name, _, bits = mode.partition(";")
    channels = {"L": 1, "I": 1, "LA": 2, "La": 2, "RGB": 3, "RGBA": 4, "RGBa": 4}.get(name)
    if channels is None:
        raise DecodeError(f"pixels of mode {mode}", code="decode.unsupported")
    return channels, bool(bits)


def _split(rows: NDArray[np.uint8], width: int, channels: int) -> NDArray[np.uint8]:
    """Rows with a gap behind each as (H, W, channels) without copying."""
    shape, strides = (rows.shape[0], width, channels), (rows.strides[0], channels, 1)
    view: NDArray[np.uint8] = np.lib.stride_tricks.as_strided(rows, shape, strides, writeable=False)
    return view


def _premultiplied(array: NDArray[np.uint8]) -> Pixels:
    alpha = array[..., 3]
    mixed = array[..., :3].astype(np.uint16) + over_grey(np.zeros((*alpha.shape, 3), np.uint8), alpha)
    pixels: Pixels = np.minimum(mixed, 255).astype(np.uint8)
    return pixels
