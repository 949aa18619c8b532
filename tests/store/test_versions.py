"""Older stores are brought forward step by step; newer ones are refused and left as they are."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import StoreNewer
from engine.records import PictureFacts
from engine.store import FingerprintStore, PartSpec, layout, schema
from engine.store.entries import LATER_FACTS
from tests.store.support import (
    CAPACITY,
    DISK,
    PARTS,
    PROFILE,
    entry,
    facts,
    fill,
    knows,
    open_store,
    path,
    some_pairs,
    store_files,
)

OLD = {1: 0, 2: 2}
"""Older versions, with how many attempts each remembers of its broken file."""


@pytest.fixture(params=sorted(OLD))
def version(request: pytest.FixtureRequest) -> int:
    """The number of an older version."""
    found: int = request.param
    return found


def early_facts(number: int) -> PictureFacts:
    """What the versions before 3 knew of a picture."""
    return replace(facts(number), **{name: PictureFacts.__dataclass_fields__[name].default for name in LATER_FACTS})


@pytest.fixture
def old_folder(tmp_path: Path, version: int) -> Path:
    """A store with an older catalog and the columns that belong to it."""
    with open_store(tmp_path / "made") as store:
        fill(store, range(2))
    folder = tmp_path / "old"
    shutil.copytree(tmp_path / "made" / "columns", folder / "columns")
    connection = sqlite3.connect(folder / "catalog.sqlite")
    connection.executescript(Path(__file__).with_name(f"version_{version}.sql").read_text())
    connection.close()
    return folder


@pytest.mark.parametrize("write", [True, False])
def test_older_catalog_is_brought_forward_with_all_it_holds(old_folder: Path, version: int, write: bool) -> None:
    before = store_files(old_folder)

    with open_store(old_folder, write=write) as store:
        assert knows(store, range(2), early_facts) and store.notes == []
        broken = store.known([b"/photos/broken.jpg"])[b"/photos/broken.jpg"]
        assert (broken.facts.code, broken.attempts, broken.volume) == ("decode.crashed", OLD[version], DISK)
        assert store.verify() == []

    if not write:
        assert store_files(old_folder) == before
        return
    with open_store(old_folder) as store:
        assert knows(store, range(2), early_facts)
        store.put([replace(entry(2), facts=facts(2))])
        assert knows(store, [2]) and store.info()["schema"] == schema.SCHEMA_VERSION


def test_migrated_tables_are_those_of_a_new_catalog(old_folder: Path, version: int) -> None:
    open_store(old_folder).close()

    connection = sqlite3.connect(old_folder / "catalog.sqlite")
    versions = connection.execute("SELECT version FROM schema_version ORDER BY version").fetchall()

    assert schema.shape_of(connection) == schema.expected_shape()
    assert versions == [(step,) for step in range(version, schema.SCHEMA_VERSION + 1)]
    connection.close()


def test_migration_that_is_interrupted_starts_again(old_folder: Path, version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(schema.MIGRATIONS, version, schema.MIGRATIONS[version] + "INSERT INTO no_such_table VALUES (1);")
        connection = sqlite3.connect(old_folder / "catalog.sqlite", isolation_level=None)
        with pytest.raises(sqlite3.Error):
            schema.migrate(connection, version)
        assert schema.version_of(connection) == version
        connection.close()

    with open_store(old_folder) as store:
        assert knows(store, range(2), early_facts)


def test_there_is_a_way_from_every_version() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.SCHEMA_VERSION))


def make_newer_catalog(folder: Path) -> None:
    connection = sqlite3.connect(folder / "catalog.sqlite", isolation_level=None)
    connection.executescript("CREATE TABLE future (x); INSERT INTO schema_version VALUES (99, 'then'); PRAGMA user_version = 99;")
    connection.close()


def make_newer_user_version(folder: Path) -> None:
    connection = sqlite3.connect(folder / "catalog.sqlite", isolation_level=None)
    connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    connection.close()


def make_newer_log(folder: Path) -> None:
    """The new version stands in the write-ahead log only: its writer was killed."""
    connection = sqlite3.connect(folder / "catalog.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript("INSERT INTO schema_version VALUES (99, 'then'); PRAGMA user_version = 99;")
    log = (folder / "catalog.sqlite-wal").read_bytes()
    main = (folder / "catalog.sqlite").read_bytes()
    connection.close()
    (folder / "catalog.sqlite").write_bytes(main)
    (folder / "catalog.sqlite-wal").write_bytes(log)


def make_newer_header(file: Path) -> None:
    data = bytearray(file.read_bytes())
    page = layout._page(bytes(data[:8]) + (2).to_bytes(4, "little") + bytes(data[12:4092]))
    file.write_bytes(page + bytes(data[4096:]))


def make_newer_column(folder: Path) -> None:
    make_newer_header(folder / "columns" / PROFILE / "plate.0001.col")


def make_newer_pairs(folder: Path) -> None:
    make_newer_header(folder / "pairs" / f"{PROFILE}.pairs")


@pytest.mark.parametrize(
    "make_newer", [make_newer_catalog, make_newer_user_version, make_newer_log, make_newer_column, make_newer_pairs]
)
def test_newer_store_is_refused_and_not_a_byte_of_it_changes(tmp_path: Path, make_newer) -> None:  # type: ignore[no-untyped-def]
    with open_store(tmp_path) as store:
        fill(store, range(20))
        store.put_pairs(bytes(32), some_pairs(3))
    make_newer(tmp_path)
    before = store_files(tmp_path)

    for write in (True, False):
        with pytest.raises(StoreNewer) as refusal:
            open_store(tmp_path, write=write)
        assert refusal.value.exit_code == 4 and refusal.value.hint
    with pytest.raises(StoreNewer):
        FingerprintStore.clear(tmp_path)

    assert store_files(tmp_path) == before
    assert FingerprintStore.clear(tmp_path, newer=True)["files"] >= 8
    with open_store(tmp_path) as store:  # the refusals left no lock behind
        assert store.writable and store.known([path(1)]) == {}


def test_part_that_changed_without_a_new_profile_is_computed_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
    for changed in (PartSpec(np.dtype("<i8"), (1,), 1), PartSpec(np.dtype("<u8"), (1,), 2), PartSpec(np.dtype("<u4"), (2,), 1)):
        parts = {**PARTS, "hash": changed}

        with FingerprintStore.open(tmp_path, PROFILE, parts, capacity=CAPACITY) as store:
            assert store.known([path(1)]) == {}
            assert len(store.notes) == 2
            fill(store, range(20))
