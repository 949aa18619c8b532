"""Buckets for a multi-index join: which parts of a hash are keys, and the rows in the order of each.

If the bits fall into parts and every part of two hashes differed by more than it may, the whole would differ by more than the
radius, where the sum of (may + 1) is radius + 1. So who looks at all keys that differ by so few bits, part by part, misses none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDEST = 20
"""Bits of a key: more buckets than that leave the caches."""

_PROBE = 40.0
"""What looking into one bucket costs beside one comparison."""

Part = tuple[int, int]
"""Bits of a part, and how many of them may differ."""


@dataclass(frozen=True, slots=True)
class Index:
    """Rows of 64-bit hashes in the order of each part.

    parts: int64 (p, 5): bits that may differ, first of its buckets in start, of its rows in order, of its masks, end of them.
    fields: uint64 (p, 2): shift and mask of its key. start int32: bounds of buckets, per part one more than there are (and one
    spare). order int32 (p * n,): rows, rising within a bucket. ordered uint64 (p * n,): the hashes in that order. masks int64:
    differences of keys, fewest bits first.
    """

    parts: NDArray[np.int64]
    fields: NDArray[np.uint64]
    start: NDArray[np.int32]
    order: NDArray[np.int32]
    ordered: NDArray[np.uint64]
    masks: NDArray[np.int64]

    def rows(self, part: int, count: int) -> NDArray[np.int32]:
        """All rows in the order of one part."""
        return self.order[part * count : (part + 1) * count]


@cache
def plan(radius: int, count: int) -> tuple[Part, ...]:
    """The parts of 64 bits that cost least for so many rows, by counting buckets and comparisons of evenly spread hashes."""
    every = [found for parts in range(1, 9) for found in _plans(radius, parts)]
    return min(every, key=lambda found: (_cost(found, count), found))


def _plans(radius: int, parts: int) -> list[tuple[Part, ...]]:
    """Ways to share the radius among so many parts: those that may differ by one bit more are wider."""
    even, more = divmod(radius + 1, parts)
    found = []
    for wide in range(1, WIDEST + 1) if more else (0,):
        rest, narrow = 64 - more * wide, parts - more
        if not narrow <= rest <= narrow * WIDEST or (more and wide <= even):
            continue
        widths = [rest // narrow + (at < rest % narrow) for at in range(narrow)]
        if min(widths, default=64) < even:
            continue
        every = [(wide, even)] * more + [(width, even - 1) for width in widths]
        found.append(tuple(part for part in every if part[1] >= 0))  # the last ones are not needed where the radius is small
    return found


def _cost(parts: tuple[Part, ...], count: int) -> float:
    looks = [(sum(comb(width, bits) for bits in range(may + 1)), count / (1 << width)) for width, may in parts]
    return sum(masks * (rows + _PROBE) for masks, rows in looks)


@cache
def differences(width: int, bits: int) -> tuple[int, ...]:
    """All differences of a key of at most so many bits, fewest first."""
    return tuple(sum(1 << bit for bit in chosen) for count in range(bits + 1) for chosen in combinations(range(width), count))


def index_of(hashes: NDArray[np.uint64], parts: tuple[Part, ...], loops: Any, only: int | None = None) -> Index:
    """Buckets of every part.

    hashes: uint64 (n,). loops: `loops_hamming.HAMMING.loaded()`, or None for the twin. only: the number of a part, if a library
    is so large that one has to do at a time; its fields are then those of part 0.
    """
    n = len(hashes)
    shifts = np.subtract(64, np.cumsum([width for width, _ in parts])).tolist()
    chosen = list(zip(parts, shifts, strict=True))
    if only is not None:
        chosen = chosen[only : only + 1]
    told, fields = np.zeros((len(chosen), 5), np.int64), np.zeros((len(chosen), 2), np.uint64)
    order, ordered = np.empty(len(chosen) * n, np.int32), np.empty(len(chosen) * n, np.uint64)
    starts, buckets = [], 0
    masks: list[int] = []
    for number, ((width, may), shift) in enumerate(chosen):
        fields[number] = shift, (1 << width) - 1
        mine = differences(width, may)
        told[number] = may, buckets, number * n, len(masks), len(masks) + len(mine)
        masks += mine
        rows = order[number * n : (number + 1) * n]
        starts.append(bucketise(keys_of(hashes, fields[number]), 1 << width, rows, loops))
        ordered[number * n : (number + 1) * n] = hashes[rows]
        buckets += (1 << width) + 2
    return Index(told, fields, np.concatenate(starts), order, ordered, np.array(masks, np.int64))


def keys_of(hashes: NDArray[np.uint64], field: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The key of each row by one part: uint32 (n,)."""
    keys: NDArray[np.uint32] = ((hashes >> field[0]) & field[1]).astype(np.uint32)
    return keys


def bucketise(keys: NDArray[np.uint32], buckets: int, order: NDArray[np.int32], loops: Any) -> NDArray[np.int32]:
    """Sort rows by key into `order`; the bounds of the buckets, one spare at the end: int32 (buckets + 2,)."""
    start = np.zeros(buckets + 2, np.int32)
    if loops is not None:
        loops.bucketise(keys, len(keys), buckets, start, order)
    else:
        order[:] = np.argsort(keys, kind="stable")
        start[1 : buckets + 1] = np.cumsum(np.bincount(keys, minlength=buckets))
        start[buckets + 1] = len(keys)
    return start
