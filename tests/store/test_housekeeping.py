"""Telling, verifying, compacting, clearing: exact figures, no record lost, nothing removed that is not the store's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store import FingerprintStore, StoredFile
from tests.store.support import (
    CAPACITY,
    DISK,
    PROFILE,
    entry,
    fill,
    knows,
    open_store,
    packed,
    path,
    prints,
    some_pairs,
    store_files,
)


def test_info_counts_what_is_there(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(30))
        store.put([entry(90, volume="stick")])
        info = store.info()

    assert (info["files"], info["fingerprints"], info["rows"], info["profile"]) == (31, 31, 31, PROFILE)
    assert info["volumes"] == {"stick": 1, DISK: 30}
    assert 0 < info["bytes"] < 2_000_000
    assert json.loads(json.dumps(info)) == info


def test_compacting_moves_rows_together_and_gives_room_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(100))
        store.forget([path(number) for number in range(100) if number % 4])
    with open_store(tmp_path, profile="p0-old") as store:
        fill(store, range(5))
    (tmp_path / "catalog.sqlite.damaged-20250101T000000").write_bytes(bytes(100_000))
    (tmp_path / "holiday.jpg").write_bytes(b"not ours")

    with open_store(tmp_path) as store:
        answer = store.compact()

        assert answer["bytes_after"] < answer["bytes_before"] and answer["rows_moved"] > 0
        assert knows(store, range(0, 100, 4)) and store.verify() == []
        assert store.info()["profiles"] == {PROFILE: 25} and store.info()["rows"] == 25
        assert len(list((tmp_path / "columns" / PROFILE).iterdir())) == 3 * -(-25 // CAPACITY)
        fill(store, range(200, 230))
    with open_store(tmp_path) as store:
        assert knows(store, [*range(0, 100, 4), *range(200, 230)])
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix != ".lock") == [
        "catalog.sqlite",
        "columns",
        "holiday.jpg",
        "pairs",
    ]


def test_compacting_keeps_rows_that_several_files_share(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(40))
        row = store.known([path(39)])[path(39)].row
        store.put([entry(50, prints=None, row=row), entry(51, prints=None, row=row)])
        store.forget([path(number) for number in range(30)])
        store.compact()

        found: dict[bytes, StoredFile] = store.known([path(50), path(51)])
        assert found[path(50)].row == found[path(51)].row
        assert packed(store, [found[path(50)].row or 0]) == [prints(39)]
        assert knows(store, range(30, 40))


def test_compacting_throws_damaged_records_out(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(40))
    file = tmp_path / "columns" / PROFILE / "plate.0001.col"
    data = bytearray(file.read_bytes())
    data[5000 - 512] ^= 255
    file.write_bytes(data)

    with open_store(tmp_path) as store:
        assert len(store.verify()) == 1

        assert store.compact()["records_dropped"] == 1

        assert store.verify() == [] and store.info()["files"] == 39


def test_empty_store_can_be_compacted_and_filled_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        store.forget([path(number) for number in range(20)])
        store.compact()
        fill(store, range(20))

        assert knows(store, range(20)) and store.writable


def test_rows_are_void_after_compacting(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        row = store.known([path(19)])[path(19)].row
        store.forget([path(number) for number in range(10)])
        store.compact()

        assert store.put([entry(60, prints=None, row=row)]) == (None,)


def test_clearing_removes_the_store_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with open_store(folder) as store:
        fill(store, range(40))
        store.put_pairs(bytes(32), some_pairs(3))
    (folder / "columns" / "holiday.jpg").write_bytes(b"1")
    (folder / "columns" / PROFILE / "holiday.jpg").write_bytes(b"2")
    (folder / "columns" / "holiday").mkdir()
    (folder / "columns" / "holiday" / "plate.jpg").write_bytes(b"3")
    (folder / "kernels").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "plate.0000.col").write_bytes(b"4")
    os.symlink(tmp_path / "pictures", folder / "columns" / "linked")
    os.symlink(tmp_path / "pictures" / "plate.0000.col", folder / "pairs" / "x.pairs")

    answer = FingerprintStore.clear(folder)

    assert answer["files"] >= 10 and answer["bytes"] > 0
    assert {file.name for file in folder.rglob("*") if not file.is_dir() and file.suffix != ".lock"} == {
        "holiday.jpg",
        "plate.jpg",
    }
    assert (tmp_path / "pictures" / "plate.0000.col").read_bytes() == b"4"
    with open_store(folder) as store:
        assert store.known([path(1)]) == {} and store.notes == []


@pytest.mark.parametrize("damage", ["catalog.sqlite", f"columns/{PROFILE}/hash.0000.col", "writer.lock"])
def test_clearing_works_on_a_damaged_store(tmp_path: Path, damage: str) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(5))
    (tmp_path / damage).write_bytes(b"\xff" * 3000)

    FingerprintStore.clear(tmp_path)

    assert store_files(tmp_path) == {}


def test_clearing_what_is_not_there_says_so(tmp_path: Path) -> None:
    assert FingerprintStore.clear(tmp_path / "none") == {"files": 0, "bytes": 0}
    assert list(tmp_path.iterdir()) == []


def test_clearing_a_folder_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(StoreError):
        FingerprintStore.clear(Path("/proc/self"))
