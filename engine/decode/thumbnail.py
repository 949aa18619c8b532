"""The small picture that a camera put into the file, for a first look: read by its range, nothing else of the file is.

It is no proof: programs that turn or edit a picture leave an old one behind. One that cannot belong to the picture by its shape
is no picture at all here; black bars that old cameras painted around are cut off."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import JpegImagePlugin

from engine.config import Limits
from engine.decode.colour import srgb_pixels
from engine.decode.guard import codec_errors
from engine.decode.picture import Pixels, turn
from engine.decode.settings import apply_limits
from engine.decode.thumbnail_item import decode_item
from engine.errors import DecodeError

MOST_BYTES = 512 << 10
"""Bytes of an embedded JPEG: above it is no small picture, and reading it no quick look."""

MOST_PIXELS = 4_000_000
ENOUGH_EDGE = 256
"""px; a larger one is scaled while it is decoded."""

LEAST_EDGE = 32
"""px of the short side; below is an icon."""

ASPECT_TOLERANCE = 0.04
DARK = 32
"""Mean level up to which a border counts as a black bar; JPEG lets the picture shine into it."""


@dataclass(frozen=True, slots=True)
class ThumbnailRequest:
    """Where the small picture lies and what it must look like.

    format: name as in `engine.formats`. jpeg: (offset, length) of an embedded JPEG, or None. item: id of a thumbnail item of a
    HEIF or AVIF file, or None. size: (width, height) of the picture as its codec gives it. orientation: EXIF 1..8 still to be
    applied, to picture and thumbnail alike.
    """

    format: str
    jpeg: tuple[int, int] | None
    item: int | None
    size: tuple[int, int]
    orientation: int = 1


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """pixels: uint8 (H, W, 3), sRGB, upright, without black bars. route: how it was found."""

    pixels: Pixels
    route: str


def decode_thumbnail(file: BinaryIO, size: int, request: ThumbnailRequest, limits: Limits) -> Thumbnail | None:
    """The small picture of a file, None when there is none that could be of this picture.

    Never raises for bad content; MemoryError and OSError (disk) pass through.
    """
    apply_limits(limits)
    try:
        if request.jpeg is not None:
            pixels, route = _decode_jpeg(file, size, *request.jpeg, limits), "thumbnail-jpeg"
        elif request.item is not None:
            pixels, route = decode_item(file, size, request.format, request.item, limits), "thumbnail-item"
        else:
            return None
    except DecodeError:
        return None
    fitted = fit(pixels, request.size)
    return Thumbnail(turn(fitted, request.orientation), route) if fitted is not None else None


def _decode_jpeg(file: BinaryIO, size: int, offset: int, length: int, limits: Limits) -> Pixels:
    if not 0 < length <= MOST_BYTES or offset < 0 or offset + length > size:
        raise DecodeError("no small picture", code="decode.corrupt")
    file.seek(offset)
    data = file.read(length)
    with codec_errors():
        image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call, unused-ignore]
        width, height = image.size
        if width * height > MOST_PIXELS or image.mode not in ("L", "RGB"):
            raise DecodeError("no small picture", code="decode.unsupported")
        scale = max(width, height) // ENOUGH_EDGE
        if scale > 1:
            image.draft(image.mode, (width // scale, height // scale))
        image.load()
    return srgb_pixels(image, limits, 0)


def fit(pixels: Pixels, size: tuple[int, int]) -> Pixels | None:
    """The part of a thumbnail that shows a picture of this size; None when its shape says that it is of another picture.

    pixels: uint8 (H, W, 3), not turned yet. size: (width, height) in px, not turned either.
    """
    height, width = pixels.shape[:2]
    if min(*size, height, width) < 1 or min(height, width) < LEAST_EDGE:
        return None
    wider = width * size[1] / (height * size[0])
    if abs(math.log(wider)) <= ASPECT_TOLERANCE:
        return pixels
    if (width - height) * (size[0] - size[1]) < 0:  # lying in a standing picture, or the other way: the picture was turned since
        return None
    if wider > 1:
        bar = math.ceil((width - height * size[0] / size[1]) / 2)
        return _without_bars(pixels, bar) if width - 2 * bar >= LEAST_EDGE else None
    bar = math.ceil((height - width * size[1] / size[0]) / 2)
    cut = _without_bars(pixels.transpose(1, 0, 2), bar) if height - 2 * bar >= LEAST_EDGE else None
    return np.ascontiguousarray(cut.transpose(1, 0, 2)) if cut is not None else None


def _without_bars(pixels: Pixels, bar: int) -> Pixels | None:
    """What is left without `bar` columns on either side, None when these show something."""
    seen = max(1, bar - 2)  # the columns beside the picture are blurred with it
    for side in (pixels[:, :seen], pixels[:, -seen:]):
        if float(side.mean()) > DARK:
            return None
    return np.ascontiguousarray(pixels[:, bar:-bar])
