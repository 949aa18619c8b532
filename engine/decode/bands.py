"""Very large pictures in bands of rows: no more of them than one band stands in memory before it is made smaller.

What comes out equals what the whole picture would give, bit for bit: the same codec decodes every band, colours are a matter
of single pixels, and the means are those of `colour.reduce_strips`. Pictures that cannot be had in bands go the ordinary way,
and are refused there when they need too much memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from engine.config import Limits
from engine.decode.colour import REDUCE_ABOVE, STRIP_PIXELS, band_converter, reduce_strips, reduction
from engine.decode.picture import CORRUPT, Pixels, check_memory
from engine.errors import DecodeError

BAND_PIXELS = 2 * STRIP_PIXELS
"""px of a band, about; a strip or tile of a file that cannot be divided may make it larger, up to `REDUCE_ABOVE`."""

Bands = Iterator[Image.Image]
"""Images from the top, together as high as the picture, each as wide."""

WITHOUT_BANDS = ("I", "F")
"""Modes whose black and white are found by looking at all pixels first."""


def is_large(width: int, height: int) -> bool:
    """Whether a picture is to be had in bands where that is possible."""
    return width * height > REDUCE_ABOVE


def rows_at_once(width: int) -> int:
    """Rows of one band."""
    return max(1, BAND_PIXELS // max(1, width))


def srgb_bands(sample: Image.Image, bands: Bands, limits: Limits, edge: int, white_level: int = 0) -> Pixels:
    """sRGB pixels, uint8 (H, W, 3), made smaller as `colour.srgb_pixels` does.

    sample: the opened image, not loaded, with the mode and colour profile of all bands. edge, white_level: as there.
    Raises DecodeError, also when a band is missing; MemoryError.
    """
    width, height = sample.size
    factor = reduction(width, height, edge)
    check_memory(3 * (width // factor) * (height // factor) + 16 * BAND_PIXELS, width * height, limits)
    convert = band_converter(sample, limits, white_level)
    return reduce_strips(_Reader(bands, convert).rows, width, height, factor)


class _Reader:
    """Rows in order, whatever the height of the bands that they come in."""

    def __init__(self, bands: Bands, convert: Callable[[Image.Image], NDArray[np.uint8]]) -> None:
        self._bands = bands
        self._convert = convert
        self._rest: list[NDArray[np.uint8]] = []
        self._there = 0

    def rows(self, top: int, bottom: int) -> NDArray[np.uint8]:
        """Rows `top` to `bottom`, where the last call ended at `top`."""
        while self._there < bottom - top:
            band = next(self._bands, None)
            if band is None:
                raise DecodeError("the picture ends before its last row", code=CORRUPT)
            self._rest.append(self._convert(band))
            self._there += band.size[1]
        joined = self._rest[0] if len(self._rest) == 1 else np.concatenate(self._rest)
        self._rest = [joined[bottom - top :]] if len(joined) > bottom - top else []
        self._there = len(joined) - (bottom - top)
        return joined[: bottom - top]


def raw_bands(file: BinaryIO, size: int, image: ImageFile.ImageFile) -> Bands | None:
    """Bands of an opened image whose pixels lie in the file as they are (BMP), None for any other, or where rows are missing."""
    if len(image.tile) != 1 or image.tile[0].codec_name != "raw":
        return None
    tile = image.tile[0]
    width, height = image.size
    raw_mode, stride, direction = tile.args if isinstance(tile.args, tuple) else ("", 0, 0)
    if tile.extents != (0, 0, width, height) or not stride or tile.offset + stride * height > size:
        return None

    def bands() -> Bands:
        step = rows_at_once(width)
        for top in range(0, height, step):
            rows = min(step, height - top)
            first = top if direction > 0 else height - top - rows
            file.seek(tile.offset + first * stride)
            band = Image.frombytes(image.mode, (width, rows), file.read(rows * stride), "raw", raw_mode, stride, direction)
            yield coloured(band, image)

    return bands()


def coloured(band: Image.Image, image: Image.Image) -> Image.Image:
    """The band with the palette and the transparent colour of the whole image."""
    if image.palette is not None and band.mode == "P":
        band.palette = image.palette.copy()
        band.palette.dirty = 1
    if "transparency" in image.info:
        band.info["transparency"] = image.info["transparency"]
    return band
