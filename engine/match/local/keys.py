"""Keys of feature codes: which bits two codes must share to be compared, and in which bucket a code lies.

A key shares its bits equally among the half of a code that mirroring leaves alone and the half that it inverts, so that one sort
serves both: a code whose `flag` bit is set is put into the bucket of its mirrored self (`straight`). Two codes of one bucket
that were both straightened, or both not, resemble each other as they are; otherwise one resembles the other's mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIRROR = 0x00000000FFFFFFFF
"""Bits of a code that the same feature of the mirrored picture has inverted."""

SPREAD = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio, odd: spreads the bits of a key over a bucket's number. Any odd one would do."""

# Positions of the bits of each key, 63 the first bit of a code. Of the 24 most reliable bits of each half every key holds 12,
# in turn from the one half and the other, so that a shorter key (the first so many) is balanced too; keys 2 k and 2 k + 1 share
# no bit. Drawn once at random; nothing is gained by one draw over another.
# fmt: off
POSITIONS = np.array([
    (61, 30, 41, 26, 50, 13, 62, 25, 48, 16, 59, 18, 63, 14, 53, 12, 54, 20, 49, 17, 56, 29, 43, 31),
    (40, 23, 58, 9, 51, 8, 47, 28, 55, 11, 60, 15, 57, 24, 44, 21, 45, 19, 46, 27, 42, 22, 52, 10),
    (57, 23, 60, 27, 61, 24, 45, 11, 56, 12, 52, 28, 43, 19, 51, 16, 47, 13, 40, 15, 62, 8, 48, 9),
    (63, 22, 58, 20, 59, 31, 46, 18, 50, 29, 55, 25, 54, 30, 42, 21, 49, 17, 53, 26, 44, 10, 41, 14),
    (41, 30, 50, 26, 47, 9, 45, 11, 56, 22, 42, 14, 62, 8, 58, 25, 52, 10, 40, 24, 46, 17, 49, 20),
    (54, 31, 48, 28, 59, 27, 55, 16, 63, 19, 53, 18, 51, 21, 57, 13, 44, 15, 61, 29, 43, 12, 60, 23),
    (57, 15, 53, 18, 42, 14, 58, 10, 48, 8, 63, 25, 49, 26, 54, 22, 51, 31, 55, 29, 47, 9, 52, 11),
    (50, 13, 45, 27, 56, 19, 61, 24, 62, 12, 43, 28, 41, 23, 46, 20, 40, 30, 59, 16, 44, 21, 60, 17),
    (53, 24, 62, 9, 42, 8, 59, 18, 41, 16, 50, 30, 55, 14, 40, 28, 43, 19, 63, 10, 61, 26, 56, 15),
    (54, 29, 60, 17, 44, 12, 48, 20, 52, 13, 46, 27, 57, 31, 51, 25, 47, 21, 45, 11, 58, 22, 49, 23),
    (53, 16, 56, 29, 42, 18, 57, 12, 52, 30, 49, 24, 51, 19, 43, 11, 50, 20, 58, 31, 48, 14, 46, 8),
    (47, 27, 40, 13, 55, 15, 45, 21, 61, 26, 44, 9, 63, 17, 62, 22, 54, 10, 60, 25, 59, 28, 41, 23),
    (44, 12, 51, 10, 41, 18, 47, 8, 52, 21, 48, 9, 61, 13, 55, 24, 46, 25, 43, 16, 56, 30, 42, 28),
    (49, 20, 54, 22, 60, 17, 59, 15, 50, 26, 57, 31, 63, 19, 62, 14, 45, 27, 53, 29, 40, 11, 58, 23),
    (43, 26, 56, 10, 47, 13, 51, 16, 55, 8, 42, 15, 50, 14, 58, 24, 53, 11, 60, 29, 59, 25, 44, 12),
    (63, 28, 48, 21, 52, 27, 54, 9, 62, 22, 57, 30, 49, 31, 46, 23, 45, 20, 41, 17, 40, 18, 61, 19),
])
# fmt: on

FEWEST_BITS, MOST_BITS = 8, 24


@dataclass(frozen=True, slots=True)
class Key:
    """mask: bits that two codes must share. flag: one of them, inverted by mirroring. buckets: how many there are, in bits."""

    mask: int
    flag: int
    buckets: int

    @property
    def words(self) -> NDArray[np.uint64]:
        """Mask and flag as the loops want them: uint64 (2,)."""
        return np.array([self.mask, self.flag], dtype=np.uint64)

    @property
    def shift(self) -> int:
        """By which a spread key is shifted to be the number of a bucket."""
        return 64 - self.buckets


def key_of(number: int, bits: int) -> Key:
    """Key `number` with so many bits, even, `FEWEST_BITS` … `MOST_BITS`. Half as many buckets: mirrored codes share them."""
    positions = POSITIONS[number, :bits].tolist()
    return Key(sum(1 << at for at in positions), 1 << positions[1], bits - 1)


def bits_for(features: int) -> int:
    """Bits of a key that leave some dozens of features in each bucket, whatever their number."""
    wanted = max(1, features).bit_length() - 4
    return min(MOST_BITS, max(FEWEST_BITS, wanted + (wanted & 1)))


def straight(codes: NDArray[np.uint64], key: Key) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Codes without the flag bit, mirrored where they had it; and which were."""
    flagged = (codes & np.uint64(key.flag)) != 0
    return np.where(flagged, codes ^ np.uint64(MIRROR), codes), flagged


def bucket_of(codes: NDArray[np.uint64], key: Key) -> NDArray[np.uint64]:
    """Buckets of straight codes: uint64, below 2 ** key.buckets."""
    held = codes & np.uint64(key.mask)
    buckets: NDArray[np.uint64] = ((held ^ (held >> np.uint64(32))) * np.uint64(SPREAD)) >> np.uint64(key.shift)
    return buckets
