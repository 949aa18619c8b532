"""Support of an overlap by features: high where all of it agrees, low where only a part does; twin and loop alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.match.local.loops import SUPPORT
from engine.match.local.support import support
from engine.match.local.support_plain import support_plain
from tests.unit.match.made_features import edited, joined, pictures, some

HALF = np.array([0.5, 0, 1000 / 4096, 0, 0.5, 600 / 2730.67])
SAME = np.array([1.0, 0, 0, 0, 1, 0])


def test_copies_are_supported_and_strangers_are_not() -> None:
    rng = np.random.default_rng(1)
    originals = pictures(rng, 50)
    both = joined(originals, edited(rng, originals, keep=0.7))
    rows = np.arange(50)
    copies = support(both, rows, rows + 50, np.tile(HALF, (50, 1)))
    strangers = support(both, rows, np.roll(rows, 1) + 50, np.tile(HALF, (50, 1)))

    assert (copies["share_first"] > 0.8).all() and (copies["share_second"] > 0.4).all() and (copies["agree"] > 30).all()
    assert (strangers["share_first"] < 0.3).all() and (strangers["agree"] < 6).all()


def test_only_the_corner_that_agrees_is_supported() -> None:
    rng = np.random.default_rng(2)
    one, other = pictures(rng, 1), pictures(rng, 1)
    corner = (one.points[0, :, 0] < 64) & (one.points[0, :, 1] & 15 < 3)
    other.points[0, corner], other.codes[0, corner] = one.points[0, corner], one.codes[0, corner]
    found = support(joined(one, other), np.array([0]), np.array([1]), SAME[None])

    assert found["agree"][0] >= corner.sum() > 3
    assert 0 < found["share_first"][0] < 0.35


def test_no_more_features_count_than_the_other_side_can_answer() -> None:
    rng = np.random.default_rng(3)
    many, few = pictures(rng, 1), pictures(rng, 1, 10)
    found = support(joined(many, few), np.array([0]), np.array([1]), SAME[None])[0]

    assert found["n_second"] == 10 and found["n_first"] == 8 + 15


def test_features_too_small_for_the_other_picture_do_not_count() -> None:
    rng = np.random.default_rng(4)
    both = pictures(rng, 2)
    tiny = np.array([0.05, 0, 0.4, 0, 0.05, 0.4])

    assert support(both, np.array([0]), np.array([1]), SAME[None])["n_first"][0] == 128
    assert support(both, np.array([0]), np.array([1]), tiny[None])["n_first"][0] < 80


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 1 << 32), kind=st.integers(0, 4))
def test_loop_and_numpy_give_the_same_numbers(seed: int, kind: int) -> None:
    loops = SUPPORT.loaded()
    if loops is None:
        pytest.skip("no compiler here")
    rng = np.random.default_rng(seed)
    originals = pictures(rng, 5, int(rng.integers(0, 129)))
    both = joined(originals, edited(rng, originals, mirrored=bool(kind & 1)), pictures(rng, 1, 0), pictures(rng, 1, 1))
    if kind == 3:
        both.codes[:] = 0
    both.width[:], both.height[:] = rng.integers(16, 193, (2, len(both)))
    first, second = rng.integers(0, len(both), (2, 40))
    maps = np.where(rng.random((40, 1)) < 0.5, HALF * rng.choice([1, -1]), rng.normal(0, 1, (40, 6)))
    maps[0], maps[1], maps[2] = 0, np.nan, 1e200
    found = support(both, first, second, maps)
    counts, near = support_plain(both, first, second, maps)

    assert found["n_first"].tolist() == counts[:, 0].tolist() and found["n_second"].tolist() == counts[:, 1].tolist()
    assert found["agree"].tolist() == counts[:, 2].tolist()
    assert (found["share_first"] == near[:, 0] / np.maximum(1, counts[:, 0])).all()
    assert (found["share_second"] == near[:, 1] / np.maximum(1, counts[:, 1])).all()


def test_one_pair_alone_has_the_support_it_has_among_others() -> None:
    rng = np.random.default_rng(5)
    originals = pictures(rng, 60)
    both = joined(originals, edited(rng, originals))
    rows = np.arange(60)
    together = support(both, rows, rows + 60, np.tile(HALF, (60, 1)))
    alone = support(some(both, np.array([7, 67])), np.array([0]), np.array([1]), HALF[None])

    assert together[7] == alone[0]
