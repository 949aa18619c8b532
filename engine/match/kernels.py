"""Compiled loops of matching: the Hamming join, the merge list, union-find.

Imported inside the functions that need it, because loading the compiler costs most of a second. All kernels release the
interpreter lock and run on one thread. Operands of exclusive-or and bit counts are uint64 throughout: one int64 among them
would make the compiler fall back to floats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

KEYS = 1 << 16

_compiled: Callable[[Any], Any] = njit(nogil=True, cache=True)
_inlined: Callable[[Any], Any] = njit(nogil=True, cache=True, inline="always")


@_inlined
def _popcount(x: Any) -> Any:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


@_compiled
def _far(x: Any, i: Any, y: Any, j: Any, radius: Any) -> Any:
    """Distance of row i of x and row j of y, uint64 (n, 4); stops early beyond the radius."""
    d = _popcount(x[i, 0] ^ y[j, 0]) + _popcount(x[i, 1] ^ y[j, 1])
    if d > radius:
        return d
    return d + _popcount(x[i, 2] ^ y[j, 2]) + _popcount(x[i, 3] ^ y[j, 3])


@_compiled
def brute_range(
    x: Any, wide_x: Any, y: Any, wide_y: Any, both: Any, radius: Any, wide_radius: Any, first: Any, last: Any, out: Any
) -> Any:
    """Pairs within both radii, comparing rows first..last of x with all of y.

    x, y: uint64 (n,). wide_x, wide_y: uint64 (n, 4). both: False keeps only pairs with i < j, True all with i != j.
    radius, wide_radius: uint64, bits. out: int32 (capacity, 2), filled with (row of x, row of y).
    Returns how many there are; those beyond the capacity are counted only. Twin: `candidates._numpy_pairs`.
    """
    n = 0
    for i in range(first, last):
        h = x[i]
        for j in range(0 if both else i + 1, y.shape[0]):
            if _popcount(h ^ y[j]) <= radius and i != j and _far(wide_x, i, wide_y, j, wide_radius) <= wide_radius:
                if n < out.shape[0]:
                    out[n, 0] = i
                    out[n, 1] = j
                n += 1
    return n


@_compiled
def bucketise(rows: Any, shift: Any) -> Any:
    """Counting sort of uint64 (n,) by the 16 bits above `shift`: start (65537,), order int32 (n,), the rows in that order."""
    n = rows.shape[0]
    start = np.zeros(KEYS + 1, np.int64)
    for i in range(n):
        start[np.int64((rows[i] >> shift) & np.uint64(0xFFFF)) + 1] += 1
    for k in range(KEYS):
        start[k + 1] += start[k]
    fill = start[:KEYS].copy()
    order = np.empty(n, np.int32)
    for i in range(n):
        key = np.int64((rows[i] >> shift) & np.uint64(0xFFFF))
        order[fill[key]] = i
        fill[key] += 1
    return start, order, rows[order]


@_compiled
def join_range(
    xs: Any, xstart: Any, xorder: Any, wide_x: Any, ys: Any, ystart: Any, yorder: Any, wide_y: Any, both: Any,
    part: Any, allowed: Any, flips: Any, radius: Any, wide_radius: Any, first: Any, last: Any, out: Any,
) -> Any:  # fmt: skip
    """Multi-index join: pairs whose 16-bit part number `part` differs by one of `flips`, for the keys first..last.

    xs, ys: uint64 rows sorted by that part, with start and order from `bucketise`. wide_x, wide_y: uint64 (n, 4) in row order.
    allowed: int64 (4,), bits by which each part may differ; a pair that an earlier part finds too is left to that part.
    both, radius, wide_radius, out and the answer as for `brute_range`.
    """
    n = 0
    for key in range(first, last):
        a0, a1 = xstart[key], xstart[key + 1]
        if a0 == a1:
            continue
        for m in range(flips.shape[0]):
            other = key ^ flips[m]
            b0, b1 = ystart[other], ystart[other + 1]
            for i in range(a0, a1):
                h = xs[i]
                for j in range(b0, b1):
                    d = h ^ ys[j]
                    if _popcount(d) > radius:
                        continue
                    r, s = xorder[i], yorder[j]
                    if r == s or (r > s and not both):
                        continue
                    seen = False
                    for p in range(part):
                        if np.int64(_popcount((d >> np.uint64(48 - 16 * p)) & np.uint64(0xFFFF))) <= allowed[p]:
                            seen = True
                    if seen or _far(wide_x, r, wide_y, s, wide_radius) > wide_radius:
                        continue
                    if n < out.shape[0]:
                        out[n, 0] = r
                        out[n, 1] = s
                    n += 1
    return n


@_inlined
def _root(parent: Any, i: Any) -> Any:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@_compiled
def components(count: Any, a: Any, b: Any) -> Any:
    """Smallest member of each node's connected component: int64 (count,); a, b int64 (e,) are the links."""
    parent = np.arange(count)
    for e in range(a.shape[0]):
        x, y = _root(parent, a[e]), _root(parent, b[e])
        if x < y:
            parent[y] = x
        else:
            parent[x] = y
    for i in range(count):
        parent[i] = _root(parent, i)
    return parent


