"""Local features of a picture: up to 128 places with a size and a direction, and 64 bits each that tell what they look like.

They survive what moves the frame: crops, borders, turns, screenshots. The same plate gives the same bits on every machine,
with compiled loops and without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.codes import codes_of, mirrored
from engine.fingerprint.descriptor import descriptors_of
from engine.fingerprint.feature_numbers import (
    FULL_TURN,
    LAYER,
    LONGEST,
    MOST,
    OCTAVE,
    SCALE,
    SHORTEST,
    SIDE_BITS,
    SIZE_STEPS,
    SIZES_AT,
    X,
    Y,
)
from engine.fingerprint.keypoints import chosen, keypoints_of
from engine.fingerprint.loops_features import LOCAL_FEATURES
from engine.fingerprint.orientation import orientations_of
from engine.fingerprint.pyramid import pyramid_of
from engine.fingerprint.workspace import POINT_BYTES, workspace

__all__ = ["LocalFeatures", "features_of", "mirrored", "unpack_points"]

UNIT = 1 << SIDE_BITS


@dataclass(frozen=True, slots=True)
class LocalFeatures:
    """count: 0..128. points: uint8 (128, 5), see `unpack_points`. codes: uint64 (128,). Best first, zeros behind."""

    count: int
    points: NDArray[np.uint8]
    codes: NDArray[np.uint64]


def features_of(detail: NDArray[np.uint8]) -> LocalFeatures:
    """The local features of a grey plate; an evenly coloured one has none.

    Parameters
    ----------
    detail: uint8 (h, w), sides of 16 to 192 px, gamma-encoded; only read.

    Raises
    ------
    ValueError: another shape or dtype.
    """
    if detail.ndim != 2 or detail.dtype != np.uint8 or min(detail.shape) < SHORTEST or max(detail.shape) > LONGEST:
        raise ValueError("a detail plate must be uint8 with sides of 16 to 192 px")
    return _by(LOCAL_FEATURES.loaded(), detail) if LOCAL_FEATURES.is_loaded else _plain(detail)


def _by(loops: Any, detail: NDArray[np.uint8]) -> LocalFeatures:
    work = workspace()
    count = work.described(loops, detail)
    codes = np.zeros(MOST, np.uint64)
    work.encode(loops, count, codes)
    return _features(work.points[:count], codes)


def _plain(detail: NDArray[np.uint8]) -> LocalFeatures:
    points, descriptors = described(detail)
    codes = np.zeros(MOST, np.uint64)
    codes[: len(points)] = codes_of(descriptors)
    return _features(points, codes)


def _features(points: NDArray[np.uint8], codes: NDArray[np.uint64]) -> LocalFeatures:
    every = np.zeros((MOST, POINT_BYTES), np.uint8)
    every[: len(points)] = points
    every.setflags(write=False)
    codes.setflags(write=False)
    return LocalFeatures(len(points), every, codes)


def described(detail: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Packed points uint8 (n, 5) and descriptors uint8 (n, 128) of a plate, n <= 128, without the loops."""
    octaves = pyramid_of(detail)
    found = keypoints_of(octaves)
    found = found[chosen(found, *detail.shape)]
    turns = np.empty((len(found), 2), np.int64)
    for number, octave in enumerate(octaves):
        here = found[:, OCTAVE] == number
        turns[here] = orientations_of(octave.layers, found[here], found[here, LAYER])
    which, place = np.nonzero(turns >= 0)
    which, turn = which[:MOST], turns[which, place][:MOST]
    found = found[which]
    descriptors = np.empty((len(found), 128), np.uint8)
    for number, octave in enumerate(octaves):
        here = found[:, OCTAVE] == number
        descriptors[here] = descriptors_of(octave.layers, found[here], found[here, LAYER], turn[here])
    return _packed(found, turn, max(detail.shape)), descriptors


def _packed(found: NDArray[np.int64], turn: NDArray[np.int64], longest: int) -> NDArray[np.uint8]:
    """uint8 (n, 5) of keypoints int64 (n, 6) and directions int64 (n,) in 1024ths of a turn."""
    octave = found[:, OCTAVE]
    x, y = (
        np.minimum((np.left_shift(found[:, column] + 128, octave) * 16 + longest) // (2 * longest), UNIT - 1) for column in (X, Y)
    )
    size = (SIZES_AT[longest] + octave * (SIZE_STEPS * 192) + found[:, SCALE] * SIZE_STEPS + 96) // 192
    angle = (turn * 256 // FULL_TURN + ((turn & 3) >= 2)) & 255
    return np.stack([x >> 4, (x & 15) << 4 | y >> 8, y & 255, size, angle], axis=1).astype(np.uint8)


def unpack_points(
    points: NDArray[np.uint8],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], NDArray[np.int32]]:
    """What packed points mean.

    Parameters
    ----------
    points: uint8 (..., 5).

    Returns
    -------
    x, y: int32 (...), 4096ths of the long side of the picture, from the left and the top.
    size: float64 (...), sigma of the blob in 4096ths of the long side.
    angle: int32 (...), 0..255, 256ths of a turn from right to down.
    """
    wide = points.astype(np.int32)
    x = wide[..., 0] << 4 | wide[..., 1] >> 4
    y = (wide[..., 1] & 15) << 8 | wide[..., 2]
    return x, y, _SIZES[points[..., 3]], wide[..., 4]


def _sizes() -> NDArray[np.float64]:
    """float64 (256,): 2^(s / 16), by roots and products, which are the same on every machine."""
    step = float(np.sqrt(np.sqrt(np.sqrt(np.sqrt(2.0)))))
    sizes = np.empty(256)
    sizes[0] = 1.0
    for s in range(1, 256):
        sizes[s] = 2 * sizes[s - SIZE_STEPS] if s >= SIZE_STEPS else sizes[s - 1] * step
    sizes.setflags(write=False)
    return sizes


_SIZES = _sizes()
