"""DCT hashes of the whole frame, 64 and 256 bits: the signs of its lowest frequencies.

The basis is symmetric or antisymmetric, so turning or mirroring a picture only transposes the coefficients and changes the
sign of odd rows or columns. With a threshold at 0 (not the median) the hashes of all 8 poses therefore follow from the
stored bits by exclusive-or and transposition.

The threshold lies a hair above 0. A symmetric picture (a flag, a logo) has many coefficients that are 0 but for noise, and
at 0 itself their bits would be chance: measured, re-encodings of 617 pictures were found in 9992 of 10,000 cases for 9981.
Coefficients as small as that keep their bit in a mirrored picture, which costs turned copies less than 1 in 1,000.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.plate import SIDE

FREQUENCIES = 16
SCALE = 4096

HAIR = 5 * SCALE * SCALE
"""The threshold, in units of a coefficient: a wave with an amplitude of 0.005 grey levels over the whole plate."""


def _basis() -> NDArray[np.int64]:
    """int64 (16, 64): half waves 1..16. No entry lies near a half, so every system rounds to the same integers."""
    rows = [
        [round(SCALE * math.cos(math.pi * (2 * n + 1) * k / (2 * SIDE))) for n in range(SIDE)] for k in range(1, FREQUENCIES + 1)
    ]
    return np.array(rows, dtype=np.int64)


BASIS = _basis()


def coefficients(plate: NDArray[np.uint8]) -> NDArray[np.int64]:
    """int64 (16, 16) of a uint8 (64, 64) plate: row = vertical, column = horizontal frequency, 1..16 half waves; exact."""
    result: NDArray[np.int64] = BASIS @ plate.astype(np.int64) @ BASIS.T
    return result


def sign_words(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Bits of the entries above `HAIR`, row by row, the first one the top bit of word 0: uint64 (entries / 64,)."""
    return np.packbits(values.ravel() > HAIR).view(">u8").astype(np.uint64)


def dct64(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """uint64 (1,): signs of the 8 x 8 lowest frequencies of `coefficients`."""
    return sign_words(values[:8, :8])


def dct256(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """uint64 (4,): signs of all 16 x 16 frequencies of `coefficients`."""
    return sign_words(values)
