"""The pool shares its processes out among volumes, and tells what a file was refused with."""

from __future__ import annotations

import errno
import os

import pytest

from engine.jobs import pools
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from tests.isolation.conftest import RESULT_S, SHORT, Bench


def ask(pool: Workers, jobs: list[FileJob]) -> list[FileResult]:
    for job in jobs:
        pool.submit(job)
    results = [pool.next_result(RESULT_S) for _ in jobs]
    assert None not in results
    return [result for result in results if result is not None]


def jobs(bench: Bench, count: int, volume: int, word: str = "ok") -> list[FileJob]:
    return [
        FileJob(Kind.FINGERPRINT, bench.file(f"{volume}-{n}.jpg", word), 0, token=(volume, n), volume=volume)
        for n in range(count)
    ]


def test_a_volume_that_bears_one_file_at_a_time_keeps_one_process_busy(bench: Bench) -> None:
    with bench.workers(4) as pool:
        pool.share({1: 1})
        results = ask(pool, jobs(bench, 6, 1))

    assert [result.code for result in results] == [None] * 6
    assert len(bench.pids) == 1


def test_a_volume_that_hangs_leaves_a_process_for_the_other(bench: Bench) -> None:
    with bench.workers(2, SHORT) as pool:
        pool.share({1: 2, 2: 2})
        results = ask(pool, [*jobs(bench, 3, 1, "sleep"), *jobs(bench, 5, 2)])

    order = [result.token[0] for result in results]
    assert order[:5] == [2] * 5
    assert {result.code for result in results if result.token[0] == 1} == {"decode.timeout"}


def test_what_was_not_begun_can_be_taken_back(bench: Bench) -> None:
    with bench.workers(1) as pool:
        pool.share({1: 0, 2: 1})
        for job in jobs(bench, 3, 1):
            pool.submit(job)
        results = ask(pool, jobs(bench, 2, 2))
        recalled = pool.recall(1)

    assert [job.token for job in recalled] == [(1, 0), (1, 1), (1, 2)]
    assert {result.token[0] for result in results} == {2}


@pytest.mark.parametrize("allowed", [True, False])
def test_workers_come_forward_when_they_shall(bench: Bench, monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    with Workers(1, SHORT, command=bench.command(), on_event=bench.event, background=True) as pool:
        ask(pool, jobs(bench, 1, 1))
        if not allowed:  # as for everybody but the administrator
            monkeypatch.setattr(pools, "_nice", lambda child, niceness: False)
        pool.stand_back(False)
        ask(pool, jobs(bench, 1, 1))
        nice = os.getpriority(os.PRIO_PROCESS, bench.pids[-1])

    assert nice == usual
    assert not allowed or usual > 0 or len(bench.pids) <= 2


def test_a_patient_caller_gets_a_stall_at_once_and_an_impatient_one_after_two(bench: Bench) -> None:
    path = bench.file("x.jpg", "sleep")
    with bench.workers(1, SHORT) as pool:
        (patient,) = ask(pool, [FileJob(Kind.FINGERPRINT, path, 0, patient=True)])
        tries = len(bench.pids)
        (other,) = ask(pool, [FileJob(Kind.FINGERPRINT, path, 0)])

    assert (patient.code, patient.error_number, tries) == ("decode.timeout", errno.ETIMEDOUT, 1)
    assert (other.code, other.error_number, len(bench.pids)) == ("decode.timeout", errno.ETIMEDOUT, 3)


def test_a_decoder_that_works_without_end_is_no_stall(bench: Bench) -> None:
    (result,) = bench.run("spin")

    assert (result.code, result.error_number) == ("decode.timeout", 0)


def test_a_result_tells_what_the_system_refused(bench: Bench) -> None:
    with bench.workers(1) as pool:
        (gone,) = ask(pool, [FileJob(Kind.FINGERPRINT, os.fsencode(bench.folder / "nothing.jpg"), 0)])

    assert (gone.code, gone.error_number) == ("read.vanished", errno.ENOENT)
