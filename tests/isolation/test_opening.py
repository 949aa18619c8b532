"""A file is opened once, read-only, and judged by that descriptor; whatever is in its place costs no worker."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from engine.errors import DecodeError
from engine.jobs import child, opening, supervisor
from engine.jobs.pools import FileJob, FileResult, Kind
from engine.records import StatFacts
from tests.isolation.conftest import Bench


def _ask(bench: Bench, path: Path, kind: Kind = Kind.FINGERPRINT) -> FileResult:
    with bench.workers() as pool:
        pool.submit(FileJob(kind, os.fsencode(path), 0, token="x"))
        result = pool.next_result(60)
        assert result is not None
        return result


def test_missing_file_is_vanished(bench: Bench) -> None:
    for path in (bench.folder / "gone.jpg", bench.folder / "no" / "folder.jpg"):
        result = _ask(bench, path)

        assert (result.code, result.stat) == ("read.vanished", None)
        assert result.facts is not None and result.facts.status == "error"
    assert bench.pids == []


@pytest.mark.parametrize("what", ["folder", "pipe", "socket", "device"])
def test_what_is_no_regular_file_is_never_read(bench: Bench, what: str) -> None:
    path = bench.folder / "x.jpg"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
    else:
        path = Path(os.devnull)

    result = _ask(bench, path)

    assert result.code == ("read.io" if what == "socket" else "scan.not-regular")
    assert bench.pids == []


def test_file_that_may_not_be_read_is_denied(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated, as tests may run as root, whom nothing is denied."""
    tried: list[int] = []

    def deny(path: bytes, flags: int) -> int:
        tried.append(flags)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(opening.os, "open", deny)

    with pytest.raises(DecodeError) as caught:
        opening.open_for_reading(b"/x.jpg")

    assert caught.value.code == "read.denied"
    assert tried[0] & os.O_NOATIME and not tried[1] & os.O_NOATIME  # another user's file is read as usual
    assert all(not flags & (os.O_WRONLY | os.O_RDWR) and flags & os.O_CLOEXEC and flags & os.O_NONBLOCK for flags in tried)


def test_reading_leaves_no_trace(bench: Bench) -> None:
    path = Path(os.fsdecode(bench.file("x.jpg", "ok")))
    os.utime(path, ns=(1, 2))
    before = path.stat()

    result = _ask(bench, path)

    after = path.stat()
    assert result.code is None
    assert (after.st_atime_ns, after.st_mtime_ns, after.st_ctime_ns) == (before.st_atime_ns, 2, before.st_ctime_ns)
    assert result.stat == StatFacts(
        before.st_size, before.st_mtime_ns, before.st_ctime_ns, before.st_dev, before.st_ino, before.st_mode
    )


@pytest.mark.parametrize("kind", [Kind.FINGERPRINT, Kind.DIGEST])
def test_file_that_changes_while_it_is_read_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    path = Path(os.fsdecode(bench.file("x.jpg", "ok")))
    honest = supervisor.stat_facts

    def after_another_program_wrote(descriptor: int) -> StatFacts:
        path.write_text(path.read_text() + "more")
        return honest(descriptor)

    monkeypatch.setattr(supervisor, "stat_facts", after_another_program_wrote)

    result = _ask(bench, path, kind)

    assert (result.code, result.digest, result.prints) == ("read.changed", None, b"")


def test_name_of_any_bytes_reaches_its_file(bench: Bench) -> None:
    path = bench.folder / os.fsdecode(b"\xff\xfe'\"\n\x1b[31m%s.jpg")
    path.write_text("ok")

    assert _ask(bench, path).code is None


def test_time_in_which_the_program_itself_was_stopped_is_not_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(child.time, "monotonic", lambda: now[0])
    watch = child._Watch(os.getpid(), child.Deadline(1e9, 20.0, 120.0, 1 << 60), 0.0)

    now[0] += 100_000.0  # suspended, or stopped with Ctrl+Z
    watch.look()
    for _ in range(300):  # 0.5 s are believed at a time
        now[0] += 0.5
        with_time_left = now[0] < 100_119.0
        if with_time_left:
            monkeypatch.setattr(child.vitals, "cpu_seconds", lambda pid, used=now[0]: used)
            watch.look()

    now[0] = 200_000.0
    with pytest.raises(child.ChildError, match="no answer"):
        for _ in range(10):
            now[0] += 0.5
            watch.look()
