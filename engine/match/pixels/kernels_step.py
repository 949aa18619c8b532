"""Loops of verification, second part: maps, and one step of alignment."""

from __future__ import annotations

from typing import Any

from engine.loops.compiler import loop, root
from engine.match.pixels.kernels_planes import (
    GRID,
    INNER,
    MASK,
    N_A,
    N_B,
    NORMAL,
    RIGHT,
    SAMPLES,
    STEP,
    UNIT,
    WINDOW,
)

MARGIN = 0.003
TRIM_MARGIN = 0.014
TRIMMED = 0.004
FARTHEST = 4.0
LARGEST = 64.0  # no plate shows another 64 times smaller
RESTS = 0.02  # grid units by which the last step moves something that stands still
DAMPING = 1.02
FAINT = 1e-3


@loop
def usable(numbers: Any, place: Any) -> Any:
    """Whether the map at `place` can be looked through: finite, neither flat nor wild."""
    for k in range(place, place + 6):
        if not abs(numbers[k]) < LARGEST:
            return 0
    area = abs(numbers[place] * numbers[place + 4] - numbers[place + 1] * numbers[place + 3])
    return 1 if 1e-3 < area < 1e3 else 0


@loop
def inner_boxes(boxes: Any, first: Any, second: Any, numbers: Any) -> Any:
    """Both contents without a thin margin: resampling and trimming leave mixed pixels there."""
    for side in range(2):
        which = second if side else first
        for k in range(4):
            edge = boxes[which, k]
            if k % 2 == 0:
                numbers[INNER + 4 * side + k] = edge + (TRIM_MARGIN if edge > TRIMMED else MARGIN)
            else:
                numbers[INNER + 4 * side + k] = edge - (TRIM_MARGIN if edge < 1.0 - TRIMMED else MARGIN)
    return 0


@loop
def overlap(boxes: Any, first: Any, second: Any, numbers: Any, place: Any) -> Any:
    """Bounding box, in A, of what both contents show under the map at `place`: the window. Returns 0 where it is too small."""
    m0, m1, m2 = numbers[place], numbers[place + 1], numbers[place + 2]
    m3, m4, m5 = numbers[place + 3], numbers[place + 4], numbers[place + 5]
    d = m0 * m4 - m1 * m3
    r0, r1, r3, r4 = m4 / d, -m1 / d, -m3 / d, m0 / d
    r2, r5 = -(r0 * m2 + r1 * m5), -(r3 * m2 + r4 * m5)
    u0, u1, v0, v1 = 99.0, -99.0, 99.0, -99.0
    for k in range(4):
        bu = boxes[second, 2] if k & 1 == 0 else boxes[second, 3]
        bv = boxes[second, 0] if k >> 1 == 0 else boxes[second, 1]
        u, v = r0 * bu + r1 * bv + r2, r3 * bu + r4 * bv + r5
        u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
    u0, u1 = max(boxes[first, 2], u0), min(boxes[first, 3], u1)
    v0, v1 = max(boxes[first, 0], v0), min(boxes[first, 1], v1)
    numbers[WINDOW], numbers[WINDOW + 1], numbers[WINDOW + 2], numbers[WINDOW + 3] = u0, u1, v0, v1
    return 1 if u1 - u0 >= 0.1 and v1 - v0 >= 0.1 else 0


@loop
def moved(numbers: Any, place: Any) -> Any:
    """Move the map at `place` by the step at `STEP` over the window (inverse compositional); 0 where it is of no use then."""
    su, sv = (numbers[WINDOW + 1] - numbers[WINDOW]) / GRID, (numbers[WINDOW + 3] - numbers[WINDOW + 2]) / GRID
    cu, cv = numbers[WINDOW] + (GRID / 2 + 0.5) * su, numbers[WINDOW + 2] + (GRID / 2 + 0.5) * sv
    w0, w1 = 1.0 + numbers[STEP] / GRID, numbers[STEP + 1] * su / (GRID * sv)
    w3, w4 = numbers[STEP + 3] * sv / (GRID * su), 1.0 + numbers[STEP + 4] / GRID
    w2 = su * numbers[STEP + 2] - (w0 - 1.0) * cu - w1 * cv
    w5 = sv * numbers[STEP + 5] - w3 * cu - (w4 - 1.0) * cv
    d = w0 * w4 - w1 * w3
    if not abs(d) > 1e-3:
        return 0
    r0, r1, r3, r4 = w4 / d, -w1 / d, -w3 / d, w0 / d
    r2, r5 = -(r0 * w2 + r1 * w5), -(r3 * w2 + r4 * w5)
    for k in (place, place + 3):
        one, other = numbers[k], numbers[k + 1]
        numbers[k], numbers[k + 1] = one * r0 + other * r3, one * r1 + other * r4
        numbers[k + 2] = one * r2 + other * r5 + numbers[k + 2]
    return usable(numbers, place)


@loop
def solve(numbers: Any) -> Any:
    """The step that the normal equations at `NORMAL` and `RIGHT` ask for, by Cholesky; they are overwritten."""
    for i in range(6):
        for j in range(i + 1):
            s = numbers[NORMAL + 6 * i + j]
            for k in range(j):
                s -= numbers[NORMAL + 6 * i + k] * numbers[NORMAL + 6 * j + k]
            numbers[NORMAL + 6 * i + j] = root(max(s, 1e-12)) if i == j else s / numbers[NORMAL + 7 * j]
    for i in range(6):
        s = numbers[RIGHT + i]
        for k in range(i):
            s -= numbers[NORMAL + 6 * i + k] * numbers[STEP + k]
        numbers[STEP + i] = s / numbers[NORMAL + 7 * i]
    for i in range(5, -1, -1):
        s = numbers[STEP + i]
        for k in range(i + 1, 6):
            s -= numbers[NORMAL + 6 * k + i] * numbers[STEP + k]
        numbers[STEP + i] = s / numbers[NORMAL + 7 * i]
    return 0


