"""Places that stand out at one size: extrema of the differences of blurred layers, fitted to fractions of a pixel.

Weak ones and those that lie along an edge are dropped. This is the numpy form of `kernels_keypoints`, which gives the same
numbers: float64 is used for the fit alone, where every operation is done in the same order for each point by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.feature_numbers import (
    BORDER,
    CELLS,
    COLUMNS,
    CONTRAST,
    EDGE,
    FIRST_OF_CELL,
    FITS,
    LAYER,
    MOST,
    MOST_FOUND,
    MOST_OF_CELL,
    OCTAVE,
    PER_OCTAVE,
    RESPONSE,
    SCALE,
    SIGMAS,
    STRENGTH,
    WEAK,
    X,
    Y,
)
from engine.fingerprint.pyramid import Octave

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def keypoints_of(octaves: list[Octave]) -> Places:
    """Found keypoints, octave by octave and row by row: int64 (n, 6), n <= `MOST_FOUND`.

    Their columns X, Y, SCALE, STRENGTH, OCTAVE and LAYER are explained in `feature_numbers`.
    """
    found = [_fitted(octave.differences, number) for number, octave in enumerate(octaves)]
    return np.concatenate(found)[:MOST_FOUND]


def _extrema(differences: NDArray[np.int16]) -> Places:
    """Pixels that no neighbour in the layer, above or below it outdoes, int64 (n, 3): layer, row, column; row by row."""
    inner = differences[1:-1, BORDER:-BORDER, BORDER:-BORDER]
    count, height, width = inner.shape
    highest, lowest = inner.copy(), inner.copy()
    for layer in range(3):
        for row in range(BORDER - 1, BORDER + 2):
            for column in range(BORDER - 1, BORDER + 2):
                moved = differences[layer : layer + count, row : row + height, column : column + width]
                np.maximum(highest, moved, out=highest)
                np.minimum(lowest, moved, out=lowest)
    stands_out = ((inner >= WEAK) & (inner == highest)) | ((inner <= -WEAK) & (inner == lowest))
    y, z, x = np.nonzero(stands_out.transpose(1, 0, 2))
    return np.stack([z + 1, y + BORDER, x + BORDER], axis=1).astype(np.int64)


def _fitted(differences: NDArray[np.int16], octave: int) -> Places:
    """Rows of `keypoints_of` for one octave: extrema moved to the top of the paraboloid through their neighbours."""
    at = _extrema(differences)
    found = np.zeros((len(at), COLUMNS), np.int64)
    good = np.zeros(len(at), bool)
    going = np.arange(len(at))
    for _ in range(FITS):
        fit = _fit(differences, at[going])
        near = (abs(fit.x) < 0.5) & (abs(fit.y) < 0.5) & (abs(fit.scale) < 0.5)
        kept = near & fit.sharp & (abs(fit.value) >= CONTRAST)
        layer, row, column = at[going[kept]].T
        rows = found[going[kept]]
        rows[:, X] = ((column + fit.x[kept]) * 256 + 0.5).astype(np.int64)
        rows[:, Y] = ((row + fit.y[kept]) * 256 + 0.5).astype(np.int64)
        rows[:, SCALE] = ((layer + fit.scale[kept]) * 64 + 0.5).astype(np.int64)
        rows[:, STRENGTH] = (abs(fit.value[kept]) * RESPONSE + 0.5).astype(np.int64)
        rows[:, OCTAVE], rows[:, LAYER] = octave, layer
        found[going[kept]], good[going[kept]] = rows, True
        moves = ~near & (abs(fit.x) <= 3) & (abs(fit.y) <= 3) & (abs(fit.scale) <= 3)
        going = going[moves]
        at[going] += np.stack([_whole(fit.scale[moves]), _whole(fit.y[moves]), _whole(fit.x[moves])], axis=1)
        going = going[_inside(at[going], differences.shape)]
    return found[good]


def _whole(offset: Floats) -> Places:
    """Rounded to the nearest integer, halves away from 0."""
    size = (abs(offset) + 0.5).astype(np.int64)
    return np.where(offset < 0, -size, size)


def _inside(at: Places, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    layer, row, column = at.T
    _, height, width = shape
    across = (column >= BORDER) & (column < width - BORDER) & (row >= BORDER) & (row < height - BORDER)
    result: NDArray[np.bool_] = (layer >= 1) & (layer <= PER_OCTAVE) & across
    return result


class _Fit(NamedTuple):
    """The paraboloid at each of n pixels, (n,): offsets of its top in pixels and layers, its value, whether it is no edge."""

    scale: Floats
    y: Floats
    x: Floats
    value: Floats
    sharp: NDArray[np.bool_]


def _fit(differences: NDArray[np.int16], at: Places) -> _Fit:
    layer, row, column = at.T

    def value(up: int, down: int, right: int) -> Floats:
        taken: Floats = differences[layer + up, row + down, column + right].astype(np.float64)
        return taken

    c = value(0, 0, 0)
    gx, gy, gs = (
        (value(0, 0, 1) - value(0, 0, -1)) / 2,
        (value(0, 1, 0) - value(0, -1, 0)) / 2,
        (value(1, 0, 0) - value(-1, 0, 0)) / 2,
    )
    hxx = value(0, 0, 1) + value(0, 0, -1) - 2 * c
    hyy = value(0, 1, 0) + value(0, -1, 0) - 2 * c
    hss = value(1, 0, 0) + value(-1, 0, 0) - 2 * c
    hxy = (value(0, 1, 1) - value(0, 1, -1) - value(0, -1, 1) + value(0, -1, -1)) / 4
    hxs = (value(1, 0, 1) - value(1, 0, -1) - value(-1, 0, 1) + value(-1, 0, -1)) / 4
    hys = (value(1, 1, 0) - value(1, -1, 0) - value(-1, 1, 0) + value(-1, -1, 0)) / 4
    a, b, e = hyy * hss - hys * hys, hxy * hss - hys * hxs, hxy * hys - hyy * hxs
    det = hxx * a - hxy * b + hxs * e
    flat = det == 0
    det = np.where(flat, 1.0, det)
    x = -(gx * a - hxy * (gy * hss - hys * gs) + hxs * (gy * hys - hyy * gs)) / det
    y = -(hxx * (gy * hss - gs * hys) - gx * b + hxs * (hxy * gs - gy * hxs)) / det
    scale = -(hxx * (hyy * gs - gy * hys) - hxy * (hxy * gs - gy * hxs) + gx * e) / det
    trace, bent = hxx + hyy, hxx * hyy - hxy * hxy
    sharp = (bent > 0) & (trace * trace * EDGE < (EDGE + 1) * (EDGE + 1) * bent)
    top = c + (gx * x + gy * y + gs * scale) / 2
    return _Fit(np.where(flat, 9.0, scale), y, x, top, sharp)


def chosen(found: Places, height: int, width: int) -> NDArray[np.int64]:
    """Which keypoints to describe: the strongest and largest, but some in every cell of a grid and not too many in any.

    A crop must keep some of them. Size counts as much as strength: what is large survives reduction and blur.

    Parameters
    ----------
    found: int64 (n, 6) of `keypoints_of`. height, width: of the detail plate in px.

    Returns
    -------
    int64 (<= 128,) row numbers of `found`: the first of every cell, the others, those of full cells; each best first. Points that
    fell onto one place are taken once.
    """
    order = np.argsort(-np.left_shift(found[:, STRENGTH] * SIGMAS[found[:, SCALE]] >> 8, found[:, OCTAVE]), kind="stable")
    ranked = found[order]
    again = np.zeros(len(order), bool)
    again[1:] = (ranked[1:] == ranked[:-1]).all(axis=1)
    order = order[~again]
    rank = np.empty(len(order), np.int64)
    cells = _cells(found[order], height, width)
    for cell in range(CELLS * CELLS):
        here = cells == cell
        rank[here] = np.arange(np.count_nonzero(here))
    tier = (rank >= FIRST_OF_CELL).astype(np.int64) + (rank >= MOST_OF_CELL)
    return order[np.argsort(tier, kind="stable")[:MOST]]


def _cells(found: Places, height: int, width: int) -> NDArray[np.int64]:
    """Number of the grid's cell, row by row, of each keypoint."""
    scale = np.left_shift(1, found[:, OCTAVE])
    column = np.minimum(CELLS - 1, (found[:, X] + 128) * scale * CELLS // (512 * width))
    row = np.minimum(CELLS - 1, (found[:, Y] + 128) * scale * CELLS // (512 * height))
    return row * CELLS + column
