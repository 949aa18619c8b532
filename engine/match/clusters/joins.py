"""From links to joins: the loop behind the clustering rule, in plain Python for few links and as machine code for many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.match.clusters.loops import JOINS

LEVELS = 10_001
"""Scores of 4 decimals, from 0 to 1."""

_KERNEL_FROM = 4_000
"""Links from which the loops pay for loading them."""

_LINE_BYTES = 64
"""A line of the cache."""

Joins = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def joins_of(
    first: NDArray[np.int64],
    a: NDArray[np.integer],
    b: NDArray[np.integer],
    score: NDArray[np.float32],
    equal: NDArray[np.bool_],
    *,
    kernel_from: int = _KERNEL_FROM,
) -> Joins:
    """The joins that links make, strongest first.

    Parameters
    ----------
    first: int64 (n,), the node of each picture: the first picture of its shot. a, b: picture indices of the links, (e,).
    score: float32 (e,). equal: bool (e,), links of equal bytes, which make one node of two. kernel_from: links from which the
    loops are used.

    Returns
    -------
    left, right: int64 (m,), nodes of either side of a join; score: float32 (m,), descending, rounded to 4 decimals.
    """
    same_left, same_right, unit = _units(first, a[equal].astype(np.int64), b[equal].astype(np.int64))
    one, other = a.astype(np.int32), b.astype(np.int32)
    rounded = np.rint(score.astype(np.float64) * (LEVELS - 1)).astype(np.int32)
    stands = unit[first].astype(np.int32)
    x, y = stands[one], stands[other]
    spans = x != y  # none of equal bytes does
    if not spans.all():
        one, other, rounded, x, y = one[spans], other[spans], rounded[spans], x[spans], y[spans]
    loops = JOINS.loaded() if len(x) >= kernel_from else None
    if loops is not None:
        chosen = join_links(len(first), x, y, turns(one, other, rounded, loops), loops)
    else:
        order = strongest_first(one, other, rounded)
        chosen = order[join_links_plain(*_renumbered(x[order], y[order]))]
    made = np.concatenate([np.ones(len(same_left)), rounded[chosen] / (LEVELS - 1)]).astype(np.float32)
    return np.concatenate([same_left, first[one[chosen]]]), np.concatenate([same_right, first[other[chosen]]]), made


def _units(first: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Unite the shots of equal bytes: the joins that do it, and for each node the one that stands for its group."""
    unit = np.arange(len(first), dtype=np.int64)
    parent: dict[int, int] = {}

    def root(i: int) -> int:
        while parent.get(i, i) != i:
            parent[i] = i = parent.get(parent[i], parent[i])
        return i

    left, right = [], []
    for i, j in zip(first[a].tolist(), first[b].tolist(), strict=True):
        x, y = root(i), root(j)
        if x != y:
            parent[max(x, y)] = min(x, y)
            left.append(i)
            right.append(j)
    for node in parent:
        unit[node] = root(node)
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), unit


def strongest_first(a: NDArray[np.int32], b: NDArray[np.int32], rounded: NDArray[np.int32]) -> NDArray[np.int64]:
    """The order in which links are looked at: by score, then by pictures: int64 (e,). rounded: int32 (e,), 0..`LEVELS` - 1."""
    return np.lexsort((np.maximum(a, b), np.minimum(a, b), -rounded))


def turns(a: NDArray[np.int32], b: NDArray[np.int32], rounded: NDArray[np.int32], loops: Any) -> NDArray[np.int32]:
    """When each link is looked at, by loops: int32 (e,), the inverse of `strongest_first`."""
    turn, fill = np.empty(len(a), np.int32), np.zeros(LEVELS + 1, np.int64)
    if loops.ascending(a, b, len(a)):
        loops.take_turns(rounded, len(a), LEVELS, fill, turn)
        return turn
    pairs = np.argsort(np.minimum(a, b).astype(np.int64) << 32 | np.maximum(a, b), kind="stable")
    loops.take_turns(rounded[pairs], len(a), LEVELS, fill, turn)
    out = np.empty_like(turn)
    out[pairs] = turn
    return out


def join_links(count: int, u: NDArray[np.int32], v: NDArray[np.int32], turn: NDArray[np.int32], loops: Any) -> NDArray[np.int64]:
    """As `join_links_plain`, by loops: places in u and v, of links each of which is looked at in its turn."""
    links = len(u)
    ends, near, out = np.empty(2 * links, np.int32), np.empty((2 * links, 2), np.int32), np.empty(count, np.int64)
    state, link = _whole_lines(count + 1, 8), _whole_lines(links, 4)
    loops.neighbours(count, u, v, turn, links, ends, state, near, link)
    joined = loops.join_links(count, links, state, near, link, out)
    return out[:joined].copy()


def _whole_lines(rows: int, columns: int) -> NDArray[np.int32]:
    """Room for int32 (rows, columns), no row of which lies in two lines of the cache: a tenth less time."""
    room = np.empty(rows * columns + _LINE_BYTES // 4, np.int32)
    start = -room.ctypes.data % _LINE_BYTES // 4
    return room[start : start + rows * columns].reshape(rows, columns)


def _renumbered(u: NDArray[np.int32], v: NDArray[np.int32]) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    nodes, ends = np.unique(np.concatenate([u, v]), return_inverse=True)
    one, other = np.split(ends.reshape(-1).astype(np.int64), 2)
    return len(nodes), one, other


def join_links_plain(count: int, u: NDArray[np.int64], v: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the links that join, for links between nodes 0 … count - 1 in the order in which they are looked at.

    Twins: `kernels_joins.join_links` and the direct statement of the rule in tests/oracle.
    """
    linked: list[set[int]] = [set() for _ in range(count)]
    members: list[set[int]] = [{i} for i in range(count)]
    joined = []
    for link, (i, j) in enumerate(zip(u.tolist(), v.tolist(), strict=True)):
        linked[i].add(j)
        linked[j].add(i)
        one, other = members[i], members[j]
        if one is other:
            continue
        wanted = len(one) + len(other) - 1
        if not any(len(linked[k]) >= wanted and _holds(linked[k], k, one, other) for k in (i, j)):
            continue
        if len(one) < len(other):
            one, other = other, one
        one |= other
        for node in other:
            members[node] = one
        joined.append(link)
    return np.array(joined, dtype=np.int64)


def _holds(linked: set[int], node: int, one: set[int], other: set[int]) -> bool:
    return all(k == node or k in linked for part in (one, other) for k in part)
