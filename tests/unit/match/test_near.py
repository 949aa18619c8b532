"""Close hashes: every pair is found in every pose by loops and numpy alike; crowds are bounded and their nearest stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled
from engine.match.frames.index import differences, plan
from engine.match.frames.loops import HAMMING
from engine.match.frames.near import CROWD, near_pairs
from engine.match.frames.wide import close_256, shared_radius
from engine.match.poses import pose_hash64, pose_hash256
from tests.unit.match.related_hashes import related_hashes
from tests.unit.match.tables import never

WAYS = ("numpy", "loops")


def loops_of(way: str) -> object:
    """What `loops` is given for a way."""
    return HAMMING.loaded() if way == "loops" else None


def brute(hashes: np.ndarray, radius: int, poses: int = 8) -> list[tuple[int, int]]:
    """Pairs i < j of which i in some pose is close to j, one by one."""
    found = set()
    for pose in range(poses):
        for i, h in enumerate(pose_hash64(hashes, pose).tolist()):
            found |= {(min(i, j), max(i, j)) for j, g in enumerate(hashes.tolist()) if i != j and (h ^ g).bit_count() <= radius}
    return sorted(found)


def crowd(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Different hashes that all lie within 8 bits of each other, among as many that do not."""
    rng = np.random.default_rng(seed)
    near = np.uint64(0x123456789ABCDEF0) ^ rng.integers(0, 1 << 11, count, dtype=np.uint64)
    hashes = np.unique(np.concatenate([near, rng.integers(0, 2**64, count, dtype=np.uint64)]))
    return hashes, rng.integers(0, 2**64, (len(hashes), 4), dtype=np.uint64)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("seed", "radius", "poses"), [(3, 12, 8), (4, 0, 8), (5, 2, 8), (6, 8, 1), (7, 17, 8)])
def test_every_close_pair_is_found_and_nothing_else(way: str, seed: int, radius: int, poses: int) -> None:
    hashes, wide = related_hashes(seed, 120, 30)

    found = near_pairs(hashes, wide, radius, never, poses=poses, loops=loops_of(way))

    assert [tuple(pair) for pair in found.pairs.tolist()] == brute(hashes, radius, poses)
    assert found.left_out == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 400), st.integers(0, 16), st.booleans(), st.integers(1, 3))
def test_loops_and_numpy_agree_whatever_the_hashes(seed: int, count: int, radius: int, some: bool, threads: int) -> None:
    hashes, wide = related_hashes(seed, count, 20)
    fresh = np.random.default_rng(seed).random(count) < 0.3 if some else None

    one = near_pairs(hashes, wide, radius, never, fresh=fresh, loops=None)
    other = near_pairs(hashes, wide, radius, never, fresh=fresh, loops=HAMMING.loaded(), threads=threads)

    assert np.array_equal(one.pairs, other.pairs)


@pytest.mark.parametrize("fresh", [False, True])
def test_loops_and_numpy_bound_a_crowd_alike(fresh: bool) -> None:
    hashes, wide = crowd(1500, 8)
    chosen = np.random.default_rng(9).random(len(hashes)) < 0.2 if fresh else None

    one = near_pairs(hashes, wide, 8, never, fresh=chosen, loops=None)
    other = near_pairs(hashes, wide, 8, never, fresh=chosen, loops=HAMMING.loaded(), threads=2)

    assert np.array_equal(one.pairs, other.pairs)
    assert one.left_out == other.left_out > 0


def test_crowd_makes_few_pairs_and_hangs_together() -> None:
    hashes, wide = crowd(6000, 10)
    inside = np.flatnonzero((hashes ^ np.uint64(0x123456789ABCDEF0)) < np.uint64(1 << 11))

    found = near_pairs(hashes, wide, 8, never)

    assert len(found.pairs) < 100 * len(inside)
    assert found.left_out > len(found.pairs)
    links = np.bincount(found.pairs.reshape(-1), minlength=len(hashes))
    assert links[inside].min() > 0
    assert links.max() > 0.9 * len(inside), "one of them holds nearly all others"


