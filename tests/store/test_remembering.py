"""What is put comes back as it was, after any number of openings, and only that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.records import PictureFacts, StatFacts, field_names
from engine.store import Entry, FingerprintStore
from engine.store.entries import FACTS, fact_type
from tests.store.support import (
    CAPACITY,
    DISK,
    PARTS,
    PROFILE,
    ROW_BYTES,
    entry,
    facts,
    fill,
    knows,
    open_store,
    packed,
    path,
    prints,
    stat,
)


def test_everything_put_is_known_after_reopening(disk_path: Path) -> None:
    with open_store(disk_path) as store:
        fill(store, range(50))
        assert knows(store, range(50))

    with open_store(disk_path) as store:
        assert store.writable and store.notes == []
        assert knows(store, range(50))
        assert store.known([b"/photos/never"]) == {}
        assert len(list((disk_path / "columns" / PROFILE).iterdir())) == len(PARTS) * -(-50 // CAPACITY)


def test_store_is_private_and_keeps_to_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "cache"

    with open_store(folder) as store:
        fill(store, range(3))

    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.rglob("*"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_file_without_picture_keeps_its_outcome(tmp_path: Path) -> None:
    broken = PictureFacts("error", "decode.corrupt", detail="a \x00 and a \udcff")
    with open_store(tmp_path) as store:
        rows = store.put([Entry(b"/x", stat(1), broken, None, None, DISK)])

    with open_store(tmp_path) as store:
        found = store.known([b"/x"])[b"/x"]
        assert rows == (None,) and found.row is None
        assert found.facts == broken


@pytest.mark.parametrize("number", [-(1 << 62), -1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 13_569_465_600_000_000_000])
def test_any_inode_and_any_time_is_kept_exactly(tmp_path: Path, number: int) -> None:
    odd = StatFacts(1, number, number, abs(number), abs(number), 0)
    with open_store(tmp_path) as store:
        store.put([entry(1, stat=odd)])

    with open_store(tmp_path) as store:
        assert store.known([path(1)])[path(1)].stat == odd
        assert [file.path for file in store.by_identity(odd.device, odd.inode, odd.size, odd.mtime_ns)] == [path(1)]


def test_rows_come_in_the_order_asked_for(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        rows = store.put([entry(number) for number in range(40)])
        order = [39, 0, 17, 17, 16, 15, 38, 3]

        answer = store.prints([rows[number] for number in order])  # type: ignore[misc]

        assert packed(store, [rows[number] for number in order]) == [prints(number) for number in order]  # type: ignore[misc]
        assert answer["long"].shape == (8, 4) and answer["long"].dtype == np.dtype("<u8")
        assert answer["plate"].shape == (8, 5, 7)
        assert not answer["plate"].flags.writeable
        assert set(store.prints(np.array([], np.int64))) == set(PARTS)
        assert set(store.prints([0], ["hash"])) == {"hash"}


def test_moved_file_is_found_by_identity_and_by_digest_and_keeps_its_row(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        there = stat(7)
        by_identity = store.by_identity(there.device, there.inode, there.size, there.mtime_ns)
        by_digest = store.by_digest(facts(7).blake3 or b"")
        assert [file.path for file in by_identity] == [file.path for file in by_digest] == [path(7)]
        assert store.by_identity(there.device + 1, there.inode, there.size, there.mtime_ns) == ()
        assert store.by_digest(b"\x07" * 32) == ()

        rows = store.put([entry(7, path=b"/elsewhere/new.jpg", prints=None, row=by_identity[0].row)])

        assert rows == (by_identity[0].row,)
    with open_store(tmp_path) as store:
        found = store.known([b"/elsewhere/new.jpg", path(7)])
        assert packed(store, [found[b"/elsewhere/new.jpg"].row or 0]) == [prints(7)]
        store.forget([path(7)])
        assert set(store.known([b"/elsewhere/new.jpg", path(7)])) == {b"/elsewhere/new.jpg"}


def test_identities_and_digests_are_found_in_bulk(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(1200), batch=600)
        identities = [(s.device, s.inode, s.size, s.mtime_ns) for s in map(stat, range(1400))]

        assert len(store.by_identities(identities)) == 1200
        assert len(store.by_digests([number.to_bytes(32, "big") for number in range(600, 1300)])) == 600
        assert store.digest_sizes().tolist() == [1000 + number for number in range(1200)]


def test_identity_of_a_file_put_after_the_first_question_is_found(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        there = stat(1)
        assert store.by_identity(there.device, there.inode, there.size, there.mtime_ns) == ()

        store.put([entry(1)])

        assert len(store.by_identity(there.device, there.inode, there.size, there.mtime_ns)) == 1


def test_changed_facts_keep_the_fingerprint(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        (row,) = store.put([entry(1, facts=replace(facts(1), blake3=None))])
        store.put([entry(1, prints=None, row=row)])

        assert knows(store, [1])


def test_row_that_no_record_names_is_not_taken_over(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1)])

        assert store.put([entry(2, prints=None, row=11)]) == (None,)

        assert store.known([path(2)])[path(2)].row is None


def test_last_of_two_entries_for_one_path_holds(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, facts=facts(9), prints=prints(9)), entry(1)])

        assert knows(store, [1])
        assert len(store.files_below(b"/")) == 1


def test_same_path_on_two_volumes_is_two_files(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, volume="stick A")])
        store.put([entry(1, volume="stick B", facts=facts(2), prints=prints(2))])

        assert store.known([path(1)])[path(1)].volume == "stick B"
        assert store.known([path(1)], volumes=["stick A"])[path(1)].facts == facts(1)
        assert store.known([path(1)], volumes=["stick C"]) == {}
        assert store.volumes() == {"stick A": 1, "stick B": 1}
        store.forget([path(1)], volume="stick B")
        assert store.known([path(1)])[path(1)].facts == facts(1)


def test_files_below_a_folder_are_its_files_and_no_neighbours(tmp_path: Path) -> None:
    names = [b"/a", b"/a/1", b"/a/b/2", b"/a\xff", b"/a0", b"/a.jpg", b"/b/1"]
    with open_store(tmp_path) as store:
        store.put([entry(number, path=name) for number, name in enumerate(names)])

        assert [file.path for file in store.files_below(b"/a")] == [b"/a", b"/a/1", b"/a/b/2"]
        assert [file.path for file in store.files_below(b"/a/")] == [b"/a", b"/a/1", b"/a/b/2"]
        assert len(store.files_below(b"/")) == len(names)


def test_attempts_count_while_file_and_outcome_stay_the_same(tmp_path: Path) -> None:
    crashed = PictureFacts("error", "decode.crashed", decoder="A 1")

    def attempts(store: FingerprintStore, one: PictureFacts, number: int = 1) -> int:
        store.put([Entry(path(1), stat(number), one, None, None, DISK)])
        return store.known([path(1)])[path(1)].attempts

    with open_store(tmp_path) as store:
        assert [attempts(store, crashed) for _ in range(3)] == [1, 2, 3]
        assert attempts(store, replace(crashed, decoder="A 2")) == 1
        assert attempts(store, crashed, number=2) == 1
        assert attempts(store, facts(1), number=2) == 0


def test_wire_flags_behind_the_parts_are_not_kept_and_short_prints_are_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, prints=prints(1) + b"\x01")])
        assert knows(store, [1])

        with pytest.raises(ValueError, match=str(ROW_BYTES)):
            store.put([entry(2), entry(3, prints=prints(3)[:-1])])

        assert store.known([path(2)]) == {}


def test_other_profile_sees_nothing_and_changes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
    with open_store(tmp_path, profile="p2-test") as store:
        assert store.known([path(1)]) == {}
        store.put([entry(1, facts=facts(3), prints=prints(3))])
        assert store.known([path(1)])[path(1)].facts == facts(3)

    with open_store(tmp_path) as store:
        assert knows(store, range(20))
        assert store.info()["profiles"] == {"p1-test": 20, "p2-test": 1}


def test_store_in_memory_answers_alike(tmp_path: Path) -> None:
    with FingerprintStore.in_memory(PROFILE, PARTS) as store:
        fill(store, range(40))
        store.put_pairs(bytes(32), np.zeros(0, np.int8))

        assert knows(store, range(40)) and not store.writable
        assert store.verify() == []
        assert store.info()["files"] == 40 and store.info()["folder"] is None
        assert store.load_pairs(bytes(32)) is not None


def test_names_that_could_leave_the_folder_are_refused(tmp_path: Path) -> None:
    for name in ("../x", "", "a/b", "A", "x" * 40):
        with pytest.raises(ValueError):
            FingerprintStore.open(tmp_path, name, PARTS)
        with pytest.raises(ValueError):
            FingerprintStore.open(tmp_path, PROFILE, {name: PARTS["hash"]})
    assert list(tmp_path.iterdir()) == []


def test_catalog_has_a_column_for_every_fact() -> None:
    assert field_names(PictureFacts) == FACTS
    for name in FACTS:
        value = getattr(facts(1), name)
        wanted = {bytes: "BLOB", str: "TEXT", int: "INTEGER", bool: "INTEGER", type(None): "TEXT"}[type(value)]
        assert fact_type(name) == wanted, f"{name}: give it a type and a migration"
