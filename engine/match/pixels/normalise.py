"""Local normalisation of plates: what is left when brightness, contrast and slow shading are taken out.

Everything is integer or element by element, so the result of a pair depends neither on the other pairs of its block nor
on the order in which a processor adds.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

LEVEL = 8
"""Units of a smoothed plate in one grey level; 9 * 9 squares of twice the range just fit 32 bits."""

UNIT = 256
"""Units of a normalised plate in one local standard deviation."""

RADIUS = 4
"""The window is 2 * RADIUS + 1 = 9 cells wide."""

FLOOR = 3.0
"""Grey levels added to the local deviation, so that noise in an even area does not become structure."""

AREA = (2 * RADIUS + 1) ** 2

_Whole = TypeVar("_Whole", np.int32, np.int64, np.float32)


def reflected(values: NDArray[_Whole], margin: int) -> NDArray[_Whole]:
    """The grids (n, h, w) continued beyond their edges by point reflection, which lets straight ramps go on."""
    n, height, width = values.shape
    wide = np.empty((n, height + 2 * margin, width + 2 * margin), dtype=values.dtype)
    inner = wide[:, margin:-margin]
    inner[:, :, margin:-margin] = values
    inner[:, :, :margin] = 2 * values[:, :, :1] - values[:, :, margin:0:-1]
    inner[:, :, -margin:] = 2 * values[:, :, -1:] - values[:, :, -2 : -margin - 2 : -1]
    wide[:, :margin] = 2 * inner[:, :1] - inner[:, margin:0:-1]
    wide[:, -margin:] = 2 * inner[:, -1:] - inner[:, -2 : -margin - 2 : -1]
    return wide


def smooth(plates: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Plates blurred by 1 2 1 both ways, in `LEVEL`ths of a grey level: uint8 to int32 (n, 64, 64).

    A shift by a fraction of a cell, as scaled decoding brings it, would otherwise look like a change of the finest detail.
    """
    wide = reflected(plates.astype(np.int32), 1)
    rows = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    both = rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]
    result: NDArray[np.int32] = (both * LEVEL + 8) >> 4
    return result


def box_sums(values: NDArray[_Whole]) -> NDArray[_Whole]:
    """Sums over 9 x 9 windows: (n, h + 8, w + 8) to (n, h, w); three by three, in a fixed order."""
    down = values[:, :-2] + values[:, 1:-1] + values[:, 2:]
    down = down[:, :-6] + down[:, 3:-3] + down[:, 6:]
    across = down[:, :, :-2] + down[:, :, 1:-1] + down[:, :, 2:]
    result: NDArray[_Whole] = across[:, :, :-6] + across[:, :, 3:-3] + across[:, :, 6:]
    return result


def normalise(smoothed: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Subtract the local mean and divide by the local deviation.

    Parameters
    ----------
    smoothed: int32 (n, 64, 64) from `smooth`.

    Returns
    -------
    normalised int32 (n, 64, 64) in `UNIT`ths, and the local standard deviation float32 (n, 64, 64) in grey levels.
    """
    wide = reflected(smoothed, RADIUS)
    total = box_sums(wide)
    variance = box_sums(wide * wide).astype(np.float64) * AREA
    variance -= np.square(total.astype(np.float64))
    local = (variance * (1.0 / (AREA * LEVEL) ** 2)).astype(np.float32)
    away = (AREA * smoothed - total).astype(np.float32) * np.float32(UNIT / (AREA * LEVEL))
    normalised = np.rint(away / np.sqrt(local + np.float32(FLOOR * FLOOR))).astype(np.int32)
    return normalised, np.sqrt(local)
