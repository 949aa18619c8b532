"""The one reduction everything else is computed from: an exact integer area average of a picture to 64 x 64 cells.

No library's resize is used, so what is stored depends on the pixels alone: not on the CPU, the thread count or the
version of an image library. The aspect is ignored: every picture fills the same square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.small_grid import SMALL_PIXELS, small_sums

SIDE = 64
"""Cells along each side of the plate."""

LUMA_WEIGHTS = np.array([77, 150, 29], dtype=np.int64)
"""Red, green and blue in 256ths."""


def area_sums(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Sums of all pixels over 64 x 64 equal cells, pixels on a border between cells shared out by area.

    Parameters
    ----------
    pixels: uint8 (H, W, 3), any size from 1 x 1 px; only read. Memory beside it: some rows, never a copy of the whole.

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
    if height * width <= SMALL_PIXELS:
        return small_sums(pixels, SIDE)
    sums = np.empty((SIDE, SIDE, 3), dtype=np.int64)
    for cell in range(SIDE):
        line = _rows_of(pixels, cell, height)
        sums[cell] = _columns_of(line, width)
    return sums


def _rows_of(pixels: NDArray[np.uint8], cell: int, height: int) -> NDArray[np.int64]:
    """One row of cells as weighted sums of picture rows: int64 (W, 3), the weights adding up to H."""
    low, high = cell * height, (cell + 1) * height
    first, last = low // SIDE, (high - 1) // SIDE
    if first == last:
        only: NDArray[np.int64] = pixels[first].astype(np.int64) * (high - low)
        return only
    line: NDArray[np.int64] = pixels[first].astype(np.int64) * ((first + 1) * SIDE - low)
    line += pixels[last].astype(np.int64) * (high - last * SIDE)
    if last - first > 1:
        inner = pixels[first + 1 : last]
        # 2^24 rows of 255 still fit in 32 bits; taller cells would need 64
        narrow = np.uint32 if last - first < 1 << 24 else np.int64
        line += np.add.reduce(inner, axis=0, dtype=narrow).astype(np.int64) * SIDE
    return line


def _columns_of(line: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """The integral of a row between the edges of its cells: int64 (64, 3)."""
    before = np.zeros((width + 1, 3), dtype=np.int64)
    np.cumsum(line, axis=0, out=before[1:])
    edges = np.arange(SIDE + 1, dtype=np.int64) * width
    whole, part = edges // SIDE, edges % SIDE
    partial = part[:, None] * line[np.minimum(whole, width - 1)]
    integral: NDArray[np.int64] = SIDE * before[whole] + partial
    cells: NDArray[np.int64] = integral[1:] - integral[:-1]
    return cells


def rounded(sums: NDArray[np.int64], whole: int) -> NDArray[np.int64]:
    """`sums` / `whole` rounded to the nearest integer, halves upwards; for sums >= 0."""
    result: NDArray[np.int64] = (2 * sums + whole) // (2 * whole)
    return result
