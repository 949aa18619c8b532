"""The one way pictures are made smaller here: exact integer area averages.

No library's resize is used, so what is stored depends on the pixels alone: not on the CPU, the thread count or the version of
an image library. A source pixel on the border between two cells is shared out by area.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.loops_area import AREA

_FEW_ROWS = 6
"""Source rows to a cell up to which they are weighed one by one: fewer calls than adding up each cell's rows."""

_COPIED = 1 << 24
"""Bytes below which pixels that lie otherwise in memory than the loops want them are copied for their sake."""

_SMALL = (1 << 32) // 256
"""Source pixels below which no sum, nor what rounding adds to it, leaves 32 bits."""


def area_sums(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.unsignedinteger[Any]]:
    """Weighted sums of all pixels over height x width equal cells.

    Parameters
    ----------
    pixels: uint8 (H, W) or (H, W, channels), any size from 1 x 1 px; only read. height, width: cells, at least 1; there may be
    more cells than pixels.

    Returns
    -------
    uint32 or, for large pictures, uint64 (height, width[, channels]). The weight of one pixel is height * width and that of one
    cell H * W, so a cell's mean is its sum / (H * W). Memory beside it: `height` rows of the source, four times as wide.
    """
    if AREA.is_loaded and (pixels.flags.c_contiguous or pixels.size < _COPIED) and _sides(pixels)[2] in (1, 3):
        return _loop_sums(np.ascontiguousarray(pixels), height, width)
    return plain_sums(pixels, height, width)


def plain_sums(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.unsignedinteger[Any]]:
    """`area_sums` without compiled loops; for a layout in memory that they do not take, too."""
    rows, columns, channels = _sides(pixels)
    lines = _shared_out(pixels.reshape(rows, columns * channels), height, np.uint32)
    turned = np.ascontiguousarray(lines.reshape(height, columns, channels).transpose(1, 0, 2)).reshape(columns, -1)
    cells = _shared_out(turned, width, _wide(pixels)).reshape(width, height, channels).transpose(1, 0, 2)
    return cells.reshape(height, width, *pixels.shape[2:])


def _loop_sums(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.unsignedinteger[Any]]:
    rows, columns, channels = _sides(pixels)
    wide, loops = _wide(pixels), AREA.loaded()
    line = np.empty(columns * channels, np.uint32)
    sums = np.empty((height, width, *pixels.shape[2:]), wide)
    sizes = np.array([rows, columns, channels, height, width], np.int64)
    loop = loops.area_small if wide is np.uint32 else loops.area_large
    loop(pixels.reshape(-1), sizes, line, sums.reshape(-1))
    return sums


def _sides(pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    return pixels.shape[0], pixels.shape[1], pixels.shape[2] if pixels.ndim == 3 else 1


def _wide(pixels: NDArray[np.uint8]) -> type[np.unsignedinteger[Any]]:
    return np.uint32 if pixels.shape[0] * pixels.shape[1] < _SMALL else np.uint64


def area_resize(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """The means of `area_sums`, rounded to the nearest integer, halves upwards: uint8 (height, width[, channels])."""
    whole = pixels.shape[0] * pixels.shape[1]
    sums = area_sums(pixels, height, width)
    sums += sums.dtype.type(whole // 2)
    sums //= sums.dtype.type(whole)
    return sums.astype(np.uint8)


def fitted(height: int, width: int, longest: int, shortest: int) -> tuple[int, int]:
    """Height and width with the longer side at most `longest` px, aspect kept to the nearest px; no side below `shortest`."""
    long = max(height, width)
    if long <= longest:
        return max(shortest, height), max(shortest, width)
    high, wide = ((2 * side * longest + long) // (2 * long) for side in (height, width))
    return max(shortest, high), max(shortest, wide)


def _shared_out(rows: NDArray[Any], cells: int, unsigned: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """Weighted sums of rows for each cell, the weights of each adding up to the number of rows: unsigned (cells, columns)."""
    if len(rows) <= _FEW_ROWS * cells:
        return _one_by_one(rows, cells, unsigned)
    count = len(rows)
    edges = np.arange(cells + 1) * count
    whole, part = edges // cells, edges % cells
    # the rows between the edges of a cell, each edge rounded down, plus what lies beyond the rounded lower edge, less what lies
    # before the rounded upper one; what is taken off on the way may wrap around and comes back
    sums = np.empty((cells, rows.shape[1]), unsigned)
    starts = whole.tolist()
    for cell in range(cells):
        np.add.reduce(rows[starts[cell] : starts[cell + 1]], axis=0, dtype=unsigned, out=sums[cell])
    sums *= unsigned(cells)
    if part.any():
        borders = rows[np.minimum(whole, count - 1)] * part.astype(unsigned)[:, None]
        sums += borders[1:]
        sums -= borders[:-1]
    return sums


def _one_by_one(rows: NDArray[Any], cells: int, unsigned: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """The same where a cell has few rows: its first, its second and so on, each with its weight."""
    count = len(rows)
    if count == cells:
        weighed: NDArray[Any] = np.multiply(rows, unsigned(cells), dtype=unsigned)
        return weighed
    edges = np.arange(cells + 1) * count
    low, high = edges[:-1], edges[1:]
    first = low // cells
    sums = np.zeros((cells, rows.shape[1]), unsigned)
    for k in range(int((-(-high // cells) - first).max())):
        place = first + k
        weight = np.minimum(high, (place + 1) * cells) - np.maximum(low, place * cells)
        sums += rows[np.minimum(place, count - 1)] * np.maximum(weight, 0).astype(unsigned)[:, None]
    return sums
