"""AVIF, still and sequence, by Pillow's binding of libavif (its image class would hold the pixels once more). One thread.

Turning and mirroring by the container's own properties is done here; an EXIF orientation in an AVIF says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import PIL
from PIL import _avif  # type: ignore[attr-defined, unused-ignore]

from engine.config import Limits
from engine.decode.colour import srgb_array
from engine.decode.guard import codec_errors
from engine.decode.isobmff import Items, has_run, missing, overwritten, read_items, track_ranges
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

_ZERO_SECTOR = b"\0" * 512


def decode_avif(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """Decode the primary picture or the first frame. Raises DecodeError, MemoryError, OSError."""
    items = read_items(file, size)
    if missing(items, items.primary, size) or (items.sequence and items.cut) or not (items.has_meta or items.sequence):
        raise DecodeError("part of the picture lies behind the end of the file", code=TRUNCATED)
    tracks = track_ranges(file, size) if items.sequence else []
    damaged = overwritten(file, items, items.primary, _ZERO_SECTOR) or has_run(file, tracks, _ZERO_SECTOR)
    decoder, full, count, channels, profile, orientation = _open(file, size, items, limits)

    def upright(number: int, source: Any) -> Pixels:
        data = source.get_frame(number)[0]
        array = np.frombuffer(data, np.uint8).reshape(full[1], full[0], -1)[..., :channels]
        pixels = srgb_array(array, profile, limits, request.edge)
        return turn(turn(pixels, orientation), request.orientation)

    with codec_errors():
        pixels = upright(0, decoder)
    del decoder

    def frames() -> Iterator[Pixels]:
        again = _open(file, size, items, limits)[0]
        for number in sampled(count, limits.max_frames):
            with codec_errors():
                pixels = upright(number, again)
            yield pixels

    return Picture(
        pixels=pixels,
        full_size=turned_size(turned_size(full, orientation), request.orientation),
        frames=count,
        frame_pixels=frames if count > 1 and request.frames else None,
        partial=CORRUPT if damaged else None,
        route="avif-full",
        decoder=f"Pillow {PIL.__version__}",
    )


def _open(file: BinaryIO, size: int, items: Items, limits: Limits) -> tuple[Any, tuple[int, int], int, int, bytes | None, int]:
    """(decoder, size, frames, channels, profile, orientation). Any: the binding has no types."""
    for width, height in filter(None, [items.sizes.get(items.primary)]):
        check_size(width, height, limits)
        check_memory(9 * width * height, width * height, limits)
    end = size if items.sequence else items.end
    with codec_errors():
        decoder = _avif.AvifDecoder(PiecedFile(file, [(0, end)]).read(), "auto", 1)
        full, count, mode, profile, _, orientation, _ = decoder.get_info()
    check_size(full[0], full[1], limits)
    channels = {"RGBA": 4, "RGB": 3, "L": 1}.get(mode, 3)
    return decoder, full, max(1, count), channels, profile, orientation
