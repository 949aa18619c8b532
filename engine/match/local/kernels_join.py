"""Loops of the self-join of feature codes: one key at a time, one slice of its buckets at a time.

`engine.loops.compiler` says how loops are written, `local_keys` what a key is, `local_join` calls them and has their twin.
A feature is named by a word: rank of its picture << 8 | number of the feature << 1 | whether its code was mirrored.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from engine.loops.compiler import inlined, loop, popcount
from engine.match.local.keys import MIRROR as MIRROR_BITS
from engine.match.local.keys import SPREAD as SPREAD_FACTOR

MIRROR = np.uint64(MIRROR_BITS)
SPREAD = np.uint64(SPREAD_FACTOR)
FULL = 12
"""A counter of the sieve stays where it is from here on; two threads that raise it together cannot make it overflow."""


@intrinsic
def _raise(_: Any, array: Any, at: Any, by: Any) -> Any:
    """array[at] += by for a uint8 array that several threads raise at once: no addition is lost."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        place = builder.gep(data, [arguments[1]])
        return builder.atomic_rmw("add", place, builder.trunc(arguments[2], ir.IntType(8)), "monotonic")

    return types.uint8(array, types.int64, types.int64), code


_raised: Any = _raise


@inlined
def _straight(code: Any, key: Any) -> Any:
    return code ^ MIRROR if code & key[1] else code


@inlined
def _bucket(code: Any, key: Any, shift: Any) -> Any:
    held = code & key[0]
    return np.int64(((held ^ (held >> np.uint64(32))) * SPREAD) >> np.uint64(shift))


@inlined
def _is_marked(marks: Any, bucket: Any) -> Any:
    return (marks[bucket >> 3] >> (bucket & 7)) & 1 != 0


@loop
def mark(codes: Any, slots: Any, used: Any, fresh: Any, photos: Any, key: Any, shift: Any, marks: Any) -> Any:
    """Set the bits of all buckets that hold a feature of a fresh picture.

    marks: u1 (buckets / 8,), zeros. The others as for `count_parts`.
    """
    for at in range(photos):
        if fresh[at] == 0:
            continue
        base = at * slots
        for f in range(used[at]):
            bucket = _bucket(_straight(codes[base + f], key), key, shift)
            marks[bucket >> 3] |= np.uint8(1 << (bucket & 7))
    return 0


@loop
def count_parts(
    codes: Any, slots: Any, used: Any, fresh: Any, photos: Any, key: Any, shift: Any, inner: Any, first: Any, last: Any,
    marks: Any, starts: Any,
) -> Any:  # fmt: skip
    """Where the features of each part begin when they lie one part after the other; returns how many there are.

    codes: u8, `slots` a picture, by rank. used: i8 (photos,), features that count. fresh: u1 (photos,).
    key: u8 (2,), shift: see `local_keys`. inner: a part is 2 ** inner buckets. first, last: parts. marks: u1, a bit a bucket;
    pictures that are not fresh count there only (all bits set: they count). starts: i8 (last - first + 1,), filled.
    """
    for p in range(last - first + 1):
        starts[p] = 0
    for at in range(photos):
        base = at * slots
        for f in range(used[at]):
            bucket = _bucket(_straight(codes[base + f], key), key, shift)
            p = bucket >> inner
            if p >= first and p < last and (fresh[at] != 0 or _is_marked(marks, bucket)):
                starts[p - first + 1] += 1
    for p in range(last - first):
        starts[p + 1] += starts[p]
    return starts[last - first]


@loop
def scatter(
    codes: Any, slots: Any, used: Any, fresh: Any, photos: Any, key: Any, shift: Any, inner: Any, first: Any, last: Any,
    marks: Any, fill: Any, straight: Any, who: Any,
) -> Any:  # fmt: skip
    """Lay the features of the parts side by side, by rank within each.

    fill: i8 (last - first,), the starts that `count_parts` found, spent. straight, who: u8 (total,), codes and words.
    """
    for at in range(photos):
        base = at * slots
        for f in range(used[at]):
            code = codes[base + f]
            turned = _straight(code, key)
            bucket = _bucket(turned, key, shift)
            p = bucket >> inner
            if p >= first and p < last and (fresh[at] != 0 or _is_marked(marks, bucket)):
                to = fill[p - first]
                fill[p - first] = to + 1
                straight[to] = turned
                who[to] = np.uint64(at << 8 | f << 1 | (1 if turned != code else 0))
    return 0


@inlined
def _place_in_sieve(pair: Any, room: Any) -> Any:
    """Counter of a pair, 0 … room - 1; room is a power of two."""
    mixed = (pair ^ (pair >> np.uint64(29))) * SPREAD
    return np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(room - 1))


