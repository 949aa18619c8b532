"""What the decode room is asked and what it answers, and how it says that there is no picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.config import MIB, Limits
from engine.errors import DecodeError

Pixels: TypeAlias = NDArray[np.uint8]

TRUNCATED = "decode.truncated"
CORRUPT = "decode.corrupt"

PROCESS_BYTES = 96 * MIB
"""What a worker holds before its first picture (measured: 50 MiB resident), and some room for what estimates forget. The address
space of its libraries, which is never touched, is the worker's own affair."""


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """What is wanted of one file.

    format: name as in `engine.formats`. edge: the long side must have at least so many px where the file has them; 0 means
    all pixels. orientation: EXIF 1..8 that is still to be applied (1 for HEIF and AVIF, whose codecs turn). previews: byte ranges
    (offset, length) of embedded JPEGs, largest last. frames: give `Picture.frame_pixels` for films. size: (width, height) of a
    RAW file's picture by its headers, as stored, (0, 0) if unknown: the shape that previews must have. by_codec: a codec decodes,
    whatever cheaper way there is (pictures for the eye, proofs that a file can be read).
    """

    format: str
    edge: int = 512
    orientation: int = 1
    previews: tuple[tuple[int, int], ...] = ()
    frames: bool = True
    size: tuple[int, int] = (0, 0)
    by_codec: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture.

    pixels: uint8 (H, W, 3), sRGB, upright, owned by the caller; may be smaller than `full_size` where the codec scales for
    free, and is never enlarged. full_size: (width, height) in px as displayed. frames: 1 for a still.
    frame_pixels: None for a still; else each call gives the sampled frames anew, the first included, lazily, and needs the file
    still open; it may raise DecodeError in the middle. partial: None, or ``decode.truncated`` / ``decode.corrupt``: the
    file is damaged and `pixels` holds only what really came.
    """

    pixels: Pixels
    full_size: tuple[int, int]
    frames: int = 1
    frame_pixels: Callable[[], Iterator[Pixels]] | None = field(default=None, compare=False)
    partial: str | None = None
    route: str = ""
    decoder: str = ""
    lossless: bool = False


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raise DecodeError for a picture without area or with more pixels than allowed."""
    if width < 1 or height < 1:
        raise DecodeError("the picture has no size", code=CORRUPT)
    if width * height > limits.max_pixels:
        raise DecodeError(f"the picture has {width * height / 1e6:.0f} million pixels", code="decode.too-large")


def fits(needed: int, pixels: int, limits: Limits) -> bool:
    """Whether a route that needs so many bytes for a picture of so many px stays inside the worker's walls."""
    return needed + PROCESS_BYTES <= limits.memory_for(pixels)


def check_memory(needed: int, pixels: int, limits: Limits) -> None:
    """Raise DecodeError ``decode.too-large`` when the estimate of a route lies above the walls."""
    if not fits(needed, pixels, limits):
        raise DecodeError(f"decoding needs about {needed // MIB} MiB", code="decode.too-large")


def sampled(count: int, at_most: int) -> list[int]:
    """Indices of the frames to look at: all of a short film, else evenly spread with the first and the last."""
    if count <= at_most:
        return list(range(count))
    if at_most < 2:
        return [0]
    return [round(i * (count - 1) / (at_most - 1)) for i in range(at_most)]


def turn(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror by EXIF orientation 1..8 so that the picture stands upright. Unknown values leave it as it is."""
    if orientation == 2:
        turned = pixels[:, ::-1]
    elif orientation == 3:
        turned = pixels[::-1, ::-1]
    elif orientation == 4:
        turned = pixels[::-1]
    elif orientation == 5:
        turned = pixels.transpose(1, 0, 2)
    elif orientation == 6:
        turned = pixels[::-1].transpose(1, 0, 2)
    elif orientation == 7:
        turned = pixels[::-1, ::-1].transpose(1, 0, 2)
    elif orientation == 8:
        turned = pixels[:, ::-1].transpose(1, 0, 2)
    else:
        return pixels
    return np.ascontiguousarray(turned)


def turned_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """(width, height) after `turn`."""
    return (size[1], size[0]) if orientation in (5, 6, 7, 8) else size
