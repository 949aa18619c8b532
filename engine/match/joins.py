"""From links to joins: the loop behind the clustering rule, in plain Python for few links and as machine code for many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.match.loops_joins import JOINS

LEVELS = 10_001
"""Scores of 4 decimals, from 0 to 1."""

_KERNEL_FROM = 4_000
"""Links from which the loops pay for loading them."""

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
    a, b, score = _kept(a, ~equal), _kept(b, ~equal), score[~equal]
    rounded = np.rint(score.astype(np.float64) * (LEVELS - 1)).astype(np.int32)
    x, y = unit[first[a]], unit[first[b]]
    spans = np.flatnonzero(x != y)
    if len(spans) < len(x):
        a, b, rounded, x, y = a[spans], b[spans], rounded[spans], x[spans], y[spans]
    loops = JOINS.loaded() if len(spans) >= kernel_from else None
    order = strongest_first(a, b, rounded, loops)
    chosen = (
        join_links(len(first), x, y, order, loops)
        if loops is not None
        else order[join_links_plain(*_renumbered(x[order], y[order]))]
    )
    made = np.concatenate([np.ones(len(same_left)), rounded[chosen] / (LEVELS - 1)]).astype(np.float32)
    return np.concatenate([same_left, first[a[chosen]]]), np.concatenate([same_right, first[b[chosen]]]), made


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


def _kept(rows: NDArray[np.integer], kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    return rows[kept].astype(np.int64)


def strongest_first(a: NDArray[np.int64], b: NDArray[np.int64], rounded: NDArray[np.int32], loops: Any) -> NDArray[np.int32]:
    """The order in which links are looked at: by score, then by pictures: int32 (e,). rounded: int32 (e,), 0..`LEVELS` - 1."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    if loops is None:
        return np.lexsort((high, low, -rounded)).astype(np.int32)
    keys = low << 32 | high
    order, fill = np.empty(len(a), np.int32), np.zeros(LEVELS + 1, np.int64)
    if bool((keys[1:] >= keys[:-1]).all()):  # as a pair table is
        loops.order_links(rounded, len(a), LEVELS, fill, order)
        return order
    pairs = np.argsort(keys, kind="stable")
    loops.order_links(rounded[pairs], len(a), LEVELS, fill, order)
    return pairs[order].astype(np.int32)


def join_links(count: int, u: NDArray[np.int64], v: NDArray[np.int64], order: NDArray[np.int32], loops: Any) -> NDArray[np.int64]:
    """As `join_links_plain`, by loops: places in u and v, of links that are looked at in this order of them."""
    links = len(u)
    one, other, turn = u.astype(np.int32), v.astype(np.int32), np.empty(links, np.int32)
    turn[order] = np.arange(links, dtype=np.int32)
    ends, neighbour, rank = (np.empty(2 * links, np.int32) for _ in range(3))
    state, fresh, out = np.empty((count + 1, 8), np.int32), np.empty(links, np.uint8), np.empty(count, np.int64)
    loops.neighbours(count, one, other, turn, links, ends, state, neighbour, rank, fresh)
    joined = loops.join_links(count, one, other, order, links, state, neighbour, rank, fresh, out)
    return out[:joined].copy()


def _renumbered(u: NDArray[np.int64], v: NDArray[np.int64]) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
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
