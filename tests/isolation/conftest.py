"""A lane of faulty workers with short limits: each test writes files whose first word is the fault they trigger."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.config import Limits
from engine.jobs.pools import FileJob, FileResult, Kind, Workers

PROGRAM = Path(__file__).resolve().parents[1] / "support" / "faulty_worker.py"
SHORT = Limits(cpu_base_s=0.4, stall_s=0.6, wall_s=30.0)
RESULT_S = 60.0  # a bound for broken programs, never waited for


def is_gone(pid: int, within_s: float) -> bool:
    """Waits for the end of a process that need not be a child of ours."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], within_s)[0])
    finally:
        os.close(descriptor)


@dataclass
class Bench:
    """Makes files and runs faulty workers over them. pids: of every worker that was started."""

    folder: Path
    pids: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def file(self, name: str, content: str) -> bytes:
        """A file that triggers `content`; raw path."""
        path = self.folder / name
        path.write_text(f"{content}\n{self.folder}\n")
        return os.fsencode(path)

    def command(self, *more: str) -> list[str]:
        """The faulty worker program."""
        mark = self.folder / ".mark"
        mark.write_bytes(b"\0")
        return [sys.executable, "-I", str(PROGRAM), str(mark), *more]

    def event(self, name: str, pid: int) -> None:
        """Told by the pool."""
        with self.changed:
            {"started": self.pids, "ended": self.ended}[name].append(pid)
            self.changed.notify_all()

    def wait_for_children(self, count: int) -> None:
        """Until so many were started."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.pids) >= count, RESULT_S)

    def workers(self, count: int = 1, limits: Limits = SHORT, command: Sequence[str] | None = None) -> Workers:
        """A pool of faulty workers, to be closed by the test."""
        return Workers(count, limits, command=command or self.command(), on_event=self.event)

    def run(self, *contents: str, count: int = 1, limits: Limits = SHORT, kind: Kind = Kind.FINGERPRINT) -> list[FileResult]:
        """Results in the order of the files given."""
        with self.workers(count, limits) as pool:
            return self.ask(pool, *contents, kind=kind)

    def ask(self, pool: Workers, *contents: str, kind: Kind = Kind.FINGERPRINT, edge: int = 0) -> list[FileResult]:
        """The same in a pool that stays open."""
        for number, content in enumerate(contents):
            pool.submit(FileJob(kind, self.file(f"{number}.jpg", content), 0, edge, token=number))
        results: dict[int, FileResult] = {}
        while len(results) < len(contents):
            result = pool.next_result(RESULT_S)
            assert result is not None, "no result"
            results[result.token] = result
        return [results[number] for number in range(len(contents))]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench, and the certainty that it leaves no process behind."""
    made = Bench(tmp_path)
    yield made
    assert sorted(made.pids) == sorted(made.ended)
    assert all(is_gone(pid, 0) for pid in made.pids)
