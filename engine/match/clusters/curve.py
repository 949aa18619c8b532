"""How many clusters, photos and bytes a line gives, for every line at once: made in one pass, asked in the time of a search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.clusters.joins import joins_of
from engine.match.clusters.tree import Ints, Tree, tree_of
from engine.records import PAIR_DIFFERENT, PAIR_KEEP_ALL, Merges, Tier


class LineCurve:
    """Clusters and shots at any line. Clusters of which every link is decided are not shown, and not counted here either."""

    def __init__(self, tree: Tree, pairs: NDArray[np.void], met: Ints) -> None:
        """pairs: `PAIR_DTYPE` (e,), with what was decided in their flags. met (e,): the join that brings each pair together."""
        self._tree = tree
        alone = (tree.one < tree.count).astype(np.int64) + (tree.other < tree.count)
        self._clusters, self._shots = _sums(alone - 1), _sums(alone)
        kept = (pairs["flags"] & PAIR_KEEP_ALL) != 0
        start, end, size = _hidden(tree, pairs, met) if kept.any() else (np.empty(0), np.empty(0), np.empty(0, np.int64))
        self._hiding, self._showing = _Falling(start, size), _Falling(end, size)

    def at(self, line: float) -> tuple[int, int]:
        """Clusters and shots at or above a line."""
        joins = self._tree.joins_at(line)
        hidden, back = self._hiding.at(line), self._showing.at(line)
        return int(self._clusters[joins]) - hidden[0] + back[0], int(self._shots[joins]) - hidden[1] + back[1]


class BytesCurve:
    """About how many bytes would go at any line: of every group of one picture all but its largest shot."""

    def __init__(self, node: Ints, pairs: NDArray[np.void], weight: Ints) -> None:
        """node (n,): `Merges.node`. pairs: `PAIR_DTYPE` (e,), as for `LineCurve`. weight (n,): bytes of each picture's shot."""
        decided = (pairs["flags"] & (PAIR_DIFFERENT | PAIR_KEEP_ALL)) != 0
        same = pairs[~decided & (pairs["tier"] <= Tier.SAME_PICTURE)]
        left, right, score = joins_of(node, same["a"], same["b"], same["score"], same["tier"] == Tier.IDENTICAL)
        self._tree = tree_of(Merges(score=score, left=left, right=right, node=node), weight)
        self._freed = _sums(self._tree.lesser)

    def at(self, line: float) -> int:
        """Bytes at or above a line."""
        return int(self._freed[self._tree.joins_at(line)])


class _Falling:
    """Events that happen when the line falls to them: how many have, and their sizes together."""

    def __init__(self, line: NDArray[np.float64], size: Ints) -> None:
        order = np.argsort(-line, kind="stable")
        self._depth, self._sizes = -line[order], _sums(size[order])

    def at(self, line: float) -> tuple[int, int]:
        count = int(np.searchsorted(self._depth, -(line - 5e-5), side="right"))
        return count, int(self._sizes[count])


def _hidden(tree: Tree, pairs: NDArray[np.void], met: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64], Ints]:
    """Clusters that are hidden while all their links are decided: the lines between which they are, and their shots.

    Such a cluster consists of nodes with decided links only, so these few are looked at and nothing else.
    """
    joins, count = len(tree.depth), tree.count
    within = _decided_parts(tree, pairs, met)
    undecided = (pairs["flags"] & (PAIR_DIFFERENT | PAIR_KEEP_ALL)) == 0
    rows = np.flatnonzero(undecided & (met < joins))
    rows = rows[within[met[rows]]]
    best = np.full(joins, -np.inf)
    np.maximum.at(best, met[rows], pairs["score"][rows].astype(np.float64))
    parts = np.flatnonzero(within)
    for k in parts.tolist():  # what a part holds, the one above it holds
        for below in (int(tree.one[k]), int(tree.other[k])):
            if below >= count:
                best[k] = max(best[k], best[below - count])
    above = tree.above[count + parts]
    over = np.append(-tree.depth, -np.inf)[above]
    start = -tree.depth[parts]
    return start, np.minimum(start, np.maximum(over, best[parts])), tree.size[count + parts]


def _decided_parts(tree: Tree, pairs: NDArray[np.void], met: Ints) -> NDArray[np.bool_]:
    """Joins that unite nothing but nodes which a decided link meets: bool (m,)."""
    joins, count = len(tree.depth), tree.count
    kept = np.flatnonzero(((pairs["flags"] & PAIR_KEEP_ALL) != 0) & (met < joins))
    touched = np.zeros(joins + 1, np.bool_)
    touched[met[kept]] = True
    # the join of a pair is decided with it; a part is, when all joins in it are
    undecided = _sums_along(tree, ~touched[:joins])
    start = tree.start[count : count + joins]
    decided: NDArray[np.bool_] = undecided[start + tree.size[count : count + joins] - 1] == undecided[start]
    return decided


def _sums_along(tree: Tree, value: NDArray[np.bool_]) -> Ints:
    """Running sum over the gaps between neighbours in the row: each join stands in the gap between its two parts."""
    gap = np.zeros(max(tree.count, 1), np.int64)
    gap[tree.start[tree.other]] = value
    return np.cumsum(gap)


def _sums(values: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)])
