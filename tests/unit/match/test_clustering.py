"""The one clustering rule: order does not matter, an original holds its crops, a burst does not chain, a line only splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.fingerprint import PARTS, Prints
from engine.match import clusters_at, groups_of, merge_list
from engine.match.clusters.joins import join_links, join_links_plain, joins_of
from engine.match.clusters.loops import JOINS
from engine.records import PAIR_DIFFERENT, PAIR_DTYPE, Merges, PictureTable, Tier
from tests.oracle import clustering as oracle
from tests.unit.match.tables import rows_of, table_from

Pair = tuple[int, int, float] | tuple[int, int, float, Tier]

EMPTY = Prints(**{name: np.zeros(part.shape, part.dtype) for name, part in PARTS.items()}, flat=False)


@dataclass(frozen=True)
class Case:
    table: PictureTable
    pairs: np.ndarray

    def merges(self, removed: np.ndarray | None = None) -> Merges:
        return merge_list(self.table, self.pairs, removed)

    def nests(self, members: Sequence[int], removed: np.ndarray | None = None) -> list[tuple[int, ...]]:
        """The links among some pictures that are of the same picture or stricter, by the same rule."""
        inside = np.isin(self.pairs["a"], members) & np.isin(self.pairs["b"], members) & (self.pairs["tier"] <= Tier.SAME_PICTURE)
        links = self.pairs[inside if removed is None else inside & ~removed]
        return groups_of(self.merges().node, links["a"], links["b"], links["score"], links["tier"] == Tier.IDENTICAL)

    def at(self, line: float) -> list[tuple[int, ...]]:
        return clusters_at(self.merges(), line)


def case(count: int, pairs: Sequence[Pair], shots: Sequence[int] | None = None) -> Case:
    rows = np.zeros(len(pairs), dtype=PAIR_DTYPE)
    for row, (a, b, score, *tier) in zip(rows, pairs, strict=True):
        row["a"], row["b"], row["score"] = min(a, b), max(a, b), score
        row["tier"] = tier[0] if tier else Tier.EDITED
    table = table_from([EMPTY] * count, shot=shots if shots is not None else list(range(count)))
    return Case(table, rows[np.lexsort((rows["b"], rows["a"]))])


# ------------------------------------------------------------------------------------------------ the rule by example


def test_original_holds_all_its_crops_though_they_do_not_resemble_each_other() -> None:
    crops = [(0, crop, 0.9 + crop / 1000) for crop in range(1, 9)]

    assert case(9, crops).at(0.86) == [tuple(range(9))]


def test_burst_does_not_chain() -> None:
    burst = [(i, i + 1, 0.9) for i in range(9)]

    clusters = case(10, burst).at(0.5)

    assert clusters == [(0, 1, 2), (3, 4, 5), (6, 7, 8)]


def test_two_originals_with_their_copies_stay_apart_when_one_copy_resembles_both() -> None:
    families = [(0, 1, 0.99), (0, 2, 0.98), (3, 4, 0.99), (3, 5, 0.98), (2, 5, 0.9)]

    assert case(6, families).at(0.5) == [(0, 1, 2), (3, 4, 5)]


def test_link_joins_when_an_earlier_refused_link_completes_its_end() -> None:
    # at 2-3 neither end knows the whole union; at 0-3 picture 0 does
    links = [(0, 1, 0.99), (0, 2, 0.98), (2, 3, 0.9), (0, 3, 0.8)]

    assert case(4, links).at(0.85) == [(0, 1, 2)]
    assert case(4, links).at(0.8) == [(0, 1, 2, 3)]


def test_line_is_met_by_its_own_value() -> None:
    pairs = [(0, 1, 0.86), (2, 3, 0.8599), (4, 5, 0.95)]

    assert case(6, pairs).at(0.86) == [(0, 1), (4, 5)]
    assert case(6, pairs).at(0.95) == [(4, 5)]
    assert case(6, pairs).at(0.9501) == []


def test_no_pairs_no_clusters() -> None:
    assert case(3, []).at(0.0) == []
    assert case(0, []).at(0.0) == []


# ------------------------------------------------------------------------------------------------ shots and equal bytes


def test_pictures_of_a_shot_come_along_and_alone_are_no_cluster() -> None:
    linked = case(4, [(1, 2, 0.9)], shots=[0, 0, 1, 1])

    assert linked.at(0.86) == [(0, 1, 2, 3)]
    assert linked.at(0.95) == []


def test_equal_bytes_cluster_at_every_line_and_count_as_one() -> None:
    # 1 and 3 are one file: what links to either links to both
    pairs = [(1, 3, 1.0, Tier.IDENTICAL), (0, 1, 0.95), (2, 3, 0.94), (0, 2, 0.93)]

    assert case(4, pairs).at(1.0) == [(1, 3)]
    assert case(4, pairs).at(0.5) == [(0, 1, 2, 3)]


def test_removed_pairs_hold_nothing_together() -> None:
    chosen = case(5, [(0, 1, 0.99), (1, 2, 0.98), (0, 2, 0.97), (3, 4, 1.0, Tier.IDENTICAL)])
    flagged = Case(chosen.table, chosen.pairs.copy())
    flagged.pairs["flags"] = PAIR_DIFFERENT

    assert chosen.at(0.5) == [(0, 1, 2), (3, 4)]
    assert clusters_at(chosen.merges(np.array([True, True, False, True])), 0.5) == [(1, 2)]
    assert clusters_at(chosen.merges(np.ones(4, dtype=bool)), 0.0) == []
    assert flagged.at(0.0) == []


def test_removed_link_does_not_count_as_a_link() -> None:
    triangle = case(4, [(0, 1, 0.99), (0, 2, 0.98), (0, 3, 0.5), (1, 3, 0.97)])
    removed = np.array([False, False, True, False])  # 0-3

    assert clusters_at(triangle.merges(removed), 0.0) == [(0, 1, 2)]


# ------------------------------------------------------------------------------------------------ nests


def test_nest_is_the_cluster_cut_to_same_picture_links() -> None:
    pairs = [
        (0, 1, 0.99, Tier.SAME_PICTURE),
        (0, 2, 0.98),
        (2, 3, 0.97, Tier.SAME_DATA),
        (0, 3, 0.96),
        (1, 2, 0.95),
        (3, 5, 0.99, Tier.SAME_PICTURE),
    ]
    whole = case(6, pairs)

    assert whole.nests((0, 1, 2, 3)) == [(0, 1), (2, 3)]
    assert whole.nests((0, 2)) == []
    assert whole.nests(()) == []


def test_nest_takes_whole_shots_and_leaves_removed_pairs_out() -> None:
    pairs = [(1, 2, 0.99, Tier.SAME_PICTURE), (2, 3, 1.0, Tier.IDENTICAL)]
    whole = case(4, pairs, shots=[0, 0, 1, 2])

    assert whole.nests((0, 1, 2, 3)) == [(0, 1, 2, 3)]
    assert whole.nests((0, 1, 2, 3), np.array([True, False])) == [(2, 3)]


# ------------------------------------------------------------------------------------------------ one moment


def test_moments_never_join_duplicates_and_make_no_clusters_unless_wanted() -> None:
    pairs = [(0, 1, 0.95), (1, 2, 0.99, Tier.SAME_MOMENT), (3, 4, 0.98, Tier.SAME_MOMENT), (2, 3, 0.9, Tier.SAME_MOMENT)]
    found = case(5, pairs)

    assert found.at(0.5) == [(0, 1)]
    assert clusters_at(merge_list(found.table, found.pairs, moments=True), 0.5) == [(0, 1), (2, 3, 4)]
    assert clusters_at(merge_list(found.table, found.pairs, moments=True), 0.985) == []


def test_burst_whose_every_frame_is_linked_is_one_cluster_where_moments_are_wanted() -> None:
    burst = [(i, j, 0.9, Tier.SAME_MOMENT) for i in range(5) for j in range(i)]
    found = case(6, burst)

    assert clusters_at(merge_list(found.table, found.pairs, moments=True), 0.5) == [tuple(range(5))]


def test_picture_with_a_copy_at_any_line_stays_out_of_moments_at_every_line() -> None:
    found = case(3, [(0, 1, 0.6), (1, 2, 0.99, Tier.SAME_MOMENT)])

    merges = merge_list(found.table, found.pairs, moments=True)

    assert [clusters_at(merges, line) for line in (0.5, 0.6, 0.9)] == [[(0, 1)], [(0, 1)], []]


# ------------------------------------------------------------------------------------------------ properties

LINKS = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(50, 60)).filter(lambda link: link[0] != link[1]),
            max_size=30,
            unique_by=lambda link: (min(link[:2]), max(link[:2])),
        ),
    )
)


@given(LINKS)
@settings(max_examples=120, deadline=None)
def test_joins_equal_the_rule_stated_plainly(drawn: tuple[int, list[tuple[int, int, int]]]) -> None:
    count, links = drawn
    order = [(a, b) for a, b, _ in links]

    joined = join_links_plain(
        count, np.array([a for a, _ in order], dtype=np.int64), np.array([b for _, b in order], dtype=np.int64)
    )

    assert joined.tolist() == oracle.joins(count, order)


@pytest.mark.parametrize(("count", "links", "seed"), [(2, 3, 1), (12, 40, 2), (40, 300, 3), (300, 3000, 4), (300, 600, 5)])
def test_compiled_joins_equal_the_plain_ones(count: int, links: int, seed: int) -> None:
    loops = JOINS.loaded()
    rng = np.random.default_rng(seed)
    near = rng.integers(0, count, links)
    u, v = near, (near + rng.integers(1, min(count, 12), links)) % count
    one, other, turn = u.astype(np.int32), v.astype(np.int32), rng.permutation(links).astype(np.int32)
    order = np.argsort(turn)

    compiled = join_links(count, one, other, np.arange(links, dtype=np.int32), loops)
    mixed = join_links(count, one, other, turn, loops)

    assert compiled.tolist() == join_links_plain(count, u, v).tolist()
    assert mixed.tolist() == order[join_links_plain(count, u[order], v[order])].tolist()
    labels = np.empty(count, np.int64)
    loops.components(count, u[compiled], v[compiled], len(compiled), labels)
    assert (labels[u[compiled]] == labels[v[compiled]]).all()
    assert (labels <= np.arange(count)).all()


def test_many_links_take_the_compiled_way_and_come_out_the_same() -> None:
    rng = np.random.default_rng(6)
    a = rng.integers(0, 400, 2500)
    b = (a + rng.integers(1, 9, 2500)) % 400
    score = rng.integers(5000, 9999, 2500).astype(np.float32) / 10_000
    first, equal = np.arange(400), np.zeros(2500, dtype=bool)

    low, high = np.minimum(a, b), np.maximum(a, b)
    sorted_ = np.lexsort((high, low))
    table = np.unique(low * 400 + high, return_index=True)[1]

    for order in (np.arange(2500), sorted_, table):  # as they come, in order, and as a pair table has them
        links = low[order], high[order], score[order], equal[order]
        plain = joins_of(first, *links, kernel_from=10_000)
        compiled = joins_of(first, *links, kernel_from=0)

        assert all(np.array_equal(x, y) for x, y in zip(plain, compiled, strict=True))


@given(LINKS, st.booleans(), st.booleans(), st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_compiled_joins_of_a_pair_table_equal_the_plain_ones(
    drawn: tuple[int, list[tuple[int, int, int]]], sorts: bool, shots: bool, equals: int
) -> None:
    count, links = drawn
    rows = np.array(sorted((min(a, b), max(a, b), s) for a, b, s in links) if sorts else links, dtype=np.int64).reshape(-1, 3)
    first = np.arange(count) // 2 * 2 if shots else np.arange(count)
    table = rows[:, 0], rows[:, 1], (rows[:, 2] / 100).astype(np.float32), np.arange(len(rows)) % 31 == equals

    plain, compiled = joins_of(first, *table, kernel_from=1000), joins_of(first, *table, kernel_from=0)

    assert [x.tolist() for x in plain] == [x.tolist() for x in compiled]


@given(LINKS)
@settings(max_examples=80, deadline=None)
def test_raising_the_line_only_ever_splits(drawn: tuple[int, list[tuple[int, int, int]]]) -> None:
    count, links = drawn
    merges = case(count, [(a, b, s / 100) for a, b, s in links]).merges()

    coarse = clusters_at(merges, 0.49)
    for line in range(50, 62):
        fine = clusters_at(merges, line / 100)
        assert all(any(set(part) <= set(whole) for whole in coarse) for part in fine)
        coarse = fine


@given(LINKS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_order_of_pairs_changes_nothing(drawn: tuple[int, list[tuple[int, int, int]]], random: object) -> None:
    count, links = drawn
    one = case(count, [(a, b, s / 100) for a, b, s in links])
    mixed = np.random.default_rng(random.getrandbits(32)).permutation(len(links))  # type: ignore[attr-defined]
    other = Case(one.table, one.pairs[mixed])

    for line in (0.5, 0.54, 0.58):
        assert one.at(line) == other.at(line)


@given(LINKS)
@settings(max_examples=80, deadline=None)
def test_one_member_of_a_cluster_knew_all_others_when_it_was_joined(drawn: tuple[int, list[tuple[int, int, int]]]) -> None:
    count, links = drawn
    known = {frozenset(link[:2]) for link in links}

    for cluster in case(count, [(a, b, s / 100) for a, b, s in links]).at(0.0):
        assert any(all(frozenset((hub, other)) in known for other in cluster if other != hub) for hub in cluster)


@given(LINKS)
@settings(max_examples=60, deadline=None)
def test_merges_are_sorted_and_name_nodes(drawn: tuple[int, list[tuple[int, int, int]]]) -> None:
    count, links = drawn
    merges = case(count, [(a, b, s / 100) for a, b, s in links]).merges()

    assert (np.diff(merges.score) <= 0).all()
    assert set(merges.left.tolist()) | set(merges.right.tolist()) <= set(merges.node.tolist())
    assert not any(getattr(merges, name).flags.writeable for name in ("score", "left", "right", "node"))


def test_names_of_files_decide_ties_not_the_rest_of_the_library() -> None:
    pairs = [(0, 1, 0.9), (1, 2, 0.9), (2, 3, 0.9)]
    small = case(4, pairs)
    # the same four among others that link to nothing
    large = case(10, [(2 * a + 1, 2 * b + 1, s) for a, b, s in pairs])

    assert [tuple(2 * i + 1 for i in cluster) for cluster in small.at(0.5)] == large.at(0.5)
    assert len(rows_of(large.table, [1, 3, 5, 7])) == 4


TIERED = LINKS.flatmap(lambda drawn: st.tuples(st.just(drawn), st.lists(st.booleans(), min_size=30, max_size=30)))


@given(TIERED, st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_moments_nest_do_not_depend_on_order_and_leave_duplicates_alone(
    drawn: tuple[tuple[int, list[tuple[int, int, int]]], list[bool]], seed: int
) -> None:
    (count, links), kinds = drawn
    tiers = [Tier.SAME_MOMENT if kind else Tier.EDITED for kind in kinds]
    found = case(count, [(a, b, s / 100, tier) for (a, b, s), tier in zip(links, tiers, strict=False)])
    mixed = found.pairs[np.random.default_rng(seed).permutation(len(found.pairs))]

    merges, plain = merge_list(found.table, found.pairs, moments=True), merge_list(found.table, found.pairs)
    shuffled = merge_list(found.table, mixed, moments=True)

    coarse = clusters_at(merges, 0.4)
    for line in (0.5, 0.53, 0.56, 0.59):
        fine = clusters_at(merges, line)
        assert fine == clusters_at(shuffled, line)
        assert all(any(set(part) <= set(whole) for whole in coarse) for part in fine)
        assert set(clusters_at(plain, line)) <= set(fine)
        coarse = fine
    assert (np.diff(merges.score) <= 0).all()
