"""Known pairs under other weights: what moves a score, what never does, and that nothing changes where all count as usual."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.match import weighed_scores, weighing_columns
from engine.records import PAIR_DTYPE, PART_NAMES, Tier, Weights

SLIGHT = 1e-6
PLACED = {
    "structure": [200, 225, 240, 255],
    "detail": [60, 120, 180, 255],
    "colour": [215, 235, 245, 255],
    "hash": [60, 120, 180, 255],
}


def pairs(count: int, seed: int) -> np.ndarray:
    """Pairs of a look, of any score and parts."""
    rng = np.random.default_rng(seed)
    out = np.zeros(count, PAIR_DTYPE)
    out["a"], out["b"] = np.arange(count), count
    out["score"] = np.round(0.5 + 0.5 * rng.random(count), 4)
    out["parts"][:, : len(PART_NAMES)] = rng.integers(0, 256, (count, len(PART_NAMES)))
    out["tier"] = rng.choice([Tier.SAME_PICTURE, Tier.EDITED, Tier.SAME_MOMENT], count)
    return out


def with_part(name: str, values: list[int]) -> np.ndarray:
    """Edited pairs at the default line that differ in one part only."""
    out = pairs(len(values), 0)
    out["score"], out["tier"], out["parts"] = 0.86, Tier.EDITED, 200
    out["parts"][:, PART_NAMES.index(name)] = values
    return out


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -0.1, 2.1, True, "1"])
def test_a_weight_is_a_number_from_nothing_to_twice(wrong: object) -> None:
    with pytest.raises(ValueError, match="colour"):
        Weights(colour=wrong)  # type: ignore[arg-type]


def test_weights_as_usual_leave_the_stored_scores_to_the_last_bit() -> None:
    table = pairs(5000, 1)

    assert Weights(structure=1, detail=1.0).usual
    assert weighed_scores(table, Weights()).tobytes() == np.ascontiguousarray(table["score"]).tobytes()


def test_weights_all_but_as_usual_leave_scores_within_a_step() -> None:
    table = pairs(5000, 2)

    found = weighed_scores(table, Weights(colour=1.0 + SLIGHT, structure=1.0 + SLIGHT))

    assert np.abs(found - table["score"]).max() < 1e-3


@pytest.mark.parametrize("name", Weights().told())
def test_what_counts_more_parts_pairs_and_what_counts_less_brings_them_together(name: str) -> None:
    table = with_part(name, PLACED[name])

    more, less = (weighed_scores(table, Weights(**{name: weight})) for weight in (2.0, 0.0))

    assert (np.diff(more) > 0).all() and more[0] < 0.86 < more[-1]
    assert (np.diff(less) < 0).all() and less[0] > 0.86 > less[-1]


@given(weights=st.tuples(*[st.floats(0, 2)] * 4), seed=st.integers(0, 50))
def test_certain_pairs_stay_and_the_same_picture_never_rises(weights: tuple[float, ...], seed: int) -> None:
    table = pairs(300, seed)
    table["tier"][:50] = [Tier.IDENTICAL, Tier.SAME_DATA] * 25
    table["score"][:50] = 1.0
    table["score"][50:60], table["tier"][50:60] = np.float32(0.9999), Tier.EDITED

    found = weighed_scores(table, Weights(*weights))

    assert (found[:60] == table["score"][:60]).all()
    same = table["tier"] == Tier.SAME_PICTURE
    assert (found[same] <= table["score"][same]).all()
    assert (found <= 1).all() and (found[60:] < 1).all() and (found >= 0).all()


def test_a_pair_is_scored_alike_alone_among_others_and_from_columns_made_before() -> None:
    table, weights = pairs(30_000, 3), Weights(colour=0.3, hash=1.7)

    all_of_them = weighed_scores(table, weights)
    order = np.random.default_rng(4).permutation(len(table))

    assert (weighed_scores(table, weights, weighing_columns(table)) == all_of_them).all()
    assert (weighed_scores(table[order], weights) == all_of_them[order]).all()
    assert (weighed_scores(table[:40], weights) == all_of_them[:40]).all()  # the twin
