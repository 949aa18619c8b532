"""Scans a hostile folder twice with cold caches, as a user would, and tells what it cost and what went wrong."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile.library import Hostile
from tests.hostile.outcome import counts, differences, shortcomings, snapshot
from tests.hostile.watch import MemoryWatch
from tests.support.cli import Cli
from tests.support.processes import descendants, gone

MEMORY = 3 * (1 << 29)
"""Bytes that all processes together may take: 1.5 GiB."""

DEADLINE_S = 120.0
"""Longest time that one file may take; nothing may stand still for much longer."""

GRACE_S = 20.0


@dataclass(slots=True)
class Trial:
    """What two scans showed. wrong: everything that must not be."""

    figures: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def try_out(cli: Cli, made: Hostile, home: Path) -> Trial:
    """home: an existing folder for the caches."""
    trial, before = Trial(), snapshot(made.root)
    reports = []
    for run in ("first", "second"):
        report = _scan(cli, made.root, home / run, trial, run)
        if report is None:
            return trial
        reports.append(report)
        trial.wrong += shortcomings(report, made)
    trial.wrong += differences(*reports)
    trial.wrong += _changed(before, snapshot(made.root))
    trial.figures |= {"hostile": len(made.hostile), "sound": len(made.sound)}
    trial.figures |= {"outcomes": counts(reports[0]), "wrong": len(trial.wrong)}
    return trial


def _scan(cli: Cli, root: Path, cache: Path, trial: Trial, run: str) -> dict[str, Any] | None:
    begun, cpu_before = time.monotonic(), _children_cpu_s()
    target = cache.with_suffix(".json")
    errors = cache.with_suffix(".log")
    with errors.open("wb") as said:
        process = cli.start(
            "scan", root, "--json", target, "--progress", "json", env={"IMGFP_CACHE_DIR": str(cache)}, stderr=said
        )
        with MemoryWatch(process.pid) as memory:
            longest, ended = _wait(process, errors)
    trial.figures[run] = {
        "seconds": round(time.monotonic() - begun, 1), "cpu_seconds": round(_children_cpu_s() - cpu_before, 1),
        "longest_stand_s": round(longest, 1), "peak_mib": memory.peak_shared >> 20,
        "peak_rss_sum_mib": memory.peak_resident >> 20,
    }  # fmt: skip
    if not ended:
        trial.wrong.append(f"{run} scan: nothing went on for {longest:.0f} s")
        return None
    if memory.peak_shared > MEMORY:
        trial.wrong.append(f"{run} scan: {memory.peak_shared >> 20} MiB in all")
    if process.returncode != 0:
        trial.wrong.append(f"{run} scan: exit {process.returncode}; {errors.read_bytes()[-1500:].decode(errors='replace')}")
        return None
    report: dict[str, Any] = json.loads(target.read_bytes())
    return report


def _wait(process: Any, errors: Path) -> tuple[float, bool]:
    """(longest time without progress, the program ended by itself)."""
    longest, since, size = 0.0, time.monotonic(), -1
    while process.poll() is None:
        time.sleep(0.1)
        now = errors.stat().st_size
        if now != size:
            since, size = time.monotonic(), now
        longest = max(longest, time.monotonic() - since)
        if longest > DEADLINE_S + GRACE_S:
            below = descendants(process.pid)
            process.kill()
            process.wait()
            gone(below, 5.0)
            return longest, False
    return longest, True


def _changed(before: dict[bytes, Any], after: dict[bytes, Any]) -> list[str]:
    paths = [path for path in {*before, *after} if before.get(path) != after.get(path)]
    return [f"changed by reading: {path!r}" for path in sorted(paths)]


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
