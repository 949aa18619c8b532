"""kill -9 at every step of apply and undo: recovery and undo bring everything back exactly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_QUICK = [
    ("quarantine", "apply", 9),
    ("quarantine", "undo", 7),
    ("trash-by-steps", "apply", 9),
    ("trash-by-steps", "undo", 7),
    ("trash", "apply", 40),
]
_SLOW = [
    (way, act, when)
    for way in ("quarantine", "trash", "trash-by-steps")
    for act in ("apply", "undo")
    for when in ("before", "after")
]


def _kill_at_each_call(*arguments: str) -> None:
    command = [sys.executable, "-m", "tests.actions.crash_loop", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.endswith(" 0 faults\n")


@pytest.mark.parametrize(("way", "act", "stride"), _QUICK)
def test_kill_loses_nothing_and_undo_is_exact(way: str, act: str, stride: int) -> None:
    _kill_at_each_call(way, act, "before", str(stride))


@pytest.mark.slow
@pytest.mark.parametrize(("way", "act", "when"), _SLOW)
def test_kill_at_every_single_call_loses_nothing(way: str, act: str, when: str) -> None:
    _kill_at_each_call(way, act, when, "1")
