"""One writer, many readers, in this process and in others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import StoreError, StoreLocked
from engine.store import FingerprintStore
from tests.store.support import entry, facts, fill, knows, open_store, path, prints, some_pairs, stat, store_files, wrong_answers

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from tests.store.support import entry, fill, open_store
store = open_store(Path(sys.argv[1]), write=sys.argv[2] == "write")
if store.writable:
    fill(store, range(5))
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Starts another process that keeps the store open until it is told or killed."""
    started: list[subprocess.Popen[str]] = []

    def start(way: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLDER, str(tmp_path), way]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        started.append(process)
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_second_writer_is_refused_and_told_who_holds_the_store(tmp_path: Path, other) -> None:  # type: ignore[no-untyped-def]
    process = other("write")

    with pytest.raises(StoreLocked) as refusal:
        open_store(tmp_path)

    assert str(process.pid) in refusal.value.message and refusal.value.exit_code == 4
    with pytest.raises(StoreLocked):
        FingerprintStore.clear(tmp_path)
    with open_store(tmp_path, write=False) as store:
        assert knows(store, range(5))


def test_lock_of_a_killed_writer_is_free_and_what_it_committed_is_there(tmp_path: Path, other) -> None:  # type: ignore[no-untyped-def]
    process = other("write")

    process.kill()
    process.wait()

    with open_store(tmp_path) as store:
        assert store.writable and knows(store, range(5)) and store.notes == []


def test_readers_do_not_disturb_each_other_or_the_writer(tmp_path: Path, other) -> None:  # type: ignore[no-untyped-def]
    with open_store(tmp_path) as store:
        fill(store, range(20))
    other("read")
    with open_store(tmp_path, write=False) as reader, open_store(tmp_path) as writer:
        fill(writer, range(15, 30))

        assert knows(reader, range(20)) and knows(writer, range(30))
        assert wrong_answers(reader, range(30)) == []


def test_reader_keeps_what_it_is_given_in_memory_and_changes_no_file(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
    before = store_files(tmp_path)

    with open_store(tmp_path, write=False) as reader:
        fill(reader, range(15, 40))
        reader.forget([path(3)])
        pairs = some_pairs(4)
        reader.put_pairs(bytes(32), pairs)

        assert knows(reader, [*range(3), *range(4, 40)]) and path(3) not in reader.known([path(3)])
        assert reader.load_pairs(bytes(32)) is pairs
        assert not reader.writable
        with pytest.raises(StoreError):
            reader.compact()

    assert store_files(tmp_path) == before


def test_reader_of_no_store_makes_none(tmp_path: Path) -> None:
    with open_store(tmp_path / "none", write=False) as reader:
        fill(reader, range(5))

        assert knows(reader, range(5)) and not reader.writable and reader.notes == []

    assert list(tmp_path.iterdir()) == []


def test_rows_that_a_reader_may_hold_are_never_written_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
    with open_store(tmp_path, write=False) as reader:
        held = reader.known([path(number) for number in range(20)])
        for _ in range(3):
            with open_store(tmp_path) as writer:
                writer.forget([path(number) for number in range(10)])
                writer.put([entry(number, facts=facts(500 + number), prints=prints(500 + number)) for number in range(10)])

        rows = [held[path(number)].row for number in range(20)]
        assert reader.verify_rows(list(held.values())) == set()
        assert [bytes(one.tobytes()) for one in reader.prints(rows)["hash"]] == [prints(n)[:8] for n in range(20)]  # type: ignore[arg-type]


def test_rows_freed_in_one_session_are_used_in_the_next_and_not_before(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        store.forget([path(number) for number in range(12)])
        assert min(store.put([entry(number) for number in range(12)])) == 20  # type: ignore[type-var]

    with open_store(tmp_path) as store:
        assert sorted(store.put([entry(number) for number in range(100, 106)])) == list(range(6))  # type: ignore[type-var]
        assert knows(store, [*range(20), *range(100, 106)])


def test_compacting_waits_for_no_reader_but_refuses(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        with open_store(tmp_path, write=False), pytest.raises(StoreLocked):
            store.compact()
        store.compact()

        assert knows(store, range(20))


def test_closed_store_gives_its_lock_back_and_closes_twice(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([entry(1, stat=stat(9))])

    store.close()
    store.close()

    with open_store(tmp_path) as again:
        assert again.writable
