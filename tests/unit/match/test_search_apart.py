"""Searching in a process of its own finds what searching here finds, and loads no compiled loops here."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from engine import match
from engine.errors import Cancelled
from engine.jobs import candidates_apart
from engine.jobs.candidates_apart import close_hashes_apart

RADII = (12, 90)


def hashes(count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of which every second one is nearly the one before."""
    rng = np.random.default_rng(seed)
    narrow, wide = rng.integers(0, 2**63, count, np.uint64), rng.integers(0, 2**63, (count, 4), np.uint64)
    narrow[1::2], wide[1::2] = narrow[::2] ^ np.uint64(1 << 40), wide[::2] ^ np.uint64(1 << 20)
    return narrow, wide


def test_the_process_finds_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates_apart, "_LOADED", "no such module")
    narrow, wide = hashes(2_400)

    found = close_hashes_apart(narrow, wide, RADII, lambda: False)

    assert len(found) >= 1_200
    assert np.array_equal(found, match.close_hashes(narrow, wide, RADII, lambda: False))


def test_this_process_stays_without_the_compiled_loops() -> None:
    program = (
        "import sys, numpy as np; from tests.unit.match.test_search_apart import hashes;"
        "from engine.jobs.candidates_apart import close_hashes_apart;"
        "print(len(close_hashes_apart(*hashes(2400), (12, 90), lambda: False)) >= 1200, 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["True", "False"], done.stderr


def test_a_search_that_is_cancelled_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates_apart, "_LOADED", "no such module")
    with pytest.raises(Cancelled):
        close_hashes_apart(*hashes(2_400), RADII, lambda: True)


def test_where_no_process_can_be_had_the_search_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates_apart, "_LOADED", "no such module")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    narrow, wide = hashes(2_200)

    assert len(close_hashes_apart(narrow, wide, RADII, lambda: False)) >= 1_100
