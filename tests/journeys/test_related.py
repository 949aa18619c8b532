"""`imgfp find --related`: pictures near by a model of the user's, apart from matches."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.store import Entry, FingerprintStore, PartSpec
from tests.support.cli import Cli
from tests.support.onnx_file import mean_colour, node, write_model

pytest.importorskip("onnxruntime", reason="the extra 'related' is not installed")

COLOURS = {"red": (220, 40, 30), "rose": (220, 60, 80), "blue": (30, 50, 210), "grass": (60, 190, 40)}


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of noise with a colour each; `red` also as an exact copy. Nothing in them but the colour is alike."""
    folder = tmp_path_factory.mktemp("colours")
    for number, (name, colour) in enumerate(COLOURS.items()):
        noise = np.random.default_rng(number).integers(-25, 26, (30, 40, 1))
        pixels = np.kron(np.clip(np.array(colour) + noise, 0, 255), np.ones((10, 10, 1))).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    (folder / "copy.png").write_bytes((folder / "red.png").read_bytes())
    (folder / "broken.png").write_bytes((folder / "red.png").read_bytes()[:60])
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return mean_colour(tmp_path / "colour.onnx")


def _settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(f"[related]\n{text}\nmean = [0.5, 0.5, 0.5]\nstd = [0.5, 0.5, 0.5]\n")
    return path


def _names(answer: dict[str, list[dict[str, object]]]) -> list[str]:
    return [Path(str(one["path"])).stem for one in answer["related"]]


def test_related_pictures_are_listed_by_cosine_beside_the_matches(cli: Cli, album: Path, model: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    settings = _settings(tmp_path, f'model = "colour.onnx"\nsha256 = "{digest}"')

    done = cli("find", album / "red.png", album, "--settings", settings, "--json", "-", "--related", code=0)

    answer = done.json
    assert [(Path(m["path"]).stem, m["tier"]) for m in answer["matches"]] == [("copy", "identical")]
    assert _names(answer)[:2] == ["copy", "rose"] and set(_names(answer)) == {"copy", "rose", "blue", "grass"}
    cosines = [one["cosine"] for one in answer["related"]]
    assert cosines == sorted(cosines, reverse=True) and cosines[0] == 1.0 and cosines[-1] < 0.5
    assert set(answer["related"][0]) == {"path", "path_b64", "cosine"}
    assert (answer["model"]["sha256"], answer["model"]["edge"], answer["model"]["dimension"]) == (digest, 32, 3)


def test_vectors_are_kept_and_found_again_without_folders(cli: Cli, album: Path, model: Path, tmp_path: Path) -> None:
    settings = _settings(tmp_path, "most = 2")
    first = cli("find", album / "red.png", album, "--related", model, "--settings", settings, "--json", "-", code=0)
    again = cli("find", album / "red.png", "--related", model, "--settings", settings, "--json", "-", code=0)

    assert _names(first.json) == _names(again.json) == ["copy", "rose"]
    assert first.json["related"] == again.json["related"]
    assert b"not pinned" in first.err and hashlib.sha256(model.read_bytes()).hexdigest().encode() in first.err


def test_every_row_names_its_model_and_rows_of_another_are_refused(cli: Cli, album: Path, model: Path) -> None:
    told = cli("find", album / "red.png", album, "--related", model, "--json", "-", code=0).json["model"]
    name = told["id"][:16]
    parts = {"vector": PartSpec(np.dtype("<f4"), (3,), 1), "model": PartSpec(np.dtype("u1"), (32,), 1)}
    folder = cli.home / "cache" / "related" / name
    with FingerprintStore.open(folder, f"related-{name}", parts) as store:
        files = store.files_below(b"/")
        rows = store.prints([file.row for file in files if file.row is not None])
        assert {row.tobytes().hex() for row in rows["model"]} == {told["id"]}
        assert np.abs(np.linalg.norm(rows["vector"], axis=1) - 1).max() < 1e-6
        foreign = rows["vector"][0].tobytes() + bytes(32)
        store.put([Entry(files[0].path, files[0].stat, files[0].facts, foreign)])

    done = cli("find", album / "red.png", album, "--related", model)

    assert done.code == 1 and b"different models" in done.err


def test_another_model_has_vectors_of_its_own(cli: Cli, album: Path, model: Path, tmp_path: Path) -> None:
    other = write_model(tmp_path / "other.onnx", [node("Neg", ["pixels"], "less"), *_pooled("less")])
    first = cli("find", album / "red.png", album, "--related", model, "--json", "-", code=0).json
    second = cli("find", album / "red.png", album, "--related", other, "--json", "-", code=0).json

    assert first["model"]["id"] != second["model"]["id"]
    assert len(list((cli.home / "cache" / "related").iterdir())) == 2
    assert first["related"] == second["related"]  # turned round, all of them


def _pooled(name: str) -> list[bytes]:
    return [node("GlobalAveragePool", [name], "pooled"), node("Flatten", ["pooled"], "vectors")]


@pytest.mark.parametrize("operation", [("Sub", ["pixels", "pixels"]), ("Sqrt", ["negative"])])
def test_a_model_without_directions_is_refused(cli: Cli, album: Path, tmp_path: Path, operation: tuple[str, list[str]]) -> None:
    kind, inputs = operation
    before = [node("Abs", ["pixels"], "positive"), node("Neg", ["positive"], "negative")]
    path = write_model(tmp_path / "none.onnx", [*before, node(kind, inputs, "nothing"), *_pooled("nothing")])

    done = cli("find", album / "red.png", album, "--related", path, code=2)

    assert b"no vector" in done.err


def test_another_digest_is_refused_before_anything_is_listed(cli: Cli, album: Path, model: Path, tmp_path: Path) -> None:
    settings = _settings(tmp_path, f'sha256 = "{"0" * 64}"')

    done = cli("find", album / "red.png", album, "--related", model, "--settings", settings, "--json", "-", code=2)

    assert b"not the one that was chosen" in done.err and done.out == b""


@pytest.mark.parametrize("text", ["edge = 4000", "most = 0", 'colour = "red"', "sha256 = 3", "model = 7", "model = true"])
def test_a_table_out_of_bounds_is_refused(cli: Cli, album: Path, model: Path, tmp_path: Path, text: str) -> None:
    done = cli("find", album / "red.png", album, "--related", model, "--settings", _settings(tmp_path, text), code=2)

    assert b"table related" in done.err


def test_words_keep_related_pictures_apart_from_matches(cli: Cli, album: Path, model: Path) -> None:
    text = cli("find", album / "red.png", album, "--related", model, code=0).out.decode()

    matches, related = text.split("no matches:\n")
    assert "copy.png" in matches and "rose.png" not in matches
    assert "rose.png" in related
    assert cli("find", album / "red.png", album, "--related", code=2).err  # no model is named anywhere
