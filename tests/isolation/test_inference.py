"""The process that runs a model of the user's: walls, pinned bytes, vectors, and models that cannot be used."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.embedding import ModelSpec
from engine.errors import Cancelled, EngineError, UsageError
from engine.jobs import inference
from engine.jobs.inference import ModelProcess
from tests.support.onnx_file import MEAN_COLOUR, mean_colour, node, write_model

pytest.importorskip("onnxruntime", reason="the extra 'related' is not installed")

PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


def _spec(path: Path, **more: object) -> ModelSpec:
    return ModelSpec(os.fsencode(path), **{**PLAIN, **more})  # type: ignore[arg-type]


def _model(spec: ModelSpec) -> ModelProcess:
    return ModelProcess(spec, lambda: False)


def test_vectors_are_those_of_the_model_and_the_same_every_time(tmp_path: Path) -> None:
    squares = np.random.default_rng(2).integers(0, 256, (7, 32, 32, 3), dtype=np.uint8)
    path = mean_colour(tmp_path / "m.onnx")
    with _model(_spec(path)) as model:
        first, again = model.embed(squares), model.embed(squares)
        assert (model.edge, model.dimension, model.batch) == (32, 3, 16)
        assert model.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()

    assert np.abs(first - squares.mean(axis=(1, 2)) / 255).max() < 1e-5
    assert first.tobytes() == again.tobytes()


def test_mean_and_deviation_are_taken_off_first(tmp_path: Path) -> None:
    grey = np.full((1, 32, 32, 3), 51, np.uint8)
    with _model(_spec(mean_colour(tmp_path / "m.onnx"), mean=(0.2, 0.1, 0.0), std=(1.0, 0.5, 0.25))) as model:
        assert model.embed(grey)[0] == pytest.approx([0.0, 0.2, 0.8], abs=1e-5)


def test_a_model_for_one_picture_at_a_time_gets_one_at_a_time(tmp_path: Path) -> None:
    squares = np.random.default_rng(2).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    answers = []
    for batch in (1, 3, "n"):
        with _model(_spec(mean_colour(tmp_path / f"{batch}.onnx", batch=batch))) as model:
            answers.append(model.embed(squares))

    assert np.abs(answers[0] - answers[2]).max() < 1e-6 and np.abs(answers[1] - answers[2]).max() < 1e-6


def test_the_edge_is_that_of_the_model_or_the_one_that_was_asked_for(tmp_path: Path) -> None:
    free = mean_colour(tmp_path / "free.onnx", side="s")
    for edge, found in ((0, 224), (48, 48)):
        with _model(_spec(free, edge=edge)) as model:
            assert model.edge == found
    with pytest.raises(UsageError, match="32 px a side, and edge says 48"):
        _model(_spec(mean_colour(tmp_path / "m.onnx"), edge=48))


def test_another_digest_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    path = mean_colour(tmp_path / "m.onnx")
    with _model(_spec(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())) as model:
        assert model.dimension == 3
    with pytest.raises(UsageError, match="not the one that was chosen"):
        _model(_spec(path, sha256="0" * 64))


def _broken(folder: Path) -> dict[str, Path]:
    text = folder / "text.onnx"
    text.write_bytes(b"this is no model" * 50)
    pixels = ("n", 3, 32, 32)
    return {
        "text": text,
        "lying": write_model(folder / "lying.onnx", MEAN_COLOUR, ("n", 3, 32, 48)),
        "grey": write_model(folder / "grey.onnx", MEAN_COLOUR, ("n", 1, 32, 32)),
        "huge": write_model(folder / "huge.onnx", MEAN_COLOUR, ("n", 3, 1024, 1024)),
        "flat": write_model(folder / "flat.onnx", [node("Flatten", ["pixels"], "vectors")], ("n", 3)),
        "missing": folder / "missing.onnx",
        "folder": folder,
        "sum": write_model(folder / "sum.onnx", [node("Unknown", ["pixels"], "vectors")], pixels),
    }


@pytest.mark.parametrize("name", ["text", "lying", "grey", "huge", "flat", "missing", "folder", "sum"])
def test_what_cannot_be_used_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        _model(_spec(_broken(tmp_path)[name]))

    assert refused.value.exit_code == 2 and refused.value.hint


def test_the_process_has_walls_and_no_network(tmp_path: Path) -> None:
    with _model(_spec(mean_colour(tmp_path / "m.onnx"))) as model:
        assert model._child is not None
        walls = model._child.hello["walls"]

    assert isinstance(walls, dict) and walls["limits"]
    if sys.platform.startswith("linux"):
        assert walls["no-new-privileges"]


def test_a_process_that_ends_is_an_error_and_no_hang(tmp_path: Path) -> None:
    with _model(_spec(mean_colour(tmp_path / "m.onnx"))) as model:
        assert model._child is not None
        model._child.kill()
        with pytest.raises(EngineError, match="cannot be used"):
            model.embed(np.zeros((1, 32, 32, 3), np.uint8))
        with pytest.raises(EngineError):
            model.embed(np.zeros((1, 32, 32, 3), np.uint8))


def test_waiting_for_a_model_can_be_ended(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        ModelProcess(_spec(mean_colour(tmp_path / "m.onnx")), lambda: True)


def test_without_the_runtime_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "RUNTIME", "no_such_runtime")

    with pytest.raises(UsageError, match="no_such_runtime") as refused:
        _model(_spec(mean_colour(tmp_path / "m.onnx")))
    assert "imgfp[related]" in refused.value.hint
