"""The 8 ways to turn and mirror a picture, and what each does to plates, hash bits and colour grids.

Pose p = 4 t + 2 y + x: transpose if t, then mirror top-bottom if y, then left-right if x. Pose 0 changes nothing.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)
Box = tuple[float, float, float, float]

POSES = 8
TRANSPOSED, TOP_BOTTOM, LEFT_RIGHT = 4, 2, 1
MIRRORED = (1, 2, 4, 7)
"""Poses that show a mirror image; the other ones are pure turns."""

EXIF_POSE = (0, 0, 1, 3, 2, 4, 5, 7, 6)
"""EXIF orientation 0..8 to the pose that turns the stored picture into the displayed one (0 counts as 1)."""

_CHUNK = 1 << 16


def posed(grids: NDArray[_Scalar], pose: int) -> NDArray[_Scalar]:
    """The pictures in a pose: any dtype (n, side, side, …), a view where possible."""
    if pose & TRANSPOSED:
        grids = grids.swapaxes(1, 2)
    if pose & TOP_BOTTOM:
        grids = grids[:, ::-1]
    if pose & LEFT_RIGHT:
        grids = grids[:, :, ::-1]
    return grids


def inverse(pose: int) -> int:
    """The pose that undoes `pose`: only the two quarter turns change places."""
    return {5: 6, 6: 5}.get(pose, pose)


def _then(first: int, second: int) -> int:
    probe = np.arange(9).reshape(1, 3, 3)
    wanted = posed(posed(probe, first), second)
    return next(pose for pose in range(POSES) if np.array_equal(posed(probe, pose), wanted))


_COMPOSED = tuple(tuple(_then(first, second) for second in range(POSES)) for first in range(POSES))


def compose(first: int, second: int) -> int:
    """The one pose that equals `first` and then `second`."""
    return _COMPOSED[first][second]


def between_orientations(a: int, b: int) -> int:
    """The pose from the displayed picture under EXIF orientation `a` to that of the same stored pixels under `b`."""
    return compose(inverse(EXIF_POSE[a]), EXIF_POSE[b])


def pose_map(pose: int) -> tuple[float, float, float, float, float, float]:
    """Where a point of a picture goes in a pose, unit coordinates: u' = m0 u + m1 v + m2, v' = m3 u + m4 v + m5."""
    rows = [(0.0, 1.0), (1.0, 0.0)] if pose & TRANSPOSED else [(1.0, 0.0), (0.0, 1.0)]
    mirrored = (pose & LEFT_RIGHT, pose & TOP_BOTTOM)
    (a, b, c), (d, e, f) = ((0.0 - u, 0.0 - v, 1.0) if flip else (u, v, 0.0) for (u, v), flip in zip(rows, mirrored, strict=True))
    return a, b, c, d, e, f


_ODD_COLUMNS_8 = np.uint64(0xAAAAAAAAAAAAAAAA)
_ODD_ROWS_8 = np.uint64(0xFF00FF00FF00FF00)


def pose_hash64(hashes: NDArray[np.uint64], pose: int) -> NDArray[np.uint64]:
    """dct64 of the pictures in a pose, from their stored bits alone: uint64 (n,) to uint64 (n,)."""
    result = _transpose_8(hashes) if pose & TRANSPOSED else hashes.copy()
    if pose & TOP_BOTTOM:
        result ^= _ODD_ROWS_8  # the odd frequencies are the first, third … row: 1, 3 … half waves
    if pose & LEFT_RIGHT:
        result ^= _ODD_COLUMNS_8
    return result


def _transpose_8(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Transpose 8 x 8 bits by swapping ever larger blocks (Warren, Hacker's Delight, 7-3)."""
    for shift, mask in ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0)):
        swap = (x ^ (x >> np.uint64(shift))) & np.uint64(mask)
        x = x ^ swap ^ (swap << np.uint64(shift))
    return x


def pose_hash256(hashes: NDArray[np.uint64], pose: int) -> NDArray[np.uint64]:
    """dct256 of the pictures in a pose, from their stored bits alone: uint64 (n, 4) to uint64 (n, 4)."""
    result = np.empty_like(hashes)
    for at in range(0, len(hashes), _CHUNK):
        result[at : at + _CHUNK] = _pose_bits(hashes[at : at + _CHUNK], pose)
    return result


def _pose_bits(hashes: NDArray[np.uint64], pose: int) -> NDArray[np.uint64]:
    bits = np.unpackbits(hashes.astype(">u8").view(np.uint8).reshape(-1, 32), axis=1).reshape(-1, 16, 16)
    if pose & TRANSPOSED:
        bits = bits.swapaxes(1, 2).copy()
    if pose & TOP_BOTTOM:
        bits[:, 0::2] ^= 1
    if pose & LEFT_RIGHT:
        bits[:, :, 0::2] ^= 1
    return np.packbits(bits.reshape(-1, 256), axis=1).view(">u8").astype(np.uint64)


def turn_and_mirror(pose: int) -> tuple[int, bool]:
    """A pose as the report tells it: degrees clockwise, then whether mirrored left-right."""
    return ((0, False), (0, True), (180, True), (180, False), (90, True), (90, False), (270, False), (270, True))[pose]


def inverse_box(pose: int, box: Box) -> Box:
    """A pair's box seen from the other picture: the part of B, turned back by the inverse of `pose`, that A shows.

    box: left, top, right, bottom, fractions of A in its pose; the answer may reach outside 0..1. A box without area: the whole.
    """
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if wide <= 0 or high <= 0:
        return (0.0, 0.0, 1.0, 1.0)
    x, y = (-left / wide, (1 - left) / wide), (-top / high, (1 - top) / high)
    back = inverse(pose)
    if back & TRANSPOSED:
        x, y = y, x
    if back & TOP_BOTTOM:
        y = 1 - y[1], 1 - y[0]
    if back & LEFT_RIGHT:
        x = 1 - x[1], 1 - x[0]
    return x[0], y[0], x[1], y[1]
