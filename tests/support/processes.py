"""What runs below a process, and whether it is gone."""

from __future__ import annotations

import time
from pathlib import Path


def _stat(pid: int) -> tuple[int, str] | None:
    """Parent and state of a process, None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, parent = text.rpartition(")")[2].split()[:2]
    return int(parent), state


def descendants(pid: int) -> set[int]:
    """All processes below `pid`, at this moment."""
    parents = {int(p.name): found[0] for p in Path("/proc").glob("[0-9]*") if (found := _stat(int(p.name))) is not None}
    below: set[int] = set()
    frontier = {pid}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier} - below
        below |= frontier
    return below


def gone(pids: set[int], within_s: float) -> bool:
    """True when none of them runs any more before the time is over (zombies of a killed parent do not run)."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if all((found := _stat(pid)) is None or found[1] == "Z" for pid in pids):
            return True
        time.sleep(0.02)
    return False
