"""Loops of the Hamming joins: close 64-bit hashes in several poses, all close 256-bit hashes, the best pose of a pair.

`engine.loops.compiler` says how loops are written. Twins in numpy stand in `near`, `hamming256`, `hamming_index`, `whole_frame`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, popcount

LONG = 48
"""Entries of a bucket from which looking for the first later one costs less than passing by the earlier ones."""

TOGETHER = 256
"""Rows of one bucket that look into another one after another, while it lies in the cache."""


@loop
def bucketise(keys: Any, count: Any, buckets: Any, start: Any, order: Any) -> Any:
    """Sort rows by their key, stable.

    keys: u4 (count,), below `buckets`. start: i4 (buckets + 2,), zeros; bucket k becomes order[start[k]:start[k + 1]].
    order: i4 (count,), rows.
    """
    for i in range(count):
        start[np.int64(keys[i]) + 2] += 1
    for k in range(1, buckets + 1):
        start[k + 1] += start[k]
    for i in range(count):
        at = np.int64(keys[i]) + 1
        order[start[at]] = i
        start[at] += 1
    return count


@inlined
def _after(order: Any, low: Any, high: Any, row: Any) -> Any:
    """First place in low..high of rising rows that holds one above `row`."""
    while low < high:
        middle = (low + high) >> 1
        if order[middle] <= row:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def _seen(apart: Any, part: Any, fields: Any, parts: Any) -> Any:
    """Whether a part before this one finds a pair with these differing bits too."""
    for p in range(part):  # noqa: SIM110
        if np.int64(popcount((apart >> fields[p, 0]) & fields[p, 1])) <= parts[p, 0]:
            return True
    return False


@loop
def near(
    hashes: Any, asking: Any, asked_order: Any, flip: Any, pose: Any, part: Any,
    parts: Any, fields: Any, start: Any, order: Any, ordered: Any, masks: Any,
    fresh: Any, first: Any, last: Any, radius: Any, most: Any, counts: Any, out: Any, capacity: Any, filled: Any,
) -> Any:  # fmt: skip
    """Pairs of rows within a radius by one part and in one pose, for the rows at first..last of those that ask.

    hashes: u8 (n,). asking, asked_order: u8 (n,), i4 (n,): hashes (turned for poses from 4) and rows in the order of the part, so
    that equal keys stand together. flip: u8 (8,), what mirroring does. parts, fields, start, order, ordered, masks: the index,
    see `hamming_index.Index`. fresh: u1 (n,), 2 in every row, or 1 for rows that ask and 0 for those that only answer.
    most: pairs of a row beyond which it is given up. counts: i4 (last - first,), zeros; hits of each row, `most` + 1 if given up.
    out: i4 (capacity, 3), room for `TOGETHER` rows at least: row, neighbour, place of the row after first. filled: i8 (1,), pairs
    in out, to begin with 0. Returns where it stopped: `last`, or sooner with a full out.
    """
    n = 0
    within = np.uint64(radius)
    begin = first
    while begin < last:
        if n + TOGETHER * (most + 1) > capacity:
            break
        plain = np.int64((asking[begin] >> fields[part, 0]) & fields[part, 1])
        key = np.int64(((asking[begin] ^ flip[pose]) >> fields[part, 0]) & fields[part, 1])
        end = begin + 1
        while end < last and end < begin + TOGETHER and np.int64((asking[end] >> fields[part, 0]) & fields[part, 1]) == plain:
            end += 1
        whole = fresh[asked_order[begin]] == 2
        own = plain if whole and pose < 4 else np.int64(-1)
        for m in range(parts[part, 3], parts[part, 4]):
            other = key ^ masks[m]
            if other < own:
                continue  # met from there
            low, high = parts[part, 2] + start[parts[part, 1] + other], parts[part, 2] + start[parts[part, 1] + other + 1]
            if low == high:
                continue
            for at in range(begin, end):
                h = asking[at] ^ flip[pose]
                k = low
                if high - low > LONG:
                    if counts[at - first] > most:
                        continue
                    if whole and (own < 0 or other == own):
                        k = _after(order, low, high, np.int64(asked_order[at]))
                while k < high:
                    apart = h ^ ordered[k]
                    if popcount(apart) <= within:
                        i, j = np.int64(asked_order[at]), np.int64(order[k])
                        if (j > i or (j < i and ((own >= 0 and other > own) or fresh[j] == 0))) and not _seen(
                            apart, part, fields, parts
                        ):
                            if counts[at - first] > most:
                                break
                            out[n, 0] = i
                            out[n, 1] = j
                            out[n, 2] = at - first
                            counts[at - first] += 1
                            n += 1
                    k += 1
        begin = end
    filled[0] = n
    return begin


@loop
def _row_hits(
    h: Any, part: Any, pose: Any, parts: Any, fields: Any, start: Any, order: Any, ordered: Any, masks: Any,
    fresh: Any, radius: Any, stop: Any, hits: Any, i: Any, own: Any,
) -> Any:  # fmt: skip
    """Neighbours of row i, which is h, as 8 * row + pose, at most `stop` of them, nearest buckets first; returns how many.

    own: the bucket of row i itself if a pair is to be met from the lower bucket alone, else -1.
    """
    n = 0
    most = np.uint64(radius)
    key = np.int64((h >> fields[part, 0]) & fields[part, 1])
    later = fresh[i] == 2
    for m in range(parts[part, 3], parts[part, 4]):
        other = key ^ masks[m]
        if other < own:
            continue  # met from there
        bucket = parts[part, 1] + other
        low, high = parts[part, 2] + start[bucket], parts[part, 2] + start[bucket + 1]
        if high - low > LONG and (other == own or (later and own < 0)):
            low = _after(order, low, high, i)
        for k in range(low, high):
            apart = h ^ ordered[k]
            if popcount(apart) <= most:
                j = np.int64(order[k])
                if (j > i or (j < i and fresh[j] == 0)) and not _seen(apart, part, fields, parts):
                    if n == stop:
                        return n + 1
                    hits[n] = 8 * j + pose
                    n += 1
    return n


@inlined
def _far(wide: Any, wide_turned: Any, wide_flip: Any, i: Any, j: Any, pose: Any) -> Any:
    d = np.uint64(0)
    for w in range(4):
        x = wide_turned[i, w] if pose >= 4 else wide[i, w]
        d += popcount(x ^ wide_flip[pose, w] ^ wide[j, w])
    return np.int64(d)


@loop
def nearest(
    hashes: Any, turned: Any, flip: Any, wide: Any, wide_turned: Any, wide_flip: Any, pose: Any, part: Any,
    parts: Any, fields: Any, start: Any, order: Any, ordered: Any, masks: Any,
    fresh: Any, asking: Any, count: Any, radius: Any, few: Any, stop: Any, hits: Any, out: Any, left: Any,
) -> Any:  # fmt: skip
    """The nearest pairs, by one part and in one pose, of rows that have too many.

    Arguments are those of `near`. turned: u8 (n,), hashes transposed. wide, wide_turned, wide_flip: u8 (n, 4), (n, 4), (8, 4), of
    256 bits, which tell what is nearest. asking: i4 (count,), rows. few: pairs of each that stay. stop: hits at which looking
    ends. hits: i8 (stop,). out: i4 (count * few, 2). left: i8 (1,), hits left out are added. Returns how many are in out.
    """
    n = 0
    for q in range(count):
        i = np.int64(asking[q])
        h = (turned[i] if pose >= 4 else hashes[i]) ^ flip[pose]
        own = np.int64(-1)
        if pose < 4 and fresh[i] == 2:  # without a transposition, both see each other through the same part
            own = np.int64((hashes[i] >> fields[part, 0]) & fields[part, 1])
        found = _row_hits(h, part, pose, parts, fields, start, order, ordered, masks, fresh, radius, stop, hits, i, own)
        kept = min(found, stop)
        for k in range(kept):
            hits[k] |= _far(wide, wide_turned, wide_flip, i, hits[k] >> 3, pose) << 40
        for k in range(min(few, kept)):
            best = k
            for other in range(k + 1, kept):
                if hits[other] < hits[best]:
                    best = other
            hits[k], hits[best] = hits[best], hits[k]
            out[n, 0] = i
            out[n, 1] = (hits[k] & 0xFFFFFFFFFF) >> 3
            n += 1
        left[0] += found - min(few, kept)
    return n


@loop
def close_256(
    rows: Any, order: Any, start: Any, masks: Any, count: Any, part: Any, fields: Any, may: Any,
    first: Any, last: Any, radius: Any, out: Any, capacity: Any, filled: Any,
) -> Any:  # fmt: skip
    """Pairs of 256-bit rows within a radius whose part number `part` differs by one of some masks, for rows first..last.

    rows: u8 (n, 4), in the order of the part; order: i4 (n,), what row each was. start: i4, bounds of its 65536 buckets.
    masks: i8 (count,). fields: i8 (p,), shift of each part in its word; part p lies in word p // 4. may: i8 (p,), bits by which
    it may differ. out: i4 (capacity, 3): both rows, distance. filled: i8 (1,), pairs in out. Returns where it stopped: `last`,
    or the first row whose pairs did not all fit.
    """
    n = 0
    within = np.uint64(radius)
    word, shift = part >> 2, np.uint64(fields[part])
    for at in range(first, last):
        begun = n
        h0, h1, h2, h3 = rows[at, 0], rows[at, 1], rows[at, 2], rows[at, 3]
        key = np.int64((rows[at, word] >> shift) & np.uint64(0xFFFF))
        for m in range(count):
            other = key ^ masks[m]
            if other < key:
                continue  # met from there
            for k in range(at + 1 if other == key else np.int64(start[other]), np.int64(start[other + 1])):
                d = popcount(h0 ^ rows[k, 0]) + popcount(h1 ^ rows[k, 1])
                if d > within:
                    continue
                d += popcount(h2 ^ rows[k, 2]) + popcount(h3 ^ rows[k, 3])
                if d <= within and not _seen_256(rows, at, k, part, fields, may):
                    if n == capacity:
                        filled[0] = begun
                        return at
                    out[n, 0] = min(order[at], order[k])
                    out[n, 1] = max(order[at], order[k])
                    out[n, 2] = np.int64(d)
                    n += 1
    filled[0] = n
    return last


@inlined
def _seen_256(rows: Any, i: Any, j: Any, part: Any, fields: Any, may: Any) -> Any:
    for p in range(part):
        apart = ((rows[i, p >> 2] ^ rows[j, p >> 2]) >> np.uint64(fields[p])) & np.uint64(0xFFFF)
        if np.int64(popcount(apart)) <= may[p]:
            return True
    return False


@loop
def best_poses(wide: Any, turned: Any, flip: Any, trimmed: Any, first: Any, second: Any, count: Any, out: Any) -> Any:
    """The least distance of two pictures over (frame or trimmed) x (frame or trimmed) x pose.

    wide, turned: u8 (n, 2, 4), hashes of the frame and of the trimmed frame, as they are and transposed. flip: u8 (8, 4).
    trimmed: u1 (n,), 1 where they differ. first, second: i8 (count,), rows. out: i8 (count,): distance << 8 | trimmed first <<
    4 | trimmed second << 3 | pose of the first; of equal ones the least. Twin: `whole_frame._best_plain`.
    """
    for e in range(count):
        i, j = first[e], second[e]
        least = np.int64(1) << 40
        for one in range(1 + np.int64(trimmed[i])):
            for other in range(1 + np.int64(trimmed[j])):
                for pose in range(8):
                    d = np.uint64(0)
                    for w in range(4):
                        x = turned[i, one, w] if pose >= 4 else wide[i, one, w]
                        d += popcount(x ^ flip[pose, w] ^ wide[j, other, w])
                    told = np.int64(d) << 8 | one << 4 | other << 3 | pose
                    least = min(least, told)
        out[e] = least
    return count
