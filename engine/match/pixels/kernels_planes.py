"""Loops of verification, first part: plates blurred to a common resolution, sampled over the overlap, and locally normalised.

Everything is integer, or float64 element by element, so that `engine.match.pixels.planes` in numpy gives the same bits.
`planes` is int32 (ROWS, 4096): scratch of one thread, a row for each thing by the numbers below.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, root

SIDE = 64
GRID = 48
CELLS = SIDE * SIDE
SAMPLES = GRID * GRID
RADIUS = 4
UNIT = 256
FLOOR = 48  # 3 grey levels
FIXED = 1 << 20
LIFT = 1 << 45  # makes a number positive before it is cut, so that cutting rounds down
WIDE = GRID + 2 * RADIUS  # rows of samples with room for half a window on either side

# places in numbers, the float64 scratch: two maps, a step, the window in A (u0, u1, v0, v1), the content of A and of B without
# its margin (top, bottom, left, right each), normal equations
GIVEN, TRIAL, STEP, WINDOW, INNER, NORMAL, RIGHT, VALUES = 0, 6, 12, 18, 22, 32, 68, 80
NUMBERS = 128

# rows of planes
BLUR_A, BLUR_B = 0, 4
AT_A, AT_B = 8, 9
F_A, F_B, N_A, N_B, MASK = 10, 11, 12, 13, 14
COUNT, SUM, SQUARE, EXTRA = 15, 16, 17, 18
LINE, AREA, STACK = 19, 20, 21
ROWS = 22


@loop
def blur(plates: Any, which: Any, planes: Any, base: Any) -> Any:
    """The plate in 16ths of a grey level, and blurred by variances of 0.5, 2.5 and 10.5 cells: rows base to base + 3."""
    for y in range(SIDE):
        for x in range(SIDE):
            planes[base, y * SIDE + x] = np.int32(plates[which, y, x]) * 16
    step = 1
    for level in range(3):
        source, target = base + level, base + level + 1
        for y in range(SIDE):
            up, down = max(y - step, 0) * SIDE, min(y + step, SIDE - 1) * SIDE
            for x in range(SIDE):
                planes[LINE, x + 4] = planes[source, up + x] + 2 * planes[source, y * SIDE + x] + planes[source, down + x]
            for x in range(4):
                planes[LINE, x] = planes[LINE, 4]
                planes[LINE, SIDE + 4 + x] = planes[LINE, SIDE + 3]
            for x in range(SIDE):
                both = planes[LINE, x + 4 - step] + 2 * planes[LINE, x + 4] + planes[LINE, x + 4 + step]
                planes[target, y * SIDE + x] = (both + 8) >> 4
        step *= 2
    return 0


@loop
def blend(planes: Any, base: Any, target: Any, level: Any) -> Any:
    """The plate between two of its blurred versions: level in 16ths, 0..48."""
    lower = min(level >> 4, 2)
    part = np.int32(level - 16 * lower)
    rest = np.int32(16) - part
    one, other = base + lower, base + lower + 1
    for k in range(CELLS):
        planes[target, k] = (planes[one, k] * rest + planes[other, k] * part + 8) >> 4
    return 0


@inlined
def blur_level(square: Any) -> Any:
    """Level in 16ths at which cells that are sqrt(square) times as wide as the plate's look the same."""
    variance = (min(square, 40.0) - 1.0) * 0.25
    if not variance > 0.0:
        return 0
    if variance <= 0.5:
        return int(variance * 32.0 + 0.5)
    if variance <= 2.5:
        return int((variance - 0.5) * 8.0 + 16.5)
    return int((variance - 2.5) * 2.0 + 32.5)


@inlined
def fixed(cells: Any) -> Any:
    """A place in cells as a whole number of 2^-20 cells, the nearest."""
    return int(cells * FIXED + 0.5 + LIFT) - LIFT


@inlined
def bilinear(planes: Any, row: Any, x: Any, y: Any) -> Any:
    """The plate in `row` at a fixed-point place; beyond the middle of the outermost cells it goes on as there."""
    x = min(max(x, 0), (SIDE - 1) * FIXED - 1)
    y = min(max(y, 0), (SIDE - 1) * FIXED - 1)
    at = (y >> 20) * SIDE + (x >> 20)
    fx, fy = (x >> 12) & 255, (y >> 12) & 255
    top = planes[row, at] * (256 - fx) + planes[row, at + 1] * fx
    low = planes[row, at + SIDE] * (256 - fx) + planes[row, at + SIDE + 1] * fx
    return (top * (256 - fy) + low * fy + 32768) >> 16