@inlined
def _passes(sieve: Any, room: Any, count_only: Any, votes: Any, pair: Any) -> Any:
    """Whether a vote is written down: all without a sieve, none while it is filled, else those of pairs that may have enough."""
    if room == 0:
        return True
    at = _place_in_sieve(pair, room)
    lift = (at & 1) << 2
    held = (np.int64(sieve[at >> 1]) >> lift) & 15
    if count_only != 0:
        if held < FULL:
            _raised(sieve, at >> 1, 1 << lift)
        return False
    return held >= votes


@inlined
def _met_before(code: Any, apart: Any, keys: Any, number: Any, shift: Any, long: Any) -> Any:
    """Whether an earlier key has brought the two together, in a bucket that was gone through as a whole."""
    for k in range(number):
        if apart & keys[k, 0] == np.uint64(0):
            turned = code ^ MIRROR if code & keys[k, 1] else code
            held = turned & keys[k, 0]
            bucket = np.int64(((held ^ (held >> np.uint64(32))) * SPREAD) >> np.uint64(shift))
            if not _is_marked(long, (k << (64 - shift)) + bucket):
                return True
    return False


@inlined
def _join_bucket(
    code: Any, who: Any, low: Any, high: Any, keys: Any, number: Any, shift: Any, radius: Any, window: Any,
    long: Any, group: Any, groups: Any, fresh: Any, sieve: Any, room: Any, count_only: Any, votes: Any, out: Any,
    capacity: Any, n: Any, cut: Any, beyond: Any,
) -> Any:  # fmt: skip
    """Compare each feature of a bucket with those that follow."""
    mask = keys[number, 0]
    for i in range(low, high):
        a = np.int64(who[i] >> np.uint64(8))
        if groups > 1 and a % groups != group:
            continue
        end = high
        if high - low > window:
            end = min(high, i + 1 + beyond)
            cut[0] += 1
        c = code[i]
        for j in range(i + 1, end):
            apart = c ^ code[j]
            if popcount(apart) > np.uint64(radius) or apart & mask != np.uint64(0):
                continue
            b = np.int64(who[j] >> np.uint64(8))
            if b == a or (fresh[a] == 0 and fresh[b] == 0) or _met_before(c, apart, keys, number, shift, long):
                continue
            mirrored = (who[i] ^ who[j]) & np.uint64(1)
            pair = np.uint64(a) << np.uint64(29) | np.uint64(b) << np.uint64(1) | mirrored
            if _passes(sieve, room, count_only, votes, pair):
                if n < capacity:
                    out[n] = pair << np.uint64(7) | ((who[i] >> np.uint64(1)) & np.uint64(127))
                n += 1
    return n


@loop
def join_parts(
    straight: Any, who: Any, starts: Any, first: Any, last: Any, keys: Any, number: Any, shift: Any, inner: Any, radius: Any,
    window: Any, beyond: Any, long: Any, group: Any, groups: Any, fresh: Any, sieve: Any, room: Any, count_only: Any,
    votes: Any, head: Any, code: Any, name: Any, out: Any, capacity: Any, cut: Any,
) -> Any:  # fmt: skip
    """Votes between pictures: pairs of features that share the key and lie within the radius. Returns how many are written.

    straight, who, starts: from `scatter` of the parts first … last by this key. keys: u8 (keys, 2), masks and flags. radius:
    bits. window: buckets of more features are long; there a feature is compared with `beyond` that follow it by rank only.
    long: u1 (keys * buckets / 8,), a bit a bucket of each key, set here for long ones. group, groups: only pictures whose rank
    is `group` modulo `groups` ask. fresh: u1 (photos,); one of the two must be. sieve: u1 (room / 2,), two counters a byte;
    room 0: none. count_only: fill the sieve. votes: what a counter must hold for a vote to be written. head: i8 (2 ** inner +
    1,), code, name: u8 (largest part,), scratch. out: u8 (capacity,): asking rank << 36 | asked rank << 8 | mirrored << 7 |
    feature of the asking one; what is beyond the capacity is counted only. cut: i8 (1,), raised by the features of long buckets.
    """
    n = 0
    size = 1 << inner
    key = keys[number]
    for p in range(last - first):
        begin, end = starts[p], starts[p + 1]
        if end - begin < 2:
            continue
        for k in range(size + 1):
            head[k] = 0
        for i in range(begin, end):
            head[(_bucket(straight[i], key, shift) & (size - 1)) + 1] += 1
        for k in range(size):
            head[k + 1] += head[k]
        for i in range(begin, end):
            k = _bucket(straight[i], key, shift) & (size - 1)
            to = head[k]
            head[k] = to + 1
            code[to] = straight[i]
            name[to] = who[i]
        low = 0
        for k in range(size):
            high = head[k]
            if high - low > window:
                bucket = (number << (64 - shift)) + ((first + p) << inner) + k
                long[bucket >> 3] |= np.uint8(1 << (bucket & 7))
            if high - low >= 2:
                n = _join_bucket(
                    code, name, low, high, keys, number, shift, radius, window, long, group, groups, fresh, sieve, room,
                    count_only, votes, out, capacity, n, cut, beyond,
                )  # fmt: skip
            low = high
    return n
