"""Loops of exact area averages: sums of a picture's pixels over equal cells. Twin in numpy: `area.plain_sums`.

`engine.loops.compiler` says how loops are written.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import loop


@loop
def area_small(pixels: Any, sizes: Any, line: Any, out: Any) -> Any:
    """Sums below 2 ** 32.

    pixels: u1 (rows * columns * channels,). sizes: i8 (5,): rows, columns, channels (1 or 3), high, wide. line: u4 (columns *
    channels,) is scratch. out: u4 (high * wide * channels,) is filled: a pixel weighs high * wide, a cell rows * columns.
    Answers 0.
    """
    return _sums(pixels, sizes, line, out)


@loop
def area_large(pixels: Any, sizes: Any, line: Any, out: Any) -> Any:
    """The same for larger pictures. out: u8."""
    return _sums(pixels, sizes, line, out)


@loop
def _sums(pixels: Any, sizes: Any, line: Any, out: Any) -> Any:
    rows, columns, channels, high, wide = sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]
    for y in range(high):
        low, end = y * rows, (y + 1) * rows
        for x in range(columns * channels):
            line[x] = 0
        for row in range(low // high, (end + high - 1) // high):
            weight = np.uint32(min(end, (row + 1) * high) - max(low, row * high))
            _add(pixels, np.uint64(row * columns * channels), np.uint64(columns * channels), weight, line)
        if channels == 3:
            _across_rgb(line, np.uint64(columns), np.uint64(wide), out, np.uint64(y * wide * 3))
        else:
            _across(line, np.uint64(columns), np.uint64(wide), out, np.uint64(y * wide))
    return 0


@loop
def _add(pixels: Any, at: Any, count: Any, weight: Any, line: Any) -> Any:
    """Add one row, each pixel with a weight. at, count: uint64, with which no index is taken to count from the end."""
    for x in range(count):
        line[x] = np.uint32(line[x] + np.uint32(np.uint32(pixels[at + x]) * weight))


@loop
def _across(line: Any, columns: Any, wide: Any, out: Any, at: Any) -> Any:
    """The sums of one line over its cells, one channel. All numbers are uint64."""
    column, left = np.uint64(0), wide
    for x in range(wide):
        total, open_ = np.uint64(0), columns
        while open_ > left:
            total += left * np.uint64(line[column])
            open_ -= left
            column += np.uint64(1)
            left = wide
        total += open_ * np.uint64(line[column])
        left -= open_
        out[at + x] = total


@loop
def _across_rgb(line: Any, columns: Any, wide: Any, out: Any, at: Any) -> Any:
    """The same with three channels side by side."""
    column, left, one, two, three = np.uint64(0), wide, np.uint64(1), np.uint64(2), np.uint64(3)
    for x in range(wide):
        red, green, blue, open_ = np.uint64(0), np.uint64(0), np.uint64(0), columns
        while open_ > left:
            red += left * np.uint64(line[column])
            green += left * np.uint64(line[column + one])
            blue += left * np.uint64(line[column + two])
            open_ -= left
            column += three
            left = wide
        red += open_ * np.uint64(line[column])
        green += open_ * np.uint64(line[column + one])
        blue += open_ * np.uint64(line[column + two])
        left -= open_
        place = at + three * x
        out[place], out[place + one], out[place + two] = red, green, blue
