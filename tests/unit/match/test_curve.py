"""What a line would give is told without cutting: clusters, shots and bytes agree with the clusters themselves, at every line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.match import clusters_at, merge_list
from engine.match.clusters.curve import BytesCurve, LineCurve
from engine.match.clusters.tree import meeting, tree_of
from engine.records import PAIR_DIFFERENT, PAIR_DTYPE, PAIR_KEEP_ALL, Tier
from tests.unit.match.test_clustering import Case, case

LINES = [n / 100 for n in range(50, 101)]
DECIDED = PAIR_DIFFERENT | PAIR_KEEP_ALL


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to 12 pictures, neighbours perhaps of one shot, with pairs of all tiers of which some are decided."""
    count = draw(st.integers(2, 12))
    shots = np.cumsum([draw(st.integers(0, 3)) > 0 for _ in range(count)]).tolist()
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    chosen = {(min(e), max(e)) for e in draw(st.lists(ends, max_size=30)) if shots[e[0]] != shots[e[1]]}
    pairs = [(a, b, draw(st.integers(50, 99)) / 100, draw(st.sampled_from(list(Tier)[1:]))) for a, b in sorted(chosen)]
    found = case(count, pairs, shots)
    flags = st.sampled_from([0, 0, PAIR_KEEP_ALL, PAIR_KEEP_ALL, PAIR_KEEP_ALL, PAIR_DIFFERENT])
    found.pairs["flags"] = [draw(flags) for _ in pairs]
    return found


def shown(found: Case, line: float) -> list[tuple[int, ...]]:
    """The clusters that are shown: those with a link that nobody decided."""
    links = found.pairs[(found.pairs["score"] >= np.float32(line)) & ((found.pairs["flags"] & DECIDED) == 0)]
    clusters = clusters_at(found.merges(), line)
    inside = {member: number for number, members in enumerate(clusters) for member in members}
    together = {inside[a] for a, b in ((int(p["a"]), int(p["b"])) for p in links) if a in inside and inside[a] == inside.get(b)}
    return [clusters[number] for number in sorted(together)]


@settings(max_examples=80, deadline=None)
@given(cases())
def test_counts_are_those_of_the_clusters_at_every_line(found: Case) -> None:
    merges = found.merges()
    tree = tree_of(merges)
    curve = LineCurve(tree, found.pairs, meeting(tree, merges.node[found.pairs["a"]], merges.node[found.pairs["b"]]))

    told = [curve.at(line) for line in LINES]

    expected = [shown(found, line) for line in LINES]
    assert told == [(len(clusters), sum(len({merges.node[m] for m in c}) for c in clusters)) for clusters in expected]


@settings(max_examples=60, deadline=None)
@given(cases(), st.lists(st.integers(0, 1000), min_size=12, max_size=12))
def test_bytes_are_those_of_all_but_the_largest_of_each_group_of_one_picture(found: Case, sizes: list[int]) -> None:
    found.pairs["flags"] = 0
    shot = found.table.shot
    weight = np.array([sum(size for size, s in zip(sizes, shot, strict=False) if s == own) for own in shot], np.int64)
    merges = found.merges()
    curve = BytesCurve(merges.node, found.pairs, weight)

    told = [curve.at(line) for line in LINES]

    expected = []
    for line in LINES:
        groups = found.nests(range(len(shot)), found.pairs["score"] < np.float32(line))
        kept = [[weight[n] for n in {merges.node[m] for m in group}] for group in groups]
        expected.append(sum(sum(group) - max(group) for group in kept))
    assert told == expected


def test_no_pairs_no_counts() -> None:
    nothing = np.empty(0, PAIR_DTYPE)
    merges = merge_list(case(3, []).table, nothing)
    tree = tree_of(merges)

    assert LineCurve(tree, nothing, np.empty(0, np.int64)).at(0.5) == (0, 0)
    assert BytesCurve(merges.node, nothing, np.array([5, 5, 5])).at(0.5) == 0


@pytest.mark.parametrize(("line", "clusters"), [(0.95, 0), (0.92, 0), (0.9, 1), (0.8, 1)])
def test_a_family_that_was_all_kept_counts_again_once_something_new_resembles_it(line: float, clusters: int) -> None:
    found = case(3, [(0, 1, 0.95), (0, 2, 0.9)])
    found.pairs["flags"] = [PAIR_KEEP_ALL, 0]
    merges = found.merges()
    tree = tree_of(merges)

    curve = LineCurve(tree, found.pairs, meeting(tree, merges.node[found.pairs["a"]], merges.node[found.pairs["b"]]))

    assert curve.at(line)[0] == clusters
