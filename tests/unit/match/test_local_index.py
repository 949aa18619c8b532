"""Looking for one picture by its features: found with its map, the same from files, the same with and without loops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.match.limits import limits_for
from engine.match.local.features import SLOTS, Features
from engine.match.local.index import LocalIndex
from engine.match.local.loops import CONSENSUS, INDEX
from tests.unit.match.made_features import HEIGHT, WIDTH, edited, joined, pictures

LIMITS = limits_for(100)


def never() -> bool:
    return False


def index_of(features: Features) -> LocalIndex:
    return LocalIndex.build(features, np.ones(len(features), dtype=bool), never)


def ask(index: LocalIndex, asker: Features, row: int) -> np.ndarray:
    count = int(asker.count[row])
    return index.query(asker.points[row, :count], asker.codes[row, :count], (WIDTH, HEIGHT), LIMITS, never)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_original_of_a_copy_is_found_and_nothing_else(mirrored: bool) -> None:
    rng = np.random.default_rng(1)
    originals = pictures(rng, 60)
    index, copies = index_of(originals), edited(rng, originals, keep=0.4, mirrored=mirrored)
    for row in range(60):
        found = ask(index, copies, row)
        assert found["second"].tolist() == [row]
        assert found["first"][0] == 60
        m = found["map"][0]
        assert abs(abs(m[0]) - 2) < 0.3 and abs(m[4] - 2) < 0.3 and (m[0] < 0) == mirrored


def test_all_copies_are_found_those_with_most_votes_first() -> None:
    rng = np.random.default_rng(2)
    one = pictures(rng, 1)
    library = joined(pictures(rng, 20), *(edited(rng, one, keep=keep) for keep in (0.3, 0.5, 0.7, 0.9)))
    found = ask(index_of(library), one, 0)

    assert found["second"].tolist() == [23, 22, 21, 20]
    assert (np.diff(found["votes"].astype(int)) < 0).all()


def test_an_index_from_files_answers_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    originals = pictures(rng, 30)
    index, copies = index_of(originals), edited(rng, originals)
    for name, array in index.to_arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.glob("*.npy")}
    again = LocalIndex.from_arrays(originals, arrays)

    assert all(ask(index, copies, row).tobytes() == ask(again, copies, row).tobytes() for row in range(30))
    with pytest.raises(ValueError):
        LocalIndex.from_arrays(pictures(rng, 3), arrays)


def test_a_damaged_index_finds_less_and_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    originals = pictures(rng, 30)
    arrays = index_of(originals).to_arrays()
    for name, array in arrays.items():
        if name != "bits":
            broken = rng.integers(0, 1 << 32, len(array), dtype=np.uint32)
            array[:-1] = np.where(rng.random(len(array) - 1) < 0.1, broken[:-1], array[:-1])
    index = LocalIndex.from_arrays(originals, arrays)
    answers = [ask(index, originals, row) for row in range(30)]
    monkeypatch.setattr(INDEX, "loaded", lambda: None)

    assert sum(row in answer["second"] for row, answer in enumerate(answers)) > 20
    assert [ask(index, originals, row).tobytes() for row in range(30)] == [answer.tobytes() for answer in answers]


def test_loops_and_numpy_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    originals = joined(pictures(rng, 40), pictures(rng, 1, 0), pictures(rng, 1, 1))
    copies = edited(rng, originals, keep=0.5)
    index = index_of(originals)
    answers = [ask(index, copies, row).tobytes() for row in range(42)]
    arrays = {name: array.tobytes() for name, array in index.to_arrays().items()}
    monkeypatch.setattr(INDEX, "loaded", lambda: None)
    monkeypatch.setattr(CONSENSUS, "loaded", lambda: None)
    plain = index_of(originals)

    assert {name: array.tobytes() for name, array in plain.to_arrays().items()} == arrays
    assert [ask(plain, copies, row).tobytes() for row in range(42)] == answers


def test_pictures_that_are_not_usable_are_never_found() -> None:
    rng = np.random.default_rng(5)
    originals = pictures(rng, 10)
    index = LocalIndex.build(originals, np.arange(10) != 4, never)

    assert len(ask(index, originals, 4)) == 0
    assert ask(index, originals, 5)["second"].tolist() == [5]


def test_a_picture_without_features_finds_nothing_and_an_empty_library_answers() -> None:
    rng = np.random.default_rng(6)
    library = pictures(rng, 5)
    nothing, some = pictures(rng, 1, 0), pictures(rng, 1, SLOTS)

    assert len(ask(index_of(library), nothing, 0)) == 0
    assert len(ask(index_of(pictures(rng, 0)), some, 0)) == 0
