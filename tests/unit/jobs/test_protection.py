"""Protected folders are found whatever path leads there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.jobs.protection import Protection, forget_identities


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_identities()
    yield
    forget_identities()


def test_what_lies_below_is_covered_and_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "safe" / "deep").mkdir(parents=True)
    (tmp_path / "safe too").mkdir()
    protection = Protection([bytes(tmp_path / "safe")])

    assert protection.covers(bytes(tmp_path / "safe" / "a.jpg"))
    assert protection.covers(bytes(tmp_path / "safe" / "deep" / "b.jpg"))
    assert protection.covers_folder(bytes(tmp_path / "safe"))
    assert not protection.covers(bytes(tmp_path / "safe too" / "c.jpg"))
    assert not protection.covers(bytes(tmp_path / "d.jpg"))
    assert not Protection([]).covers(bytes(tmp_path / "safe" / "a.jpg"))


def test_links_lead_there_from_either_side(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.jpg").touch()
    (tmp_path / "way").symlink_to(tmp_path / "real")
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "linked.jpg").symlink_to(tmp_path / "real" / "a.jpg")
    (tmp_path / "plain" / "own.jpg").touch()

    assert Protection([bytes(tmp_path / "real")]).covers(bytes(tmp_path / "way" / "a.jpg"))
    assert Protection([bytes(tmp_path / "way")]).covers(bytes(tmp_path / "real" / "a.jpg"))
    assert Protection([bytes(tmp_path / "real")]).covers(bytes(tmp_path / "plain" / "linked.jpg"))
    assert not Protection([bytes(tmp_path / "real")]).covers(bytes(tmp_path / "plain" / "own.jpg"))


def test_a_folder_that_is_gone_covers_by_its_name(tmp_path: Path) -> None:
    assert Protection([bytes(tmp_path / "gone")]).covers(bytes(tmp_path / "gone" / "a.jpg"))
