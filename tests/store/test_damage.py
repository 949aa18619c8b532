"""Whatever happens to its files, the store gives right answers or none, and is whole again after the next scan."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.errors import StoreError, StoreNewer
from engine.store import opening
from tests.store.support import PROFILE, entry, fill, knows, open_store, path, some_pairs, wrong_answers

COUNT = 40
KEY = bytes(range(32))


@pytest.fixture(params=["mapped", "read"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to the columns, whatever disk the tests run on."""
    monkeypatch.setattr(opening, "may_map", lambda folder: request.param == "mapped")
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound store of `COUNT` pictures and a pair table."""
    with open_store(tmp_path / "cache") as store:
        fill(store, range(COUNT))
        store.put_pairs(KEY, some_pairs(30))
    return tmp_path / "cache"


def mends_itself(folder: Path) -> list[str]:
    """Open a harmed store, check every answer, do what a scan does, and open it again. Returns what went wrong."""
    with open_store(folder) as store:
        wrong = wrong_answers(store, range(COUNT))
        pairs = store.load_pairs(KEY)
        if pairs is not None and pairs.tobytes() != some_pairs(30).tobytes():
            wrong.append("other pairs")
        known = store.known([path(number) for number in range(COUNT)])
        fill(store, [number for number in range(COUNT) if path(number) not in known])
        if not knows(store, range(COUNT)):
            wrong.append("not whole after a scan")
    with open_store(folder) as store:
        if not knows(store, range(COUNT)):
            wrong.append("not whole after reopening")
        if store.verify():  # a record that nobody asks for cannot mend itself: tidying up throws it out
            store.compact()
    with open_store(folder) as store:
        if not knows(store, range(COUNT)) or store.verify():
            wrong.append(f"not whole after tidying up: {store.verify()}")
    return wrong


def files_of(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.stat().st_size)


@pytest.mark.parametrize("seed", range(15))
def test_flipped_bytes_give_no_wrong_answer(folder: Path, seed: int, way: str) -> None:
    random = np.random.default_rng(seed)
    file = files_of(folder)[seed % len(files_of(folder))]
    data = bytearray(file.read_bytes())
    for place in random.integers(0, len(data), 1 + seed % 3):
        data[place] ^= 1 << random.integers(8)
    file.write_bytes(data)

    try:
        assert mends_itself(folder) == []
    except StoreNewer:
        assert file.read_bytes() == data  # a flip in the one version number: refused, and left as it is


@pytest.mark.parametrize("seed", range(12))
def test_flips_in_the_catalog_alone_give_no_wrong_answer(folder: Path, seed: int) -> None:
    random = np.random.default_rng(1000 + seed)
    file = folder / "catalog.sqlite"
    data = bytearray(file.read_bytes())
    for place in random.integers(100, len(data), 8):
        data[place] = random.integers(256)
    file.write_bytes(data)

    assert mends_itself(folder) == []


@pytest.mark.parametrize("seed", range(15))
def test_cut_or_lengthened_file_gives_no_wrong_answer(folder: Path, seed: int, way: str) -> None:
    random = np.random.default_rng(seed)
    file = files_of(folder)[seed % len(files_of(folder))]
    length = file.stat().st_size

    os.truncate(file, [0, 1, int(random.integers(length)), length - 1, length + 4096][seed % 5])

    assert mends_itself(folder) == []


@pytest.mark.parametrize("seed", range(6))
def test_zeroed_blocks_give_no_wrong_answer(folder: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    for file in files_of(folder):
        data = bytearray(file.read_bytes())
        start = int(random.integers(len(data))) & ~511
        data[start : start + 512] = bytes(len(data[start : start + 512]))
        file.write_bytes(data)

    assert mends_itself(folder) == []


def test_rows_swapped_between_files_do_not_verify(folder: Path) -> None:
    for part in ("hash", "long", "plate"):
        file = folder / "columns" / PROFILE / f"{part}.0000.col"
        data = file.read_bytes()
        width = (len(data) - 4096) // 16
        rows = [data[4096 + place * width : 4096 + (place + 1) * width] for place in range(16)]
        rows[2], rows[5] = rows[5], rows[2]
        file.write_bytes(data[:4096] + b"".join(rows))

    with open_store(folder) as store:
        known = store.known([path(number) for number in range(COUNT)])
        assert path(2) not in known and path(5) not in known and len(known) == COUNT - 2
        assert {file.path: file.row for file in store.files_below(b"/")}[path(2)] is None
        assert "2 fingerprints" in store.verify()[0]
    assert mends_itself(folder) == []


def test_row_numbers_swapped_in_the_catalog_do_not_verify(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as connection:
        connection.execute("UPDATE file SET column_row = 5 - column_row WHERE column_row IN (2, 3)")
        connection.execute("UPDATE file SET column_row = 1 << 31 WHERE column_row = 7")
        connection.execute("UPDATE file SET column_row = -4 WHERE column_row = 8")
    connection.close()

    with open_store(folder) as store:
        assert len(store.known([path(number) for number in range(COUNT)])) == COUNT - 4
    assert mends_itself(folder) == []


@pytest.mark.parametrize(
    "change",
    [
        "width = 5",
        "width = 'wide'",
        "blake3 = zeroblob(32)",
        "path = x'2f6f74686572'",
        "mtime_ns = mtime_ns + 1",
        "flat = 1",
        "make = x'80'",
        "make = CAST(x'4b80' AS TEXT)",
        "seal = 1",
        "seal = 'x'",
        "volume_id = 77",
        "orientation = 1e300",
    ],
)
def test_record_changed_behind_our_back_is_not_believed(folder: Path, change: str) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as connection:
        connection.execute(f"UPDATE file SET {change} WHERE id = 4")
    connection.close()

    with open_store(folder) as store:
        assert len(store.known([path(number) for number in range(COUNT)])) == COUNT - 1
        assert len(store.verify()) == 1
    assert mends_itself(folder) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE file",
        "DROP INDEX file_digest",
        "CREATE TRIGGER t AFTER UPDATE ON file BEGIN DELETE FROM file; END",
        "CREATE VIEW v AS SELECT * FROM file",
        "ALTER TABLE file ADD COLUMN spy TEXT",
        "DELETE FROM state",
        "DELETE FROM schema_version",
        "UPDATE profile SET capacity = -1",
        "UPDATE profile SET capacity = 'many'",
        "UPDATE profile SET capacity = 17",
        "UPDATE profile SET next_row = 1 << 62",
        "UPDATE profile SET next_row = 'x'",
        "UPDATE profile SET next_row = 0",
        "PRAGMA user_version = 0",
    ],
)
def test_tables_that_are_not_ours_are_set_aside_or_mended(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "catalog.sqlite", isolation_level=None) as connection:
        connection.execute(statement)
    connection.close()

    assert mends_itself(folder) == []


def link(place: Path, target: Path) -> None:
    place.symlink_to(target)


def make_folder(place: Path, _: Path) -> None:
    place.mkdir()
    (place / "inside.jpg").write_bytes(b"not ours")


def pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def garbage(place: Path, _: Path) -> None:
    place.write_bytes(np.random.default_rng(1).bytes(9000))


def hard_link(place: Path, target: Path) -> None:
    os.link(target, place)


def unix_socket(place: Path, _: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = os.open(place.parent, os.O_RDONLY)
        one.bind(f"/proc/self/fd/{here}/{place.name}")
        os.close(here)


PLACES = (
    "catalog.sqlite",
    "catalog.sqlite-wal",
    "catalog.sqlite-shm",
    "catalog.sqlite-journal",
    f"columns/{PROFILE}/plate.0001.col",
    f"columns/{PROFILE}/plate.0000.col.new",
    f"columns/{PROFILE}",
    "columns",
    f"pairs/{PROFILE}.pairs",
    "pairs",
    "writer.lock",
    "readers.lock",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("thing", [link, make_folder, pipe, garbage, hard_link, unix_socket])
def test_stranger_in_place_of_a_file_is_set_aside_and_what_it_leads_to_is_untouched(
    folder: Path, tmp_path: Path, place: str, thing: Callable[[Path, Path], None]
) -> None:
    outside = tmp_path / "photo.jpg"
    outside.write_bytes(b"a photo of the user" * 500)
    before = (outside.read_bytes(), outside.stat().st_mtime_ns, outside.stat().st_mode)
    victim = folder / place
    if victim.is_dir():
        shutil.rmtree(victim)
    else:
        victim.unlink(missing_ok=True)
    thing(victim, outside)

    assert mends_itself(folder) == []
    assert (outside.read_bytes(), outside.stat().st_mtime_ns, outside.stat().st_mode) == before
    if thing is make_folder:
        assert [file.read_bytes() for file in folder.rglob("inside.jpg")] == [b"not ours"]


def test_link_to_another_folder_in_place_of_the_columns_is_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "pictures"
    elsewhere.mkdir()
    shutil.rmtree(folder / "columns")
    (folder / "columns").symlink_to(elsewhere)

    assert mends_itself(folder) == []
    assert list(elsewhere.iterdir()) == []


def test_what_was_set_aside_is_told_in_one_line_with_its_new_name(folder: Path) -> None:
    (folder / "catalog.sqlite").write_bytes(b"x" * 5000)

    with open_store(folder) as store:
        assert len(store.notes) == 1
        aside = next(file for file in folder.iterdir() if ".damaged-" in file.name)
        assert aside.name in store.notes[0] and aside.read_bytes() == b"x" * 5000
        assert store.verify() == store.notes


def test_column_cut_while_in_use_is_an_error_and_no_crash(folder: Path, way: str) -> None:
    with open_store(folder) as store:
        known = store.known([path(number) for number in range(COUNT)])
        row = known[path(3)].row
        assert row is not None
        os.truncate(folder / "columns" / PROFILE / "plate.0000.col", 4200)

        with pytest.raises(StoreError):
            store.prints([row])

        assert len(store.known([path(number) for number in range(COUNT)])) == COUNT - 16
        assert store.verify_rows([known[path(3)], known[path(30)]]) == {path(3)}


def test_column_cut_before_writing_costs_the_file_only(folder: Path, way: str) -> None:
    with open_store(folder) as store:
        os.truncate(folder / "columns" / PROFILE / "plate.0002.col", 4096)

        (row,) = store.put([entry(COUNT)])  # its row lies in the segment that was cut

        assert row is not None and knows(store, [COUNT])
        assert not store.writable
    with open_store(folder) as store:
        assert wrong_answers(store, range(COUNT + 1)) == []
        assert any("plate.0002.col" in note for note in store.notes)


def test_catalog_that_breaks_while_in_use_is_set_aside_and_the_session_goes_on(folder: Path) -> None:
    with open_store(folder) as store:
        rows = store.put([entry(number) for number in range(50, 60)])
        file = folder / "catalog.sqlite"
        store.close()
    with open_store(folder) as store:
        file.write_bytes(bytes(100) + b"\xff" * (file.stat().st_size - 100))

        known = store.known([path(number) for number in range(60)])

        assert known == {} and store.writable
        assert "set aside" in store.notes[0]
        assert not set(rows) & set(store.put([entry(number) for number in range(50, 60)]))
        assert knows(store, range(50, 60))
    with open_store(folder) as store:
        assert knows(store, range(50, 60)) and store.notes == []
    assert mends_itself(folder) == []


def test_damaged_row_is_not_blessed_by_a_new_record(folder: Path) -> None:
    with open_store(folder) as store:
        row = store.known([path(3)])[path(3)].row
    file = folder / "columns" / PROFILE / "hash.0000.col"
    data = bytearray(file.read_bytes())
    data[4096 + 8 * (row or 0)] ^= 1
    file.write_bytes(data)

    with open_store(folder) as store:
        assert store.put([entry(3, path=b"/new.jpg", prints=None, row=row)]) == (None,)


def test_forged_pairs_are_refused(folder: Path) -> None:
    pairs = some_pairs(5)
    pairs["score"][2] = np.nan
    with open_store(folder) as store:
        store.put_pairs(KEY, pairs)
        assert store.load_pairs(KEY) is None
        pairs["score"][2], pairs["b"][3] = 0.5, pairs["a"][3]
        store.put_pairs(KEY, pairs)
        assert store.load_pairs(KEY) is None


@pytest.mark.parametrize("seed", range(20))
def test_damage_while_the_store_is_open_gives_no_wrong_answer(folder: Path, seed: int) -> None:
    random = np.random.default_rng(5000 + seed)
    file = folder / "catalog.sqlite" if seed % 3 else files_of(folder)[seed % len(files_of(folder))]
    data = bytearray(file.read_bytes())
    start, length = int(random.integers(len(data))), int(random.integers(1, 9000))
    data[start : start + length] = random.bytes(len(data[start : start + length]))

    try:
        with open_store(folder, write=bool(seed % 2)) as store:
            file.write_bytes(data)
            assert wrong_answers(store, range(COUNT)) == []
            store.files_below(b"/")
            store.by_digest(bytes(32))
            assert store.info()["profile"] == PROFILE and isinstance(store.verify(), list)
            fill(store, range(COUNT, COUNT + 20))
            assert knows(store, range(COUNT, COUNT + 20))
        with open_store(folder) as store:
            assert wrong_answers(store, range(COUNT + 20)) == []
            fill(store, range(COUNT + 20))
            assert wrong_answers(store, range(COUNT + 20)) == []
    except StoreNewer:
        assert file.read_bytes() == data
