"""Compiled loops in workers: they come when a file wants them, or at once, or never, and no file is lost over it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from engine import fingerprint
from engine.config import Limits
from engine.decode.loops import LOOPS as DECODE
from engine.jobs import kernel_start
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from engine.locations import installed_kernels_dir
from engine.loops.group import FOLDER_VARIABLE
from tests.isolation.conftest import RESULT_S, SHORT, Bench
from tests.support.jpeg_mutations import picture, saved
from tests.support.scenes import scene


def _told(result: FileResult) -> str:
    assert result.facts is not None and result.code is None
    return str(json.loads(result.facts.detail)["kernels"])


def test_worker_is_replaced_by_one_with_loops_when_a_file_wants_them(bench: Bench) -> None:
    results = bench.run("ok", "kernels", "kernels", "ok")

    assert [_told(result) for result in results[1:3]] == ["load", "load"]
    assert len(bench.pids) == 2


def test_every_worker_of_a_lane_gets_its_own_loops(bench: Bench) -> None:
    results = bench.run(*["ok", "kernels"] * 8, count=3)

    assert {_told(result) for result in results[1::2]} == {"load"}
    assert len(bench.pids) <= 6


def test_workers_can_start_with_loops(bench: Bench) -> None:
    with Workers(1, SHORT, command=bench.command(), on_event=bench.event, kernels=kernel_start.LOAD) as pool:
        (result,) = bench.ask(pool, "kernels")

    assert _told(result) == "load" and len(bench.pids) == 1


def test_where_loops_do_not_start_files_are_read_without(bench: Bench) -> None:
    with Workers(1, SHORT, command=bench.command("--no-kernels"), on_event=bench.event) as pool:
        results = bench.ask(pool, "kernels", "ok", "kernels")

    assert [_told(results[0]), _told(results[2])] == ["never", "never"]


def test_worker_that_wants_loops_for_ever_costs_its_file(bench: Bench) -> None:
    results = bench.run("ok", "always-kernels", "ok")

    assert [result.code for result in results] == [None, "decode.crashed", None]


def test_shipped_worker_reads_a_large_jpeg_by_the_loops_behind_its_walls(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(saved(picture(1, 2400, 1600), quality=90))
    started: list[str] = []

    with Workers(1, Limits(), on_event=lambda event, pid: started.append(event)) as pool:
        pool.submit(FileJob(Kind.FINGERPRINT, os.fsencode(path), 0, 0, token=1))
        result = pool.next_result(RESULT_S)

    assert result is not None and result.facts is not None
    assert (result.facts.status, result.facts.route) == ("ok", "jpeg-dc")
    assert started.count("started") == 2
    kept = (installed_kernels_dir(), Path(os.environ["IMGFP_CACHE_DIR"]) / "kernels")
    assert sum(len(list(folder.glob("decode-*.code"))) for folder in kept) >= 1  # made at set-up, or now
    assert kernel_start._is_compiled(kernel_start.LOAD)


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of code that was made on this machine: empty, as is that of the set-up."""
    folder = tmp_path / "code"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    monkeypatch.setattr("engine.loops.group.installed_kernels_dir", lambda: tmp_path / "nothing")
    return folder


def test_loops_of_jpegs_are_worth_compiling_for_dozens_of_large_ones(code: Path) -> None:
    jpegs = [(b"/photos/%d.JPG" % i, 4_000_000) for i in range(30)]

    assert kernel_start.worth_loading(jpegs) == kernel_start.LOAD
    assert kernel_start.worth_loading(jpegs, hurry=True) == kernel_start.ASK
    assert kernel_start.worth_loading(jpegs[1:]) == kernel_start.ASK
    assert kernel_start.worth_loading([(path, 400_000) for path, _ in jpegs]) == kernel_start.ASK
    assert kernel_start.worth_loading([(path + b".png", size) for path, size in jpegs]) == kernel_start.ASK
    assert kernel_start.worth_loading([(b"%d.nef" % i, 30_000_000) for i in range(30)]) == kernel_start.LOAD


def test_loops_that_are_compiled_are_worth_loading_for_a_handful(code: Path) -> None:
    small = [(b"/photos/%d.png" % i, 4_000) for i in range(16)]
    for group in (DECODE, *fingerprint.LOOPS):
        assert kernel_start.worth_loading(small) == kernel_start.ASK
        (code / f"{group.name}-1.code").write_bytes(b"")

    assert kernel_start.worth_loading(small) == kernel_start.worth_loading(small, hurry=True) == kernel_start.LOAD
    assert kernel_start.worth_loading(small[1:]) == kernel_start.ASK
    assert kernel_start.worth_loading([*small[1:], (b"/photos/notes.txt", 4_000)]) == kernel_start.ASK


def test_all_loops_are_worth_compiling_for_a_library(code: Path) -> None:
    pictures = [(b"/photos/%d.png" % i, 4_000) for i in range(1000)]

    assert kernel_start.worth_loading(pictures) == kernel_start.worth_loading(pictures, hurry=True) == kernel_start.COMPILE
    assert kernel_start.worth_loading(pictures[1:]) == kernel_start.ASK


def test_a_worker_that_is_told_to_brings_every_loop_and_answers_the_same(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.fromarray(scene(5, 900, 600)).save(path)
    answers = []
    for kernels in (kernel_start.ASK, kernel_start.COMPILE):
        with Workers(1, Limits(), kernels=kernels) as pool:
            pool.submit(FileJob(Kind.FINGERPRINT, os.fsencode(path), 0, 0, token=1))
            answers.append(pool.next_result(5 * RESULT_S))

    assert [answer.code for answer in answers if answer] == [None, None]
    assert kernel_start._is_compiled(kernel_start.COMPILE)
    assert answers[0].prints == answers[1].prints
    assert fingerprint.unpack(answers[0].prints).frame[6] > 40


@pytest.mark.parametrize("made", [True, False])
def test_compiled_code_lies_below_the_cache_or_in_a_folder_for_the_time_being(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    monkeypatch.setenv("IMGFP_CACHE_DIR", str(tmp_path / "cache" if made else blocked / "cache"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)

    folder = Path(kernel_start.environment()["NUMBA_CACHE_DIR"])

    assert folder.is_dir() and (folder == tmp_path / "cache" / "kernels") == made


def test_the_loops_that_a_scan_asks_for_are_those_of_the_jpeg_route() -> None:
    assert DECODE.name == kernel_start.JPEG
