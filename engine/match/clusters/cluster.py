"""The one clustering rule: a sorted pair table becomes a list of joins, and a line cuts that list.

A link joins two clusters only if one of its two ends is then directly linked, by links looked at so far, to every other
member of the union. So an original holds all its crops, a burst does not chain, and raising the line only ever splits.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.match.clusters.joins import joins_of
from engine.match.clusters.loops import JOINS
from engine.records import PAIR_DIFFERENT, Merges, PictureTable, Tier

_Scalar = TypeVar("_Scalar", bound=np.generic)

_KERNEL_FROM = 20_000
"""Joins from which the compiled union-find pays for loading it."""


def merge_list(
    table: PictureTable, pairs: NDArray[np.void], removed: NDArray[np.bool_] | None = None, *, moments: bool = False
) -> Merges:
    """The joins of a pair table, strongest first.

    Parameters
    ----------
    table: the pictures. pairs: `PAIR_DTYPE` (e,), in any order. removed: bool (e,), pairs that hold nothing together (decided
    to be different); None: those flagged `PAIR_DIFFERENT`. moments: whether photographs of one moment make clusters, too.

    Returns
    -------
    Merges. A node is a shot, named by its first picture. Joins of equal bytes come first, with score 1: such shots count as
    one node for the rule, whatever the line. Pairs of one moment never hold duplicates together; where they are wanted, they join
    pictures that no other pair joins to anything at any line, so that a line only splits here too.
    """
    gone = (pairs["flags"] & PAIR_DIFFERENT) != 0 if removed is None else removed
    first = _first_of_shot(table.shot)
    moment = pairs["tier"] == Tier.SAME_MOMENT
    kept = pairs[~gone & ~moment]
    left, right, score = joins_of(first, kept["a"], kept["b"], kept["score"], kept["tier"] == Tier.IDENTICAL)
    if moments and moment.any():
        alone = np.ones(len(first), np.bool_)
        alone[left] = alone[right] = False
        kept = pairs[~gone & moment]
        kept = kept[alone[first[kept["a"]]] & alone[first[kept["b"]]]]
        more = joins_of(first, kept["a"], kept["b"], kept["score"], np.zeros(len(kept), np.bool_))
        order = np.argsort(-np.concatenate([score, more[2]]), kind="stable")
        left, right = np.concatenate([left, more[0]])[order], np.concatenate([right, more[1]])[order]
        score = np.concatenate([score, more[2]])[order]
    return Merges(score=_frozen(score), left=_frozen(left), right=_frozen(right), node=_frozen(first))


def clusters_at(merges: Merges, line: float) -> list[tuple[int, ...]]:
    """The clusters held together by joins at or above a line, in milliseconds.

    Parameters
    ----------
    merges: from `merge_list`. line: 0..1, compared at 4 decimals.

    Returns
    -------
    Tuples of picture indices, ascending, ordered by their first; each of pictures of at least two shots.
    """
    # half a unit of the last decimal: 0.86 as float32 lies below 0.86
    count = int(np.searchsorted(-merges.score.astype(np.float64), -(line - 5e-5), side="right"))
    if not count:
        return []
    left, right = merges.left[:count], merges.right[:count]
    nodes, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
    roots = components(len(nodes), ends[:count], ends[count:])
    where = np.searchsorted(nodes, merges.node)
    where[where == len(nodes)] = 0
    pictures = np.nonzero(nodes[where] == merges.node)[0]
    cluster = roots[where[pictures]]
    order = np.argsort(cluster, kind="stable")
    pictures, cluster = pictures[order], cluster[order]
    edges = [0, *(np.nonzero(np.diff(cluster))[0] + 1).tolist(), len(pictures)]
    members = pictures.tolist()
    return sorted(tuple(members[start:stop]) for start, stop in pairwise(edges))


def groups_of(
    node: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    score: NDArray[np.float32],
    equal: NDArray[np.bool_],
) -> list[tuple[int, ...]]:
    """The clusters that all these links make, by the same rule: as `clusters_at` at the lowest line, without a pair table.

    Parameters are those of `joins_of`, with node for first.
    """
    left, right, made = joins_of(node, a, b, score, equal)
    return clusters_at(Merges(score=made, left=left, right=right, node=node), 0.0)


def _first_of_shot(shot: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first picture of each picture's shot."""
    _, first, member = np.unique(shot, return_index=True, return_inverse=True)
    return first[member].astype(np.int64)


def components(count: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Smallest member of each node's connected component: int64 (count,)."""
    loops = JOINS.loaded() if len(a) >= _KERNEL_FROM else None
    if loops is not None:
        found = np.empty(count, np.int64)
        loops.components(count, np.ascontiguousarray(a, np.int64), np.ascontiguousarray(b, np.int64), len(a), found)
        return found
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        i, j = root(x), root(y)
        parent[max(i, j)] = min(i, j)
    return np.array([root(i) for i in range(count)], dtype=np.int64)


def _frozen(values: NDArray[_Scalar]) -> NDArray[_Scalar]:
    values.setflags(write=False)
    return values
