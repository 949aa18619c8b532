"""Candidates of the whole frame: copies in every pose and with borders are proposed with a map that fits; crowds stay bounded."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.match.frames.candidates import WholeFrames, best_poses, whole_frame_candidates
from engine.match.frames.equal import FEW_PRODUCTS, SMALL_GROUP, Groups, pairs_between, pairs_within
from engine.match.frames.loops import HAMMING
from engine.match.limits import Limits, limits_for
from engine.match.poses import POSES, inverse, pose_map, posed
from engine.match.rank import ranks
from tests.support.scenes import scene
from tests.unit.match.related_hashes import related_hashes
from tests.unit.match.tables import never, table_of

LIMITS = Limits(radius64=12, radius256=90, votes=2, inliers=3)


def columns(seed: int, count: int, flips: int = 25) -> SimpleNamespace:
    """Hashes of related pictures, a third of them with a content box whose hashes are those of others."""
    narrow, wide = related_hashes(seed, count, flips)
    rng = np.random.default_rng(seed + 1)
    trim = np.where(rng.random(count) < 0.3, rng.integers(0, count, count), np.arange(count))
    frame = np.zeros((count, 8), np.uint16)
    frame[:, :4] = (6_000, 60_000, 3_000, 50_000)
    return SimpleNamespace(
        dct64=narrow, dct256=wide, trim64=narrow[trim], trim256=wide[trim], frame=frame, gradient=narrow ^ np.uint64(1)
    )


def found_in(table: object, usable: np.ndarray | None = None, limits: Limits = LIMITS, **how: object) -> WholeFrames:
    """Candidates of a table whose ranks are its rows turned round."""
    count = len(table.dct64)  # type: ignore[attr-defined]
    everything = np.ones(count, np.bool_) if usable is None else usable
    rank = np.arange(count)[::-1].copy()
    return whole_frame_candidates(table, rank, everything, limits, never, **how)  # type: ignore[arg-type]


def pairs_of(found: WholeFrames) -> set[tuple[int, int]]:
    """Rows of each pair, lower first."""
    return {
        (min(a, b), max(a, b)) for a, b in zip(*(found.candidates[name].tolist() for name in ("first", "second")), strict=True)
    }


# ------------------------------------------------------------------------------------------------ pictures


@pytest.mark.parametrize("pose", range(POSES))
def test_turned_and_mirrored_picture_is_proposed_with_its_pose_and_map(pose: int) -> None:
    pixels = scene(5, 240, 170)
    table = table_of([pixels, np.ascontiguousarray(posed(pixels[None], pose)[0]), scene(9, 240, 170)])

    found = whole_frame_candidates(table, np.arange(3), np.ones(3, np.bool_), LIMITS, never).candidates

    assert found[["first", "second", "pose"]].tolist() == [(0, 1, pose)]
    assert found["map"][0].tolist() == list(pose_map(pose))


def test_map_of_every_pose_leads_each_pixel_where_it_went() -> None:
    v, u = (np.arange(8) + 0.5) / 8, (np.arange(8) + 0.5) / 8
    picture = np.arange(64).reshape(1, 8, 8)
    for pose in range(POSES):
        a, b, c, d, e, f = pose_map(pose)
        x, y = a * u[None] + b * v[:, None] + c, d * u[None] + e * v[:, None] + f
        turned = posed(picture, pose)[0]

        assert np.array_equal(turned[(8 * y).astype(int), (8 * x).astype(int)], picture[0])
        assert pose_map(inverse(pose))[0] == pose_map(pose)[0]


@pytest.mark.parametrize("turned", [False, True])
def test_border_is_looked_through_and_the_map_says_where_the_content_lies(turned: bool) -> None:
    pixels = scene(5, 240, 160)
    framed = np.full((320, 300, 3), 255, np.uint8)
    framed[90:250, 30:270] = pixels
    if turned:
        framed = np.ascontiguousarray(framed[::-1, ::-1])
    table = table_of([pixels, framed, scene(8, 240, 160)])

    (row,) = whole_frame_candidates(table, np.arange(3), np.ones(3, np.bool_), LIMITS, never).candidates

    a, b, c, d, e, f = row["map"].tolist()
    corners = [(a * u + b * v + c, d * u + e * v + f) for u, v in ((0, 0), (1, 1))]
    wanted = [(270 / 300, 230 / 320), (30 / 300, 70 / 320)] if turned else [(30 / 300, 90 / 320), (270 / 300, 250 / 320)]
    assert np.allclose(corners, wanted, atol=0.02)
    backward = whole_frame_candidates(table, np.array([1, 0, 2]), np.ones(3, np.bool_), LIMITS, never).candidates[0]
    assert (backward["first"], backward["second"]) == (1, 0)
    m, n = np.vstack([row["map"].reshape(2, 3), [0, 0, 1]]), np.vstack([backward["map"].reshape(2, 3), [0, 0, 1]])
    assert np.allclose(m @ n, np.eye(3), atol=1e-9)


def test_unusable_rows_take_no_part() -> None:
    pixels = scene(5, 200, 200)
    table = table_of([pixels, pixels, pixels])

    found = whole_frame_candidates(table, np.arange(3), np.array([True, False, True]), LIMITS, never)

    assert pairs_of(found) == {(0, 2)}


def test_renamed_and_shuffled_pictures_give_the_same_pairs_in_the_same_order() -> None:
    table = columns(21, 300)
    table.plate, table.codes = np.zeros((300, 64, 64), np.uint8), np.zeros((300, 128), np.uint64)
    table.plate[:] = np.arange(300)[:, None, None]
    mixed = np.random.default_rng(22).permutation(300)
    shuffled = SimpleNamespace(**{name: value[mixed] for name, value in vars(table).items()})

    one = whole_frame_candidates(table, ranks(table), np.ones(300, np.bool_), LIMITS, never).candidates  # type: ignore[arg-type]
    other = whole_frame_candidates(shuffled, ranks(shuffled), np.ones(300, np.bool_), LIMITS, never).candidates  # type: ignore[arg-type]

    assert len(one) > 200
    assert np.array_equal(mixed[other["first"]], one["first"])
    assert np.array_equal(mixed[other["second"]], one["second"])
    assert np.array_equal(other["map"], one["map"])


# ------------------------------------------------------------------------------------------------ hashes


def test_pairs_are_those_of_plain_comparison() -> None:
    table = columns(23, 150)
    from engine.match.poses import pose_hash64, pose_hash256

    wanted = set()
    every = [
        (pose_hash64(h, p), pose_hash256(w, p))
        for h, w in ((table.dct64, table.dct256), (table.trim64, table.trim256))
        for p in range(8)
    ]
    for i in range(150):
        for j in range(i):
            narrow = min(int(h[i] ^ g[j]).bit_count() for h, _ in every for g in (table.dct64, table.trim64))
            if narrow <= 12:
                far = min(int(np.bitwise_count(w[i] ^ g[j]).sum()) for _, w in every for g in (table.dct256, table.trim256))
                wanted |= {(j, i)} if far <= 90 else set()

    assert pairs_of(found_in(table, loops=None)) == wanted
    assert pairs_of(found_in(table, loops=HAMMING.loaded(), threads=2)) == wanted
    assert len(wanted) > 100


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 300))
def test_best_poses_of_loops_and_numpy_agree(seed: int, count: int) -> None:
    table = columns(seed, count)
    first, second = np.random.default_rng(seed).integers(0, count, (2, 2 * count))

    assert np.array_equal(best_poses(table, first, second), best_poses(table, first, second, HAMMING.loaded()))


def test_fresh_rows_give_the_pairs_that_they_are_in() -> None:
    table = columns(24, 400)
    fresh = np.zeros(400, np.bool_)
    fresh[::9] = True

    every, some = found_in(table), found_in(table, fresh=fresh)

    wanted = fresh[every.candidates["first"]] | fresh[every.candidates["second"]]
    assert np.array_equal(some.candidates, every.candidates[wanted])
    assert 0 < len(some.candidates) < len(every.candidates)


def test_empty_library_has_no_candidates() -> None:
    table = columns(25, 4)

    assert len(found_in(table, np.zeros(4, np.bool_)).candidates) == 0
    assert len(found_in(table, np.zeros(4, np.bool_), fresh=np.ones(4, np.bool_)).candidates) == 0


# ------------------------------------------------------------------------------------------------ crowds


def test_50_000_equal_frames_make_as_many_pairs_and_it_is_said() -> None:
    table = columns(26, 50_000)
    for name in ("dct64", "dct256", "trim64", "trim256", "gradient"):
        getattr(table, name)[:] = getattr(table, name)[0]

    found = found_in(table)

    assert len(found.candidates) == 49_999
    assert set(found.candidates["first"].tolist()) == {49_999}, "the first by rank"
    assert found.left_out == 50_000 * 49_999 // 2 - 49_999


def test_equal_hashes_of_different_pictures_also_meet_those_most_like_them() -> None:
    table = columns(27, 200)
    for name in ("dct64", "dct256", "trim64", "trim256"):
        getattr(table, name)[:] = getattr(table, name)[0]
    table.gradient[[50, 150]] = 77

    found = pairs_of(found_in(table))

    assert (50, 150) in found
    assert len(found) < 3 * 200


def test_small_groups_are_paired_in_full() -> None:
    groups = Groups(np.arange(100, 100 + SMALL_GROUP), np.array([0, 1, 4, SMALL_GROUP]))

    pairs, left = pairs_within(groups, np.zeros(SMALL_GROUP, np.uint64))

    rest = SMALL_GROUP - 4
    assert len(pairs) == 3 + rest * (rest - 1) // 2
    assert left == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=6))
def test_groups_meet_in_full_or_by_their_first_members(sizes: list[int]) -> None:
    groups = Groups(np.arange(sum(sizes)), np.concatenate([[0], np.cumsum(sizes)]))
    one, other = np.triu_indices(len(sizes), 1)

    pairs, left = pairs_between(groups, one, other)

    met = [tuple(pair) for pair in pairs.tolist()]
    assert len(set(met)) == len(met)
    assert len(met) + left == sum(sizes[i] * sizes[j] for i, j in zip(one, other, strict=True))
    for i, j in zip(one.tolist(), other.tolist(), strict=True):
        left_rows, right_rows = (range(int(groups.start[g]), int(groups.start[g + 1])) for g in (i, j))
        if sizes[i] * sizes[j] <= FEW_PRODUCTS:
            assert {(x, y) for x in left_rows for y in right_rows} <= set(met)
        else:
            assert {(left_rows[0], y) for y in right_rows} | {(x, right_rows[0]) for x in left_rows} <= set(met)


def test_limits_tighten_with_the_number_of_pictures() -> None:
    told = [limits_for(n) for n in (0, 20_000, 20_001, 200_000, 200_001, 10**7)]

    assert [(x.radius64, x.radius256, x.votes, x.inliers) for x in told[::2]] == [(12, 90, 2, 3), (10, 90, 3, 4), (8, 90, 4, 5)]
    assert told[0] == told[1]
    assert told[2] == told[3]
    assert told[4] == told[5]
