"""The pairs of an analysis, laid out along the tree of joins, so that all that belongs to one cluster lies side by side.

From it the clusters at a line are gathered, many in one pass; nothing is judged here. Private to the thread that asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.jobs.analysis import Analysis
from engine.records import Tier

Ints = NDArray[np.int64]
Pair = tuple[int, int]
"""Two rows of the picture table, the lower first."""

BATCH = 2_048
"""Clusters gathered together: enough to spread the cost of an array operation, few enough to stay small."""


@dataclass(slots=True)
class Case:
    """One cluster at a line. join: its last one. members: rows of the picture table, ascending. nests: the same of each nest.

    links: at the line, with score and tier. other: pairs of its members in the table that are no links, because of the line or of
    a decision. tier: the loosest that holds it together. weakest, strongest: scores of links.
    shown: not all its links are decided. line: as the pair table would write it.
    low, high: between these scores (above low, at most high) a line leaves all this as it is; a judge may narrow them.
    first, strong: room for the judge.
    """

    join: int
    members: tuple[int, ...]
    line: float
    low: float
    high: float
    shown: bool
    nests: Sequence[tuple[int, ...]] = ()
    links: dict[Pair, tuple[float, Tier]] = field(default_factory=dict)
    other: dict[Pair, tuple[float, Tier]] = field(default_factory=dict)
    tier: Tier = Tier.IDENTICAL
    weakest: float = 1.0
    strongest: float = 1.0
    first: dict[int, int] = field(default_factory=dict)
    strong: dict[int, tuple[float, Tier]] = field(default_factory=dict)


class Forest:
    """One analysis, laid out. tree: its joins. met: the join that brings each pair's ends together."""

    def __init__(self, analysis: Analysis) -> None:
        pairs, node = analysis.pairs, analysis.merges.node
        joins = analysis.joins
        self.tree = tree = joins.tree if joins is not None else match.tree_of(analysis.merges)
        self._node = node
        self._ids = analysis.pictures.ids
        self._a, self._b, self._score, self._tier = (np.ascontiguousarray(pairs[name]) for name in ("a", "b", "score", "tier"))
        self.met = joins.met if joins is not None else match.meeting(tree, node[self._a], node[self._b])
        self._removed, self._decided = analysis.removed, analysis.decided
        self._rows, self._rows_before = self._rows_along()
        self._members, self._members_before = self._members_along()
        self._place = np.zeros(len(node), np.int64)  # of a picture among those gathered; good for one batch

    def roots(self, line: float) -> Ints:
        """The last join of each cluster at a line, ordered by the clusters' first members."""
        return self.tree.roots(self.tree.joins_at(line))

    def cases(self, joins: Ints, line: float, loosest: Tier) -> Iterator[Case]:
        """Clusters at a line by their last joins, in the order given. loosest: tier of the links that make a nest."""
        for at in range(0, len(joins), BATCH):
            yield from _Batch(self, joins[at : at + BATCH], float(np.float32(line)), loosest).cases()

    def files(self, joins: Ints) -> tuple[Ints, Ints]:
        """File ids of the members of clusters by their last joins, and for each the number of its cluster among them."""
        start = self.tree.start[self.tree.count + joins]
        stop = start + self.tree.size[self.tree.count + joins]
        members, label = _slices(self._members, self._members_before[start], self._members_before[stop])
        return self._ids[members], label

    def together(self, line: float, a: int, b: int) -> bool:
        """Are two pictures in one cluster at this line?"""
        ends = self._node[[a]], self._node[[b]]
        return bool(ends[0] == ends[1]) or int(match.meeting(self.tree, *ends)[0]) < self.tree.joins_at(line)

    def _rows_along(self) -> tuple[Ints, Ints]:
        """Rows of the pair table by the gap of the row in which their ends meet, and how many lie before each gap."""
        tree = self.tree
        rows = np.flatnonzero(self.met < len(tree.depth))
        gap = tree.start[tree.other[self.met[rows]]]
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(gap, minlength=tree.count + 1))])
        return rows[np.argsort(gap, kind="stable")], before

    def _members_along(self) -> tuple[Ints, Ints]:
        """Pictures by the place of their node in the row, and how many stand before each place."""
        tree, node = self.tree, self._node
        if not tree.count:
            return np.empty(0, np.int64), np.zeros(1, np.int64)
        at = np.minimum(np.searchsorted(tree.nodes, node), tree.count - 1)
        pictures = np.flatnonzero(tree.nodes[at] == node)
        place = tree.start[at[pictures]]
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(place, minlength=tree.count))])
        return pictures[np.argsort(place, kind="stable")], before


