"""Vectors of a model: directions, cosines, what is refused, and which model a vector is of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from engine.embedding import ModelSpec, cosines, directions, model_id, one_model
from engine.errors import EngineError

ROWS = st_numpy.arrays(np.float32, (5, 7), elements=st.floats(width=32, allow_nan=True, allow_infinity=True))


@given(ROWS)
def test_directions_have_length_one_or_are_none(raw: np.ndarray) -> None:
    vectors, usable = directions(raw)

    expected = np.isfinite(raw).all(axis=1) & (raw != 0).any(axis=1)
    assert usable.tolist() == expected.tolist()
    assert np.abs(np.linalg.norm(vectors[usable].astype(np.float64), axis=1) - 1).max(initial=0) < 1e-6
    assert np.isfinite(vectors).all() and (vectors[~usable] == 0).all()


@given(ROWS.filter(lambda raw: np.isfinite(raw).all() and (raw != 0).any(axis=1).all()))
def test_cosines_are_symmetric_and_one_with_itself(raw: np.ndarray) -> None:
    vectors, _ = directions(raw)

    table = np.array([cosines(one, vectors) for one in vectors])

    assert np.abs(table - table.T).max() < 1e-12
    assert np.abs(np.diag(table) - 1).max() < 1e-5
    assert np.abs(table).max() <= 1.0


def test_opposite_and_unrelated_directions() -> None:
    vectors, _ = directions(np.array([[3, 0], [-9, 0], [0, 2]], np.float32))

    assert cosines(vectors[0], vectors).tolist() == [1.0, -1.0, 0.0]
    with pytest.raises(ValueError):
        cosines(vectors[0][:1], vectors)


def test_rows_of_another_model_are_refused() -> None:
    mine, other = bytes(32), bytes(31) + b"\1"
    rows = np.frombuffer(mine + other, np.uint8).reshape(2, 32)

    one_model(rows[:1], mine)
    with pytest.raises(EngineError, match="different models"):
        one_model(rows, mine)


def test_a_model_is_another_one_when_its_bytes_or_its_input_differ() -> None:
    spec = ModelSpec(b"/m.onnx")
    ids = {
        model_id("a" * 64, 224, spec.mean, spec.std),
        model_id("b" * 64, 224, spec.mean, spec.std),
        model_id("a" * 64, 336, spec.mean, spec.std),
        model_id("a" * 64, 224, (0.5, 0.5, 0.5), spec.std),
        model_id("a" * 64, 224, spec.mean, (0.5, 0.5, 0.5)),
    }

    assert len(ids) == 5 and {len(one) for one in ids} == {32}


@pytest.mark.parametrize(
    "given",
    [
        {"path": b""},
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"edge": 513},
        {"edge": -1},
        {"mean": (math.nan, 0, 0)},
        {"std": (0.0, 1, 1)},
        {"std": (1.0, 1.0)},
    ],
)
def test_a_model_out_of_bounds_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ModelSpec(**{"path": b"/m.onnx", **given})  # type: ignore[arg-type]
