"""Other weights: scores follow them, counts and histogram agree with the scores, loops and numpy agree bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.match.clusters.also import also_resembles, weakest_link
from engine.match.clusters.loops import JOINS
from engine.match.verdict.rescore import PartColumns, Weighing, rescored
from engine.records import PAIR_DIFFERENT, PAIR_DTYPE


def pairs(count: int, seed: int) -> np.ndarray:
    """Pairs with random parts."""
    out = np.zeros(count, PAIR_DTYPE)
    out["parts"] = np.random.default_rng(seed).integers(0, 256, (count, 8))
    return out


def curve(strength: np.ndarray) -> np.ndarray:
    """Strength 0.5 to 1.5 becomes 0 to 1."""
    return np.clip(strength - 0.5, 0.0, 1.0).astype(np.float32)


def test_score_is_the_curve_of_the_weighted_parts() -> None:
    table = pairs(500, 1)
    weights = (0.5, -0.25, 0.75, 0.0, 0.125)

    found = rescored(PartColumns.of(table), Weighing.of(weights, 0.1, curve), loops=None)

    wanted = 0.1 + (table["parts"][:, :5] / 255.0 * weights).sum(axis=1)
    assert np.abs(found.score - np.clip(wanted - 0.5, 0, 1)).max() < 3 / 4096
    assert len(np.unique(found.score)) > 100


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=8), st.floats(-2, 2), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_loops_and_numpy_give_the_same_bits(weights: list[float], constant: float, seed: int) -> None:
    parts, weighing = PartColumns.of(pairs(300, seed)), Weighing.of(weights, constant, curve)

    one, other = rescored(parts, weighing, loops=None), rescored(parts, weighing, loops=JOINS.loaded())

    assert one.score.tobytes() == other.score.tobytes()
    assert one.counts.tolist() == other.counts.tolist()


@pytest.mark.parametrize("line", [0.0, 0.2501, 0.5, 0.86, 1.0])
def test_counts_and_histogram_are_those_of_the_scores(line: float) -> None:
    found = rescored(PartColumns.of(pairs(4000, 2)), Weighing.of((0.6, 0.7), 0.4, curve))

    assert found.at_least(line) == int((found.score.astype(np.float64) >= line - 5e-5).sum())
    bins = np.minimum((found.score.astype(np.float64) * 256).astype(int), 255)
    assert found.histogram().tolist() == np.bincount(bins, minlength=256).tolist()


def test_no_pairs_have_no_scores() -> None:
    found = rescored(PartColumns.of(pairs(0, 3)), Weighing.of((1.0,), 0.0, curve))

    assert len(found.score) == found.at_least(0.0) == int(found.histogram().sum()) == 0


def links(*rows: tuple[int, int, float]) -> np.ndarray:
    """A pair table of these."""
    out = np.zeros(len(rows), PAIR_DTYPE)
    for row, (a, b, score) in zip(out, rows, strict=True):
        row["a"], row["b"], row["score"] = a, b, score
    return out


def test_cluster_also_resembles_what_its_links_lead_to() -> None:
    table = links((0, 1, 0.99), (1, 5, 0.87), (0, 6, 0.95), (2, 6, 0.9), (1, 7, 0.85), (1, 8, 0.99), (0, 9, 0.86))
    table["flags"][5] = PAIR_DIFFERENT

    found = also_resembles(table, np.array([0, 1]), 0.86, 10)

    assert found.tolist() == [2, 1, 6]


def test_weakest_link_is_the_one_without_which_the_cluster_falls_apart() -> None:
    table = links((0, 1, 0.99), (0, 2, 0.9), (1, 2, 0.7), (0, 3, 0.8), (3, 4, 0.6))

    assert weakest_link(table, np.array([0, 1, 2, 3]), 5) == 3
    assert weakest_link(table, np.array([4]), 5) == -1
