"""The list of joins as a tree: which clusters there are at a line, what is in each, and where two pictures meet.

Join k makes part ``count + k`` out of two parts; a part below ``count`` is a single node (a shot). The leaves of every part stand
side by side in one row, so that a cluster is a slice of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.match.clusters.loops import JOINS
from engine.records import Merges

_KERNEL_FROM = 20_000
"""Joins from which the loops pay for loading them."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tree:
    """The joins of one pair table as a tree; all int64, k counts joins (strongest first), nodes are numbered 0 … count - 1.

    nodes: first picture of each node that is joined to any, ascending. depth float64 (m,): similarity of each join, negated so
    that it rises.
    one, other (m,): parts that a join unites. lesser (m,): the smaller of the two largest weights in them.
    size, above, start, first (count + m,): leaves of each part, the join that unites it with another (m: none), its place in the
    row, its lowest node.
    row: first pictures of the nodes in the order of the row. boss, since (count,): where `meeting` climbs.
    """

    nodes: Ints
    depth: NDArray[np.float64]
    one: Ints
    other: Ints
    lesser: Ints
    size: Ints
    above: Ints
    start: Ints
    first: Ints
    row: Ints
    boss: Ints
    since: Ints

    @property
    def count(self) -> int:
        """How many nodes are joined to any other."""
        return len(self.nodes)

    def joins_at(self, line: float) -> int:
        """How many joins stand at a line."""
        # half a unit of the last decimal: 0.86 as float32 lies below 0.86
        return int(np.searchsorted(self.depth, -(line - 5e-5), side="right"))

    def roots(self, joins: int) -> Ints:
        """Which of the first joins are the last of their cluster: one a cluster, ordered by its first picture."""
        found = np.flatnonzero(self.above[self.count : self.count + joins] >= joins)
        return found[np.argsort(self.first[self.count + found])]


def tree_of(merges: Merges, weight: Ints | None = None) -> Tree:
    """The tree of a list of joins. weight: int64, one a picture, read at the first picture of each node; None: all 0."""
    joins = len(merges.score)
    nodes, ends = np.unique(np.concatenate([merges.left, merges.right]), return_inverse=True)
    nodes, ends = nodes.astype(np.int64), ends.astype(np.int64)
    weights = np.zeros(len(nodes), np.int64) if weight is None else weight[nodes].astype(np.int64)
    loops = JOINS.loaded() if joins >= _KERNEL_FROM else None
    if loops is not None:
        boss, since, one, other, lesser = forest_by_loops(len(nodes), ends[:joins], ends[joins:], weights, loops)
        size, above, start, first = lay_out_by_loops(len(nodes), one, other, loops)
    else:
        boss, since, one, other, lesser = forest_plain(len(nodes), ends[:joins], ends[joins:], weights)
        size, above, start, first = lay_out_plain(len(nodes), one, other)
    row = np.empty(len(nodes), np.int64)
    row[start[: len(nodes)]] = nodes
    depth = -merges.score.astype(np.float64)
    return Tree(nodes, depth, one, other, lesser, size, above, start, first, row, boss, since)


def meeting(tree: Tree, a: Ints, b: Ints) -> Ints:
    """The join by which two nodes (first pictures) come together, m where none does: int64, one a pair.

    For one and the same node it is the first join that has it.
    """
    joins, nodes = len(tree.depth), tree.nodes
    met = np.full(len(a), joins, np.int64)
    if not len(nodes):
        return met
    x, y = (np.minimum(np.searchsorted(nodes, end), len(nodes) - 1) for end in (a, b))
    open_ = np.flatnonzero((nodes[x] == a) & (nodes[y] == b))
    x, y = x[open_], y[open_]
    same = x == y
    met[open_[same]] = tree.above[x[same]]
    open_, x, y = open_[~same], x[~same], y[~same]
    last = np.empty(len(open_), np.int64)
    # of two parts the one that was taken in earlier climbs: the time at which they are one is the last that was climbed
    while len(open_):
        early = tree.since[x] <= tree.since[y]
        last = np.where(early, tree.since[x], tree.since[y])
        x, y = np.where(early, tree.boss[x], x), np.where(early, y, tree.boss[y])
        done = (x == y) | (last == joins)
        met[open_[done]] = last[done]
        open_, x, y = open_[~done], x[~done], y[~done]
    return met


