"""What a decoder may not do, tried from inside a walled worker; and what the shipped worker tells of its walls."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.config import Limits
from tests.isolation.conftest import SHORT, Bench

PROGRAM = Path(__file__).resolve().parents[2] / "engine" / "worker"


@pytest.fixture
def tried(bench: Bench) -> dict[str, str]:
    """How each attempt of the worker ended."""
    before = bench.folder / "walls.jpg"
    before.write_text("still here")
    (result,) = bench.run("walls")
    assert result.facts is not None
    assert before.read_text() == "still here"
    assert sorted(path.name for path in bench.folder.iterdir()) == [".mark", "0.jpg", "walls.jpg"]
    return dict(json.loads(result.facts.detail))


def test_worker_can_do_nothing_but_read_and_answer(tried: dict[str, str]) -> None:
    assert {name for name, outcome in tried.items() if outcome == "done"} == set()


def test_worker_sees_nothing_of_the_users_environment(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET", "x")
    monkeypatch.setenv("PYTHONPATH", "/tmp")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)

    (result,) = bench.run("environment")

    assert result.facts is not None
    seen = json.loads(result.facts.detail)
    assert {name for name, _ in seen["env"]} == {"LANG", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH"}
    assert dict(seen["env"])["PATH"] == ""
    assert seen["cwd"] == "/"
    assert seen["flags"] == 1
    assert set(seen["streams"]) == {os.stat(os.devnull).st_rdev}


def test_codecs_may_still_start_threads(bench: Bench) -> None:
    (result,) = bench.run("threads")

    assert result.facts is not None
    assert json.loads(result.facts.detail) == {"threads": 4}


def test_system_ends_a_worker_whose_parent_does_not(bench: Bench) -> None:
    """RLIMIT_CPU is the backstop: here the parent's own deadline is out of reach."""
    from engine.jobs import child

    patient = child.Deadline(1e9, 1e9, 60.0, 1 << 60)
    worker = child.Child(bench.command(), Limits(cpu_base_s=-9.5), lambda: False)
    try:
        worker.greet()
        with open(bench.file("spin.jpg", "spin"), "rb") as file, pytest.raises(child.ChildError) as caught:
            fields = {"name": "", "edge": 0, "alone": False}
            worker.ask(child.Kind.FINGERPRINT, fields, [file.fileno()], patient)
    finally:
        worker.close()

    assert caught.value.code == "decode.timeout"


def test_worker_program_by_hand_does_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "engine.worker", "anything"], stdin=subprocess.DEVNULL, capture_output=True
    )

    assert done.returncode == 2
    assert b"started by imgfp" in done.stderr


def test_worker_program_reads_no_options_and_no_variables() -> None:
    """Whatever a decoder could be loaded by is not there: no arguments, no environment, no import by a name that was sent."""
    allowed_imports = {"preload.py"}  # its names are constants
    for path in PROGRAM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            assert name not in {"argv", "environ", "environb", "getenv", "eval", "exec", "__import__", "pickle", "marshal"}, path
            assert name != "import_module" or path.name in allowed_imports, path


def test_short_limits_of_these_tests_differ_from_the_shipped_ones() -> None:
    assert SHORT.cpu_base_s < Limits().cpu_base_s
