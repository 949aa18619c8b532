"""AHash, PHash and DHash of many regions at once: 64 bits each, the first bit is bit 63, row by row from the top left.

PHash is computed in whole numbers (cosines in 2^20ths), so that its bits are the same on every CPU. The scheme it follows uses
float32: the same bits wherever no coefficient lies within about 1e-6 of the median. In a region that is flat or symmetric that
program compares rounding noise; here those coefficients are exactly zero.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SMALL = 8
DCT_SIDE = 32
MEDIAN = 32
"""Place of the threshold among the 64 sorted coefficients, the constant one included: the upper median."""

COSINE_BITS = 20
_PLACES = np.uint64(1) << np.arange(63, -1, -1, dtype=np.uint64)


def _cosines() -> NDArray[np.int64]:
    """int64 (32, 8): cos(pi (2 n + 1) k / 64) in 2^20ths, exactly symmetric."""
    quarter = [round(math.cos(math.pi * step / 64) * (1 << COSINE_BITS)) for step in range(33)]
    quarter[32] = 0
    table = np.empty((DCT_SIDE, SMALL), np.int64)
    for n in range(DCT_SIDE):
        for k in range(SMALL):
            step = (2 * n + 1) * k % 128
            step = min(step, 128 - step)
            table[n, k] = quarter[step] if step <= 32 else -quarter[64 - step]
    return table


COSINES = _cosines()


def ahash(regions: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Regions uint8 (n, s, s), s = 32 or 64, to uint64 (n,): which of 8 x 8 samples are at least their mean."""
    small = resampled(regions, SMALL, SMALL).reshape(len(regions), -1)
    # One after the other in float32, as the scheme adds: what lies on the mean depends on it.
    mean = np.cumsum(small, axis=1, dtype=np.float32)[:, -1:] / np.float32(SMALL * SMALL)
    return _packed(small >= mean)


def dhash(regions: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Regions uint8 (n, s, s) to uint64 (n,): which of 8 neighbours in each of 8 rows are darker to the right."""
    small = resampled(regions, SMALL + 1, SMALL)
    return _packed((small[:, :, :-1] > small[:, :, 1:]).reshape(len(regions), -1))


def phash(regions: NDArray[np.uint8], dead_zone: float = 0.0) -> NDArray[np.uint64]:
    """Regions uint8 (n, s, s), s = 32 or 64, to uint64 (n,): which of 64 low frequencies are at least their median.

    dead_zone: coefficients nearer to zero count as zero (brightness 0..1, the scheme's own scale of 2 / 32 an axis). Above 0
    the hash departs from the scheme.
    """
    values = regions.astype(np.int64)
    doubled = regions.shape[1] // DCT_SIDE
    if doubled > 1:
        values = values.reshape(len(regions), DCT_SIDE, doubled, DCT_SIDE, doubled).sum(axis=(2, 4))
    across = np.tensordot(values, COSINES, axes=(2, 0))
    both = np.tensordot(across, COSINES, axes=(1, 0)).transpose(0, 2, 1).reshape(len(regions), -1)
    if dead_zone > 0:
        unit = 255.0 * doubled**2 * (DCT_SIDE / 2) ** 2 * (1 << 2 * COSINE_BITS)
        both = np.where(np.abs(both) < dead_zone * unit, 0, both)
    return _packed(both >= np.sort(both, axis=1)[:, MEDIAN : MEDIAN + 1])


def resampled(regions: NDArray[np.uint8], width: int, height: int) -> NDArray[np.float32]:
    """uint8 (n, s, s) to float32 (n, height, width), 0..1: bilinear between corners, without a low pass."""
    values: NDArray[np.float32] = regions.astype(np.float32) / np.float32(255)
    side = regions.shape[1]
    left, right, part = _places(side, width)
    wide: NDArray[np.float32] = values[:, :, left] + (values[:, :, right] - values[:, :, left]) * part
    above, below, part = _places(side, height)
    done: NDArray[np.float32] = wide[:, above] + (wide[:, below] - wide[:, above]) * part[:, None]
    return done


def _places(side: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    at = np.arange(count, dtype=np.float32) * (np.float32(side) / np.float32(count))
    first = at.astype(np.int64)
    return first, np.minimum(first + 1, side - 1), at - first.astype(np.float32)


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    words: NDArray[np.uint64] = np.where(bits, _PLACES, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return words
