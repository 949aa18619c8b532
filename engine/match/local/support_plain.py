"""How much of an overlap is supported by features, in numpy: the same numbers as by the loop of `kernels_support`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.match.local.features import GRID, MIDDLE, SLOTS, ZOOMS, Features, places_of
from engine.match.local.keys import MIRROR

SUPPORT_RADIUS = 16
"""Bits within which two features that fall on each other agree."""

PLACE2 = (0.03 * 4096) ** 2
"""How far apart they may fall, 0.03 long sides, in units of `GRID`, squared."""

REACH = 0.07
"""A feature supports its surroundings so far, in long sides of the overlap."""

SMALLEST = 0.006
"""Size below which the other plate cannot show a feature, in long sides: 1.1 px of 192."""

BLOCK = 16


def support_plain(
    features: Features, first: NDArray[np.int64], second: NDArray[np.int64], maps: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts int64 (k, 3) and near int64 (k, 2); see `kernels_support.support`."""
    counts, near = np.zeros((len(first), 3), dtype=np.int64), np.zeros((len(first), 2), dtype=np.int64)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        _fill(features, first, second, maps, counts, near)
    return counts, near


def _fill(
    features: Features,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    maps: NDArray[np.float64],
    counts: NDArray[np.int64],
    near: NDArray[np.int64],
) -> None:
    sound = np.nonzero(np.abs(maps[:, 0] * maps[:, 4] - maps[:, 1] * maps[:, 3]) > 0)[0]
    for at in range(0, len(sound), BLOCK):
        part = sound[at : at + BLOCK]
        counts[part], near[part] = _block(features, first[part], second[part], maps[part])


@dataclass(frozen=True, slots=True)
class _Side:
    """The features of one picture of each pair; float64 and bool (k, 128), wide and high float64 (k, 1)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    size: NDArray[np.float64]
    codes: NDArray[np.uint64]
    there: NDArray[np.bool_]
    wide: NDArray[np.float64]
    high: NDArray[np.float64]


def _side(features: Features, rows: NDArray[np.int64]) -> _Side:
    places = places_of(features.points[rows])
    width, height = features.width[rows, None].astype(np.float64), features.height[rows, None].astype(np.float64)
    long = np.maximum(width, height)
    there = np.arange(SLOTS) < features.count[rows, None]
    size = ZOOMS[MIDDLE + places.size] / GRID
    return _Side(places.x, places.y, size, features.codes[rows], there, width / long, height / long)


def _block(
    features: Features, first: NDArray[np.int64], second: NDArray[np.int64], maps: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    a, b = _side(features, first), _side(features, second)
    m0, m1, m2, m3, m4, m5 = (maps[:, k, None] for k in range(6))
    det = m0 * m4 - m1 * m3
    zoom = np.sqrt(np.abs(det) * (b.wide * b.high) / (a.wide * a.high))
    px, py = b.x / GRID / b.wide - m2, b.y / GRID / b.high - m5
    in_b = b.there & _within((m4 * px - m1 * py) / det, (m0 * py - m3 * px) / det) & (b.size / zoom >= SMALLEST)
    px, py = a.x / GRID / a.wide, a.y / GRID / a.high
    to_x, to_y = m0 * px + m1 * py + m2, m3 * px + m4 * py + m5
    in_a = a.there & _within(to_x, to_y) & (a.size * zoom >= SMALLEST)
    at_x, at_y = to_x * b.wide * GRID, to_y * b.high * GRID
    dx, dy = at_x[:, :, None] - b.x[:, None, :], at_y[:, :, None] - b.y[:, None, :]
    mine = a.codes ^ np.where(det < 0, np.uint64(MIRROR), np.uint64(0))
    alike = np.bitwise_count(mine[:, :, None] ^ b.codes[:, None, :]) <= SUPPORT_RADIUS
    agree = (dx * dx + dy * dy <= PLACE2) & alike & a.there[:, :, None] & b.there[:, None, :]
    ok_a, ok_b = agree.any(axis=2), agree.any(axis=1)
    inside_a, inside_b = in_a.sum(axis=1), in_b.sum(axis=1)
    in_a, in_b = _first(in_a, 8 + 3 * inside_b // 2), _first(in_b, 8 + 3 * inside_a // 2)
    reach_a, reach_b = REACH * np.minimum(1.0, 1.0 / zoom) * GRID, REACH * np.minimum(1.0, zoom) * GRID
    counts = np.stack([in_a.sum(axis=1), in_b.sum(axis=1), ok_a.sum(axis=1)], axis=1)
    return counts, np.stack([_reached(a, in_a, ok_a, reach_a), _reached(b, in_b, ok_b, reach_b)], axis=1)


def _within(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (x > 0) & (x < 1) & (y > 0) & (y < 1)
    return inside


def _first(inside: NDArray[np.bool_], limit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The first so many marks of each row."""
    return inside & (np.cumsum(inside, axis=1) <= limit[:, None])


def _reached(
    side: _Side, inside: NDArray[np.bool_], agreeing: NDArray[np.bool_], reach: NDArray[np.float64]
) -> NDArray[np.int64]:
    """How many of those inside have an agreeing one within reach: int64 (k,)."""
    dx, dy = side.x[:, :, None] - side.x[:, None, :], side.y[:, :, None] - side.y[:, None, :]
    near = ((dx * dx + dy * dy <= (reach * reach)[:, :, None]) & agreeing[:, None, :]).any(axis=2)
    reached: NDArray[np.int64] = (near & inside).sum(axis=1)
    return reached
