"""Loops of the index of a library's features: filling it, and looking up the features of one picture.

`engine.loops.compiler` says how loops are written, `local_keys` what a key is. Twins in numpy: in `local_index_plain`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, popcount
from engine.match.local.keys import MIRROR as MIRROR_BITS
from engine.match.local.keys import SPREAD as SPREAD_FACTOR

MIRROR = np.uint64(MIRROR_BITS)
SPREAD = np.uint64(SPREAD_FACTOR)


@inlined
def _bucket(code: Any, key: Any, shift: Any) -> Any:
    turned = code ^ MIRROR if code & key[1] else code
    held = turned & key[0]
    return np.int64(((held ^ (held >> np.uint64(32))) * SPREAD) >> np.uint64(shift))


@loop
def fill(codes: Any, used: Any, slots: Any, begin: Any, end: Any, key: Any, shift: Any, start: Any, entries: Any) -> Any:
    """Sort the features of rows begin … end into buckets, by row and number within each.

    codes: u8, 128 a row. used: u1 (n,), features that count. slots: a feature is named row * slots + number. key: u8 (2,), mask
    and flag. start: u4 (buckets + 2,), zeros; bucket k becomes entries[start[k]:start[k + 1]]. entries: u4, as many as features.
    """
    buckets = 1 << (64 - shift)
    for row in range(begin, end):
        for f in range(used[row]):
            start[_bucket(codes[row * 128 + f], key, shift) + 2] += np.uint32(1)
    for k in range(1, buckets + 1):
        start[k + 1] += start[k]
    for row in range(begin, end):
        for f in range(used[row]):
            k = _bucket(codes[row * 128 + f], key, shift) + 1
            to = start[k]
            start[k] = to + np.uint32(1)
            entries[np.int64(to)] = np.uint32(row * slots + f)
    return end - begin


@inlined
def _look(
    code: Any, bucket: Any, number: Any, mirrored: Any, codes: Any, rows: Any, slots: Any, start: Any, entries: Any, total: Any,
    radius: Any, window: Any, out: Any, capacity: Any, n: Any,
) -> Any:  # fmt: skip
    """Write down what in one bucket lies within the radius of a code. The index may come from a damaged file."""
    low, high = np.int64(start[bucket]), min(np.int64(start[bucket + 1]), total)
    if high - low > window:
        return n
    for at in range(low, high):
        entry = np.int64(entries[at])
        row = entry // slots
        if row < rows and popcount(code ^ codes[row * 128 + entry - row * slots]) <= np.uint64(radius):
            if n < capacity:
                out[n] = np.uint64(row << 8 | mirrored << 7 | number)
            n += 1
    return n


@loop
def look_up(
    asked: Any, count: Any, codes: Any, rows: Any, slots: Any, key: Any, shift: Any, start: Any, entries: Any, total: Any,
    flips: Any, probes: Any, radius: Any, window: Any, out: Any, capacity: Any,
) -> Any:  # fmt: skip
    """Votes of one picture's features for pictures of the index, by one key; returns how many there are.

    asked: u8 (count,), codes. rows: how many pictures there are codes of. total: of entries. codes, slots, key, shift, start,
    entries: as for `fill`. flips: u8 (probes,): bits in which the key may differ. radius: bits. window: buckets of more features
    are passed by. out: u8 (capacity,): row << 8 | mirrored << 7 | feature of the asking one, some more than once; what is beyond
    the capacity is counted only.
    """
    n = 0
    for f in range(count):
        for mirrored in range(2):
            code = asked[f] ^ MIRROR if mirrored != 0 else asked[f]
            for p in range(probes):
                bucket = _bucket(code ^ flips[p], key, shift)
                n = _look(
                    code, bucket, f, mirrored, codes, rows, slots, start, entries, total, radius, window, out, capacity, n
                )  # fmt: skip
    return n
