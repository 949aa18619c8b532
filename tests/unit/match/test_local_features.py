"""Candidates by local features: what is found, what is not, and that nothing depends on how the work is done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.limits import limits_for
from engine.match.local import consensus
from engine.match.local import join as local_join
from engine.match.local.candidates import LocalFound, fewest, local_candidates
from engine.match.local.features import Features
from engine.match.local.join import Asked, Votes, asked_of, join
from engine.match.local.loops import CONSENSUS, LOCAL
from tests.unit.match.made_features import edited, joined, pictures, ranks, some

LIMITS = limits_for(100)


def never() -> bool:
    return False


def none_refused(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.zeros(len(first), dtype=bool)


def candidates(features: Features, **more: object) -> LocalFound:
    usable = np.ones(len(features), dtype=bool)
    return local_candidates(features, ranks(features), usable, LIMITS, never, **more)  # type: ignore[arg-type]


def pairs(found: LocalFound) -> set[tuple[int, int]]:
    both = np.sort(np.stack([found.candidates["first"], found.candidates["second"]], axis=1).astype(np.int64), axis=1)
    return {(int(a), int(b)) for a, b in both}


@pytest.fixture
def originals() -> Features:
    return pictures(np.random.default_rng(1), 40)


def library(originals: Features) -> Features:
    rng = np.random.default_rng(2)
    return joined(originals, edited(rng, originals), edited(rng, originals, mirrored=True), pictures(rng, 40))


def test_each_copy_is_proposed_with_its_original_and_nothing_else(originals: Features) -> None:
    found = pairs(candidates(library(originals)))
    wanted = {(k, k + by) for k in range(40) for by in (40, 80)} | {(k + 40, k + 80) for k in range(40)}

    assert len(wanted & found) >= 0.98 * len(wanted)
    assert found <= wanted


def test_a_candidate_says_how_the_pictures_lie_on_each_other(originals: Features) -> None:
    for found in candidates(library(originals)).candidates:
        first, second = int(found["first"]), int(found["second"])
        back = first > second
        if {first // 40, second // 40} != {0, 1}:
            continue
        # the copy is the original at half the size, moved by 1000 of 4096 to the right and 600 of 2731 down
        expected = [2, 0, -2 * 1000 / 4096, 0, 2, -2 * 600 / 2730.67] if back else [0.5, 0, 1000 / 4096, 0, 0.5, 600 / 2730.67]
        assert np.abs(found["map"] - expected).max() < (0.12 if back else 0.06)
        assert found["inliers"] >= LIMITS.inliers and found["source"] == 1


def test_a_mirrored_copy_has_a_map_that_mirrors(originals: Features) -> None:
    both = joined(originals, edited(np.random.default_rng(2), originals, mirrored=True))
    found = candidates(both).candidates

    assert len(found) >= 39
    assert (found["map"][:, 0] < 0).all() and (found["map"][:, 4] > 0).all()


def test_the_order_of_the_rows_changes_nothing(originals: Features) -> None:
    whole = library(originals)
    expected = candidates(whole).candidates
    rng = np.random.default_rng(3)
    for _ in range(20):
        order = rng.permutation(len(whole))
        found = candidates(some(whole, order)).candidates.copy()
        found["first"], found["second"] = order[found["first"]], order[found["second"]]
        assert found.tobytes() == expected.tobytes()


def _votes_of(asked: Asked, **more: int) -> tuple[bytes, int, int]:
    votes = join(asked, never, none_refused, **more)
    columns = np.stack([votes.first, votes.second, votes.mirrored.astype(np.int64), votes.votes])
    return columns.tobytes(), votes.windowed, votes.left_out


def _crowd(rng: np.random.Generator) -> Features:
    """Edits of few pictures, so many that windows are reached, and pictures with hardly a feature."""
    few = pictures(rng, 6)
    copies = joined(*(edited(rng, few, keep=0.9, mirrored=bool(k % 2)) for k in range(60)))
    return joined(copies, pictures(rng, 3, 0), pictures(rng, 3, 1), some(copies, np.zeros(20, dtype=np.int64)))


def test_loops_and_numpy_count_the_same_votes_however_the_work_is_cut_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_join, "WINDOW", 20)
    monkeypatch.setattr(local_join, "STRONGEST", 30)
    features = _crowd(np.random.default_rng(5))
    fresh = np.random.default_rng(6).random(len(features)) < 0.1
    for new in (None, fresh):
        asked = asked_of(features, np.argsort(ranks(features)), new, votes=2, radius=10, keys=5)
        expected = _votes_of(asked)
        assert expected[1] > 0 and expected[2] > 0 and len(expected[0]) > 1000
        for workers, slice_, part, budget in ((1, 1 << 23, 1 << 13, 1 << 40), (3, 5000, 700, 1 << 40), (2, 20_000, 64, 300_000)):
            monkeypatch.setattr(local_join, "SLICE", slice_)
            monkeypatch.setattr(local_join, "PART", part)
            assert _votes_of(asked, workers=workers, budget=budget) == expected
        with monkeypatch.context() as patch:
            patch.setattr(LOCAL, "loaded", lambda: None)
            assert _votes_of(asked) == expected


def test_numpy_and_loops_agree_on_maps_to_the_last_bit(originals: Features, monkeypatch: pytest.MonkeyPatch) -> None:
    features = joined(library(originals), pictures(np.random.default_rng(7), 2, 0), pictures(np.random.default_rng(8), 2, 1))
    rng = np.random.default_rng(9)
    first, second = rng.integers(0, len(features), (2, 300))
    first[:80], second[:80] = np.arange(80), (np.arange(80) + 40) % 120
    mirrored = rng.random(300) < 0.3
    inliers, maps = consensus.align(features, first, second, mirrored, never)
    monkeypatch.setattr(CONSENSUS, "loaded", lambda: None)
    plain_inliers, plain_maps = consensus.align(features, first, second, mirrored, never)

    assert inliers.max() > 30
    assert inliers.tobytes() == plain_inliers.tobytes() and maps.tobytes() == plain_maps.tobytes()


def test_settled_pairs_are_not_asked_again(originals: Features) -> None:
    whole = library(originals)
    everything = pairs(candidates(whole))
    first, second = np.arange(0, 40, 2), np.arange(0, 40, 2) + 40
    settled = np.sort((second * len(whole) + first).astype(np.uint64))

    assert pairs(candidates(whole, settled=settled)) == everything - set(zip(first.tolist(), second.tolist(), strict=True))


def test_of_new_pictures_only_their_own_pairs_are_wanted(originals: Features) -> None:
    whole = library(originals)
    fresh = np.zeros(len(whole), dtype=bool)
    fresh[[3, 50]] = True

    assert pairs(candidates(whole, fresh=fresh)) == {pair for pair in pairs(candidates(whole)) if 3 in pair or 50 in pair}


def test_pictures_that_are_not_usable_are_left_out(originals: Features) -> None:
    whole = library(originals)
    usable = np.arange(len(whole)) >= 40
    found = local_candidates(whole, ranks(whole), usable, LIMITS, never)

    assert pairs(found) == {pair for pair in pairs(candidates(whole)) if min(pair) >= 40}


def test_a_crowd_of_equal_pictures_makes_a_bounded_number_of_pairs() -> None:
    one = pictures(np.random.default_rng(4), 1)
    crowd = some(one, np.zeros(1500, dtype=np.int64))
    found = local_candidates(crowd, np.arange(1500), np.ones(1500, dtype=bool), LIMITS, never)

    assert 0 < len(found.candidates) <= 200 * 1500
    assert found.left_out + found.windowed > 0
    # none is lost: each is joined to another
    assert set(found.candidates["first"]) | set(found.candidates["second"]) == set(range(1500))


def test_the_pairs_that_both_pictures_want_most_are_kept() -> None:
    rng = np.random.default_rng(11)
    first, second = np.triu_indices(60, 1)
    votes = Votes(first, second, np.zeros(len(first), dtype=bool), rng.integers(2, 50, len(first)), 0, 5)
    kept = fewest(votes, 300)

    assert 0 < len(kept) <= 300
    assert kept.left_out == 5 + len(first) - len(kept)
    assert kept.votes.mean() > votes.votes.mean()
    assert len(fewest(votes, 10_000)) == len(votes)


def test_a_join_stops_when_it_is_cancelled(originals: Features) -> None:
    with pytest.raises(Cancelled):
        local_candidates(originals, ranks(originals), np.ones(40, dtype=bool), LIMITS, lambda: True)


def test_libraries_of_nothing_have_no_candidates() -> None:
    for count, features in ((0, 128), (1, 128), (5, 0), (5, 1)):
        library = pictures(np.random.default_rng(0), count, features)
        assert len(candidates(library).candidates) == 0


def test_more_votes_and_inliers_leave_fewer_candidates(originals: Features) -> None:
    whole = library(originals)
    usable = np.ones(len(whole), dtype=bool)
    strict = replace(LIMITS, votes=60, inliers=60)
    found = local_candidates(whole, ranks(whole), usable, strict, never).candidates

    assert (found["votes"] >= 60).all() and (found["inliers"] >= 60).all()
    assert 0 < len(found) < len(candidates(whole).candidates)
