"""A codec that crashes, hangs or eats memory costs its own file and nothing else."""

from __future__ import annotations

import logging

import pytest

from engine.config import Limits
from engine.jobs.pools import Kind
from engine.log import log_path, start_log
from tests.isolation.conftest import SHORT, Bench, is_gone

TIGHT = Limits(cpu_base_s=10.0, stall_s=10.0, memory_base=96 << 20, memory_per_pixel=0)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("segfault", "decode.crashed"),
        ("spin", "decode.timeout"),
        ("spin-in-c", "decode.timeout"),
        ("sleep", "decode.timeout"),
    ],
)
def test_faulty_codec_costs_one_file(bench: Bench, fault: str, code: str) -> None:
    results = bench.run("ok", fault, "ok")

    assert [result.code for result in results] == [None, code, None]
    facts = results[1].facts
    assert facts is not None and (facts.status, facts.code, facts.kind) == ("error", code, "picture")
    assert results[1].stat is not None and results[1].message
    assert len(bench.pids) == 3  # one for all the sound files before, one for the second try, one afterwards


@pytest.mark.parametrize(("fault", "code"), [("eat", "decode.memory"), ("eat-by-c", "decode.crashed")])
def test_codec_that_eats_memory_costs_one_file(bench: Bench, fault: str, code: str) -> None:
    results = bench.run("ok", fault, "ok", limits=TIGHT)

    assert [result.code for result in results] == [None, code, None]


def test_all_faults_at_once_cost_one_file_each(bench: Bench) -> None:
    contents = ["ok", "segfault", "ok", "sleep", "garbage", "ok", "refuse", "spin", "ok", "surprise", "chatter", "abort"]

    results = bench.run(*contents, count=2)

    wrong = {content: result.code for content, result in zip(contents, results, strict=True) if result.code}
    assert wrong == {
        "segfault": "decode.crashed",
        "sleep": "decode.timeout",
        "garbage": "decode.crashed",
        "refuse": "decode.truncated",
        "spin": "decode.timeout",
        "surprise": "decode.corrupt",
        "abort": "decode.crashed",
    }


@pytest.mark.parametrize("fault", ["segfault", "sleep"])
def test_fault_that_happens_once_costs_nothing(bench: Bench, fault: str) -> None:
    results = bench.run(f"{fault} once", "ok")

    assert [result.code for result in results] == [None, None]
    assert len(bench.pids) == 2


def test_error_that_a_codec_reports_costs_no_worker(bench: Bench) -> None:
    results = bench.run("refuse", "surprise", "bad-read", "ok")

    assert [result.code for result in results] == ["decode.truncated", "decode.corrupt", "read.io", None]
    assert len(bench.pids) == 1


def test_what_c_libraries_print_is_no_answer(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    results = bench.run("chatter")

    assert results[0].code is None
    assert "libfoo" not in "".join(capfd.readouterr())


def test_file_that_needs_much_memory_gets_a_turn_alone(bench: Bench) -> None:
    results = bench.run("ok", "lone", "ok", "lone", count=2)

    assert [result.code for result in results] == [None] * 4
    assert results[1].facts is not None and "alone" in results[1].facts.detail


def test_idle_workers_end_before_a_file_that_needs_much_memory(bench: Bench) -> None:
    with bench.workers(2) as pool:
        pool.warm_up()
        bench.wait_for_children(2)
        bench.ask(pool, "sleep once", "ok", "ok")  # both have had a file
        before = set(bench.pids)
        results = bench.ask(pool, "lone")
        left = [pid for pid in bench.pids if not is_gone(pid, 1.0)]
        again = bench.ask(pool, *["ok"] * 6)

    assert results[0].code is None and len(left) == 1 and len(before) >= 2
    assert [result.code for result in again] == [None] * 6


def test_library_of_files_that_need_much_memory_is_read_whole(bench: Bench) -> None:
    results = bench.run(*["lone", "ok", "lone"] * 8, count=3)

    assert [result.code for result in results] == [None] * 24


@pytest.mark.parametrize("fault", ["segfault", "eat", "garbage"])
def test_log_tells_which_worker_was_lost_and_not_by_what(bench: Bench, fault: str) -> None:
    root = logging.getLogger("engine")
    before, root.handlers[:] = root.handlers[:], []
    try:
        start_log()
        (result,) = bench.run(fault, limits=TIGHT)
        path = log_path()
        assert path is not None
        told = path.read_text().splitlines()
    finally:
        root.handlers[:] = before

    lost = [line for line in told if "event=worker_lost" in line]
    assert len(lost) == 2 and all(f"code={result.code}" in line for line in lost)
    assert any(f"event=file_cost_workers code={result.code}" in line for line in told)
    assert not any("0.jpg" in line or str(bench.folder) in line for line in told)


def test_worker_that_is_never_content_with_its_turn_is_ended(bench: Bench) -> None:
    results = bench.run("never-content", "ok")

    assert [result.code for result in results] == ["decode.crashed", None]


def test_worker_that_keeps_memory_is_replaced(bench: Bench) -> None:
    results = bench.run("leak", "who", "who", limits=Limits(cpu_base_s=30.0))

    details = [result.facts.detail for result in results if result.facts]
    assert details[0] != details[1] == details[2]


def test_worker_is_replaced_after_so_many_files(bench: Bench) -> None:
    bench.run(*["ok"] * 7, limits=Limits(files_per_worker=3))

    assert len(bench.pids) == 3


def test_digest_and_check_survive_faults(bench: Bench) -> None:
    for kind in (Kind.DIGEST, Kind.CHECK):
        sound, crashed, refused, lying = bench.run("ok", "segfault", "refuse", "bad-digest", kind=kind, limits=SHORT)

        assert sound.code is None and sound.digest is not None and len(sound.digest) == 32 and sound.stat is not None
        assert (crashed.code, crashed.digest, crashed.facts) == ("decode.crashed", None, None)
        assert refused.code == "decode.truncated"
        assert lying.code == "decode.crashed"
