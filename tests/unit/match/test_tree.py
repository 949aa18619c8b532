"""The tree of joins says the same as the list it was made from: clusters at a line, their slices, where two pictures meet."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.match import clusters_at
from engine.match.clusters.loops import JOINS
from engine.match.clusters.tree import (
    Tree,
    forest_by_loops,
    forest_plain,
    labels_at,
    lay_out_by_loops,
    lay_out_plain,
    meeting,
    tree_of,
)
from engine.records import Merges


@st.composite
def merges(draw: st.DrawFn) -> Merges:
    """Joins of up to 14 pictures, of which neighbours may be one shot; each unites two parts that were apart."""
    count = draw(st.integers(0, 14))
    node = np.arange(count)
    for picture in range(1, count):
        if draw(st.integers(0, 4)) == 0:
            node[picture] = node[picture - 1]
    part = {int(n): {int(n)} for n in node}
    left, right = [], []
    for a, b in draw(
        st.lists(st.tuples(st.sampled_from(node.tolist() or [0]), st.sampled_from(node.tolist() or [0])), max_size=20)
    ):
        if count and b not in part[a]:
            left.append(a)
            right.append(b)
            union = part[a] | part[b]
            part.update(dict.fromkeys(union, union))
    score = sorted((draw(st.integers(5000, 10_000)) for _ in left), reverse=True)
    return Merges(np.array(score, np.float32) / np.float32(10_000), np.array(left, np.int64), np.array(right, np.int64), node)


def members(tree: Tree, found: Merges, join: int) -> tuple[int, ...]:
    start = tree.start[tree.count + join]
    nodes = tree.row[start : start + tree.size[tree.count + join]]
    return tuple(np.flatnonzero(np.isin(found.node, nodes)).tolist())


@settings(max_examples=60, deadline=None)
@given(merges(), st.integers(5000, 10_000))
def test_the_clusters_at_a_line_are_slices_of_the_row(found: Merges, line: int) -> None:
    tree = tree_of(found)

    roots = tree.roots(tree.joins_at(line / 10_000))

    assert [members(tree, found, root) for root in roots.tolist()] == clusters_at(found, line / 10_000)


@settings(max_examples=60, deadline=None)
@given(merges())
def test_two_pictures_meet_at_the_first_join_that_has_both(found: Merges) -> None:
    tree = tree_of(found)
    nodes = np.unique(found.node)
    a, b = (each.ravel() for each in np.meshgrid(nodes, nodes))

    met = meeting(tree, a, b)

    holding = [set(members(tree, found, join)) for join in range(len(found.score))]
    for x, y, join in zip(a.tolist(), b.tolist(), met.tolist(), strict=True):
        assert join == next((k for k, inside in enumerate(holding) if {x, y} <= inside), len(holding))


@settings(max_examples=30, deadline=None)
@given(merges())
def test_compiled_loops_say_what_the_plain_ones_say(found: Merges) -> None:
    nodes, ends = np.unique(np.concatenate([found.left, found.right]), return_inverse=True)
    joins = len(found.score)
    given_to = (len(nodes), ends[:joins].astype(np.int64), ends[joins:].astype(np.int64), np.arange(len(nodes)) * 7 % 5)

    plain, compiled = forest_plain(*given_to), forest_by_loops(*given_to, JOINS.loaded())

    assert all(np.array_equal(one, other) for one, other in zip(plain, compiled, strict=True))
    plain, compiled = lay_out_plain(len(nodes), *plain[2:4]), lay_out_by_loops(len(nodes), *compiled[2:4], JOINS.loaded())
    assert all(np.array_equal(one, other) for one, other in zip(plain, compiled, strict=True))


@settings(max_examples=60, deadline=None)
@given(merges(), st.integers(5000, 10_000))
def test_labels_at_a_line_name_the_first_picture_of_each_cluster(found: Merges, line: int) -> None:
    tree = tree_of(found)
    wanted = np.full(len(found.node), -1)
    for cluster in clusters_at(found, line / 10_000):
        wanted[list(cluster)] = cluster[0]

    assert labels_at(tree, found, line / 10_000).tolist() == wanted.tolist()
    assert labels_at(tree, found, line / 10_000, JOINS.loaded()).tolist() == wanted.tolist()


def test_of_two_parts_the_lesser_of_their_greatest_weights_is_told() -> None:
    found = Merges(np.array([0.9, 0.8, 0.7], np.float32), np.array([0, 2, 1]), np.array([1, 3, 2]), np.arange(4))

    assert tree_of(found, np.array([5, 9, 2, 4])).lesser.tolist() == [5, 2, 4]
