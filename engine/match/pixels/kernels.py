"""Loops of verification, third part: what two aligned plates tell of each other, and the loop over candidates."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import loop, root
from engine.match.pixels.kernels_planes import (
    AREA,
    AT_A,
    AT_B,
    BLUR_A,
    BLUR_B,
    COUNT,
    EXTRA,
    F_A,
    F_B,
    GIVEN,
    GRID,
    MASK,
    N_A,
    N_B,
    SAMPLES,
    SIDE,
    SQUARE,
    STACK,
    SUM,
    TRIAL,
    UNIT,
    VALUES,
    WINDOW,
    blend,
    blur,
    blur_level,
    count_windows,
    fill,
    normalise,
    windows,
)
from engine.match.pixels.kernels_step import inner_boxes, moved, overlap, step, usable

BLOCK_SIDE = 8
FEWEST = 276  # samples, 12 of 100
SETTLED = 0.97
HOPELESS_FIRST = 0.12
HOPELESS_THEN = 0.25
LOOK_AGAIN = 3
FAR = 0.7
STEPS_FROM_FAR = 10
BLURRIEST = 48
DETAIL = 16384  # a quarter of UNIT * UNIT: mean square from which a window has detail
STATE = 24  # place in sums: levels to which both plates lie blurred

# columns of the evidence
NCC, BLOCK, RAW, SHARE_A, SHARE_B, BUSY, LOW, BLOCKS, DIFFER, OFFSET, GAIN = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
COLUMNS = 11


@loop
def _look(planes: Any, numbers: Any, place: Any, sums: Any, again: Any, extra: Any) -> Any:
    """Sample and normalise under the map at `place`; returns the number of samples, 0 where they are too few.

    extra: levels by which both plates are blurred more than their resolutions ask for.
    """
    d = abs(numbers[place] * numbers[place + 4] - numbers[place + 1] * numbers[place + 3])
    across, down = numbers[WINDOW + 1] - numbers[WINDOW], numbers[WINDOW + 3] - numbers[WINDOW + 2]
    cell = across * down * (float(SIDE * SIDE) / float(SAMPLES))
    level_a = min(blur_level(max(cell, 1.0 / d)) + extra, BLURRIEST)
    level_b = min(blur_level(max(cell * d, d)) + extra, BLURRIEST)
    if level_a != sums[STATE]:
        blend(planes, BLUR_A, AT_A, level_a)
        sums[STATE] = level_a
        again = 1
    if level_b != sums[STATE + 1]:
        blend(planes, BLUR_B, AT_B, level_b)
        sums[STATE + 1] = level_b
    found = fill(planes, numbers, place, again)
    count = found >> 1
    changed = found & 1
    if changed:
        count_windows(planes)
    if count < FEWEST:
        return 0
    if changed or again:
        normalise(planes, F_A, N_A)
    normalise(planes, F_B, N_B)
    return count


@loop
def _correlation(planes: Any) -> Any:
    ab, aa, bb = 0, 0, 0
    for k in range(SAMPLES):
        a, b = planes[N_A, k], planes[N_B, k]
        ab += a * b
        aa += a * a
        bb += b * b
    return float(ab) / root((float(aa) + 1.0) * (float(bb) + 1.0))


@loop
def _raw(planes: Any, count: Any, out: Any, row: Any) -> Any:
    """Of the grey levels: correlation, mean of the second less that of the first, contrast of the second against the first."""
    sa, sb, ab, aa, bb = 0, 0, 0, 0, 0
    for k in range(SAMPLES):
        a, b = planes[F_A, k], planes[F_B, k]  # 0 outside the mask
        sa += a
        sb += b
        ab += a * b
        aa += a * a
        bb += b * b
    va, vb = count * aa - sa * sa, count * bb - sb * sb
    out[row, RAW] = float(count * ab - sa * sb) / root((float(va) + 1.0) * (float(vb) + 1.0))
    out[row, OFFSET] = float(sb - sa) / float(16 * count)
    out[row, GAIN] = root((float(vb) + 1.0) / (float(va) + 1.0))
    return 0


@loop
def blocks(planes: Any, numbers: Any, out: Any, row: Any) -> Any:
    """Correlation of 6 x 6 blocks of 8 x 8 samples: busy, low, block, blocks."""
    n, whole = 0, 0
    for block in range((GRID // BLOCK_SIDE) ** 2):
        corner = (block // (GRID // BLOCK_SIDE)) * BLOCK_SIDE * GRID + (block % (GRID // BLOCK_SIDE)) * BLOCK_SIDE
        ab, aa, bb, c = 0, 0, 0, 0
        for i in range(BLOCK_SIDE):
            for j in range(BLOCK_SIDE):
                k = corner + i * GRID + j
                a, b = planes[N_A, k], planes[N_B, k]
                ab += a * b
                aa += a * a
                bb += b * b
                c += planes[MASK, k]
        if 2 * c < BLOCK_SIDE * BLOCK_SIDE:
            continue
        whole += 1
        if 20 * max(aa, bb) > 3 * c * UNIT * UNIT:
            value = 0.0
            if 100 * min(aa, bb) > c * UNIT * UNIT:
                value = float(ab) / root(float(aa) * float(bb))
            place = n
            while place > 0 and numbers[VALUES + place - 1] > value:
                numbers[VALUES + place] = numbers[VALUES + place - 1]
                place -= 1
            numbers[VALUES + place] = value
            n += 1
    out[row, BLOCKS] = float(n)
    out[row, BUSY] = float(n) / float(max(1, whole))
    out[row, BLOCK], out[row, LOW] = 0.0, 0.0
    if n > 0:
        out[row, BLOCK], out[row, LOW] = numbers[VALUES + n // 2], numbers[VALUES + n // 4]
    return 0


@loop
def _disagreement(planes: Any) -> Any:
    """AREA: 1 where a window around the sample has detail in either picture and the two do not correlate."""
    windows(planes, N_A, N_B, 1, EXTRA)
    windows(planes, N_A, N_A, 1, SUM)
    windows(planes, N_B, N_B, 1, SQUARE)
    for k in range(SAMPLES):
        ab, aa, bb = np.int64(planes[EXTRA, k]), np.int64(planes[SUM, k]), np.int64(planes[SQUARE, k])
        detail = max(aa, bb) > DETAIL * np.int64(planes[COUNT, k])
        planes[AREA, k] = 1 if planes[MASK, k] and detail and (ab <= 0 or 16 * ab * ab <= aa * bb) else 0
    return 0


@loop
def _pushed(planes: Any, k: Any, n: Any) -> Any:
    if planes[AREA, k] == 0:
        return n
    planes[AREA, k] = 0
    planes[STACK, n] = k
    return n + 1


@loop
def largest(planes: Any) -> Any:
    """Samples in the largest part of AREA that hangs together along edges; clears it."""
    best = 0
    for start in range(SAMPLES):
        n = _pushed(planes, start, 0)
        size = 0
        while n > 0:
            n -= 1
            k = np.int64(planes[STACK, n])
            size += 1
            i, j = k // GRID, k % GRID
            if i > 0:
                n = _pushed(planes, k - GRID, n)
            if i < GRID - 1:
                n = _pushed(planes, k + GRID, n)
            if j > 0:
                n = _pushed(planes, k - 1, n)
            if j < GRID - 1:
                n = _pushed(planes, k + 1, n)
        best = max(best, size)
    return best


@loop
def _evidence(planes: Any, numbers: Any, place: Any, boxes: Any, first: Any, second: Any, count: Any, out: Any, row: Any) -> Any:
    across, down = numbers[WINDOW + 1] - numbers[WINDOW], numbers[WINDOW + 3] - numbers[WINDOW + 2]
    d = abs(numbers[place] * numbers[place + 4] - numbers[place + 1] * numbers[place + 3])
    area = float(count) * across * down / float(SAMPLES)
    out[row, SHARE_A] = area / ((boxes[first, 1] - boxes[first, 0]) * (boxes[first, 3] - boxes[first, 2]))
    out[row, SHARE_B] = area * d / ((boxes[second, 1] - boxes[second, 0]) * (boxes[second, 3] - boxes[second, 2]))
    out[row, NCC] = _correlation(planes)
    _raw(planes, count, out, row)
    blocks(planes, numbers, out, row)
    _disagreement(planes)
    out[row, DIFFER] = float(largest(planes)) / float(count)
    return 0


@loop
def blur_ahead(step: Any) -> Any:
    """By how many levels plates are blurred after so many steps from far off."""
    return max(0, min(40, 48 - 8 * step))


@loop
def _refined(planes: Any, numbers: Any, sums: Any, boxes: Any, first: Any, second: Any, steps: Any, before: Any) -> Any:
    """Refine the map on trial; returns its samples, 0 where it was lost on the way, -1 where there is no hope.

    From far off, blurred plates lead the way, less and less blurred, and the window is taken anew with each; else half-way.
    """
    count, renewed, far = 0, 0, before < FAR
    if far:
        steps = STEPS_FROM_FAR
        if _look(planes, numbers, TRIAL, sums, 1, blur_ahead(0)) == 0:
            return 0
    for k in range(steps):
        extra = blur_ahead(k + 1) if far else 0
        rests = step(planes, sums, numbers)
        if not moved(numbers, TRIAL):
            return 0
        again = 0
        if (far and blur_ahead(k) > 0) or (not far and not renewed and (rests or 2 * (k + 1) >= steps)):
            again = 1
            renewed = 1
            if not overlap(boxes, first, second, numbers, TRIAL):
                return 0
        count = _look(planes, numbers, TRIAL, sums, again, extra)
        if count == 0:
            return 0
        if far and k + 1 == LOOK_AGAIN and max(before, _correlation(planes)) < HOPELESS_THEN:
            return -1
        if rests and not again and extra == 0:
            break
    return count


@loop
def _judge(planes: Any, numbers: Any, sums: Any, boxes: Any, first: Any, second: Any, steps: Any, out: Any, row: Any) -> Any:
    """Evidence of one candidate whose window is known; returns where its better map lies."""
    inner_boxes(boxes, first, second, numbers)
    found = _look(planes, numbers, GIVEN, sums, 1, 0)
    if found == 0:
        return GIVEN
    before = _correlation(planes)
    if before < HOPELESS_FIRST:
        out[row, NCC] = before
        return GIVEN
    place = GIVEN
    if before <= SETTLED and steps > 0:
        for k in range(6):
            numbers[TRIAL + k] = numbers[GIVEN + k]
        refined = _refined(planes, numbers, sums, boxes, first, second, steps, before)
        if refined < 0:
            out[row, NCC] = before
            return GIVEN
        if refined and _correlation(planes) >= before:
            place, found = TRIAL, refined
        else:
            overlap(boxes, first, second, numbers, GIVEN)
            found = _look(planes, numbers, GIVEN, sums, 1, 0)
    _evidence(planes, numbers, place, boxes, first, second, found, out, row)
    return place


@loop
def verify(
    plates: Any,
    boxes: Any,
    first: Any,
    second: Any,
    steps: Any,
    maps: Any,
    out: Any,
    planes: Any,
    numbers: Any,
    sums: Any,
    count: Any,
) -> Any:
    """Evidence for candidates, under the better of the map as given and the refined one.

    plates uint8 (n, 64, 64). boxes float64 (n, 4): content, top, bottom, left, right. first, second int64 (count,): rows of both.
    steps int64 (count,): of alignment. maps float64 (count, 6): from the first to the second, replaced by the better map.
    out float64 (count, COLUMNS), filled; zeros where the two do not overlap. planes int32 (ROWS, 4096), numbers float64
    (NUMBERS,) and sums int64 (32,) are scratch of one thread. Twin: `engine.match.pixels.overlap`.
    """
    last_a, last_b = -1, -1
    for c in range(count):
        a, b = first[c], second[c]
        for k in range(COLUMNS):
            out[c, k] = 0.0
        for k in range(6):
            numbers[GIVEN + k] = maps[c, k]
        if not usable(numbers, GIVEN) or not overlap(boxes, a, b, numbers, GIVEN):
            continue
        if a != last_a:
            blur(plates, a, planes, BLUR_A)
            sums[STATE] = -1
            last_a = a
        if b != last_b:
            blur(plates, b, planes, BLUR_B)
            sums[STATE + 1] = -1
            last_b = b
        place = _judge(planes, numbers, sums, boxes, a, b, steps[c], out, c)
        for k in range(6):
            maps[c, k] = numbers[place + k]
    return count
