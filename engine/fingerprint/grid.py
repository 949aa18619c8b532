"""The one reduction everything else is computed from: an exact integer area average of a picture to 64 x 64 cells.

No library's resize is used, so what is stored depends on the pixels alone: not on the CPU, the thread count or the
version of an image library. The aspect is ignored: every picture fills the same square.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 64
"""Cells along each side of the plate."""

LUMA_WEIGHTS = np.array([77, 150, 29], dtype=np.int64)
"""Red, green and blue in 256ths."""


def area_sums(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Sums of all pixels over 64 x 64 equal cells, pixels on a border between cells shared out by area.

    Parameters
    ----------
    pixels: uint8 (H, W, 3), any size from 1 x 1 px; only read. Memory beside it: 64 wider rows, never a copy of it all.

    Returns
    -------
    int64 (64, 64, 3). The weight of one pixel is 64 * 64 and that of one cell H * W, so a cell's mean is its sum / (H * W).

    Raises
    ------
    ValueError: the array has another shape or dtype, or no pixels.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or pixels.size == 0:
        raise ValueError("pixels must be uint8 with the shape (height, width, 3)")
    height, width, _ = pixels.shape
    # No sum is larger than this; what is taken off on the way may wrap around and comes back.
    unsigned = np.uint32 if 255 * height * width < 1 << 32 else np.uint64
    lines = _shared_out(pixels.reshape(height, width * 3), unsigned)
    columns = lines.reshape(SIDE, width, 3).transpose(1, 0, 2).reshape(width, SIDE * 3)
    cells = _shared_out(columns, unsigned).reshape(SIDE, SIDE, 3)
    return cells.transpose(1, 0, 2).astype(np.int64)


def _shared_out(rows: NDArray[Any], unsigned: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """64 weighted sums of rows, the weights of each adding up to the number of rows: unsigned (64, columns).

    64 times the rows between the edges of a cell, each edge rounded down, plus what lies beyond the rounded lower edge, less
    what lies before the rounded upper one.
    """
    count = len(rows)
    edges = np.arange(SIDE + 1) * count
    whole, part = edges // SIDE, edges % SIDE
    sums = np.empty((SIDE, rows.shape[1]), unsigned)
    starts = whole.tolist()
    for cell in range(SIDE):
        np.add.reduce(rows[starts[cell] : starts[cell + 1]], axis=0, dtype=unsigned, out=sums[cell])
    sums *= unsigned(SIDE)
    if part.any():
        borders = rows[np.minimum(whole, count - 1)] * part.astype(unsigned)[:, None]
        sums += borders[1:]
        sums -= borders[:-1]
    return sums


def rounded(sums: NDArray[np.int64], whole: int) -> NDArray[np.int64]:
    """`sums` / `whole` rounded to the nearest integer, halves upwards; for sums >= 0."""
    result: NDArray[np.int64] = (2 * sums + whole) // (2 * whole)
    return result
