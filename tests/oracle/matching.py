"""Matching by plain loops: twins of engine.match.poses, normalise and regions."""

from __future__ import annotations

import math


def in_pose(grid: list[list[int]], pose: int) -> list[list[int]]:
    """Transpose if bit 2, then mirror top-bottom if bit 1, then left-right if bit 0."""
    if pose & 4:
        grid = [list(line) for line in zip(*grid, strict=True)]
    if pose & 2:
        grid = grid[::-1]
    if pose & 1:
        grid = [line[::-1] for line in grid]
    return grid


def bits_in_pose(words: list[int], side: int, pose: int) -> list[int]:
    """Hash words of the picture in a pose: the odd frequencies (first, third … line) change their sign when mirrored."""
    flat = [int(bit) for word in words for bit in f"{word:064b}"]
    grid = [flat[at : at + side] for at in range(0, side * side, side)]
    if pose & 4:
        grid = [list(line) for line in zip(*grid, strict=True)]
    if pose & 2:
        grid = [[bit ^ (y % 2 == 0) for bit in line] for y, line in enumerate(grid)]
    if pose & 1:
        grid = [[bit ^ (x % 2 == 0) for x, bit in enumerate(line)] for line in grid]
    flat = [bit for line in grid for bit in line]
    return [int("".join(map(str, flat[at : at + 64])), 2) for at in range(0, len(flat), 64)]


def normalised(smoothed: list[list[int]]) -> list[list[int]]:
    """(value - mean) / sqrt(variance + 9) over 9 x 9 windows, in 256ths; the plate goes on by point reflection. Input in 8ths."""
    side = len(smoothed)

    def at(line: list[int], x: int) -> int:
        if x < 0:
            return 2 * line[0] - line[-x]
        if x >= side:
            return 2 * line[-1] - line[2 * side - 2 - x]
        return line[x]

    def cell(y: int, x: int) -> int:
        if y < 0:
            return 2 * at(smoothed[0], x) - at(smoothed[-y], x)
        if y >= side:
            return 2 * at(smoothed[-1], x) - at(smoothed[2 * side - 2 - y], x)
        return at(smoothed[y], x)

    out = []
    for y in range(side):
        line = []
        for x in range(side):
            window = [cell(y + i, x + j) for i in range(-4, 5) for j in range(-4, 5)]
            mean = sum(window) / 81 / 8
            variance = sum(value * value for value in window) / 81 / 64 - mean * mean
            line.append(round(256 * (smoothed[y][x] / 8 - mean) / math.sqrt(variance + 9)))
        out.append(line)
    return out


def largest_region(marked: list[list[bool]]) -> int:
    """Cells of the largest area connected along edges, by flooding."""
    open_ = {(y, x) for y, line in enumerate(marked) for x, on in enumerate(line) if on}
    largest = 0
    while open_:
        front, size = [open_.pop()], 0
        while front:
            y, x = front.pop()
            size += 1
            for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if near in open_:
                    open_.remove(near)
                    front.append(near)
        largest = max(largest, size)
    return largest
