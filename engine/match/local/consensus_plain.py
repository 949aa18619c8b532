"""Matches of two pictures' features and what they agree with, in numpy: the same as the loops of `kernels_consensus`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.local.features import ANGLES, COSINES, MIDDLE, SINES, SLOTS, ZOOMS, Features, Places, places_of
from engine.match.local.keys import MIRROR

MATCH_RADIUS = 12
"""Bits within which two features match."""

RATIO = 2
"""Bits by which the next best must be farther."""

PLACE2 = (0.03 * 4096) ** 2
"""How far a match may lie from where a transform puts it: 0.03 long sides, in units of `GRID`, squared."""

TURN = 18
"""How far a match may turn otherwise: 25 degrees, in 256ths of a turn."""

ZOOM = 11
"""How far its size may differ: a factor of 1.65, nearly, in sixteenths of an octave."""

BLOCK = 16

_NONE = 99


def align_plain(
    features: Features, first: NDArray[np.int64], second: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Inliers int64 (k,) and transforms float64 (k, 4) of pairs of rows; see `kernels_consensus.align`."""
    inliers, transforms = np.zeros(len(first), dtype=np.int64), np.zeros((len(first), 4))
    for at in range(0, len(first), BLOCK):
        part = slice(at, at + BLOCK)
        inliers[part], transforms[part] = _block(features, first[part], second[part], mirrored[part])
    return inliers, transforms


def _block(
    features: Features, first: NDArray[np.int64], second: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    matched, yours = _matches(features, first, second, mirrored)
    p = places_of(features.points[first])
    q = places_of(features.points[second[:, None], yours])
    x = np.where(mirrored[:, None], -p.x, p.x)
    angle = np.where(mirrored[:, None], (ANGLES // 2 - p.angle) & (ANGLES - 1), p.angle)
    zoom, turn = q.size - p.size, (q.angle - angle) & (ANGLES - 1)
    scale = ZOOMS[MIDDLE + zoom]
    a, b = COSINES[turn] * scale, SINES[turn] * scale
    tx, ty = q.x - (a * x - b * p.y), q.y - (b * x + a * p.y)
    agreeing = _agreeing(matched, x, p.y, q, (a, b, tx, ty), zoom, turn)
    best = agreeing.argmax(axis=1)
    every = np.arange(len(first))
    inliers = agreeing[every, best]
    transforms = np.stack([a[every, best], b[every, best], tx[every, best], ty[every, best]], axis=1)
    return inliers, np.where(inliers[:, None] > 0, transforms, 0.0)


def _matches(
    features: Features, first: NDArray[np.int64], second: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which features of the first match bool (k, 128), and with which of the second int64 (k, 128)."""
    mine = features.codes[first] ^ np.where(mirrored, np.uint64(MIRROR), np.uint64(0))[:, None]
    apart = np.bitwise_count(mine[:, :, None] ^ features.codes[second][:, None, :]).astype(np.int64)
    slots = np.arange(SLOTS)
    apart[np.broadcast_to((slots >= features.count[second][:, None])[:, None, :], apart.shape)] = _NONE
    yours = apart.argmin(axis=2)
    nearest = np.partition(apart, 1, axis=2)[:, :, :2]
    matched = (nearest[:, :, 0] <= MATCH_RADIUS) & (nearest[:, :, 1] >= nearest[:, :, 0] + RATIO)
    return matched & (slots < features.count[first][:, None]), yours


def _agreeing(
    matched: NDArray[np.bool_],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    q: Places,
    transform: tuple[NDArray[np.float64], ...],
    zoom: NDArray[np.int64],
    turn: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Matches that agree with the transform of each match: int64 (k, 128)."""
    a, b, tx, ty = (part[:, :, None] for part in transform)
    x, y = x[:, None, :], y[:, None, :]
    dx = (a * x - b * y) + tx - q.x[:, None, :]
    dy = (b * x + a * y) + ty - q.y[:, None, :]
    off = ((turn[:, None, :] - turn[:, :, None] + ANGLES // 2) & (ANGLES - 1)) - ANGLES // 2
    fits = (dx * dx + dy * dy <= PLACE2) & (np.abs(zoom[:, None, :] - zoom[:, :, None]) <= ZOOM) & (np.abs(off) <= TURN)
    agreeing: NDArray[np.int64] = (fits & matched[:, None, :] & matched[:, :, None]).sum(axis=2)
    return agreeing
