"""The store's state is another one after each change, and the same when nothing changed, whoever asks and however often."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from engine.store import FingerprintStore, PartSpec
from engine.store.columns import MEMORY_ROWS
from engine.store.rows import RowSet
from tests.store.support import CAPACITY, entry, fill, open_store, path


def test_the_state_stays_while_nothing_changes_and_over_openings(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        state = store.state()
        store.known([path(3)])
        assert len(state) == 16 and store.state() == state
    with open_store(tmp_path) as store:
        assert store.state() == state
    with open_store(tmp_path, write=False) as reader:
        assert reader.state() == state


def test_every_change_gives_a_state_that_never_was(tmp_path: Path) -> None:
    seen: list[bytes] = []
    with open_store(tmp_path) as store:
        seen.append(store.state())
        for number in range(4):
            store.put([entry(number)])
            seen.append(store.state())
        store.put([entry(0)])
        seen.append(store.state())
        store.forget([path(1)])
        seen.append(store.state())
        store.compact()
        seen.append(store.state())
    assert len(set(seen)) == len(seen)


def test_a_catalog_put_back_from_before_gets_other_states_than_the_one_that_went_on(tmp_path: Path) -> None:
    """As after a power cut that took the last commits back."""
    with open_store(tmp_path) as store:
        fill(store, range(5))
    before = (tmp_path / "catalog.sqlite").read_bytes()
    with open_store(tmp_path) as store:
        store.put([entry(7)])
        lost = store.state()
    (tmp_path / "catalog.sqlite").write_bytes(before)
    with open_store(tmp_path) as store:
        store.put([entry(8)])
        assert store.state() != lost


def test_two_caches_are_never_in_the_same_state(tmp_path: Path) -> None:
    states = set()
    for name in ("a", "b"):
        with open_store(tmp_path / name) as store:
            states.add(store.state())
            fill(store, range(3))
            states.add(store.state())
    assert len(states) == 4


def test_what_a_reader_keeps_in_memory_is_a_state_of_its_own(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(3))
        state = store.state()
    with open_store(tmp_path, write=False) as reader:
        reader.put([entry(5)])
        first = reader.state()
        reader.put([entry(6)])
        assert len({state, first, reader.state()}) == 3


def test_lazy_rows_are_those_that_a_gather_gives(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(3 * CAPACITY + 2))
        rows = np.array([store.known([path(number)])[path(number)].row for number in (40, 3, 3, 17, 0, 49)])
        for part in ("hash", "plate"):
            whole, lazy = store.prints(rows, [part])[part], store.lazy(rows, part)
            assert len(lazy) == 6 and lazy.shape == whole.shape and lazy.dtype == whole.dtype
            assert (np.asarray(lazy) == whole).all() and (lazy[1:4] == whole[1:4]).all()
            assert (lazy[2] == whole[2]).all() and (lazy[-1] == whole[-1]).all()
            assert (lazy[np.array([5, 0])] == whole[[5, 0]]).all() and lazy[[]].shape == (0, *whole.shape[1:])
            assert all((one == other).all() for one, other in zip(lazy, whole, strict=True))


def test_lazy_rows_of_pictures_that_have_no_file_come_from_memory(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(3))
    with open_store(tmp_path, write=False) as reader:
        row = reader.put([entry(9)])[0] or 0
        assert (reader.lazy([row], "plate")[0] == reader.prints([row], ["plate"])["plate"][0]).all()


def test_a_set_of_rows_knows_those_it_was_given_and_no_others() -> None:
    rows, high = RowSet(), MEMORY_ROWS + 5
    for some in ([3, 70_000], [0, high], []):
        rows.add(np.array(some, np.int64))
    assert [row for row in (-1, 0, 1, 3, 4, 69_999, 70_000, 70_001, 10**9, high - 1, high, high + 1) if row in rows] == [
        *(0, 3, 70_000, high),
    ]
    rows.clear()
    assert 3 not in rows and high not in rows


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much is in memory")
def test_reading_many_rows_leaves_nothing_of_them_in_memory(disk_path: Path) -> None:
    parts = {"plate": PartSpec(np.dtype("u1"), (64, 64), 1)}
    count = 12_000  # 49 MB
    with FingerprintStore.open(disk_path, "p1-test", parts) as store:
        for start in range(0, count, 500):
            numbers = range(start, start + 500)
            store.put([entry(number, prints=number.to_bytes(4, "little") * 1024) for number in numbers])
    with FingerprintStore.open(disk_path, "p1-test", parts) as store:
        plates, before = store.lazy(np.arange(count), "plate"), resident()
        for start in range(0, count, 500):
            assert len(plates[start : start + 500]) == 500
        for start in range(0, count, 500):
            store.prints(np.arange(start, start + 500))
        assert resident() - before < 12_000_000
        assert bytes(plates[777][0][:4]) == (777).to_bytes(4, "little")


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
