"""Loops of the local features, second part: where the keypoints are and which of them are described. See `keypoints`."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fingerprint.feature_numbers import (
    BORDER,
    CELLS,
    COLUMNS,
    CONTRAST,
    DIFFERENCES,
    EDGE,
    FIRST_OF_CELL,
    FITS,
    LAYER,
    MOST,
    MOST_FOUND,
    MOST_OF_CELL,
    OCTAVE,
    PER_OCTAVE,
    RESPONSE,
    SCALE,
    STRENGTH,
    WEAK,
    X,
    Y,
)
from engine.loops.compiler import loop

EDGE_LIMIT = (EDGE + 1) * (EDGE + 1)
NUMBER_BITS = 13
NUMBER_MASK = (1 << NUMBER_BITS) - 1


@loop
def highest_of_rows(values: Any, at: Any, width: Any, out: Any, to: Any) -> Any:
    """The highest of each pixel, the one above and the one below it."""
    i, j, k, m = np.uint64(at - width), np.uint64(at), np.uint64(at + width), np.uint64(to)
    for x in range(width):
        n = np.uint64(x)
        out[m + n] = max(max(values[i + n], values[j + n]), values[k + n])


@loop
def lowest_of_rows(values: Any, at: Any, width: Any, out: Any, to: Any) -> Any:
    """The lowest of each pixel, the one above and the one below it."""
    i, j, k, m = np.uint64(at - width), np.uint64(at), np.uint64(at + width), np.uint64(to)
    for x in range(width):
        n = np.uint64(x)
        out[m + n] = min(min(values[i + n], values[j + n]), values[k + n])


@loop
def mark(values: Any, at: Any, high: Any, low: Any, width: Any, marks: Any) -> Any:
    """1 for each pixel of a row that no neighbour outdoes, given the extremes of three layers and rows; how many there are."""
    start, one, total = np.uint64(at), np.uint64(1), 0
    for x in range(BORDER, width - BORDER):
        n = np.uint64(x)
        v = values[start + n]
        top = max(max(high[n - one], high[n]), high[n + one])
        bottom = min(min(low[n - one], low[n]), low[n + one])
        stands_out = ((v >= WEAK) & (v == top)) | ((v <= -WEAK) & (v == bottom))
        marks[n] = stands_out
        total += stands_out
    return total


@loop
def whole(offset: Any) -> Any:
    """Rounded to the nearest integer, halves away from 0."""
    return int(offset + 0.5) if offset >= 0 else -int(0.5 - offset)


@loop
def fit(d: Any, start: Any, size: Any, width: Any, found: Any, count: Any, octave: Any, layer: Any, y: Any, x: Any) -> Any:
    """Move to the top of the paraboloid through the neighbours; if that is a keypoint, write it behind the first `count` ones.

    Returns how many there are now.
    """
    for _ in range(FITS):
        p = start + layer * size + y * width + x
        c = np.float64(d[p])
        left, right, up, below = np.float64(d[p - 1]), np.float64(d[p + 1]), np.float64(d[p - width]), np.float64(d[p + width])
        under, over = np.float64(d[p - size]), np.float64(d[p + size])
        gx, gy, gs = (right - left) / 2, (below - up) / 2, (over - under) / 2
        hxx, hyy, hss = right + left - 2 * c, below + up - 2 * c, over + under - 2 * c
        hxy = mixed(d, p, width, 1)
        hxs = mixed(d, p, size, 1)
        hys = mixed(d, p, size, width)
        a, b, e = hyy * hss - hys * hys, hxy * hss - hys * hxs, hxy * hys - hyy * hxs
        det = hxx * a - hxy * b + hxs * e
        if det == 0:
            return count
        ox = -(gx * a - hxy * (gy * hss - hys * gs) + hxs * (gy * hys - hyy * gs)) / det
        oy = -(hxx * (gy * hss - gs * hys) - gx * b + hxs * (hxy * gs - gy * hxs)) / det
        os = -(hxx * (hyy * gs - gy * hys) - hxy * (hxy * gs - gy * hxs) + gx * e) / det
        if abs(ox) < 0.5 and abs(oy) < 0.5 and abs(os) < 0.5:
            value = abs(c + (gx * ox + gy * oy + gs * os) / 2)
            trace, bent = hxx + hyy, hxx * hyy - hxy * hxy
            if bent > 0 and trace * trace * EDGE < EDGE_LIMIT * bent and value >= CONTRAST:
                row = count * COLUMNS
                found[row + X], found[row + Y] = int((x + ox) * 256 + 0.5), int((y + oy) * 256 + 0.5)
                found[row + SCALE], found[row + STRENGTH] = int((layer + os) * 64 + 0.5), int(value * RESPONSE + 0.5)
                found[row + OCTAVE], found[row + LAYER] = octave, layer
                return count + 1
            return count
        if abs(ox) > 3 or abs(oy) > 3 or abs(os) > 3:
            return count
        x, y, layer = x + whole(ox), y + whole(oy), layer + whole(os)
        outside = x < BORDER or x >= width - BORDER or y < BORDER or y >= size // width - BORDER
        if outside or layer < 1 or layer > PER_OCTAVE:
            return count
    return count


@loop
def mixed(d: Any, p: Any, up: Any, right: Any) -> Any:
    """The mixed second derivative at pixel p, for steps of so many elements."""
    same = np.float64(d[p + up + right]) - np.float64(d[p + up - right])
    return (same - np.float64(d[p - up + right]) + np.float64(d[p - up - right])) / 4


@loop
def find_in_octave(
    d: Any,
    start: Any,
    height: Any,
    width: Any,
    octave: Any,
    found: Any,
    count: Any,
    high: Any,
    low: Any,
    tops: Any,
    bottoms: Any,
    marks: Any,
) -> Any:
    """Keypoints of one octave, written behind the first `count` ones; how many there are then."""
    size = height * width
    for y in range(BORDER, height - BORDER):
        for layer in range(DIFFERENCES):
            at = start + layer * size + y * width
            highest_of_rows(d, at, width, high, layer * width)
            lowest_of_rows(d, at, width, low, layer * width)
        for layer in range(1, PER_OCTAVE + 1):
            highest_of_rows(high, layer * width, width, tops, 0)
            lowest_of_rows(low, layer * width, width, bottoms, 0)
            if mark(d, start + layer * size + y * width, tops, bottoms, width, marks) == 0:
                continue
            for x in range(BORDER, width - BORDER):
                if marks[x] != 0 and count < MOST_FOUND:
                    count = fit(d, start, size, width, found, count, octave, layer, y, x)
    return count


@loop
def sink(keys: Any, place: Any, count: Any) -> Any:
    """Restore a heap, the largest on top, below `place`."""
    key = keys[place]
    child = 2 * place + 1
    while child < count:
        if child + 1 < count and keys[child + 1] > keys[child]:
            child += 1
        if keys[child] <= key:
            break
        keys[place] = keys[child]
        place, child = child, 2 * child + 1
    keys[place] = key
    return place


@loop
def same(found: Any, first: Any, second: Any) -> Any:
    """Whether two keypoints are equal in everything."""
    for column in range(COLUMNS):  # noqa: SIM110 - a loop knows no generators
        if found[first * COLUMNS + column] != found[second * COLUMNS + column]:
            return False
    return True


@loop
def cell_of(found: Any, number: Any, height: Any, width: Any) -> Any:
    """Number of the grid's cell in which a keypoint lies."""
    row = number * COLUMNS
    scale = 1 << found[row + OCTAVE]
    column = min(CELLS - 1, (found[row + X] + 128) * scale * CELLS // (512 * width))
    line = min(CELLS - 1, (found[row + Y] + 128) * scale * CELLS // (512 * height))
    return line * CELLS + column


@loop
def rank(found: Any, count: Any, height: Any, width: Any, sigmas: Any, keys: Any, used: Any) -> Any:
    """Leave in `keys`, best last, each keypoint's number times four plus its tier, or -1 for one that was there before."""
    for cell in range(CELLS * CELLS):
        used[cell] = 0
    for i in range(count):
        row = i * COLUMNS
        weight = (found[row + STRENGTH] * sigmas[found[row + SCALE]] >> 8) << found[row + OCTAVE]
        keys[i] = weight << NUMBER_BITS | (NUMBER_MASK - i)
    for i in range(count // 2 - 1, -1, -1):
        sink(keys, i, count)
    before = -1
    for left in range(count - 1, -1, -1):
        number = NUMBER_MASK - (keys[0] & NUMBER_MASK)
        keys[0] = keys[left]
        sink(keys, 0, left)
        if before >= 0 and same(found, before, number):
            keys[left] = -1
            continue
        before = number
        cell = cell_of(found, number, height, width)
        tier = (1 if used[cell] >= FIRST_OF_CELL else 0) + (1 if used[cell] >= MOST_OF_CELL else 0)
        used[cell] += 1
        keys[left] = number << 2 | tier
    return count


@loop
def choose(found: Any, count: Any, height: Any, width: Any, sigmas: Any, keys: Any, used: Any, chosen: Any) -> Any:
    """Numbers of the keypoints to describe, tier by tier and best first; how many."""
    rank(found, count, height, width, sigmas, keys, used)
    taken = 0
    for tier in range(3):
        for i in range(count - 1, -1, -1):
            if keys[i] >= 0 and (keys[i] & 3) == tier and taken < MOST:
                chosen[taken] = keys[i] >> 2
                taken += 1
    return taken


@loop
def keypoints(
    d: Any,
    octaves: Any,
    count: Any,
    found: Any,
    high: Any,
    low: Any,
    tops: Any,
    bottoms: Any,
    marks: Any,
    sigmas: Any,
    keys: Any,
    used: Any,
    chosen: Any,
) -> Any:
    """Keypoints of all octaves into `found`, i8 (MOST_FOUND * 6), and the numbers of the chosen ones; how many those are.

    d, octaves, count: as `kernels_pyramid.pyramid` leaves them. high, low: i2, five rows of the first octave; tops, bottoms:
    one. marks: u1, a row. sigmas: i8, the table. keys: i8 (MOST_FOUND). used: i8 (16). chosen: i8 (MOST).
    """
    total = 0
    for number in range(count):
        height, width, start = octaves[number, 0], octaves[number, 1], octaves[number, 3]
        total = find_in_octave(d, start, height, width, number, found, total, high, low, tops, bottoms, marks)
    return choose(found, total, octaves[0, 0] // 2, octaves[0, 1] // 2, sigmas, keys, used, chosen)
