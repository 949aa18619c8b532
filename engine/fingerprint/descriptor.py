"""What the neighbourhood of a keypoint looks like, turned and scaled to its own frame: 4 x 4 cells of 8 gradient directions.

This is the numpy form of `kernels_describe`, which gives the same bytes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.feature_numbers import CELL_BITS, DIRECTIONS, FULL_TURN, LENGTH, PATCH, SCALE, SIGMAS, SINES, WINDOW, X, Y
from engine.fingerprint.orientation import Numbers, gradients_of, samples

INNER = PATCH - 2


def descriptors_of(layers: NDArray[np.int16], found: Numbers, layer: Numbers, turn: Numbers) -> NDArray[np.uint8]:
    """Descriptors of keypoints in one octave.

    Parameters
    ----------
    layers: int16 (m, h, w). found: int64 (n, 6). layer, turn: int64 (n,), where each lies and its direction in 1024ths.

    Returns
    -------
    uint8 (n, 128), cell by cell in reading order; of unit length, no entry above a fifth, square roots, 512 the largest.
    """
    if not len(found):
        return np.empty((0, LENGTH), np.uint8)
    step = (2 * np.arange(PATCH) - (PATCH - 1)) * 3 * SIGMAS[found[:, SCALE]][:, None] >> 3
    sine, cosine = SINES[turn][:, None, None], SINES[turn + FULL_TURN // 4][:, None, None]
    across, down = step[:, None, :], step[:, :, None]
    x = (found[:, X] * 16)[:, None, None] + ((across * cosine - down * sine + 8192) >> 14)
    y = (found[:, Y] * 16)[:, None, None] + ((across * sine + down * cosine + 8192) >> 14)
    length, direction = gradients_of(samples(layers, np.broadcast_to(layer[:, None, None], x.shape), x, y))
    return _normalised(_cells(length, (direction * (256 * DIRECTIONS)).astype(np.int64)) >> CELL_BITS)


def _shares() -> NDArray[np.int64]:
    """int64 (18, 4): eighths in which each inner row of a patch belongs to the four rows of cells (a tent two cells wide)."""
    away: NDArray[np.int64] = np.abs(2 * np.arange(INNER)[:, None] - 8 * np.arange(4) - 5)
    return np.maximum(8 - away, 0)


_SHARES = _shares()


def _cells(length: Numbers, direction: Numbers) -> Numbers:
    """Sums int64 (n, 128) of lengths (n, 18, 18), each shared out to two rows, columns and directions (2048ths of a turn)."""
    window = WINDOW[1:-1]
    weighted = length * (window[:, None] * window)
    first, part = direction >> 8, direction & 255
    sums = np.empty((len(length), 4, 4, DIRECTIONS), np.int64)
    for number in range(DIRECTIONS):
        share = np.where(first == number, 256 - part, 0) + np.where((first + 1) % DIRECTIONS == number, part, 0)
        sums[..., number] = _SHARES.T @ (weighted * share) @ _SHARES
    return sums.reshape(-1, LENGTH)


def _normalised(cells: Numbers) -> NDArray[np.uint8]:
    squares = (cells * cells).sum(axis=1)
    top = (0.2 * np.sqrt(squares.astype(np.float64))).astype(np.int64)
    cut = np.minimum(cells, top[:, None])
    total = np.maximum(cut.sum(axis=1), 1).astype(np.float64)
    roots = 512 * np.sqrt(cut.astype(np.float64) / total[:, None]) + 0.5
    result: NDArray[np.uint8] = np.minimum(roots, 255.0).astype(np.uint8)
    return result
