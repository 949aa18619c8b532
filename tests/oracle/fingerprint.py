"""Fingerprints by plain loops over rational numbers: the twin of engine.fingerprint. Slow, and obviously right."""

from __future__ import annotations

import math
from fractions import Fraction

Pixels = list[list[tuple[int, ...]]]
Grey = list[list[int]]
SIDE = 64


def _overlaps(size: int, cells: int) -> list[list[tuple[int, Fraction]]]:
    """For each cell the source positions it covers and how much of each."""
    result = []
    for cell in range(cells):
        low, high = Fraction(cell * size, cells), Fraction((cell + 1) * size, cells)
        parts = []
        for at in range(math.floor(low), math.ceil(high)):
            parts.append((at, min(high, Fraction(at + 1)) - max(low, Fraction(at))))
        result.append(parts)
    return result


def means(pixels: Pixels, high: int, wide: int) -> list[list[tuple[Fraction, ...]]]:
    """Exact mean colour of high x wide equal parts."""
    height, width, channels = len(pixels), len(pixels[0]), len(pixels[0][0])
    rows, columns = _overlaps(height, high), _overlaps(width, wide)
    area = Fraction(height * width, high * wide)
    return [
        [
            tuple(sum((u * v * pixels[y][x][c] for y, u in row for x, v in column), Fraction(0)) / area for c in range(channels))
            for column in columns
        ]
        for row in rows
    ]


def _rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def resized(pixels: Pixels, high: int, wide: int) -> Pixels:
    """The same in another size, each channel rounded."""
    return [[tuple(map(_rounded, colour)) for colour in row] for row in means(pixels, high, wide)]


def grey_resized(grey: Grey, high: int, wide: int) -> Grey:
    """The same of one channel."""
    return [[value for (value,) in row] for row in resized([[(value,) for value in row] for row in grey], high, wide)]


def size_within(height: int, width: int, longest: int) -> tuple[int, int]:
    """The size with this long side, not larger than it is."""
    factor = min(Fraction(1), Fraction(longest, max(height, width)))
    return _rounded(height * factor), _rounded(width * factor)


def working(pixels: Pixels) -> Pixels:
    """At most 512 px, no side made shorter than 16 px."""
    height, width = len(pixels), len(pixels[0])
    high, wide = size_within(height, width, 512)
    return resized(pixels, max(high, min(16, height)), max(wide, min(16, width)))


def luma(pixels: Pixels) -> Grey:
    """Brightness of each pixel."""
    return [[_rounded(Fraction(77 * r + 150 * g + 29 * b, 256)) for r, g, b in row] for row in pixels]


def plate(grey: Grey) -> Grey:
    """Mean luma of 64 x 64 cells."""
    return grey_resized(grey, SIDE, SIDE)


def colour(pixels: Pixels) -> list[int]:
    """Cb, Cr of 8 x 8 blocks, block by block."""
    out = []
    for row in means(pixels, 8, 8):
        for r, g, b in row:
            out.append(min(255, _rounded((-43 * r - 85 * g + 128 * b) / 256 + 128)))
            out.append(min(255, _rounded((128 * r - 107 * g - 21 * b) / 256 + 128)))
    return out


def _plain(line: list[int]) -> bool:
    mean = Fraction(sum(line), len(line))
    return sum((value - mean) ** 2 for value in line) / len(line) < 49


def box(grey: Grey) -> tuple[int, int, int, int]:
    """Top, bottom, left, right of the content in px: one line after the other is cut off."""
    height, width = len(grey), len(grey[0])
    small = grey_resized(grey, *size_within(height, width, 256))
    tall, wide = len(small), len(small[0])
    top, bottom, left, right = 0, tall, 0, wide
    before = None
    while before != (top, bottom, left, right):
        before = (top, bottom, left, right)
        if all(_plain(row[left:right]) for row in small[top:bottom]):
            return 0, height, 0, width
        while 5 * (bottom - top) > tall and bottom - top > 1 and _plain(small[top][left:right]):
            top += 1
        while 5 * (bottom - top) > tall and bottom - top > 1 and _plain(small[bottom - 1][left:right]):
            bottom -= 1
        if all(_plain([row[x] for row in small[top:bottom]]) for x in range(left, right)):
            return 0, height, 0, width
        while 5 * (right - left) > wide and right - left > 1 and _plain([row[left] for row in small[top:bottom]]):
            left += 1
        while 5 * (right - left) > wide and right - left > 1 and _plain([row[right - 1] for row in small[top:bottom]]):
            right -= 1
    found = (
        math.ceil(Fraction(top * height, tall)),
        math.floor(Fraction(bottom * height, tall)),
        math.ceil(Fraction(left * width, wide)),
        math.floor(Fraction(right * width, wide)),
    )
    inner = (found[1] - found[0], found[3] - found[2])
    if inner[0] * inner[1] * 100 < 97 * height * width and min(inner) > 8:
        return found
    return 0, height, 0, width


def cut_out(grey: Grey, lines: tuple[int, int, int, int]) -> Grey:
    """What is inside a box."""
    top, bottom, left, right = lines
    return [row[left:right] for row in grey[top:bottom]]


def frame(lines: tuple[int, int, int, int], height: int, width: int) -> list[int]:
    """The first six numbers of the part of that name."""
    top, bottom, left, right = lines
    units = [
        _rounded(Fraction(65535 * line, side)) for line, side in ((top, height), (bottom, height), (left, width), (right, width))
    ]
    high, wide = size_within(height, width, 192)
    return [*units, max(16, wide), max(16, high)]


def dct_bits(grey: list[list[int]], side: int) -> list[int]:
    """Signs of side x side frequencies of the DCT-II of a 64 x 64 plate, scaled to 2^12 each way, above 5 * 2^24."""

    def wave(k: int, n: int) -> int:
        return round(4096 * math.cos(math.pi * (2 * n + 1) * k / (2 * SIDE)))

    waves = [[wave(k, n) for n in range(SIDE)] for k in range(1, side + 1)]
    lines = [[sum(waves[k][y] * grey[y][x] for y in range(SIDE)) for x in range(SIDE)] for k in range(side)]
    return [int(sum(lines[k][x] * waves[j][x] for x in range(SIDE)) > 5 << 24) for k in range(side) for j in range(side)]


def gradient_bits(grey: list[list[int]]) -> list[int]:
    """Is each of 8 x 8 places of the 9 x 8 reduction brighter than its left neighbour?"""
    bits = []
    columns = _overlaps(SIDE, 9)
    for band in range(8):
        rows = grey[8 * band : 8 * band + 8]
        values = [sum((part * row[x] for row in rows for x, part in column), Fraction(0)) for column in columns]
        bits += [int(values[x + 1] > values[x]) for x in range(8)]
    return bits


def words(bits: list[int]) -> list[int]:
    """64-bit words, the first bit on top."""
    return [int("".join(map(str, bits[at : at + 64])), 2) for at in range(0, len(bits), 64)]
