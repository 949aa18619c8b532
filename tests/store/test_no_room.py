"""Full, read-only, impossible: the work goes on without the cache, and the user is told once."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.store import columns, files, pairs
from tests.store.support import entry, fill, knows, open_store, path, some_pairs, store_files, wrong_answers

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))


def failing(times: int, code: int) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Lets so many calls through; from then on every call fails."""

    def wrap(real: Callable[..., object]) -> Callable[..., object]:
        left = [times]

        def call(*args: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(code, os.strerror(code))
            return real(*args)

        return call

    return wrap


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("function", ["write_at", "flush", "publish", "create_new"])
@pytest.mark.parametrize("times", [0, 5])
def test_write_error_in_the_middle_costs_nothing_of_what_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, function: str, times: int
) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(14))
    wrapped = failing(times, code)(getattr(files, function))
    with open_store(tmp_path) as store:
        before = store.known([path(number) for number in range(14)])
        for module in (columns, pairs):
            monkeypatch.setattr(module, function, wrapped)

        fill(store, range(14, 60))
        store.put_pairs(KEY, some_pairs(7))

        assert knows(store, range(60))
        pairs_now = store.load_pairs(KEY)
        assert pairs_now is not None and pairs_now.tobytes() == some_pairs(7).tobytes()
        assert store.verify_rows(list(before.values())) == set()
        assert not store.writable
        assert len(store.notes) == 1 and os.strerror(code) in store.notes[0]

    monkeypatch.undo()
    with open_store(tmp_path) as store:
        assert knows(store, range(14)) and wrong_answers(store, range(60)) == [] and store.verify() == []
        fill(store, range(60))
        assert knows(store, range(60)) and store.writable and store.notes == []


def test_full_catalog_costs_nothing_of_what_is_at_hand(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        connection = store._opened.catalog._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

        fill(store, range(20, 300), batch=40)

        assert knows(store, range(300)) and not store.writable
        assert len(store.notes) == 1 and "full" in store.notes[0]
    with open_store(tmp_path) as store:
        assert knows(store, range(20)) and wrong_answers(store, range(300)) == [] and store.verify() == []


LIMITED = """
import resource, signal, sys
from pathlib import Path
from tests.store.support import *
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
with open_store(Path(sys.argv[1])) as store:
    fill(store, range(200), batch=40)
    store.put_pairs(bytes(32), some_pairs(5000))
    assert knows(store, range(200)), "lost"
    assert len(store.load_pairs(bytes(32))) == 5000
    assert not store.writable and len(store.notes) == 1, store.notes
"""


@pytest.mark.parametrize("limit", [0, 3000, 4400, 30_000, 110_000])
def test_every_limit_of_file_size_is_survived(tmp_path: Path, limit: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "cache"), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    with open_store(tmp_path / "cache") as store:
        assert wrong_answers(store, range(200)) == []
        assert store.notes == [] and store.verify() == []
        fill(store, range(200), batch=100)
        assert knows(store, range(200)) and store.writable


def test_file_in_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"mine")
    for folder in (tmp_path / "cache", tmp_path / "cache" / "deeper"):
        with open_store(folder) as store:
            fill(store, range(20))

            assert knows(store, range(20)) and not store.writable
            assert len(store.notes) == 1

    assert (tmp_path / "cache").read_bytes() == b"mine"
    assert [file.name for file in tmp_path.iterdir()] == ["cache"]


def test_folder_that_cannot_be_made_is_done_without() -> None:
    with open_store(Path("/proc/imgfp/cache")) as store:
        fill(store, range(3))

        assert knows(store, range(3)) and not store.writable and len(store.notes) == 1


def test_store_of_another_user_is_neither_used_nor_touched(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(3))
    if os.getuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(tmp_path / "catalog.sqlite", 12345, 12345)
    before = store_files(tmp_path)

    with open_store(tmp_path) as store:
        assert store.known([path(1)]) == {} and not store.writable and len(store.notes) == 1
        store.put([entry(1)])

    assert store_files(tmp_path) == before


@pytest.fixture
def disk(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A mounted file system of 600 KiB of our own: call with "ro" or "rw" to mount it anew."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = tmp_path / "disk"
    place.mkdir()
    if libc.mount(b"none", os.fsencode(place), b"tmpfs", 0, b"size=600k,mode=700") != 0:
        pytest.skip("may not mount here")

    def remount(way: str) -> Path:
        flags = 32 | (1 if way == "ro" else 0)  # MS_REMOUNT, MS_RDONLY
        assert libc.mount(b"none", os.fsencode(place), b"tmpfs", flags, b"size=600k,mode=700") == 0, ctypes.get_errno()
        return place

    yield remount
    libc.umount2(os.fsencode(place), 2)


def test_disk_that_fills_up_costs_nothing_of_what_is_at_hand(disk: Callable[[str], Path]) -> None:
    folder = disk("rw") / "cache"
    with open_store(folder) as store:
        fill(store, range(1200), batch=200)

        assert knows(store, range(1200)) and not store.writable and len(store.notes) == 1

    with open_store(folder) as store:
        assert wrong_answers(store, range(1200)) == []
        fill(store, range(1200), batch=600)
        assert knows(store, range(1200))


def test_disk_that_is_full_from_the_start_is_done_without(disk: Callable[[str], Path]) -> None:
    place = disk("rw")
    with open(place / "filler", "wb", buffering=0) as filler, pytest.raises(OSError):
        while True:
            filler.write(bytes(4096))

    with open_store(place / "cache") as store:
        fill(store, range(30))

        assert knows(store, range(30)) and not store.writable and len(store.notes) == 1

    (place / "filler").unlink()
    with open_store(place / "cache") as store:
        fill(store, range(30))
        assert knows(store, range(30)) and store.writable and store.notes == []


def test_read_only_disk_is_read_and_not_written(disk: Callable[[str], Path]) -> None:
    folder = disk("rw") / "cache"
    with open_store(folder) as store:
        fill(store, range(20))
    disk("ro")

    with open_store(folder) as store:
        assert knows(store, range(20)) and not store.writable
        assert len(store.notes) == 1 and "Read-only" in store.notes[0]
        fill(store, range(20, 40))
        assert knows(store, range(40))


def test_read_only_disk_without_a_store_is_done_without(disk: Callable[[str], Path]) -> None:
    with open_store(disk("ro") / "cache") as store:
        fill(store, range(20))

        assert knows(store, range(20)) and not store.writable and len(store.notes) == 1


def test_catalog_that_becomes_read_only_in_use_costs_nothing_of_what_is_at_hand(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(20))
        store._opened.catalog._connection.execute("PRAGMA query_only = ON")  # every change fails as on a read-only disk

        store.forget([path(3)])
        fill(store, range(20, 60))

        assert knows(store, [*range(3), *range(4, 60)]) and store.known([path(3)]) == {}
        assert not store.writable and len(store.notes) == 1 and "readonly" in store.notes[0]
    with open_store(tmp_path) as store:
        assert knows(store, range(20)) and store.verify() == []
