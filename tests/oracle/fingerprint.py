"""Fingerprints by plain loops over rational numbers: the twin of engine.fingerprint. Slow, and obviously right."""

from __future__ import annotations

import math
from fractions import Fraction

Pixels = list[list[tuple[int, int, int]]]
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


def means(pixels: Pixels, cells: int) -> list[list[tuple[Fraction, ...]]]:
    """Exact mean colour of cells x cells equal parts."""
    height, width = len(pixels), len(pixels[0])
    rows, columns = _overlaps(height, cells), _overlaps(width, cells)
    area = Fraction(height * width, cells * cells)
    return [
        [
            tuple(sum((u * v * pixels[y][x][c] for y, u in row for x, v in column), Fraction(0)) / area for c in range(3))
            for column in columns
        ]
        for row in rows
    ]


def _rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def plate(pixels: Pixels) -> list[list[int]]:
    """Luma of 64 x 64 cells."""
    return [[_rounded((77 * r + 150 * g + 29 * b) / 256) for r, g, b in row] for row in means(pixels, SIDE)]


def colour(pixels: Pixels) -> list[int]:
    """Y, Cb, Cr of 8 x 8 blocks, block by block."""
    out = []
    for row in means(pixels, 8):
        for r, g, b in row:
            out.append(_rounded((77 * r + 150 * g + 29 * b) / 256))
            out.append(min(255, _rounded((-43 * r - 85 * g + 128 * b) / 256 + 128)))
            out.append(min(255, _rounded((128 * r - 107 * g - 21 * b) / 256 + 128)))
    return out


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
