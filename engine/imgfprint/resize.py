"""The resize before everything else: Lanczos, three lobes, to 256 x 256, aspect ignored, in whole numbers.

No image library's resize is used: they differ between versions, by ten grey levels at edges, and every fingerprint would change
with them. The vertical pass comes first and is rounded to 8 bits before the horizontal one. A sum of 16-bit weights times 8-bit
pixels is far below 2^53, so products of float64 matrices give it exactly, in whatever order the CPU adds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SIDE = 256
LOBES = 3.0
MOST_BITS = 21
GROUP = 16
"""Outputs of one matrix product: few enough that the weights beside the band are few, many enough to be one product."""

CHUNK_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Weights:
    """One axis, quantised to 2^bits. first: int64 (256,), the first tap of each output. taps: the weights of each, int64."""

    first: NDArray[np.int64]
    taps: tuple[NDArray[np.int64], ...]
    bits: int


def square(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 (H, W, 3), any size from 1 x 1 px, to uint8 (256, 256, 3). An axis of 256 px is left as it is."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or pixels.size == 0:
        raise ValueError("pixels must be uint8 with the shape (height, width, 3)")
    height, width, _ = pixels.shape
    lines = _along_first(pixels.reshape(height, width * 3)).reshape(SIDE, width, 3)
    columns = np.ascontiguousarray(lines.transpose(1, 0, 2)).reshape(width, SIDE * 3)
    return np.ascontiguousarray(_along_first(columns).reshape(SIDE, SIDE, 3).transpose(1, 0, 2))


@lru_cache(maxsize=8)  # most pictures of a library have one of few sizes
def weights(size: int) -> Weights:
    """Weights that bring `size` px to 256."""
    scale = size / SIDE
    stretch = max(scale, 1.0)
    radius = LOBES * stretch
    firsts, taps = [], []
    for out in range(SIDE):
        centre = (out + 0.5) * scale
        first, last = max(math.floor(centre - radius), 0), min(math.ceil(centre + radius), size)
        raw = [_lanczos((x + 0.5 - centre) / stretch) for x in range(first, last)]
        total = sum(raw)
        firsts.append(first)
        taps.append([value / total for value in raw])
    bits = _bits(max(max(values) for values in taps))
    whole = tuple(np.array([_half_away(value * (1 << bits)) for value in values], np.int64) for values in taps)
    return Weights(np.array(firsts, np.int64), whole, bits)


def _lanczos(t: float) -> float:
    return _sinc(t) * _sinc(t / LOBES) if -LOBES <= t < LOBES else 0.0


def _sinc(t: float) -> float:
    if t == 0.0:
        return 1.0
    return math.sin(math.pi * t) / (math.pi * t)


def _half_away(value: float) -> int:
    return math.floor(value + 0.5) if value >= 0 else -math.floor(0.5 - value)


def _bits(largest: float) -> int:
    bits = 0
    while bits < MOST_BITS and _half_away(largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    return bits


def _along_first(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 (n, m) to uint8 (256, m)."""
    if len(rows) == SIDE:
        return rows
    axis = weights(len(rows))
    out = np.empty((SIDE, rows.shape[1]), np.uint8)
    half = 1 << (axis.bits - 1) if axis.bits else 0
    for start in range(0, SIDE, GROUP):
        band = range(start, start + GROUP)
        low = int(axis.first[start])
        high = max(int(axis.first[n]) + len(axis.taps[n]) for n in band)
        table = np.zeros((GROUP, high - low))
        for line, n in enumerate(band):
            at = int(axis.first[n]) - low
            table[line, at : at + len(axis.taps[n])] = axis.taps[n]
        step = max(64, CHUNK_BYTES // (8 * (high - low)))
        for left in range(0, rows.shape[1], step):
            sums = table @ rows[low:high, left : left + step].astype(np.float64)
            whole = (sums.astype(np.int64) + half) >> axis.bits
            out[start : start + GROUP, left : left + step] = np.clip(whole, 0, 255)
    return out
