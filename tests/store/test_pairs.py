"""The pair table comes back for its own key only, whole, whichever way it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.store import opening
from tests.store.support import open_store, some_pairs

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("count", [0, 1, 4000])
def test_pairs_come_back_for_their_key_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapped: bool, count: int
) -> None:
    monkeypatch.setattr(opening, "may_map", lambda folder: mapped)
    with open_store(tmp_path) as store:
        assert store.load_pairs(KEY) is None
        store.put_pairs(KEY, some_pairs(count))

    with open_store(tmp_path) as store:
        found = store.load_pairs(KEY)

        assert found is not None and found.dtype == some_pairs(0).dtype and not found.flags.writeable
        assert found.tobytes() == some_pairs(count).tobytes()
        assert store.load_pairs(OTHER) is None
        assert store.verify() == []


def test_new_pairs_replace_the_old_while_those_are_in_use(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put_pairs(KEY, some_pairs(500))
        held = store.load_pairs(KEY)

        store.put_pairs(OTHER, some_pairs(3))

        assert held is not None and held.tobytes() == some_pairs(500).tobytes()
        assert store.load_pairs(KEY) is None
        assert [file.name for file in (tmp_path / "pairs").iterdir()] == ["p1-test.pairs"]


def test_pairs_of_another_profile_are_not_taken(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put_pairs(KEY, some_pairs(5))
    (tmp_path / "pairs" / "p1-test.pairs").rename(tmp_path / "pairs" / "p2-test.pairs")

    with open_store(tmp_path, profile="p2-test") as store:
        assert store.load_pairs(KEY) is None


def test_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, pytest.raises(ValueError):
        store.put_pairs(b"short", some_pairs(1))