@_compiled
def _linked(start: Any, neighbour: Any, rank: Any, i: Any, j: Any, now: Any) -> Any:
    """Is there a link between i and j among those up to number `now`?"""
    low, high = start[i], start[i + 1]
    while low < high:
        middle = (low + high) // 2
        if neighbour[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low < start[i + 1] and neighbour[low] == j and rank[low] <= now


@_compiled
def _holds(start: Any, neighbour: Any, rank: Any, following: Any, i: Any, other: Any, now: Any) -> Any:
    """Is i linked to every member of the cluster that `other` belongs to (a ring through `following`)?"""
    k = other
    while True:
        if not _linked(start, neighbour, rank, i, k, now):
            return False
        k = following[k]
        if k == other:
            return True


@_compiled
def join_links(count: Any, u: Any, v: Any, start: Any, neighbour: Any, rank: Any) -> Any:
    """Numbers of the links that join, in order: int64 (m,). Twin: `joins.join_links_plain`.

    u, v: int64 (e,), nodes, in the order in which links are looked at. start, neighbour, rank: `joins.neighbour_ranks`.
    `inside` counts for every node its links within its own cluster, so that only the other cluster has to be walked through.
    """
    parent = np.arange(count)
    following = np.arange(count)
    size = np.ones(count, np.int64)
    inside = np.zeros(count, np.int64)
    degree = np.zeros(count, np.int64)
    out = np.empty(max(count - 1, 0), np.int64)
    n = 0
    for e in range(u.shape[0]):
        i, j = u[e], v[e]
        x, y = _root(parent, i), _root(parent, j)
        fresh = _first_link(start, neighbour, rank, i, j) == e
        if fresh:
            degree[i] += 1
            degree[j] += 1
        if x == y:
            if fresh:
                inside[i] += 1
                inside[j] += 1
            continue
        wanted = size[x] + size[y] - 1
        held = inside[i] == size[x] - 1 and degree[i] >= wanted and _holds(start, neighbour, rank, following, i, j, e)
        if not held:
            held = inside[j] == size[y] - 1 and degree[j] >= wanted and _holds(start, neighbour, rank, following, j, i, e)
        if not held:
            continue
        if size[x] < size[y]:
            x, y = y, x
            i, j = j, i
        # count the links between the two, walking through the smaller
        k = j
        while True:
            for at in range(start[k], start[k + 1]):
                if rank[at] <= e and _root(parent, neighbour[at]) == x:
                    inside[k] += 1
                    inside[neighbour[at]] += 1
            k = following[k]
            if k == j:
                break
        parent[y] = x
        size[x] += size[y]
        following[i], following[j] = following[j], following[i]
        out[n] = e
        n += 1
    return out[:n]


@_compiled
def _first_link(start: Any, neighbour: Any, rank: Any, i: Any, j: Any) -> Any:
    low, high = start[i], start[i + 1]
    while low < high:
        middle = (low + high) // 2
        if neighbour[middle] < j:
            low = middle + 1
        else:
            high = middle
    return rank[low]


@_compiled
def join_forest(count: Any, left: Any, right: Any, weight: Any) -> Any:
    """The joins of nodes 0 … count - 1 as a tree; see `tree.forest_plain`, its twin, for what is returned."""
    joins = left.shape[0]
    boss = np.arange(count)
    since = np.full(count, joins, np.int64)
    size = np.ones(count, np.int64)
    part = np.arange(count)
    heaviest = weight.copy()
    one, other = np.empty(joins, np.int64), np.empty(joins, np.int64)
    lesser = np.empty(joins, np.int64)
    for k in range(joins):
        x, y = left[k], right[k]
        while since[x] < k:
            x = boss[x]
        while since[y] < k:
            y = boss[y]
        if size[x] < size[y]:
            x, y = y, x
        one[k], other[k] = part[x], part[y]
        lesser[k] = min(heaviest[x], heaviest[y])
        heaviest[x] = max(heaviest[x], heaviest[y])
        size[x] += size[y]
        boss[y], since[y] = x, k
        part[x] = count + k
    return boss, since, one, other, lesser


@_compiled
def lay_out(count: Any, one: Any, other: Any) -> Any:
    """Places of the parts of a tree in a row of its leaves; see `tree.lay_out_plain`, its twin."""
    joins = one.shape[0]
    size = np.ones(count + joins, np.int64)
    above = np.full(count + joins, joins, np.int64)
    first = np.arange(count + joins)
    for k in range(joins):
        size[count + k] = size[one[k]] + size[other[k]]
        first[count + k] = min(first[one[k]], first[other[k]])
        above[one[k]] = k
        above[other[k]] = k
    start = np.full(count + joins, -1, np.int64)
    place = 0
    for k in range(joins - 1, -1, -1):
        if above[count + k] == joins:
            start[count + k] = place
            place += size[count + k]
        start[one[k]] = start[count + k]
        start[other[k]] = start[count + k] + size[one[k]]
    return size, above, start, first