class _Batch:
    """Some clusters being gathered. `label` arrays say which of them an entry belongs to."""

    def __init__(self, forest: Forest, joins: Ints, line: float, loosest: Tier) -> None:
        self._forest, self._joins, self._line, self._loosest = forest, joins, line, loosest
        tree = forest.tree
        start = tree.start[tree.count + joins]
        self._nodes = tree.size[tree.count + joins]
        stop = start + self._nodes
        members, label = _slices(forest._members, forest._members_before[start], forest._members_before[stop])
        self._members = members[np.lexsort((members, label))]
        self._member_label = label
        rows, label = _slices(forest._rows, forest._rows_before[start + 1], forest._rows_before[stop])
        order = np.lexsort((rows, label))
        self._rows, self._row_label = rows[order], label
        self._score = forest._score[self._rows]
        self._linked = (self._score >= np.float32(line)) & ~forest._removed[self._rows]
        forest._place[self._members] = np.arange(len(self._members))
        self._node = forest._place[forest._node[self._members]]

    def cases(self) -> Iterator[Case]:
        """The clusters, in order."""
        forest, rows, count = self._forest, self._rows, len(self._joins)
        weakest, strongest = self._lowest(self._score, self._linked, np.inf), -self._lowest(-self._score, self._linked, np.inf)
        beyond = ~self._linked & (self._score < np.float32(self._line))
        low = -self._lowest(-self._score, beyond, np.inf)
        shown = self._lowest(forest._decided[rows], self._linked, True) == 0
        tiers, nests = self._holding().tolist(), self._nests()
        members, member_edge = self._members.tolist(), _edges(self._member_label, count)
        a, b, row_edge = forest._a[rows].tolist(), forest._b[rows].tolist(), _edges(self._row_label, count)
        score, tier, linked = self._score.tolist(), [_TIERS[t] for t in forest._tier[rows].tolist()], self._linked.tolist()
        columns = zip(self._joins.tolist(), weakest.tolist(), strongest.tolist(), low.tolist(), shown.tolist(), strict=True)
        for n, (join, lowest, highest, below, visible) in enumerate(columns):
            inside = tuple(members[member_edge[n] : member_edge[n + 1]])
            case = Case(join, inside, self._line, below, lowest, visible)
            if visible:
                for row in range(row_edge[n], row_edge[n + 1]):
                    (case.links if linked[row] else case.other)[a[row], b[row]] = (score[row], tier[row])
                case.nests, case.tier = nests[n], _TIERS[tiers[n]]
                case.weakest, case.strongest = round(lowest, 4), round(highest, 4)
            yield case

    def _lowest(self, value: NDArray[np.generic], wanted: NDArray[np.bool_], none: float) -> NDArray[np.float64]:
        """Lowest value among the wanted rows of each cluster."""
        found = np.full(len(self._joins), none, np.float64)
        np.minimum.at(found, self._row_label[wanted], value[wanted].astype(np.float64))
        return found

    def _ends(self, wanted: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """Places of the pictures at both ends of the wanted rows."""
        rows, place = self._rows[wanted], self._forest._place
        return place[self._forest._a[rows]], place[self._forest._b[rows]]

    def _nests(self) -> list[list[tuple[int, ...]]]:
        """The nests of each cluster: its links cut to the tiers of a nest, by the one clustering rule."""
        tier = self._forest._tier[self._rows]
        wanted = self._linked & (tier <= self._loosest)
        groups = match.groups_of(self._node, *self._ends(wanted), self._score[wanted], tier[wanted] == Tier.IDENTICAL)
        members, label = self._members.tolist(), self._member_label.tolist()
        found: list[list[tuple[int, ...]]] = [[] for _ in self._joins]
        for group in groups:
            found[label[group[0]]].append(tuple([members[place] for place in group]))
        return found

    def _holding(self) -> Ints:
        """The loosest tier that is needed to hold each cluster together: the bottleneck over its links."""
        tier = self._forest._tier[self._rows].astype(np.int64)
        left, right = self._ends(np.ones(len(self._rows), np.bool_))
        spans = self._linked & (self._node[left] != self._node[right])
        held = self._lowest(tier, spans, 0.0 + Tier.SAME_MOMENT).astype(np.int64)  # of two nodes any one link will do
        open_ = self._nodes > 2
        edge = np.searchsorted(self._member_label, np.arange(len(self._joins)))
        for most in Tier:
            if not open_.any():
                break
            chosen = spans & (tier <= most) & open_[self._row_label]
            root = match.components(len(self._node), self._node[left[chosen]], self._node[right[chosen]])[self._node]
            one = np.minimum.reduceat(root, edge) == np.maximum.reduceat(root, edge)
            held[open_ & one] = most
            open_ &= ~one
        return held


_TIERS = tuple(Tier)


def _slices(values: Ints, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """values[start[0]:stop[0]], values[start[1]:stop[1]] …, and the number of the slice that each comes from."""
    sizes = stop - start
    label = np.repeat(np.arange(len(start)), sizes)
    offset = np.repeat(start - np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)[:-1]]), sizes)
    return values[offset + np.arange(len(label))], label


def _edges(label: Ints, count: int) -> list[int]:
    edges: list[int] = np.searchsorted(label, np.arange(count + 1)).tolist()
    return edges