@loop
def fill(planes: Any, numbers: Any, place: Any, again: Any) -> Any:
    """Sample both plates over the window; returns the number of samples that both have.

    numbers float64: the map at `place`, the window at `WINDOW`, both contents without their margin at `INNER`. again: 0 where A
    was sampled over this window before.
    """
    u0, u1, v0, v1 = numbers[WINDOW], numbers[WINDOW + 1], numbers[WINDOW + 2], numbers[WINDOW + 3]
    m0, m1, m2 = numbers[place], numbers[place + 1], numbers[place + 2]
    m3, m4, m5 = numbers[place + 3], numbers[place + 4], numbers[place + 5]
    su, sv = (u1 - u0) / GRID, (v1 - v0) / GRID
    u, v = u0 + 0.5 * su, v0 + 0.5 * sv
    ax, ay = fixed(u * SIDE - 0.5), fixed(v * SIDE - 0.5)
    ax_step, ay_step = fixed(su * SIDE), fixed(sv * SIDE)
    bx = fixed((m0 * u + m1 * v + m2) * SIDE - 0.5)
    by = fixed((m3 * u + m4 * v + m5) * SIDE - 0.5)
    bx_across, bx_down = fixed(m0 * su * SIDE), fixed(m1 * sv * SIDE)
    by_across, by_down = fixed(m3 * su * SIDE), fixed(m4 * sv * SIDE)
    a_top, a_bottom = fixed(numbers[INNER + 0] * SIDE - 0.5), fixed(numbers[INNER + 1] * SIDE - 0.5)
    a_left, a_right = fixed(numbers[INNER + 2] * SIDE - 0.5), fixed(numbers[INNER + 3] * SIDE - 0.5)
    b_top, b_bottom = fixed(numbers[INNER + 4] * SIDE - 0.5), fixed(numbers[INNER + 5] * SIDE - 0.5)
    b_left, b_right = fixed(numbers[INNER + 6] * SIDE - 0.5), fixed(numbers[INNER + 7] * SIDE - 0.5)
    count, changed = 0, 0
    for i in range(GRID):
        y, px, py = ay + i * ay_step, bx + i * bx_down, by + i * by_down
        row_in = a_top < y < a_bottom
        for j in range(GRID):
            x, qx, qy = ax + j * ax_step, px + j * bx_across, py + j * by_across
            at = i * GRID + j
            inside = 0
            if row_in and a_left < x < a_right and b_left < qx < b_right and b_top < qy < b_bottom:
                inside = 1
                count += 1
                planes[F_B, at] = bilinear(planes, AT_B, qx, qy)
                if again or planes[MASK, at] == 0:
                    planes[F_A, at] = bilinear(planes, AT_A, x, y)
            elif again or planes[MASK, at] != 0:
                planes[F_A, at] = 0
                planes[F_B, at] = 0
            if planes[MASK, at] != inside:
                planes[MASK, at] = inside
                changed = 1
    return 2 * count + changed


@loop
def windows(planes: Any, source: Any, other: Any, product: Any, target: Any) -> Any:
    """Sums over windows of 9 x 9 samples, fewer at the edges: of `source`, or of source * other where product is 1."""
    for k in range(WIDE):
        planes[LINE, k] = 0
    for i in range(RADIUS):
        for j in range(GRID):
            k = i * GRID + j
            planes[LINE, RADIUS + j] += planes[source, k] * planes[other, k] if product else planes[source, k]
    for i in range(GRID):
        if i + RADIUS < GRID:
            for j in range(GRID):
                k = (i + RADIUS) * GRID + j
                planes[LINE, RADIUS + j] += planes[source, k] * planes[other, k] if product else planes[source, k]
        if i > RADIUS:
            for j in range(GRID):
                k = (i - RADIUS - 1) * GRID + j
                planes[LINE, RADIUS + j] -= planes[source, k] * planes[other, k] if product else planes[source, k]
        run = 0
        for j in range(2 * RADIUS):
            run += planes[LINE, j]
        for j in range(GRID):
            run += planes[LINE, j + 2 * RADIUS]
            planes[target, i * GRID + j] = run
            run -= planes[LINE, j]
    return 0


@loop
def count_windows(planes: Any) -> Any:
    """Samples of the mask around each sample."""
    windows(planes, MASK, MASK, 0, COUNT)
    return 0


@loop
def normalise(planes: Any, source: Any, target: Any) -> Any:
    """(f - local mean) / sqrt(local variance + 3 grey levels squared) inside the mask, in `UNIT`ths; 0 outside."""
    windows(planes, source, source, 0, SUM)
    windows(planes, source, source, 1, SQUARE)
    for k in range(SAMPLES):
        n, s = float(planes[COUNT, k]), float(planes[SUM, k])
        away = (n * float(planes[source, k]) - s) * UNIT
        spread = n * float(planes[SQUARE, k]) - s * s + n * n * (FLOOR * FLOOR) + 1e-9
        value = np.int32(away / root(spread) + 4096.5) - 4096
        planes[target, k] = value if planes[MASK, k] else 0
    return 0
