"""The reduction of `grid` for small pictures: all cells at once, bit for bit the same sums."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALL_PIXELS = 160 * 160
"""Pictures up to this size are reduced at once; beyond it, row by row needs less memory and is no slower."""


def small_sums(pixels: NDArray[np.uint8], side: int) -> NDArray[np.int64]:
    """See `grid.area_sums`. pixels: uint8 (H, W, 3). side: cells along each side."""
    rows = _cells(pixels, side)  # (side, W, 3)
    across = _cells(rows.transpose(1, 0, 2), side)  # (side, side, 3), columns first
    return np.ascontiguousarray(across.transpose(1, 0, 2))


def _cells(values: NDArray[np.integer[Any]], side: int) -> NDArray[np.int64]:
    """Sums over `side` equal stretches of the first axis, borders shared out by length; a value weighs `side`."""
    length = values.shape[0]
    before = np.zeros((length + 1, *values.shape[1:]), np.int64)
    np.cumsum(values, axis=0, dtype=np.int64, out=before[1:])
    edges = np.arange(side + 1, dtype=np.int64) * length
    whole, part = edges // side, edges % side
    integral: NDArray[np.int64] = before[whole]
    integral *= side
    integral += part[:, None, None] * values[np.minimum(whole, length - 1)].astype(np.int64)
    cells: NDArray[np.int64] = integral[1:] - integral[:-1]
    return cells