def test_nearest_by_256_bits_stays_in_a_crowd() -> None:
    hashes, wide = crowd(3000, 11)
    inside = np.flatnonzero((hashes ^ np.uint64(0x123456789ABCDEF0)) < np.uint64(1 << 9))
    twins = [
        (a, b)
        for a, b in zip(inside[::2].tolist(), inside[1::2].tolist(), strict=False)
        if hashes[a] >> np.uint64(1) == hashes[b] >> np.uint64(1)
    ]
    for a, b in twins:
        wide[b] = wide[a]

    found = {tuple(pair) for pair in near_pairs(hashes, wide, 8, never).pairs.tolist()}

    assert len(twins) > 50
    assert set(twins) <= found


def test_fresh_rows_pair_with_everything_and_old_ones_not_with_each_other() -> None:
    hashes, wide = related_hashes(12, 200, 15)
    fresh = np.zeros(200, np.bool_)
    fresh[::7] = True

    found = near_pairs(hashes, wide, 10, never, fresh=fresh, loops=HAMMING.loaded())

    assert [tuple(pair) for pair in found.pairs.tolist()] == [(i, j) for i, j in brute(hashes, 10) if fresh[i] or fresh[j]]


def test_nothing_and_one_row_have_no_pairs() -> None:
    for count in (0, 1):
        found = near_pairs(np.zeros(count, np.uint64), np.zeros((count, 4), np.uint64), 12, never, loops=HAMMING.loaded())

        assert found.pairs.shape == (0, 2)


def test_cancelling_stops_the_search() -> None:
    hashes, wide = related_hashes(13, 700, 20)

    with pytest.raises(Cancelled):
        near_pairs(hashes, wide, 12, lambda: True)
    with pytest.raises(Cancelled):
        close_256(wide, 12, lambda: True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.sampled_from([2, 1_000, 20_000, 200_000, 1_000_000, 10_000_000]))
def test_parts_share_the_radius_so_that_none_is_missed(radius: int, count: int) -> None:
    parts = plan(radius, count)

    assert sum(may + 1 for _, may in parts) == radius + 1
    assert sum(width for width, _ in parts) <= 64
    assert all(0 <= may <= width for width, may in parts)


def test_differences_are_all_of_so_many_bits_fewest_first() -> None:
    found = differences(10, 2)

    assert sorted(found) == [m for m in range(1 << 10) if m.bit_count() <= 2]
    assert [m.bit_count() for m in found] == sorted(m.bit_count() for m in found)


# ------------------------------------------------------------------------------------------------ 256 bits


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("radius", [0, 7, 32, 47])
def test_every_pair_of_256_bits_is_found_with_its_distance(way: str, radius: int) -> None:
    wide = related_hashes(14, 150, 45)[1]
    rows = [int.from_bytes(row.astype(">u8").tobytes()) for row in wide]
    wanted = [(i, j, (a ^ b).bit_count()) for i, a in enumerate(rows) for j, b in enumerate(rows) if i < j]

    found = close_256(wide, radius, never, loops=loops_of(way))

    assert [tuple(pair) for pair in found.tolist()] == [pair for pair in wanted if pair[2] <= radius]
    assert int((shared_radius(radius) + 1).sum()) == radius + 1


def test_more_pairs_than_fit_at_once_are_all_found() -> None:
    wide = np.repeat(related_hashes(15, 4, 0)[1][:1], 700, axis=0)

    found = close_256(wide, 5, never, loops=HAMMING.loaded(), threads=2)

    assert len(found) == 700 * 699 // 2


def test_turned_hashes_of_256_bits_break_ties_of_turned_crowds() -> None:
    hashes, wide = crowd(200, 16)
    half = len(hashes) // 2
    hashes[:half], wide[:half] = pose_hash64(hashes[:half], 5), pose_hash256(wide[:half], 5)
    order = np.argsort(hashes)

    one = near_pairs(hashes[order], wide[order], 8, never, loops=None)
    other = near_pairs(hashes[order], wide[order], 8, never, loops=HAMMING.loaded())

    assert np.array_equal(one.pairs, other.pairs)
    assert one.left_out == other.left_out
    assert len(one.pairs) > CROWD