@loop
def gain(planes: Any) -> Any:
    """What the second must be multiplied by to be like the first, in 256ths."""
    ab, bb = 0, 0
    for k in range(SAMPLES):
        b = planes[N_B, k]
        ab += planes[N_A, k] * b
        bb += b * b
    return int(min(max(float(ab) / (float(bb) + 1.0), 0.3), 2.0) * 256.0 + 0.5)


@loop
def step(planes: Any, sums: Any, numbers: Any) -> Any:
    """One Gauss-Newton step for b = a moved by d: six numbers in grid units (x scale, x shear, x shift, y ...).

    Filled at `STEP`; sums int64 (24,) are scratch. Weights are Cauchy's, so that text or a sticker does not pull. Returns 1 where
    nothing moves any more.
    """
    scale = gain(planes)
    for k in range(24):
        sums[k] = 0
    for i in range(1, GRID - 1):
        y = i - GRID // 2
        # xx, xy, yy of the slopes, each by 1, x and x * x; then both slopes by the difference, each by 1 and x
        a0, a1, a2, b0, b1, b2, c0, c1, c2 = 0, 0, 0, 0, 0, 0, 0, 0, 0
        p0, p1, q0, q1 = 0, 0, 0, 0
        for j in range(1, GRID - 1):
            k = i * GRID + j
            within = planes[MASK, k] & planes[MASK, k - 1] & planes[MASK, k + 1] & planes[MASK, k - GRID] & planes[MASK, k + GRID]
            if within == 0:
                continue
            x = j - GRID // 2
            gx, gy = planes[N_A, k + 1] - planes[N_A, k - 1], planes[N_A, k + GRID] - planes[N_A, k - GRID]
            e = ((planes[N_B, k] * scale + 128) >> 8) - planes[N_A, k]
            w = int(67108864.0 / (65536.0 + float(e * e)))
            wx, wy = (w * gx) >> 5, (w * gy) >> 5
            xx, xy, yy, xe, ye = wx * gx, wx * gy, wy * gy, wx * e, wy * e
            a0 += xx
            a1 += xx * x
            a2 += xx * x * x
            b0 += xy
            b1 += xy * x
            b2 += xy * x * x
            c0 += yy
            c1 += yy * x
            c2 += yy * x * x
            p0 += xe
            p1 += xe * x
            q0 += ye
            q1 += ye * x
        # order of a block: x * x, x * y, x, y * y, y, 1
        sums[0] += a2
        sums[1] += a1 * y
        sums[2] += a1
        sums[3] += a0 * y * y
        sums[4] += a0 * y
        sums[5] += a0
        sums[6] += b2
        sums[7] += b1 * y
        sums[8] += b1
        sums[9] += b0 * y * y
        sums[10] += b0 * y
        sums[11] += b0
        sums[12] += c2
        sums[13] += c1 * y
        sums[14] += c1
        sums[15] += c0 * y * y
        sums[16] += c0 * y
        sums[17] += c0
        sums[18] += p1
        sums[19] += p0 * y
        sums[20] += p0
        sums[21] += q1
        sums[22] += q0 * y
        sums[23] += q0
    equations(sums, numbers)
    solve(numbers)
    top = 0.0
    for k in range(STEP, STEP + 6):
        top = max(top, abs(numbers[k]))
    if top > FARTHEST:
        for k in range(STEP, STEP + 6):
            numbers[k] = numbers[k] * (FARTHEST / top)
    return 1 if top < RESTS else 0


@loop
def equations(sums: Any, numbers: Any) -> Any:
    """The normal equations out of the sums, in grid units: slopes were counted twice over, weights 32-fold."""
    unit = 1.0 / (32.0 * 4.0 * UNIT * UNIT)
    once, twice = unit / GRID, unit / (GRID * GRID)
    for block in range(3):
        row, column = (0 if block < 2 else 3), (0 if block == 0 else 3)
        n = 6 * block
        xx, xy, x = float(sums[n]) * twice, float(sums[n + 1]) * twice, float(sums[n + 2]) * once
        yy, y, one = float(sums[n + 3]) * twice, float(sums[n + 4]) * once, float(sums[n + 5]) * unit
        for p in range(3):
            for q in range(3):
                value = one
                if p == 0:
                    value = xx if q == 0 else (xy if q == 1 else x)
                elif p == 1:
                    value = xy if q == 0 else (yy if q == 1 else y)
                elif q == 0:
                    value = x
                elif q == 1:
                    value = y
                numbers[NORMAL + 6 * (row + p) + column + q] = value
                numbers[NORMAL + 6 * (column + q) + row + p] = value
    for p in range(6):
        numbers[NORMAL + 7 * p] = numbers[NORMAL + 7 * p] * DAMPING + FAINT
    half = 1.0 / (32.0 * 2.0 * UNIT * UNIT)
    for side in range(2):
        n = 18 + 3 * side
        numbers[RIGHT + 3 * side] = float(sums[n]) * (half / GRID)
        numbers[RIGHT + 3 * side + 1] = float(sums[n + 1]) * (half / GRID)
        numbers[RIGHT + 3 * side + 2] = float(sums[n + 2]) * half
    return 0
