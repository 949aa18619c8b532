"""How a small picture is packed for the disk: brightness in full, colour at half the size, differences from row to row, zlib.

No codec of a picture format: what is unpacked has exactly the length that its size demands, so that a forged cache can give a
wrong picture and nothing else. Against JPEG it takes three times the room, and needs no worker to be read.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EDGE = 256
"""Longest side in px of what is kept."""

LEVEL = 1  # of zlib: level 6 takes four times as long for a twentieth less

_HEAD = struct.Struct("<HHIIB")
_PREVIEW = 1
_MAX_SIDE = (1 << 31) - 1

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """pixels: uint8 (H, W, 4), blue green red 255, read-only, no side above `EDGE`. full_size, preview: as in `ImageReply`."""

    pixels: Pixels
    full_size: tuple[int, int]
    preview: bool = False


def pack(picture: SmallPicture) -> bytes:
    """The bytes of a picture. Raises ValueError for one that is too large."""
    height, width = picture.pixels.shape[:2]
    if max(height, width) > EDGE or max(picture.full_size) > _MAX_SIDE:
        raise ValueError("too large for a small picture")
    blue, green, red = (picture.pixels[..., channel].astype(np.int16) for channel in range(3))
    bright = (red + 2 * green + blue + 2) >> 2
    orange, leaf = _halved((red - blue) >> 1), _halved((2 * green - red - blue) >> 2)
    planes = b"".join(_differences(plane) for plane in (bright, orange + 128, leaf + 128))
    head = _HEAD.pack(width, height, *picture.full_size, _PREVIEW if picture.preview else 0)
    return head + zlib.compress(planes, LEVEL)


def unpack(packed: bytes) -> SmallPicture:
    """Inverse of `pack`, but for rounding of colours. Raises ValueError for anything that `pack` does not make."""
    if len(packed) < _HEAD.size:
        raise ValueError("too short")
    width, height, full_width, full_height, flags = _HEAD.unpack_from(packed)
    if not (0 < width <= EDGE and 0 < height <= EDGE and 0 < full_width <= _MAX_SIDE and 0 < full_height <= _MAX_SIDE):
        raise ValueError("an impossible size")
    half = ((height + 1) // 2, (width + 1) // 2)
    whole, small = height * width, half[0] * half[1]
    planes = _inflated(packed[_HEAD.size :], whole + 2 * small)
    bright = _summed(planes[:whole], (height, width)).astype(np.int16)
    orange = _doubled(_summed(planes[whole : whole + small], half), height, width)
    leaf = _doubled(_summed(planes[whole + small :], half), height, width)
    rest = bright - leaf
    pixels = np.full((height, width, 4), 255, np.uint8)
    for channel, values in enumerate((rest - orange, bright + leaf, rest + orange)):
        np.clip(values, 0, 255, out=pixels[..., channel], casting="unsafe")
    pixels.setflags(write=False)
    return SmallPicture(pixels, (full_width, full_height), bool(flags & _PREVIEW))


def _inflated(data: bytes, length: int) -> NDArray[np.uint8]:
    inflate = zlib.decompressobj()
    try:
        planes = inflate.decompress(data, length + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(planes) != length or not inflate.eof or inflate.unused_data:
        raise ValueError("not as long as its size demands")
    return np.frombuffer(planes, np.uint8)


def _halved(plane: NDArray[np.int16]) -> NDArray[np.int16]:
    """Means of 2 × 2; the last row and column stand twice where there is no other."""
    height, width = plane.shape
    even = np.pad(plane, ((0, height % 2), (0, width % 2)), mode="edge")
    return (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2] + 2) >> 2


def _doubled(plane: Pixels, height: int, width: int) -> NDArray[np.int16]:
    centred = plane.astype(np.int16) - 128
    return centred.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]


def _differences(plane: NDArray[np.int16]) -> bytes:
    values = plane.astype(np.uint8)
    values[1:] -= values[:-1].copy()
    return values.tobytes()


def _summed(values: NDArray[np.uint8], shape: tuple[int, int]) -> Pixels:
    summed: Pixels = np.add.accumulate(values.reshape(shape), axis=0, dtype=np.uint8)
    return summed
