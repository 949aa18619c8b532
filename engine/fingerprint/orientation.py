"""Which way a keypoint points: the peaks of a histogram of gradient directions around it.

Also what the descriptor needs of it: samples of a layer on a grid, and their gradients. This is the numpy form of
`kernels_describe`, which gives the same integers; float64 is used for angles and lengths alone, sample by sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.feature_numbers import (
    BINS,
    FULL_TURN,
    PATCH_BITS,
    SCALE,
    SECOND_PEAK,
    SIGMAS,
    TURN_PATCH,
    TURN_WINDOW,
    X,
    Y,
)

Numbers = NDArray[np.int64]


def samples(layers: NDArray[np.int16], layer: Numbers, x: Numbers, y: Numbers) -> Numbers:
    """Bilinear samples of layers int16 (m, h, w) at `x`, `y` in 4096ths of a pixel; outside, the nearest edge.

    Parameters
    ----------
    layer: int64, of each sample. x, y: int64, of the same shape.

    Returns
    -------
    int64 of this shape, in sixteenths of the unit of a layer.
    """
    _, height, width = layers.shape
    x = np.minimum(np.maximum(x, 0), (width - 1) * 4096 - 1)
    y = np.minimum(np.maximum(y, 0), (height - 1) * 4096 - 1)
    column, row = x >> 12, y >> 12
    right, down = (x >> 4) & 255, (y >> 4) & 255
    upper = layers[layer, row, column] * (256 - right) + layers[layer, row, column + 1] * right
    lower = layers[layer, row + 1, column] * (256 - right) + layers[layer, row + 1, column + 1] * right
    result: Numbers = (upper * (256 - down) + lower * down + (1 << PATCH_BITS - 1)) >> PATCH_BITS
    return result


def gradients_of(patch: Numbers) -> tuple[Numbers, NDArray[np.float64]]:
    """Of patches int64 (n, k, k): lengths int64 and directions float64 in turns, 0..1, both (n, k - 2, k - 2)."""
    gx = (patch[:, 1:-1, 2:] - patch[:, 1:-1, :-2]).astype(np.float64)
    gy = (patch[:, 2:, 1:-1] - patch[:, :-2, 1:-1]).astype(np.float64)
    return np.sqrt(gx * gx + gy * gy).astype(np.int64), turns_of(gy, gx)


def turns_of(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angle of (x, y) in turns from 0 to below 1, at most 0.0003 off; 0 for (0, 0)."""
    across, along = abs(x), abs(y)
    high, low = np.maximum(across, along), np.minimum(across, along)
    a = low / np.maximum(high, 1.0)
    s = a * a
    turn = (((-0.0464964749 * s + 0.15931422) * s - 0.327622764) * s * a + a) * 0.15915494309189535
    turn = np.where(along > across, 0.25 - turn, turn)
    turn = np.where(x < 0, 0.5 - turn, turn)
    return np.where(y < 0, 1.0 - turn, turn)


def orientations_of(layers: NDArray[np.int16], found: Numbers, layer: Numbers) -> Numbers:
    """The strongest one or two directions of keypoints in one octave.

    Parameters
    ----------
    layers: int16 (m, h, w). found: int64 (n, 6). layer: int64 (n,), where each keypoint lies.

    Returns
    -------
    int64 (n, 2), 1024ths of a turn, the stronger one first; -1 where there is none.
    """
    if not len(found):
        return np.empty((0, 2), np.int64)
    step = (2 * np.arange(TURN_PATCH) - (TURN_PATCH - 1)) * SIGMAS[found[:, SCALE]][:, None] >> 2
    x, y = (found[:, X] * 16)[:, None] + step, (found[:, Y] * 16)[:, None] + step
    shape = (len(found), TURN_PATCH, TURN_PATCH)
    patch = samples(layers, np.broadcast_to(layer[:, None, None], shape), x[:, None, :], y[:, :, None])
    length, turn = gradients_of(patch)
    bins = (turn * BINS + 0.5).astype(np.int64) % BINS
    inner = TURN_WINDOW[1:-1]
    histogram = np.zeros((len(found), BINS), np.int64)
    np.add.at(histogram, (np.arange(len(found))[:, None, None], bins), length * (inner[:, None] * inner))
    return _peaks(histogram)


def _peaks(histogram: Numbers) -> Numbers:
    before, after = np.roll(histogram, 1, axis=1), np.roll(histogram, -1, axis=1)
    soft = np.roll(histogram, 2, axis=1) + np.roll(histogram, -2, axis=1) + 4 * (before + after) + 6 * histogram
    before, after = np.roll(soft, 1, axis=1), np.roll(soft, -1, axis=1)
    part, whole = SECOND_PEAK
    peaks = (soft >= before) & (soft > after) & (whole * soft >= part * soft.max(axis=1)[:, None])
    a, v, b = before.astype(np.float64), soft.astype(np.float64), after.astype(np.float64)
    bend = np.where(peaks, a - 2 * v + b, -1.0)
    exact = np.arange(BINS) + (a - b) / (2 * bend)
    turn = ((exact * FULL_TURN) / BINS + (FULL_TURN + 0.5)).astype(np.int64) % FULL_TURN
    left = np.where(peaks, soft, -1)
    result = np.empty((len(soft), 2), np.int64)
    every = np.arange(len(soft))
    for place in range(2):
        best = left.argmax(axis=1)
        result[:, place] = np.where(left[every, best] < 0, -1, turn[every, best])
        left[every, best] = -1
    return result
