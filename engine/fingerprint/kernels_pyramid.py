"""Loops of the local features, first part: the pyramid. The numpy form is `pyramid`.

Whole rows are added, a few of them at a time, so that the compiler turns every inner loop into vector instructions: 16-bit
sums of two pixels and 32-bit products. Indices are uint64, which are never taken from the end of an array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fingerprint.feature_numbers import DIFFERENCES, GREY, LAYERS, MOST_TAPS, PER_OCTAVE, TAP_BITS
from engine.loops.compiler import loop

HALF = 1 << (TAP_BITS - 1)
GREY_STEP = GREY // 16
MIDDLE = 16 * 128


@loop
def reflected(i: Any, count: Any) -> Any:
    """Row i of `count`, rows outside being those inside in reverse; -count < i < 2 count - 1."""
    if i < 0:
        return -i
    if i >= count:
        return 2 * count - 2 - i
    return i


@loop
def begin(rows: Any, middle: Any, a: Any, b: Any, taps: Any, tap: Any, sums: Any, count: Any) -> Any:
    """sums = the row at `middle` and the pair at `a`, `b`, weighted by the taps from `tap` on."""
    i, j, k = np.uint64(middle), np.uint64(a), np.uint64(b)
    first, second = np.int16(taps[tap]), np.int16(taps[tap + 1])
    for x in range(count):
        n = np.uint64(x)
        sums[n] = np.int32(first * rows[i + n]) + np.int32(second * np.int16(rows[j + n] + rows[k + n]))


@loop
def add_pairs(rows: Any, a: Any, b: Any, c: Any, d: Any, one: Any, two: Any, sums: Any, count: Any) -> Any:
    """sums += the pairs at `a`, `b` and `c`, `d`, weighted."""
    i, j, k, m = np.uint64(a), np.uint64(b), np.uint64(c), np.uint64(d)
    first, second = np.int16(one), np.int16(two)
    for x in range(count):
        n = np.uint64(x)
        near, far = np.int16(rows[i + n] + rows[j + n]), np.int16(rows[k + n] + rows[m + n])
        sums[n] += np.int32(first * near) + np.int32(second * far)


@loop
def add_pair(rows: Any, a: Any, b: Any, one: Any, sums: Any, count: Any) -> Any:
    """sums += the pair at `a`, `b`, weighted."""
    i, j, first = np.uint64(a), np.uint64(b), np.int16(one)
    for x in range(count):
        n = np.uint64(x)
        sums[n] += np.int32(first * np.int16(rows[i + n] + rows[j + n]))


@loop
def settle(sums: Any, target: Any, start: Any, count: Any) -> Any:
    """The rounded sums as pixels."""
    at = np.uint64(start)
    for x in range(count):
        n = np.uint64(x)
        target[at + n] = np.int16((sums[n] + HALF) >> TAP_BITS)


@loop
def across(
    source: Any, start: Any, width: Any, taps: Any, tap: Any, reach: Any, line: Any, sums: Any, target: Any, to: Any
) -> Any:
    """One row blurred along itself."""
    for x in range(reach):
        line[x] = source[start + reach - x]
        line[reach + width + x] = source[start + width - 2 - x]
    at, place = np.uint64(start), np.uint64(reach)
    for x in range(width):
        line[place + np.uint64(x)] = source[at + np.uint64(x)]
    begin(line, reach, reach - 1, reach + 1, taps, tap, sums, width)
    t = 2
    while t < reach:
        add_pairs(line, reach - t, reach + t, reach - t - 1, reach + t + 1, taps[tap + t], taps[tap + t + 1], sums, width)
        t += 2
    if t == reach:
        add_pair(line, 0, 2 * reach, taps[tap + t], sums, width)
    settle(sums, target, to, width)


@loop
def down(source: Any, y: Any, height: Any, width: Any, taps: Any, tap: Any, reach: Any, sums: Any, target: Any, to: Any) -> Any:
    """One row of the result of blurring along the columns."""
    a, b = reflected(y - 1, height) * width, reflected(y + 1, height) * width
    begin(source, y * width, a, b, taps, tap, sums, width)
    t = 2
    while t < reach:
        a, b = reflected(y - t, height) * width, reflected(y + t, height) * width
        c, d = reflected(y - t - 1, height) * width, reflected(y + t + 1, height) * width
        add_pairs(source, a, b, c, d, taps[tap + t], taps[tap + t + 1], sums, width)
        t += 2
    if t == reach:
        a, b = reflected(y - t, height) * width, reflected(y + t, height) * width
        add_pair(source, a, b, taps[tap + t], sums, width)
    settle(sums, target, to, width)


@loop
def blur(
    layers: Any, start: Any, to: Any, height: Any, width: Any, taps: Any, tap: Any, reach: Any, work: Any, line: Any, sums: Any
) -> Any:
    """The layer at `start` blurred into the one at `to`, which may be the same; `work` holds a layer."""
    for y in range(height):
        across(layers, start + y * width, width, taps, tap, reach, line, sums, work, y * width)
    for y in range(height):
        down(work, y, height, width, taps, tap, reach, sums, layers, to + y * width)


@loop
def difference(layers: Any, first: Any, second: Any, differences: Any, to: Any, count: Any) -> Any:
    """The pixels at `second` less those at `first`."""
    i, j, k = np.uint64(first), np.uint64(second), np.uint64(to)
    for x in range(count):
        n = np.uint64(x)
        differences[k + n] = np.int16(layers[j + n] - layers[i + n])


@loop
def double(detail: Any, height: Any, width: Any, layers: Any, line: Any) -> Any:
    """The first layer before its blur: the plate in twice its size."""
    for row in range(2 * height):
        y = row >> 1
        other = max(y - 1, 0) if row & 1 == 0 else min(y + 1, height - 1)
        near, far = np.uint64(y * width), np.uint64(other * width)
        for x in range(width):
            n = np.uint64(x)
            line[n + np.uint64(1)] = np.int16(3 * np.int16(detail[near + n]) + np.int16(detail[far + n]))
        line[0], line[width + 1] = line[1], line[width]
        to = np.uint64(2 * width * row)
        for x in range(width):
            n = np.uint64(x)
            middle = 3 * line[n + np.uint64(1)] - MIDDLE
            layers[to + n + n] = np.int16((middle + line[n]) * GREY_STEP)
            layers[to + n + n + np.uint64(1)] = np.int16((middle + line[n + np.uint64(2)]) * GREY_STEP)


@loop
def halve(layers: Any, start: Any, height: Any, width: Any, to: Any) -> Any:
    """Means of 2 x 2 pixels of the layer at `start`."""
    columns = (width + 1) // 2
    for y in range((height + 1) // 2):
        upper = start + 2 * y * width
        lower = upper + width if 2 * y + 1 < height else upper
        for x in range(columns):
            left, right = 2 * x, min(2 * x + 1, width - 1)
            total = layers[upper + left] + layers[upper + right] + layers[lower + left] + layers[lower + right]
            layers[to + y * columns + x] = np.int16((total + 2) >> 2)


@loop
def pyramid(
    detail: Any, octaves: Any, count: Any, taps: Any, reaches: Any, layers: Any, differences: Any, work: Any, line: Any, sums: Any
) -> Any:
    """All layers and differences of a plate.

    detail: u1, half as high and wide as the first octave. octaves: i8 (count, 4), rows, columns, first pixel in `layers` and in
    `differences` of each. taps: i8 (6 * 11). reaches: i8 (6). layers, differences: i2, written. work: i2, a layer of the first
    octave. line: i2, 20 px more than a row. sums: i4, a row.
    """
    double(detail, octaves[0, 0] // 2, octaves[0, 1] // 2, layers, line)
    for number in range(count):
        height, width = octaves[number, 0], octaves[number, 1]
        start, differ = octaves[number, 2], octaves[number, 3]
        size = height * width
        if number == 0:
            blur(layers, start, start, height, width, taps, 0, reaches[0], work, line, sums)
        else:
            high, wide = octaves[number - 1, 0], octaves[number - 1, 1]
            halve(layers, octaves[number - 1, 2] + PER_OCTAVE * high * wide, high, wide, start)
        for layer in range(1, LAYERS):
            before = start + (layer - 1) * size
            blur(layers, before, before + size, height, width, taps, layer * MOST_TAPS, reaches[layer], work, line, sums)
        for layer in range(DIFFERENCES):
            before = start + layer * size
            difference(layers, before, before + size, differences, differ + layer * size, size)
    return count
