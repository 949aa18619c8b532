"""Difference hash: whether each of 8 x 8 places is brighter than its neighbour on the left."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.plate import SIDE

_COLUMNS = 9


def gradients(plates: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Difference hashes of plates, exact.

    Each plate is reduced to 8 rows of 9 columns by area (a column is 64 / 9 cells wide, shared cells by their part); bit
    8 y + x, counted from the top bit, is set where column x + 1 of row y is brighter than column x.

    Parameters
    ----------
    plates: uint8 (n, 64, 64).

    Returns
    -------
    uint64 (n,).
    """
    bands = plates.reshape(-1, 8, 8, SIDE).sum(axis=2, dtype=np.int64)
    columns = bands @ _COLUMN_WEIGHTS
    bits = columns[:, :, 1:] > columns[:, :, :-1]
    return np.packbits(bits.reshape(-1, 64), axis=1).view(">u8").astype(np.uint64).reshape(-1)


@cache
def _column_weights() -> NDArray[np.int64]:
    """int64 (64, 9): how much of each cell (9 ninths) belongs to each column."""
    weights = np.zeros((SIDE, _COLUMNS), dtype=np.int64)
    for column in range(_COLUMNS):
        for cell in range(SIDE):
            low, high = max(cell * _COLUMNS, column * SIDE), min((cell + 1) * _COLUMNS, (column + 1) * SIDE)
            weights[cell, column] = max(0, high - low)
    weights.setflags(write=False)
    return weights


_COLUMN_WEIGHTS = _column_weights()
