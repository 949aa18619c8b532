"""Loops of two pictures' features: which match, and the turn, zoom and shift that most matches agree with.

`engine.loops.compiler` says how loops are written. Twin in numpy: `consensus_plain`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, popcount
from engine.match.local.consensus_plain import MATCH_RADIUS, PLACE2, RATIO, TURN, ZOOM
from engine.match.local.keys import MIRROR as MIRROR_BITS

MIRROR = np.uint64(MIRROR_BITS)
NEAR = np.uint64(MATCH_RADIUS)
AHEAD = np.uint64(RATIO)


@inlined
def _match(codes: Any, count: Any, a: Any, b: Any, flip: Any, mine: Any, yours: Any) -> Any:
    """Numbers of the features that match, of each side; returns how many."""
    n = 0
    for i in range(count[a]):
        code = codes[a * 128 + i] ^ flip
        best, second, where = np.uint64(99), np.uint64(99), 0
        for j in range(count[b]):
            d = popcount(code ^ codes[b * 128 + j])
            if d < best:
                second, best, where = best, d, j
            elif d < second:
                second = d
        if best <= NEAR and second >= best + AHEAD:
            mine[n] = i
            yours[n] = where
            n += 1
    return n


@inlined
def _unpack(points: Any, row: Any, numbers: Any, n: Any, mirrored: Any, x: Any, y: Any, size: Any, angle: Any) -> Any:
    """Places of the matches; of a mirrored picture with x negated and the angle to match."""
    for k in range(n):
        at = (row * 128 + numbers[k]) * 5
        b1 = np.int64(points[at + 1])
        px = np.int64(points[at]) << 4 | b1 >> 4
        x[k] = float(-px if mirrored != 0 else px)
        y[k] = float((b1 & 15) << 8 | np.int64(points[at + 2]))
        size[k] = np.int64(points[at + 3])
        turn = np.int64(points[at + 4])
        angle[k] = (128 - turn) & 255 if mirrored != 0 else turn
    return n


@loop
def align(
    codes: Any, points: Any, count: Any, first: Any, second: Any, mirrored: Any, begin: Any, end: Any, zooms: Any,
    cosines: Any, sines: Any, numbers: Any, steps: Any, places: Any, inliers: Any, transforms: Any,
) -> Any:  # fmt: skip
    """For each pair the most matches that agree, and the transform they agree with; the first of equal ones.

    codes: u8, points: u1, count: u1: of `Features`. first, second: i8 (k,), rows; the first asks. mirrored: u1 (k,): the first
    is to be mirrored. begin, end: which pairs. zooms, cosines, sines: f8, tables of `features`. numbers: i8 (256,), steps: i8
    (512,), places: f8 (512,), scratch. inliers: i8 (k,). transforms: f8 (k, 4), a, b, tx, ty with x' = a x - b y + tx,
    y' = b x + a y + ty in units of `GRID`, x negated first where mirrored.
    """
    mine, yours = numbers[0:128], numbers[128:256]
    x, y, u, v = places[0:128], places[128:256], places[256:384], places[384:512]
    size_a, angle_a, size_b, angle_b = steps[0:128], steps[128:256], steps[256:384], steps[384:512]
    for pair in range(begin, end):
        flip = MIRROR if mirrored[pair] != 0 else np.uint64(0)
        n = _match(codes, count, first[pair], second[pair], flip, mine, yours)
        _unpack(points, first[pair], mine, n, np.int64(mirrored[pair]), x, y, size_a, angle_a)
        _unpack(points, second[pair], yours, n, 0, u, v, size_b, angle_b)
        best = 0
        for h in range(n):
            if best == n:
                break  # nothing can be agreed with by more
            zoom, turn = size_b[h] - size_a[h], (angle_b[h] - angle_a[h]) & 255
            scale = zooms[255 + zoom]
            a, b = cosines[turn] * scale, sines[turn] * scale
            tx, ty = u[h] - (a * x[h] - b * y[h]), v[h] - (b * x[h] + a * y[h])
            agreeing = 0
            for k in range(n):
                if agreeing + n - k <= best:
                    break
                dx, dy = (a * x[k] - b * y[k]) + tx - u[k], (b * x[k] + a * y[k]) + ty - v[k]
                if dx * dx + dy * dy > PLACE2 or abs(size_b[k] - size_a[k] - zoom) > ZOOM:
                    continue
                off = ((angle_b[k] - angle_a[k] - turn + 128) & 255) - 128
                if abs(off) <= TURN:
                    agreeing += 1
            if agreeing > best:
                best = agreeing
                transforms[pair, 0] = a
                transforms[pair, 1] = b
                transforms[pair, 2] = tx
                transforms[pair, 3] = ty
        inliers[pair] = best
    return end - begin
