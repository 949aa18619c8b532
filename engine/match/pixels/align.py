"""Sub-cell alignment of two plates: shift and scale along both axes.

Scaled JPEG decoding rounds sizes up to whole blocks, and resizing rounds to whole pixels; either moves the content by up to
half a cell. All sums are integers and a displacement is rounded to 1/64 of a cell, so a warped plate is exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEP = 64
"""Units of a displacement in one cell."""

MAX_SHIFT = 1.5
"""Cells by which an edge may move: what decoding and resizing explain. More is another picture, or a crop."""

_DAMPING = 0.02
_FAINT = 4e6  # keeps pictures without any detail from moving


def displacements(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.float64]:
    """One Gauss-Newton step: where in `b` the cells of `a` are found.

    Parameters
    ----------
    a, b: normalised plates, int32 (n, side, side).

    Returns
    -------
    float64 (n, 2, side): cells to add to the column number (first) and to the row number (second).
    """
    side = a.shape[1]
    both = a + b
    gx = both[:, 1:-1, 2:] - both[:, 1:-1, :-2]  # four times the slope of the mean
    gy = both[:, 2:, 1:-1] - both[:, :-2, 1:-1]
    e = (a - b)[:, 1:-1, 1:-1]
    u = np.arange(3 - side, side - 2, 2, dtype=np.int64)  # -61, -59 … 61: twice the distance from the middle
    scale = 1.0 / (side - 2)

    xx, yy = (gx * gx).sum(axis=1, dtype=np.int64), (gy * gy).sum(axis=2, dtype=np.int64)
    xe, ye = (gx * e).sum(axis=1, dtype=np.int64), (gy * e).sum(axis=2, dtype=np.int64)
    xy = gx * gy
    rows, columns = xy.sum(axis=2, dtype=np.int64), xy.sum(axis=1, dtype=np.int64)
    mixed = (xy * u.astype(np.int32)).sum(axis=2, dtype=np.int64) @ u

    normal = np.empty((len(a), 4, 4))
    entries = (
        (0, 0, xx.sum(axis=1), 0),
        (0, 1, xx @ u, 1),
        (1, 1, xx @ (u * u), 2),
        (2, 2, yy.sum(axis=1), 0),
        (2, 3, yy @ u, 1),
        (3, 3, yy @ (u * u), 2),
        (0, 2, rows.sum(axis=1), 0),
        (1, 2, columns @ u, 1),
        (0, 3, rows @ u, 1),
        (1, 3, mixed, 2),
    )
    for i, j, value, power in entries:
        normal[:, i, j] = normal[:, j, i] = value * scale**power
    diagonal = np.arange(4)
    normal[:, diagonal, diagonal] = normal[:, diagonal, diagonal] * (1.0 + _DAMPING) + _FAINT
    right = np.stack([xe.sum(axis=1), (xe @ u) * scale, ye.sum(axis=1), (ye @ u) * scale], axis=1)
    # slopes were counted fourfold, hence the factor
    step = np.linalg.solve(normal, right[:, :, None] * 4.0)[:, :, 0]
    place = np.arange(1 - side, side, 2) * scale
    return np.stack([step[:, 0:1] + step[:, 1:2] * place, step[:, 2:3] + step[:, 3:4] * place], axis=1)


def warp(smoothed: NDArray[np.int32], moved: NDArray[np.float64]) -> NDArray[np.int32]:
    """The smoothed plates sampled at displaced cells, linearly, rounded; beyond the edge the last cell goes on.

    Parameters
    ----------
    smoothed: int32 (n, side, side). moved: float64 (n, 2, side) as from `displacements`, sums of steps allowed.
    """
    side = smoothed.shape[1]
    at = np.arange(side, dtype=np.int64) * STEP
    places = at + np.rint(np.clip(moved, -MAX_SHIFT, MAX_SHIFT) * STEP).astype(np.int64)
    np.clip(places, 0, (side - 1) * STEP, out=places)
    cell = np.minimum(places // STEP, side - 2)
    part = (places - cell * STEP).astype(np.int32)
    pair = np.arange(len(smoothed))[:, None]
    down, rest = cell[:, 1], part[:, 1, :, None]
    rows = smoothed[pair, down] * (STEP - rest) + smoothed[pair, down + 1] * rest
    across, rest = cell[:, 0, None, :], part[:, 0, None, :]
    both = np.take_along_axis(rows, across, axis=2) * (STEP - rest) + np.take_along_axis(rows, across + 1, axis=2) * rest
    whole = STEP * STEP
    result: NDArray[np.int32] = (both + whole // 2) // whole
    return result