def forest_by_loops(count: int, left: Ints, right: Ints, weight: Ints, loops: Any) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """As `forest_plain`."""
    boss, since, size, part = (np.empty(count, np.int64) for _ in range(4))
    one, other, lesser = (np.empty(len(left), np.int64) for _ in range(3))
    loops.join_forest(count, left, right, len(left), weight.copy(), boss, since, one, other, lesser, size, part)
    return boss, since, one, other, lesser


def lay_out_by_loops(count: int, one: Ints, other: Ints, loops: Any) -> tuple[Ints, Ints, Ints, Ints]:
    """As `lay_out_plain`."""
    size, above, start, first = (np.empty(count + len(one), np.int64) for _ in range(4))
    loops.lay_out(count, one, other, len(one), size, above, start, first)
    return size, above, start, first


def labels_at(tree: Tree, merges: Merges, line: float, loops: Any = "auto") -> NDArray[np.int32]:
    """For each picture the first picture of its cluster at a line, -1 for one in none: int32 (n,).

    Parameters
    ----------
    tree: of merges. line: 0..1, compared at 4 decimals. loops: None for the twin.
    """
    joins, count = tree.joins_at(line), tree.count
    if loops == "auto":
        loops = JOINS.loaded() if count >= _KERNEL_FROM else None
    if loops is None:
        label = np.full(len(merges.node), -1, np.int32)
        for part in tree.roots(joins) + count:
            members = tree.row[tree.start[part] : tree.start[part] + tree.size[part]]
            label[members] = members.min()
    else:
        label = np.empty(len(merges.node), np.int32)
        loops.cut(count, joins, len(label), tree.size, tree.above, tree.start, tree.first, tree.nodes, tree.row, label)
    return label[merges.node]


def forest_plain(count: int, left: Ints, right: Ints, weight: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Unite parts by the list of joins.

    Returns
    -------
    boss, since (count,): the node that a node was put under, and by which join (m: it never was); joins rise on the way up.
    one, other (m,): the parts that each join unites. lesser (m,): the smaller of the largest weights in them. Twin:
    `kernels_joins.join_forest`.
    """
    joins = len(left)
    boss, since, size = list(range(count)), [joins] * count, [1] * count
    part, heaviest = list(range(count)), weight.tolist()
    one, other, lesser = [0] * joins, [0] * joins, [0] * joins
    for k, (x, y) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
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
    return _ints(boss), _ints(since), _ints(one), _ints(other), _ints(lesser)


def lay_out_plain(count: int, one: Ints, other: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Leaves of each part, join above it (m: none), place in a row in which parts are slices, lowest node: (count + m,) each.

    Twin: `kernels_joins.lay_out`.
    """
    joins = len(one)
    size, above, start = [1] * (count + joins), [joins] * (count + joins), [-1] * (count + joins)
    first = list(range(count + joins))
    pairs = list(zip(one.tolist(), other.tolist(), strict=True))
    for k, (a, b) in enumerate(pairs):
        size[count + k] = size[a] + size[b]
        above[a] = above[b] = k
        first[count + k] = min(first[a], first[b])
    place = 0
    for k in range(joins - 1, -1, -1):
        if above[count + k] == joins:
            start[count + k] = place
            place += size[count + k]
        a, b = pairs[k]
        start[a] = start[count + k]
        start[b] = start[count + k] + size[a]
    return _ints(size), _ints(above), _ints(start), _ints(first)


def _ints(values: list[int]) -> Ints:
    return np.array(values, np.int64)
