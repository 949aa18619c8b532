"""Before a catalog is brought to a newer version, a copy of it is there; without room for a copy nothing is changed."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.store import FingerprintStore
from engine.store.schema import SCHEMA_VERSION
from tests.store.support import fill, open_store, path


@pytest.fixture(params=[1, 2])
def version(request: pytest.FixtureRequest) -> int:
    """The number of an older version."""
    found: int = request.param
    return found


@pytest.fixture
def old_folder(tmp_path: Path, version: int) -> Path:
    """A store with an older catalog."""
    with open_store(tmp_path / "old") as store:
        fill(store, range(2))
    _put_catalog(tmp_path / "old", version)
    return tmp_path / "old"


def _put_catalog(folder: Path, version: int) -> None:
    (folder / "catalog.sqlite").unlink()
    connection = sqlite3.connect(folder / "catalog.sqlite")
    connection.executescript(Path(__file__).with_name(f"version_{version}.sql").read_text())
    connection.close()


def _content(file: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def _copies(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if ".version-" in file.name)


def test_the_catalog_as_it_was_lies_beside_the_new_one(old_folder: Path, version: int) -> None:
    before = _content(old_folder / "catalog.sqlite")

    open_store(old_folder).close()

    assert _copies(old_folder) == [f"catalog.sqlite.version-{version}"]
    copy = old_folder / f"catalog.sqlite.version-{version}"
    assert _content(copy) == before and copy.stat().st_mode & 0o077 == 0
    connection = sqlite3.connect(old_folder / "catalog.sqlite")
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def test_going_back_is_renaming_the_copy(old_folder: Path, version: int) -> None:
    open_store(old_folder).close()
    shutil.copy(old_folder / f"catalog.sqlite.version-{version}", old_folder / "catalog.sqlite")

    with open_store(old_folder) as store:
        assert set(store.known([path(0), path(1)])) == {path(0), path(1)}


def test_one_copy_is_kept_and_none_where_nothing_is_brought_forward(old_folder: Path, version: int) -> None:
    (old_folder / "catalog.sqlite.version-0").write_bytes(b"an older copy")
    (old_folder / "catalog.sqlite.version-0.new").write_bytes(b"of a run that was killed")
    open_store(old_folder).close()
    assert _copies(old_folder) == [f"catalog.sqlite.version-{version}"]

    copy = old_folder / f"catalog.sqlite.version-{version}"
    copy.unlink()
    open_store(old_folder).close()
    assert _copies(old_folder) == []


def test_where_no_copy_can_be_made_the_catalog_stays_and_is_read(old_folder: Path, version: int) -> None:
    (old_folder / f"catalog.sqlite.version-{version}.new").mkdir()
    before = _content(old_folder / "catalog.sqlite")

    with open_store(old_folder) as store:
        assert not store.writable and len(store.notes) == 1
        assert set(store.known([path(0), path(1)])) == {path(0), path(1)}

    assert _content(old_folder / "catalog.sqlite") == before


def test_reading_beside_a_writer_makes_no_copy(old_folder: Path) -> None:
    open_store(old_folder, write=False).close()
    assert _copies(old_folder) == []


def test_clearing_and_compacting_remove_the_copy(old_folder: Path) -> None:
    with open_store(old_folder) as store:
        store.compact()
    assert _copies(old_folder) == []

    (old_folder / "catalog.sqlite.version-1").write_bytes(b"x")
    FingerprintStore.clear(old_folder)
    assert _copies(old_folder) == []
