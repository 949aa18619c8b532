"""Plates blurred to a common resolution, sampled over the overlap, and locally normalised: twin of `kernels_verify_planes`.

All arrays have the pairs first; numbers are integers, or float64 element by element, so both give the same bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.regions import largest_region

SIDE = 64
GRID = 48
RADIUS = 4
UNIT = 256
"""Units of a normalised sample in one local standard deviation."""
FLOOR = 48
"""Added to the local deviation, in 16ths of a grey level, so that noise in an even area does not become structure."""
FIXED = 1 << 20
DETAIL = UNIT * UNIT // 4

_LIFT = 1 << 45

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Samples = NDArray[np.int32]
"""int32 (k, 48, 48)."""


def blurred(plates: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Plates in 16ths of a grey level, then blurred by variances of 0.5, 2.5 and 10.5 cells: int32 (k, 4, 64, 64)."""
    out = np.empty((len(plates), 4, SIDE, SIDE), dtype=np.int32)
    out[:, 0] = plates.astype(np.int32) * 16
    place = np.arange(SIDE)
    for level, step in enumerate((1, 2, 4)):
        source, low, high = out[:, level], np.maximum(place - step, 0), np.minimum(place + step, SIDE - 1)
        down = source[:, low] + 2 * source + source[:, high]
        out[:, level + 1] = (down[:, :, low] + 2 * down + down[:, :, high] + 8) >> 4
    return out


def blended(blurs: NDArray[np.int32], level: Ints) -> NDArray[np.int32]:
    """Each plate between two of its blurred versions: level (k,) in 16ths, 0..48."""
    lower = np.minimum(level >> 4, 2)
    part = (level - 16 * lower).astype(np.int32)[:, None, None]
    row = np.arange(len(blurs))
    result: NDArray[np.int32] = (blurs[row, lower] * (16 - part) + blurs[row, lower + 1] * part + 8) >> 4
    return result


def blur_level(square: Floats) -> Ints:
    """Level in 16ths at which cells that are sqrt(square) times as wide as the plate's look the same."""
    variance = (np.minimum(square, 40.0) - 1.0) * 0.25
    low, middle, high = variance * 32.0 + 0.5, (variance - 0.5) * 8.0 + 16.5, (variance - 2.5) * 2.0 + 32.5
    level = np.where(variance <= 0.5, low, np.where(variance <= 2.5, middle, high))
    return np.where(variance > 0.0, level, 0.0).astype(np.int64)


def _fixed(cells: Floats) -> Ints:
    return (cells * FIXED + 0.5 + _LIFT).astype(np.int64) - _LIFT


def _bilinear(plate: NDArray[np.int32], x: Ints, y: Ints) -> Samples:
    edge = (SIDE - 1) * FIXED - 1
    x, y = np.clip(x, 0, edge), np.clip(y, 0, edge)
    at = (y >> 20) * SIDE + (x >> 20) + (np.arange(len(plate)) * SIDE * SIDE)[:, None, None]
    fx, fy = ((x >> 12) & 255).astype(np.int32), ((y >> 12) & 255).astype(np.int32)
    flat = plate.reshape(-1)
    top: Samples = flat[at] * (256 - fx) + flat[at + 1] * fx
    low: Samples = flat[at + SIDE] * (256 - fx) + flat[at + SIDE + 1] * fx
    result: Samples = (top * (256 - fy) + low * fy + 32768) >> 16
    return result


def sampled(
    a: NDArray[np.int32], b: NDArray[np.int32], maps: Floats, window: Floats, inner: Floats
) -> tuple[Samples, Samples, NDArray[np.bool_]]:
    """Both plates over the window, 0 outside the overlap, and where the overlap is.

    Parameters
    ----------
    a, b: int32 (k, 64, 64). maps: (k, 6). window: (k, 4) u0, u1, v0, v1. inner: (k, 8) content of A, then of B, without margin.
    """
    su, sv = (window[:, 1] - window[:, 0]) / GRID, (window[:, 3] - window[:, 2]) / GRID
    u, v = window[:, 0] + 0.5 * su, window[:, 2] + 0.5 * sv
    m0, m1, m2, m3, m4, m5 = maps.T
    i, j = np.arange(GRID)[:, None], np.arange(GRID)[None]

    def places(start: Floats, across: Floats, down: Floats) -> Ints:
        result: Ints = _fixed(start)[:, None, None] + i * _fixed(down)[:, None, None] + j * _fixed(across)[:, None, None]
        return result

    none = np.zeros_like(su)
    ax, ay = places(u * SIDE - 0.5, su * SIDE, none), places(v * SIDE - 0.5, none, sv * SIDE)
    bx = places((m0 * u + m1 * v + m2) * SIDE - 0.5, m0 * su * SIDE, m1 * sv * SIDE)
    by = places((m3 * u + m4 * v + m5) * SIDE - 0.5, m3 * su * SIDE, m4 * sv * SIDE)
    edge = _fixed(inner * SIDE - 0.5)[:, :, None, None]
    inside = (edge[:, 0] < ay) & (ay < edge[:, 1]) & (edge[:, 2] < ax) & (ax < edge[:, 3])
    inside &= (edge[:, 4] < by) & (by < edge[:, 5]) & (edge[:, 6] < bx) & (bx < edge[:, 7])
    return _bilinear(a, ax, ay) * inside, _bilinear(b, bx, by) * inside, inside


def windows(values: NDArray[np.integer] | NDArray[np.bool_]) -> Ints:
    """Sums over windows of 9 x 9 samples, fewer at the edges: (k, 48, 48) to int64."""
    sums = np.zeros((len(values), GRID + 1, GRID + 1), dtype=np.int64)
    np.cumsum(np.cumsum(values, axis=1, dtype=np.int64), axis=2, out=sums[:, 1:, 1:])
    low = np.maximum(np.arange(GRID) - RADIUS, 0)
    high = np.minimum(np.arange(GRID) + RADIUS + 1, GRID)
    rows = sums[:, high] - sums[:, low]
    result: Ints = rows[:, :, high] - rows[:, :, low]
    return result


def normalised(f: Samples, mask: NDArray[np.bool_], count: Ints) -> Samples:
    """(f - local mean) / sqrt(local variance + 3 grey levels squared) inside the mask, in `UNIT`ths; 0 outside."""
    n, s, square = count.astype(np.float64), windows(f).astype(np.float64), windows(f * f).astype(np.float64)
    away = (n * f.astype(np.float64) - s) * UNIT
    spread = n * square - s * s + n * n * (FLOOR * FLOOR) + 1e-9
    result: Samples = ((away / np.sqrt(spread) + 4096.5).astype(np.int32) - 4096) * mask
    return result


def disagreement(a: Samples, b: Samples, mask: NDArray[np.bool_], count: Ints) -> Ints:
    """Samples in the largest part, hanging together along edges, with detail and without agreement: (k,)."""
    ab, aa, bb = windows(a * b), windows(a * a), windows(b * b)
    apart = mask & (np.maximum(aa, bb) > DETAIL * count) & ((ab <= 0) | (16 * ab * ab <= aa * bb))
    return largest_region(apart)
