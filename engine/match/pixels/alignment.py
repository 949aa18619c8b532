"""Maps between two pictures, and a step that brings them closer: twin of `kernels_verify_step`.

A map is affine, float64 (6,): u' = m0 u + m1 v + m2, v' = m3 u + m4 v + m5 between unit coordinates (0..1 over the whole upright
picture). All arrays have the pairs first; every expression stands in the order in which the loop has it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.planes import GRID, UNIT, Floats, Ints, Samples

MARGIN = 0.003
TRIM_MARGIN = 0.014
TRIMMED = 0.004
FARTHEST = 4.0
RESTS = 0.02
DAMPING = 1.02
FAINT = 1e-3
LARGEST = 64.0


def content_boxes(frame: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Top, bottom, left, right of the content, 0..1: uint16 (k, 8) to float64 (k, 4)."""
    return frame[:, :4].astype(np.float64) / 65535.0


def determinants(maps: Floats) -> Floats:
    """Area of B in which an area of A is found, negative when mirrored: (k,)."""
    result: Floats = maps[:, 0] * maps[:, 4] - maps[:, 1] * maps[:, 3]
    return result


def usable(maps: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Maps that can be looked through, finite, neither flat nor wild: bool (k,)."""
    with np.errstate(all="ignore"):  # anything may be asked
        area = np.abs(determinants(maps))
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (np.abs(maps) < LARGEST).all(axis=1) & (area > 1e-3) & (area < 1e3)
    return found


def inverses(maps: Floats) -> Floats:
    """The maps back; singular ones are the caller's concern."""
    m0, m1, m2, m3, m4, m5 = maps.T
    d = m0 * m4 - m1 * m3
    r0, r1, r3, r4 = m4 / d, -m1 / d, -m3 / d, m0 / d
    return np.stack([r0, r1, -(r0 * m2 + r1 * m5), r3, r4, -(r3 * m2 + r4 * m5)], axis=1)


def composed(then: Floats, first: Floats) -> Floats:
    """First `first`, then `then`."""
    rows = []
    for i in (0, 3):
        rows += [
            then[:, i] * first[:, 0] + then[:, i + 1] * first[:, 3],
            then[:, i] * first[:, 1] + then[:, i + 1] * first[:, 4],
            then[:, i] * first[:, 2] + then[:, i + 1] * first[:, 5] + then[:, i + 2],
        ]
    return np.stack(rows, axis=1)


def inner_boxes(box_a: Floats, box_b: Floats) -> Floats:
    """Both contents (k, 4: top, bottom, left, right) without a thin margin: (k, 8)."""
    edges = np.concatenate([box_a, box_b], axis=1)
    low = edges + np.where(edges > TRIMMED, TRIM_MARGIN, MARGIN)
    high = edges - np.where(edges < 1.0 - TRIMMED, TRIM_MARGIN, MARGIN)
    return np.where(np.arange(8) % 2 == 0, low, high)


def overlaps(maps: Floats, box_a: Floats, box_b: Floats) -> Floats:
    """Bounding box, in A, of what both contents show: (k, 4) u0, u1, v0, v1; `large_enough` tells whether it is of use."""
    back = inverses(maps)
    u, v = [], []
    for k in range(4):
        bu, bv = box_b[:, 2 + (k & 1)], box_b[:, k >> 1]
        u.append(back[:, 0] * bu + back[:, 1] * bv + back[:, 2])
        v.append(back[:, 3] * bu + back[:, 4] * bv + back[:, 5])
    return np.stack(
        [
            np.maximum(box_a[:, 2], np.minimum.reduce([np.full_like(u[0], 99.0), *u])),
            np.minimum(box_a[:, 3], np.maximum.reduce([np.full_like(u[0], -99.0), *u])),
            np.maximum(box_a[:, 0], np.minimum.reduce([np.full_like(u[0], 99.0), *v])),
            np.minimum(box_a[:, 1], np.maximum.reduce([np.full_like(u[0], -99.0), *v])),
        ],
        axis=1,
    )


def large_enough(window: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Windows of at least a tenth of A each way: bool (k,)."""
    result: np.ndarray[tuple[int], np.dtype[np.bool_]] = (window[:, 1] - window[:, 0] >= 0.1) & (
        window[:, 3] - window[:, 2] >= 0.1
    )
    return result


def moved(maps: Floats, step: Floats, window: Floats) -> Floats:
    """The maps after a step in grid units over the window (inverse compositional); NaN where the step is no map."""
    su, sv = (window[:, 1] - window[:, 0]) / GRID, (window[:, 3] - window[:, 2]) / GRID
    cu, cv = window[:, 0] + (GRID / 2 + 0.5) * su, window[:, 2] + (GRID / 2 + 0.5) * sv
    d0, d1, d2, d3, d4, d5 = step.T
    w0, w1 = 1.0 + d0 / GRID, d1 * su / (GRID * sv)
    w3, w4 = d3 * sv / (GRID * su), 1.0 + d4 / GRID
    w2 = su * d2 - (w0 - 1.0) * cu - w1 * cv
    w5 = sv * d5 - w3 * cu - (w4 - 1.0) * cv
    w = np.stack([w0, w1, w2, w3, w4, w5], axis=1)
    lost = ~(np.abs(determinants(w)) > 1e-3)
    w[lost] = (1, 0, 0, 0, 1, 0)
    out = composed(maps, inverses(w))
    out[lost] = np.nan
    return out


def steps(a: Samples, b: Samples, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[Floats, Floats]:
    """One Gauss-Newton step for b = a moved by it.

    Returns
    -------
    float64 (k, 6) in grid units (x scale, x shear, x shift, y ...), and the largest of each before it was cut to `FARTHEST`.
    """
    normal, right = _equations(*_moments(a, b, mask))
    step = _solved(normal, right)
    top = np.abs(step).max(axis=1, initial=0.0)
    far = top > FARTHEST
    step[far] = step[far] * (FARTHEST / top[far])[:, None]
    return step, top


def _moments(a: Samples, b: Samples, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[Ints, Ints]:
    """Sums of products of slopes (3, 6, k) by x * x, x * y, x, y * y, y, 1 and of slopes by difference (2, 3, k) by x, y, 1."""
    ab, bb = ((x * b).sum(axis=(1, 2), dtype=np.int64).astype(np.float64) for x in (a, b))
    gain = (np.minimum(np.maximum(ab / (bb + 1.0), 0.3), 2.0) * 256.0 + 0.5).astype(np.int64)[:, None, None]
    within = mask[:, 1:-1, 1:-1] & mask[:, 1:-1, :-2] & mask[:, 1:-1, 2:] & mask[:, :-2, 1:-1] & mask[:, 2:, 1:-1]
    wide_a, wide_b = a.astype(np.int64), b[:, 1:-1, 1:-1].astype(np.int64)
    gx, gy = wide_a[:, 1:-1, 2:] - wide_a[:, 1:-1, :-2], wide_a[:, 2:, 1:-1] - wide_a[:, :-2, 1:-1]
    e = ((wide_b * gain + 128) >> 8) - wide_a[:, 1:-1, 1:-1]
    w = (67108864.0 / (65536.0 + (e * e).astype(np.float64))).astype(np.int64) * within
    wx, wy = (w * gx) >> 5, (w * gy) >> 5
    place = np.arange(1, GRID - 1) - GRID // 2

    def by(values: Ints) -> tuple[Ints, ...]:
        down, across = values.sum(axis=2), values.sum(axis=1)
        mixed = ((values @ place) * place).sum(axis=1)
        return across @ (place * place), mixed, across @ place, down @ (place * place), down @ place, down.sum(axis=1)

    slopes = np.array([by(wx * gx), by(wx * gy), by(wy * gy)])
    apart = np.array([[s[2], s[4], s[5]] for s in (by(wx * e), by(wy * e))])
    return slopes, apart


def _equations(slopes: Ints, apart: Ints) -> tuple[Floats, Floats]:
    """The normal equations out of the sums, in grid units: slopes were counted twice over, weights 32-fold."""
    unit = 1.0 / (32.0 * 4.0 * UNIT * UNIT)
    once, twice = unit / GRID, unit / (GRID * GRID)
    k = slopes.shape[2]
    normal, right = np.empty((k, 6, 6)), np.empty((k, 6))
    for block, (row, column) in enumerate(((0, 0), (0, 3), (3, 3))):
        xx, xy, x, yy, y, one = (
            slopes[block, n].astype(np.float64) * f for n, f in enumerate((twice, twice, once, twice, once, unit))
        )
        for p, line in enumerate(((xx, xy, x), (xy, yy, y), (x, y, one))):
            for q, value in enumerate(line):
                normal[:, row + p, column + q] = normal[:, column + q, row + p] = value
    for p in range(6):
        normal[:, p, p] = normal[:, p, p] * DAMPING + FAINT
    half = 1.0 / (32.0 * 2.0 * UNIT * UNIT)
    for side in range(2):
        for p, factor in enumerate((half / GRID, half / GRID, half)):
            right[:, 3 * side + p] = apart[side, p].astype(np.float64) * factor
    return normal, right


def _solved(h: Floats, g: Floats) -> Floats:
    """x of h x = g for symmetric positive definite h (k, 6, 6), by Cholesky; h is overwritten."""
    x = np.empty_like(g)
    for i in range(6):
        for j in range(i + 1):
            s = h[:, i, j].copy()
            for k in range(j):
                s -= h[:, i, k] * h[:, j, k]
            h[:, i, j] = np.sqrt(np.maximum(s, 1e-12)) if i == j else s / h[:, j, j]
    for i in range(6):
        s = g[:, i].copy()
        for k in range(i):
            s -= h[:, i, k] * x[:, k]
        x[:, i] = s / h[:, i, i]
    for i in range(5, -1, -1):
        s = x[:, i].copy()
        for k in range(i + 1, 6):
            s -= h[:, k, i] * x[:, k]
        x[:, i] = s / h[:, i, i]
    return x
