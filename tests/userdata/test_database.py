"""The user data survives migrations, damage, full disks and newer versions, and says what it did."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StoreError, StoreNewer
from engine.records import Suggest
from engine.userdata import DecisionFile, Mark, NewRow, UserData, backups, schema

A, B = DecisionFile(b"a" * 32), DecisionFile(b"b" * 32)
NAME = "userdata.sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "some" / "data"


def _with_decision(folder: Path) -> None:
    with UserData.open(folder) as user:
        user.decisions.remember("different", [A, B])


def test_folder_and_file_are_private_and_commits_durable(folder: Path) -> None:
    with UserData.open(folder) as user:
        connection = user.database.connection
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        user.decisions.remember("different", [A, B])
        modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}


def test_open_folder_of_ours_is_made_private_again(folder: Path) -> None:
    _with_decision(folder)
    folder.chmod(0o755)

    UserData.open(folder).close()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_reading_writes_nothing(tmp_path: Path) -> None:
    with UserData.open_reading(tmp_path / "none") as user:
        assert user.decisions.all() == () and user.journal.history() == []
        with pytest.raises(StoreError):
            user.decisions.remember("different", [A, B])

    assert list(tmp_path.iterdir()) == []


def test_reading_works_where_nothing_may_be_written(folder: Path) -> None:
    _with_decision(folder)
    before = {entry.name: entry.read_bytes() for entry in folder.iterdir()}

    with UserData.open_reading(folder) as user:
        assert len(user.decisions.all()) == 1

    assert before[NAME] == (folder / NAME).read_bytes()


def test_newer_version_is_left_alone(folder: Path) -> None:
    _with_decision(folder)
    with sqlite3.connect(folder / NAME) as connection:
        connection.execute(f"PRAGMA user_version={len(schema.MIGRATIONS) + 1}")
    connection.close()
    before = (folder / NAME).read_bytes()

    for opening in (UserData.open, UserData.open_reading):
        with pytest.raises(StoreNewer) as caught:
            opening(folder)
        assert caught.value.exit_code == 4
    assert (folder / NAME).read_bytes() == before


def test_migration_keeps_everything_and_sets_a_copy_aside_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = len(schema.MIGRATIONS)
    _with_decision(folder)

    def another(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE answers (a INTEGER)")

    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, another))
    with UserData.open_reading(folder) as user:
        assert len(user.decisions.all()) == 1
    with UserData.open(folder) as user:
        assert len(user.decisions.all()) == 1
        assert user.database.connection.execute("PRAGMA user_version").fetchone() == (now + 1,)

    copies = backups.copies(folder)
    assert any(f"-v{now}." in copy.name for copy in copies)
    old = sqlite3.connect(copies[0])
    assert old.execute("SELECT count(*) FROM decisions").fetchone() == (1,)
    old.close()


def test_user_data_of_the_first_version_gets_the_tables_for_marks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        _with_decision(folder)

    with UserData.open_reading(folder) as user:
        assert (user.marks.marks(), user.marks.aside(), user.protected.all()) == ({}, frozenset(), ())
    with UserData.open(folder) as user:
        user.marks.store({b"/a.jpg": Mark(1, 2, Suggest.REMOVE)}, {})
        user.protected.set([b"/keep"])
        assert len(user.decisions.all()) == 1
    with UserData.open_reading(folder) as user:
        assert (user.marks.marks(), user.protected.all()) == ({b"/a.jpg": Mark(1, 2, Suggest.REMOVE)}, (b"/keep",))
    assert any("-v1." in copy.name for copy in backups.copies(folder))


def test_migration_that_fails_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_decision(folder)

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE decision_files")
        raise sqlite3.OperationalError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(StoreError):
            UserData.open(folder)

    with UserData.open(folder) as user:
        assert len(user.decisions.all()[0].files) == 2


def test_one_copy_a_day_and_ten_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_decision(folder)
    days = iter(f"2026{day:04d}" for day in range(1001, 1016))
    for _ in range(15):
        today = next(days)
        monkeypatch.setattr(backups.time, "strftime", lambda *_, today=today: today)
        UserData.open(folder).close()
        UserData.open(folder).close()

    names = [copy.name for copy in backups.copies(folder)]
    assert len(names) == backups.KEPT
    assert [name.split("-")[2] for name in names] == [f"2026{day:04d}" for day in range(1006, 1016)]


def test_clock_that_jumps_back_does_not_throw_the_new_copy_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_decision(folder)
    for day in [f"2099{day:04d}" for day in range(1001, 1013)] + ["19700101"]:
        monkeypatch.setattr(backups.time, "strftime", lambda *_, day=day: day)
        UserData.open(folder).close()

    assert backups.copies(folder)[-1].name.split("-")[2] == "19700101"


@pytest.mark.parametrize("harm", ["garbage", "cut", "tables"])
def test_damaged_file_is_set_aside_and_the_copy_takes_its_place(folder: Path, harm: str) -> None:
    _with_decision(folder)
    UserData.open(folder).close()  # the day's copy
    file = folder / NAME
    if harm == "garbage":
        file.write_bytes(os.urandom(8192))
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[:50])
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM decisions; END")
        connection.close()
    damaged = file.read_bytes()

    with UserData.open(folder) as user:
        assert len(user.decisions.all()) == 1
        assert user.warnings
    (aside,) = folder.glob("userdata.damaged-*.sqlite")
    assert aside.read_bytes() == damaged


def test_damaged_file_without_a_copy_is_left_alone(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(b"no database" * 100)

    for opening in (UserData.open, UserData.open_reading):
        with pytest.raises(StoreError) as caught:
            opening(folder)
        assert caught.value.exit_code == 4
    assert (folder / NAME).read_bytes() == b"no database" * 100


def test_link_in_place_of_the_file_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    (tmp_path / "victim").write_bytes(b"")
    (folder / NAME).symlink_to(tmp_path / "victim")

    with pytest.raises(StoreError):
        UserData.open(folder)

    assert (tmp_path / "victim").read_bytes() == b""


def test_folder_that_cannot_be_written_is_an_error_for_writers_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError) as caught:
        UserData.open(tmp_path / "file" / "data")
    assert caught.value.exit_code == 4
    with UserData.open_reading(tmp_path / "file" / "data") as user:
        assert user.decisions.all() == ()


def test_kill_while_writing_loses_nothing_that_was_promised(folder: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom engine.userdata import *\n"
        "user = UserData.open(Path(sys.argv[1]))\nrun = user.journal.begin('apply', folder=None)\n"
        "for n in range(20):\n    user.journal.intend(run.seq, n, [NewRow(b'/r/%d' % n, b'/r')])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=False, cwd=Path(__file__).resolve().parents[2])

    with UserData.open(folder) as user:
        (run,) = user.journal.unfinished()
        assert len(user.journal.rows(run.seq)) == 20


def test_row_keeps_every_byte(folder: Path) -> None:
    path = bytes(range(1, 256)).replace(b"/", b"")
    with UserData.open(folder) as user:
        run = user.journal.begin("apply", folder=b"/q\xff", plan={"a": [1]})
        row = NewRow(b"/r/" + path, b"/r", None, b"/q/" + path, b"d" * 32, ((b"user.a", b"\0\xff"),), b"/r/k", "why", (b"/t",))
        (number,) = user.journal.intend(run.seq, 0, [row])
        found = user.journal.row(number)

        assert found is not None
        assert (found.path, found.destination, found.digest, found.xattrs, found.places) == (
            row.path, row.destination, row.digest, row.xattrs, row.places,
        )  # fmt: skip
        assert user.journal.plan(run.seq) == {"a": [1]}
        assert user.journal.find(run.id) == run


def test_full_disk_is_said_and_nothing_is_half_written(folder: Path) -> None:
    with UserData.open(folder) as user:
        run = user.journal.begin("apply", folder=None)
        connection = user.database.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 1}")
        with pytest.raises(StoreError) as caught:
            user.journal.intend(run.seq, 0, [NewRow(b"/r/" + b"x" * 4000, b"/r") for _ in range(50)])
        assert caught.value.code == "store.full"
        assert user.journal.rows(run.seq) == []


def test_two_programs_open_a_new_folder_at_once(folder: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom engine.userdata import UserData\nUserData.open(Path(sys.argv[1])).close()\n"
    )
    command = [sys.executable, "-c", script, str(folder)]
    several = [subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2]) for _ in range(3)]

    assert [process.wait(timeout=60) for process in several] == [0, 0, 0]


def test_application_of_another_program_is_not_ours(folder: Path) -> None:
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / NAME) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()

    with pytest.raises(StoreError):
        UserData.open(folder)
