"""Loops of the local features, third part: direction, descriptor and code. See `orientation`, `descriptor` and `codes`."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fingerprint.feature_numbers import (
    BINS,
    CELL_BITS,
    COLUMNS,
    DIRECTIONS,
    FULL_TURN,
    LAYER,
    LENGTH,
    MOST,
    OCTAVE,
    PATCH,
    PATCH_BITS,
    SCALE,
    SECOND_PEAK,
    SIZE_STEPS,
    TURN_PATCH,
    X,
    Y,
)
from engine.loops.compiler import loop, root

PART, WHOLE = SECOND_PEAK
HALF = 1 << (PATCH_BITS - 1)
CELL_ROW = 6 * DIRECTIONS
SAMPLES = PATCH * PATCH
FINE = 256 * DIRECTIONS
ANSWER = 2 * BINS
BITS = 64


@loop
def sample(layers: Any, start: Any, height: Any, width: Any, x: Any, y: Any) -> Any:
    """A layer at a place in 4096ths of a pixel, bilinear; outside, its nearest edge."""
    x = min(max(x, 0), (width - 1) * 4096 - 1)
    y = min(max(y, 0), (height - 1) * 4096 - 1)
    right, below = (x >> 4) & 255, (y >> 4) & 255
    p = np.uint64(start + (y >> 12) * width + (x >> 12))
    q = p + np.uint64(width)
    one = np.uint64(1)
    upper = layers[p] * (256 - right) + layers[p + one] * right
    lower = layers[q] * (256 - right) + layers[q + one] * right
    return (upper * (256 - below) + lower * below + HALF) >> PATCH_BITS


@loop
def gradients(patch: Any, side: Any, parts: Any, lengths: Any, turns: Any) -> Any:
    """Lengths and directions (in so many parts of a turn) of the gradients inside a patch, row by row."""
    inner = side - 2
    for row in range(inner):
        at, to, line, one = np.uint64((row + 1) * side + 1), np.uint64(row * inner), np.uint64(side), np.uint64(1)
        for column in range(inner):
            n = at + np.uint64(column)
            x, y = np.float64(patch[n + one] - patch[n - one]), np.float64(patch[n + line] - patch[n - line])
            along, high = abs(y), max(abs(x), abs(y))
            a = min(abs(x), along) / max(high, 1.0)
            s = a * a
            turn = (((-0.0464964749 * s + 0.15931422) * s - 0.327622764) * s * a + a) * 0.15915494309189535
            turn = 0.25 - turn if along > abs(x) else turn
            turn = 0.5 - turn if x < 0 else turn
            turn = 1.0 - turn if y < 0 else turn
            m = to + np.uint64(column)
            lengths[m] = np.int32(root(x * x + y * y))
            turns[m] = turn * parts
    return inner


@loop
def two_turns(
    layers: Any,
    start: Any,
    height: Any,
    width: Any,
    x: Any,
    y: Any,
    sigma: Any,
    patch: Any,
    lengths: Any,
    turns: Any,
    sums: Any,
    window: Any,
) -> Any:
    """How many directions a keypoint has, 0 to 2; they stand in `sums` from ANSWER on, in 1024ths, the stronger one first."""
    for row in range(TURN_PATCH):
        v = y * 16 + ((2 * row - (TURN_PATCH - 1)) * sigma >> 2)
        for column in range(TURN_PATCH):
            u = x * 16 + ((2 * column - (TURN_PATCH - 1)) * sigma >> 2)
            patch[row * TURN_PATCH + column] = np.int32(sample(layers, start, height, width, u, v))
    inner = gradients(patch, TURN_PATCH, BINS, lengths, turns)
    for i in range(BINS):
        sums[i] = 0
    for row in range(inner):
        for column in range(inner):
            n = row * inner + column
            sums[int(turns[n] + 0.5) % BINS] += np.int64(lengths[n]) * (window[row + 1] * window[column + 1])
    return peaks(sums)


@loop
def ring(values: Any, i: Any) -> Any:
    """The value at i, the first one following the last."""
    return values[BINS + (i + BINS) % BINS]


@loop
def turn_at(sums: Any, i: Any) -> Any:
    """The top of the parabola through a peak and its neighbours in 1024ths of a turn."""
    a, v, b = np.float64(ring(sums, i - 1)), np.float64(ring(sums, i)), np.float64(ring(sums, i + 1))
    exact = i + (a - b) / (2 * (a - 2 * v + b))
    return int((exact * FULL_TURN) / BINS + (FULL_TURN + 0.5)) % FULL_TURN


@loop
def peaks(sums: Any) -> Any:
    """What `two_turns` answers, of a histogram in the first half of `sums`; it is smoothed into the second."""
    top = np.int64(0)
    for i in range(BINS):
        near = sums[(i + 1) % BINS] + sums[(i + BINS - 1) % BINS]
        far = sums[(i + 2) % BINS] + sums[(i + BINS - 2) % BINS]
        sums[BINS + i] = far + 4 * near + 6 * sums[i]
        top = max(top, sums[BINS + i])
    first, second = -1, -1
    for i in range(BINS):
        v = sums[BINS + i]
        if v < ring(sums, i - 1) or v <= ring(sums, i + 1) or WHOLE * v < PART * top:
            continue
        if first < 0 or v > sums[BINS + first]:
            first, second = i, first
        elif second < 0 or v > sums[BINS + second]:
            second = i
    if first < 0:
        return 0
    sums[ANSWER] = turn_at(sums, first)
    if second < 0:
        return 1
    sums[ANSWER + 1] = turn_at(sums, second)
    return 2


@loop
def describe_one(
    layers: Any,
    start: Any,
    height: Any,
    width: Any,
    x: Any,
    y: Any,
    sigma: Any,
    sine: Any,
    cosine: Any,
    patch: Any,
    lengths: Any,
    turns: Any,
    sums: Any,
    window: Any,
    out: Any,
    to: Any,
) -> Any:
    """The descriptor of a keypoint in one direction, 128 bytes."""
    for row in range(PATCH):
        v = (2 * row - (PATCH - 1)) * 3 * sigma >> 3
        for column in range(PATCH):
            u = (2 * column - (PATCH - 1)) * 3 * sigma >> 3
            across = x * 16 + ((u * cosine - v * sine + 8192) >> 14)
            below = y * 16 + ((u * sine + v * cosine + 8192) >> 14)
            patch[row * PATCH + column] = np.int32(sample(layers, start, height, width, across, below))
    inner = gradients(patch, PATCH, FINE, lengths, turns)
    for i in range(6 * CELL_ROW):
        sums[i] = 0
    for row in range(inner):
        share_row(row, inner, lengths, turns, window, sums)
    return normalise(sums, out, to)


@loop
def share_row(row: Any, inner: Any, lengths: Any, turns: Any, window: Any, sums: Any) -> Any:
    """Add a row of gradients to the cells, each to two rows, columns and directions of them; the outer ring of cells is waste."""
    above = 2 * row + 3
    cell_row, lower = above >> 3, above & 7
    for column in range(inner):
        n = row * inner + column
        weighted = np.int64(lengths[n]) * (window[row + 1] * window[column + 1])
        fine = int(turns[n])
        direction, part = fine >> 8, fine & 255
        following = (direction + 1) & (DIRECTIONS - 1)
        before = 2 * column + 3
        right = before & 7
        at = cell_row * CELL_ROW + (before >> 3) * DIRECTIONS
        here, then = weighted * (256 - part), weighted * part
        share = (8 - lower) * (8 - right)
        sums[at + direction] += here * share
        sums[at + following] += then * share
        share = (8 - lower) * right
        sums[at + DIRECTIONS + direction] += here * share
        sums[at + DIRECTIONS + following] += then * share
        at += CELL_ROW
        share = lower * (8 - right)
        sums[at + direction] += here * share
        sums[at + following] += then * share
        share = lower * right
        sums[at + DIRECTIONS + direction] += here * share
        sums[at + DIRECTIONS + following] += then * share


@loop
def entry(sums: Any, i: Any) -> Any:
    """Sum i of 128 of the sixteen inner cells."""
    cell = i >> 3
    return sums[((cell >> 2) + 1) * CELL_ROW + ((cell & 3) + 1) * DIRECTIONS + (i & 7)] >> CELL_BITS


@loop
def normalise(sums: Any, out: Any, to: Any) -> Any:
    """The cells as 128 bytes: cut at a fifth of their length, divided by their sum, square roots."""
    squares = np.int64(0)
    for i in range(LENGTH):
        value = entry(sums, i)
        squares += value * value
    top = int(0.2 * root(np.float64(squares)))
    total = np.int64(0)
    for i in range(LENGTH):
        total += min(entry(sums, i), top)
    least: Any = max(total, 1)
    whole = np.float64(least)
    for i in range(LENGTH):
        cut: Any = min(entry(sums, i), top)
        out[to + i] = np.uint8(min(512 * root(np.float64(cut) / whole) + 0.5, 255.0))
    return to


@loop
def pack(found: Any, row: Any, turn: Any, longest: Any, size_at: Any, points: Any, to: Any) -> Any:
    """The five bytes of a point."""
    octave = found[row + OCTAVE]
    x = min((((found[row + X] + 128) << octave) * 16 + longest) // (2 * longest), 4095)
    y = min((((found[row + Y] + 128) << octave) * 16 + longest) // (2 * longest), 4095)
    points[to], points[to + 1], points[to + 2] = x >> 4, (x & 15) << 4 | y >> 8, y & 255
    points[to + 3] = (size_at + octave * (SIZE_STEPS * 192) + found[row + SCALE] * SIZE_STEPS + 96) // 192
    points[to + 4] = ((turn * 256 + FULL_TURN // 2) // FULL_TURN) & 255
    return to


@loop
def describe(
    layers: Any,
    octaves: Any,
    found: Any,
    chosen: Any,
    count: Any,
    size_at: Any,
    sigmas: Any,
    sines: Any,
    turn_window: Any,
    window: Any,
    patch: Any,
    lengths: Any,
    turns: Any,
    sums: Any,
    points: Any,
    descriptors: Any,
) -> Any:
    """Points and descriptors of the first `count` chosen keypoints, up to two of each; how many, at most MOST.

    layers, octaves: as `kernels_pyramid.pyramid` leaves them. found, chosen: as `kernels_keypoints.keypoints` does. size_at: of
    SIZES_AT. sigmas, sines: i8, the tables. turn_window, window: i8, the tables. patch, lengths: i4 (400). turns: f8 (400).
    sums: i8 (288). points: u1 (128 * 5). descriptors: u1 (128 * 128).
    """
    longest = max(octaves[0, 0], octaves[0, 1]) // 2
    made = 0
    for i in range(count):
        row = chosen[i] * COLUMNS
        octave = found[row + OCTAVE]
        height, width = octaves[octave, 0], octaves[octave, 1]
        start = octaves[octave, 2] + found[row + LAYER] * height * width
        x, y, sigma = found[row + X], found[row + Y], sigmas[found[row + SCALE]]
        directions = two_turns(layers, start, height, width, x, y, sigma, patch, lengths, turns, sums, turn_window)
        two = (sums[ANSWER], sums[ANSWER + 1])
        for k in range(min(directions, MOST - made)):
            turn = two[k]
            sine, cosine = sines[turn], sines[turn + FULL_TURN // 4]
            describe_one(
                layers,
                start,
                height,
                width,
                x,
                y,
                sigma,
                sine,
                cosine,
                patch,
                lengths,
                turns,
                sums,
                window,
                descriptors,
                made * LENGTH,
            )
            pack(found, row, turn, longest, size_at, points, made * 5)
            made += 1
    return made


@loop
def encode(descriptors: Any, count: Any, weights: Any, bias: Any, codes: Any) -> Any:
    """64-bit codes of descriptors. weights: i2 (64 * 128). bias: i4 (64). codes: u8, written."""
    for f in range(count):
        word = np.uint64(0)
        at = np.uint64(f * LENGTH)
        for i in range(BITS):
            total = np.int32(0)
            line = np.uint64(i * LENGTH)
            for k in range(LENGTH):
                n = np.uint64(k)
                total += np.int32(np.int32(weights[line + n]) * np.int32(descriptors[at + n]))
            word = (word << np.uint64(1)) | np.uint64(total > bias[i])
        codes[f] = word
    return count
