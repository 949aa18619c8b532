"""Does the colour of what two pictures show rise and fall together? It tells two windows of one program, or two pictures under
one caption, from copies, where grey levels agree by accident.

Sums are integers, everything else is element by element: the same on every computer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.alignment import overlaps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TINT_DTYPE = np.dtype([("tint", "<f8"), ("tinted", "<f8")])
"""tint: correlation of chroma over the overlap, both channels together, -1 … 1. tinted: how far that says anything, 0 where
either side is grey or of one colour, towards 1 where both have colours."""

FAINT = 4.0
"""Levels squared: chroma that varies less comes from compression."""

_GRID = 8
_UNIT = 256
_LIFT = 1 << 40


def tints(maps: Floats, boxes: tuple[Floats, Floats], chroma: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> NDArray[np.void]:
    """`TINT_DTYPE` (k,).

    Parameters
    ----------
    maps: (k, 6) from A to B, usable ones. boxes: content of A and of B, (k, 4) top, bottom, left, right. chroma: uint8 (k, 128)
    of A and of B as stored, mean Cb and Cr of 8 x 8 blocks.
    """
    window = overlaps(maps, *boxes)
    place = (np.arange(_GRID) + 0.5) / _GRID
    u = window[:, 0:1] + np.tile(place, _GRID) * (window[:, 1] - window[:, 0])[:, None]
    v = window[:, 2:3] + np.repeat(place, _GRID) * (window[:, 3] - window[:, 2])[:, None]
    m = maps[:, :, None]
    x, y = m[:, 0] * u + m[:, 1] * v + m[:, 2], m[:, 3] * u + m[:, 4] * v + m[:, 5]
    inside = (x > 0.0) & (x < 1.0) & (y > 0.0) & (y < 1.0)
    count = np.maximum(inside.sum(axis=1), 1)
    a, b = _at(chroma[0], u, v) * inside[..., None], _at(chroma[1], x, y) * inside[..., None]
    both, own, other = (_spread(p, q, count) for p, q in ((a, b), (a, a), (b, b)))
    out = np.zeros(len(maps), dtype=TINT_DTYPE)
    out["tint"] = both / np.sqrt((own + FAINT) * (other + FAINT))
    lesser = np.minimum(own, other)
    out["tinted"] = lesser / (lesser + FAINT)
    return out


def _at(chroma: NDArray[np.uint8], u: Floats, v: Floats) -> Ints:
    """Both channels at places of the unit square, linearly between the middles of the blocks, in 256ths: (k, n, 2)."""
    grid = chroma.reshape(-1, _GRID * _GRID, 2).astype(np.int64)
    x, y = (np.clip((w * (_GRID * _UNIT) - _UNIT / 2 + 0.5 + _LIFT).astype(np.int64) - _LIFT, 0, 7 * _UNIT - 1) for w in (u, v))
    at = (y >> 8) * _GRID + (x >> 8)
    fx, fy = (x & 255)[..., None], (y & 255)[..., None]
    row = np.arange(len(grid))[:, None]
    top = grid[row, at] * (_UNIT - fx) + grid[row, at + 1] * fx
    low = grid[row, at + _GRID] * (_UNIT - fx) + grid[row, at + _GRID + 1] * fx
    result: Ints = (top * (_UNIT - fy) + low * fy + 128) >> 8
    return result


def _spread(a: Ints, b: Ints, count: Ints) -> Floats:
    """Covariance, both channels added, in levels squared."""
    sums = count * (a * b).sum(axis=1).sum(axis=1) - (a.sum(axis=1) * b.sum(axis=1)).sum(axis=1)
    result: Floats = sums.astype(np.float64) / (count * count * (_UNIT * _UNIT)).astype(np.float64)
    return result
