"""Loops come from machine code on the disk, and refuse what would let them leave their arrays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.loops import Group, Loop
from engine.loops.words import arguments_of
from tests.support.sources import ROOT

pytest.importorskip("numba")

MODULE = "tests.unit.loops.loops_of_tests"
SIGNATURES = (Loop("distances", "u8*, u8*, i8, u1*"), Loop("scaled", "f8[:,3], i8, f8, f8[3], f8[:,3]"))
A = np.arange(1000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
B = A[::-1].copy()


def group() -> Group:
    return Group("tests", MODULE, SIGNATURES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("code")
    group().compile_to(made)
    return made


def test_a_loop_gives_what_numpy_gives(folder: Path) -> None:
    loops, out = group().loaded(folder), np.zeros(1000, np.uint8)

    total = loops.distances(A, B, 1000, out)

    assert (out == np.bitwise_count(A ^ B)).all()
    assert total == int(out.sum(dtype=np.int64))


def test_rows_and_numbers_reach_the_loop(folder: Path) -> None:
    loops, rows = group().loaded(folder), np.random.default_rng(1).normal(size=(50, 3))
    corner, out = np.array([1.0, -2.0, 0.5]), np.zeros((50, 3))

    assert loops.scaled(rows, 50, 0.1, corner, out) == 50

    wanted = rows * 0.1 + corner
    assert (out == wanted * wanted).all()


def test_code_for_any_processor_gives_the_same_bits(tmp_path: Path, folder: Path) -> None:
    rows, corner = np.random.default_rng(2).normal(size=(50, 3)), np.array([1.0, -2.0, 0.5])
    here, anywhere = np.zeros((50, 3)), np.zeros((50, 3))

    group().loaded(folder).scaled(rows, 50, 0.1, corner, here)
    group().compile_to(tmp_path, "x86-64" if os.uname().machine == "x86_64" else "generic").scaled(
        rows, 50, 0.1, corner, anywhere
    )

    assert here.tobytes() == anywhere.tobytes()


def test_code_on_the_disk_is_loaded_without_the_compiler(folder: Path) -> None:
    told = [(loop.name, loop.signature) for loop in SIGNATURES]
    code = (
        "import sys, pathlib; from engine.loops import Group, Loop;"
        f"group = Group('tests', {MODULE!r}, tuple(Loop(*each) for each in {told!r}));"
        f"assert group.loaded(pathlib.Path({str(folder)!r})); print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert (done.stdout.strip(), done.returncode) == ("False", 0), done.stderr


@pytest.mark.parametrize(
    ("a", "out", "why"),
    [
        (A.astype(np.int64), np.zeros(1000, np.uint8), "another type"),
        (A[::2], np.zeros(1000, np.uint8), "not contiguous"),
        (A, np.zeros(1000, np.uint16), "another type of the answer"),
        (A, 3, "no array"),
    ],
)
def test_what_does_not_fit_is_refused(folder: Path, a: object, out: object, why: str) -> None:
    with pytest.raises(TypeError):
        group().loaded(folder).distances(a, B, 10, out)


def test_rows_of_another_length_are_refused(folder: Path) -> None:
    with pytest.raises(TypeError):
        group().loaded(folder).scaled(np.zeros((5, 4)), 5, 1.0, np.zeros(3), np.zeros((5, 3)))


def test_code_that_was_changed_is_not_taken(tmp_path: Path, folder: Path) -> None:
    (original,) = folder.iterdir()
    damaged = bytearray(original.read_bytes())
    damaged[-1] ^= 1
    (tmp_path / original.name).write_bytes(damaged)
    (tmp_path / original.name).chmod(0o600)

    assert group().load_from(tmp_path) is None


def test_code_that_others_could_write_is_not_taken(tmp_path: Path, folder: Path) -> None:
    (original,) = folder.iterdir()
    (tmp_path / original.name).write_bytes(original.read_bytes())
    (tmp_path / original.name).chmod(0o666)

    assert group().load_from(tmp_path) is None


def test_another_signature_is_other_code(folder: Path) -> None:
    other = Group("tests", MODULE, (SIGNATURES[0], Loop("scaled", "f8[:,3], i8, f8, f8*, f8[:,3]")))

    assert other.load_from(folder) is None


@pytest.mark.parametrize("words", ["u3*", "u1", "i8 junk", "f8[,3]"])
def test_words_that_mean_nothing_are_refused(words: str) -> None:
    with pytest.raises(ValueError):
        arguments_of(words)
