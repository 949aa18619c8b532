"""Workers never outlive the pool, the cancel or the parent, whatever they are doing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.config import Limits
from engine.errors import Cancelled, EngineError
from engine.jobs.pools import STAND_BACK, FileJob, Kind, Workers
from tests.isolation.conftest import SHORT, Bench, is_gone

GONE_S = 3.0

PARENT = """
import os
import sys
from engine.config import Limits
from engine.jobs.pools import FileJob, Kind, Workers

def told(name, pid):
    os.write(1, f"{pid}\\n".encode())

pool = Workers(2, Limits(), command=sys.argv[2:], on_event=told)
for number in range(2):
    pool.submit(FileJob(Kind.FINGERPRINT, sys.argv[1].encode(), 0, token=number))
pool.next_result(600)
"""


@pytest.mark.parametrize(("fault", "how"), [("spin-in-c", ()), ("sleep", ("--orphan",)), ("spin", ("--orphan",))])
def test_killed_parent_leaves_no_child(bench: Bench, fault: str, how: tuple[str, ...]) -> None:
    file = os.fsdecode(bench.file("x.jpg", fault))
    parent = subprocess.Popen([sys.executable, "-c", PARENT, file, *bench.command(*how)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    try:
        children = [int(parent.stdout.readline()) for _ in range(2)]
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()

    assert all(is_gone(pid, GONE_S) for pid in children)


def test_interrupt_from_the_keyboard_is_the_parents_to_handle(bench: Bench) -> None:
    with bench.workers() as pool:
        bench.ask(pool, "ok")
        os.kill(bench.pids[0], signal.SIGINT)
        bench.ask(pool, "ok")

    assert len(bench.pids) == 1


def test_close_ends_workers_in_the_middle_of_files(bench: Bench) -> None:
    pool = bench.workers(2, Limits())
    for number, fault in enumerate(("spin-in-c", "sleep", "ok", "ok")):
        pool.submit(FileJob(Kind.FINGERPRINT, bench.file(f"{number}.jpg", fault), 0))
    bench.wait_for_children(2)

    pool.close()
    pool.close()

    assert pool.results.empty()
    with pytest.raises(Cancelled):
        pool.submit(FileJob(Kind.FINGERPRINT, b"/x.jpg", 0))


def test_cancel_wakes_whoever_waits_to_submit(bench: Bench) -> None:
    pool = bench.workers(1, Limits())
    path = bench.file("x.jpg", "sleep")
    outcome: list[type[BaseException]] = []

    def feed() -> None:
        try:
            while True:
                pool.submit(FileJob(Kind.FINGERPRINT, path, 0))
        except Cancelled as error:
            outcome.append(type(error))

    feeder = threading.Thread(target=feed)
    feeder.start()
    bench.wait_for_children(1)
    pool.cancel()
    feeder.join(30)
    pool.close()

    assert outcome == [Cancelled]


def test_no_process_starts_before_the_first_job(bench: Bench) -> None:
    with bench.workers(2):
        pass

    assert bench.pids == []


def test_no_more_processes_start_than_there_are_files(bench: Bench) -> None:
    bench.run("ok", count=8)

    assert len(bench.pids) == 1


def test_warm_pool_has_its_workers_before_the_first_job(bench: Bench) -> None:
    with bench.workers(2) as pool:
        pool.warm_up()
        bench.wait_for_children(2)
        results = bench.ask(pool, "ok", "ok", "ok")

    assert [result.code for result in results] == [None] * 3
    assert len(bench.pids) == 2


@pytest.mark.parametrize("background", [False, True])
def test_workers_of_a_scan_stand_back_and_those_of_the_screen_do_not(bench: Bench, background: bool) -> None:
    with Workers(1, SHORT, command=bench.command(), on_event=bench.event, background=background) as pool:
        bench.ask(pool, "ok")
        nice = os.getpriority(os.PRIO_PROCESS, bench.pids[0])

    assert nice == (max(STAND_BACK, os.getpriority(os.PRIO_PROCESS, 0)) if background else os.getpriority(os.PRIO_PROCESS, 0))


def test_worker_killed_between_files_costs_none(bench: Bench) -> None:
    with bench.workers() as pool:
        bench.ask(pool, "ok")
        os.kill(bench.pids[0], signal.SIGKILL)
        assert is_gone(bench.pids[0], 10)
        (result,) = bench.ask(pool, "ok")

    assert result.code is None


@pytest.mark.parametrize("why", ["SystemExit('no codecs here')", "ImportError('no codecs here')"])
def test_worker_program_that_does_not_start_says_why(bench: Bench, why: str) -> None:
    with Workers(1, Limits(), command=[sys.executable, "-I", "-c", f"raise {why}"]) as pool:
        pool.submit(FileJob(Kind.FINGERPRINT, bench.file("x.jpg", "ok"), 0))
        with pytest.raises(EngineError, match="no codecs here"):
            pool.next_result(30)


def test_program_ends_although_a_pool_was_not_closed(bench: Bench) -> None:
    script = PARENT.replace("pool.next_result(600)", "pool.next_result(1)")

    done = subprocess.run(
        [sys.executable, "-c", script, bench.file("x.jpg", "sleep"), *bench.command()], stdout=subprocess.PIPE, timeout=60
    )

    assert done.returncode == 0
    assert all(is_gone(int(pid), GONE_S) for pid in done.stdout.split())


def test_worker_program_that_does_not_start_blames_no_file(bench: Bench, tmp_path: Path) -> None:
    for command in ([sys.executable, "-I", bench.command()[2], "--broken"], [str(tmp_path / "nothing")]):
        with Workers(2, Limits(), command=command) as pool:
            for number in range(4):
                try:
                    pool.submit(FileJob(Kind.FINGERPRINT, bench.file(f"{number}.jpg", "ok"), 0))
                except EngineError:
                    break
            with pytest.raises(EngineError, match="does not start"):
                while pool.next_result(30) is None:
                    pass


def test_worker_that_starts_when_its_parent_is_gone_does_not_load_its_codecs() -> None:
    ours, other = socket.socketpair()
    ours.close()
    done = subprocess.run(
        [sys.executable, "-I", "-v", "-m", "engine.worker"], stdin=other, stderr=subprocess.PIPE, timeout=60, check=False
    )
    other.close()

    assert done.returncode == 0
    assert b"engine.worker.parent" in done.stderr and b"PIL" not in done.stderr and b"numpy" not in done.stderr
