"""From links to joins: the loop behind the clustering rule, in plain Python for few links and compiled for many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_KERNEL_FROM = 4_000
"""Links from which the compiled loop pays for loading it."""

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
    compiled loop is used.

    Returns
    -------
    left, right: int64 (m,), nodes of either side of a join; score: float32 (m,), descending, rounded to 4 decimals.
    """
    same_left, same_right, unit = _units(first, a[equal].astype(np.int64), b[equal].astype(np.int64))
    a, b, score = a[~equal].astype(np.int64), b[~equal].astype(np.int64), score[~equal]
    rounded = np.rint(score.astype(np.float64) * 10_000).astype(np.int64)
    x, y = unit[first[a]], unit[first[b]]
    spans = np.nonzero(x != y)[0]
    order = spans[np.lexsort((np.maximum(a, b)[spans], np.minimum(a, b)[spans], -rounded[spans]))]
    nodes, ends = np.unique(np.concatenate([x[order], y[order]]), return_inverse=True)
    u, v = ends[: len(order)].astype(np.int64), ends[len(order) :].astype(np.int64)
    if len(order) >= kernel_from:
        from engine.match.kernels import join_links

        joined = join_links(len(nodes), u, v, *neighbour_ranks(len(nodes), u, v))
    else:
        joined = join_links_plain(len(nodes), u, v)
    chosen = order[joined]
    made = np.concatenate([np.ones(len(same_left)), rounded[chosen] / 10_000]).astype(np.float32)
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


def join_links_plain(count: int, u: NDArray[np.int64], v: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the links that join, for links between nodes 0 … count - 1 in the order in which they are looked at.

    Twins: `kernels.join_links` and the direct statement of the rule in tests/oracle.
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


def neighbour_ranks(
    count: int, u: NDArray[np.int64], v: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """For each node its neighbours in rising order and the number of the first link to each.

    Returns
    -------
    start int64 (count + 1,), neighbour int64 (k,), rank int64 (k,): node i has neighbour[start[i]:start[i + 1]].
    """
    low, high = np.minimum(u, v), np.maximum(u, v)
    keys, first = np.unique(low * count + high, return_index=True)
    low, high = keys // count, keys % count
    ends, others = np.concatenate([low, high]), np.concatenate([high, low])
    ranks = np.concatenate([first, first])
    order = np.lexsort((others, ends))
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=count), out=start[1:])
    return start, others[order].astype(np.int64), ranks[order].astype(np.int64)
