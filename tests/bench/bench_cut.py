"""The engine's side of a moved line: ``python -m tests.bench.bench_cut [CLUSTERS…]``. Prints, judges nothing.

Libraries that no disk holds are looked at in a lane; meanwhile a timer of the main thread ticks every 5 ms and makes calls that
let go of the interpreter, as painting does. CPU times are those of the thread that did the work.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from typing import TypeVar

os.environ.setdefault("NUMBA_CACHE_DIR", tempfile.mkdtemp(prefix="imgfp-bench-"))

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, QTimer

from engine.jobs.analysis import Analysis
from engine.jobs.lanes import Lane
from engine.jobs.marks import Marks
from engine.jobs.settling import settle
from engine.jobs.view import View
from engine.keepers import RuleOrder
from engine.records import Suggest
from tests.support.analyses import make_analysis

PAIR_FAMILIES = 33_000  # of 2 to 14 pictures: about a million pairs
TICK_MS = 5
CALLS = 20
BLOB = bytes(6_000)  # long enough that its check sum is made without the interpreter

_Found = TypeVar("_Found")


def say(name: str, value: str) -> None:
    """One line: name, figure, machine."""
    print(f"{name:<52} {value:<52} {platform.machine()} {os.cpu_count()} cores", flush=True)


class Ticker:
    """Runs work in a lane and the event loop here; says how long the work took and how late the ticks came."""

    def __init__(self) -> None:
        self._lane = Lane()

    def run(self, name: str, work: Callable[[], _Found]) -> _Found:
        """Run it and print a line."""
        done: list[tuple[_Found, float, float]] = []
        late: list[float] = []
        calls: list[float] = []
        last = time.perf_counter()

        def tick() -> None:
            nonlocal last
            now = time.perf_counter()
            late.append((now - last) * 1e3 - TICK_MS)
            for _ in range(CALLS):
                zlib.crc32(BLOB)
            last = time.perf_counter()
            calls.append((last - now) * 1e3)
            if done:
                QCoreApplication.quit()

        def timed() -> None:
            wall, cpu = time.perf_counter(), time.thread_time()
            found = work()
            done.append((found, time.perf_counter() - wall, time.thread_time() - cpu))

        timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        timer.start()
        self._lane.start(timed)
        QCoreApplication.exec()
        timer.stop()
        found, wall, cpu = done[0]
        p95 = np.percentile(late, 95), np.percentile(calls, 95)
        ticks = f"ticks late p95 {p95[0]:.0f} max {max(late):.0f} ms, calls p95 {p95[1]:.1f} ms"
        say(name, f"{1e3 * wall:.0f} ms, {1e3 * cpu:.0f} ms CPU; {ticks}")
        return found


def counts(view: View) -> None:
    """How long the caller waits for the counts of a line."""
    took = []
    for line in np.random.default_rng(3).uniform(0.5, 1.0, 5_000):
        begun = time.perf_counter()
        view.counts(round(float(line), 4))
        took.append((time.perf_counter() - begun) * 1e6)
    say("line counts, in the caller", f"p50 {np.median(took):.0f} p95 {np.percentile(took, 95):.0f} max {max(took):.0f} µs")


def cuts(ticker: Ticker, analysis: Analysis, clusters: int) -> None:
    """Snapshots of a library of so many clusters."""
    view = ticker.run(f"{clusters:,} families: laid out, curves", lambda: View(analysis, (), RuleOrder(), 1))
    settle()
    marks = Marks()

    def look(line: float) -> Callable[[], object]:
        return lambda: view.look(line, marks, final=True)

    ticker.run(f"{clusters:,} families: first look", look(0.86))
    settle()
    ticker.run(f"{clusters:,} families: same line", look(0.86))
    for line in (0.861, 0.866, 0.856, 0.86):
        ticker.run(f"{clusters:,} families: line to {line}", look(line))
    file = analysis.library.files[view.look(0.86, marks, final=True)[0][0].members[0]]
    marks.set({file.path: Suggest.KEEP}, lambda path: file.stat)
    ticker.run(f"{clusters:,} families: after a mark", look(0.86))


def main(sizes: list[int]) -> None:
    """Everything, one line each."""
    app = QCoreApplication([])
    ticker = Ticker()
    analysis = make_analysis(PAIR_FAMILIES, members=8, shots=True)
    view = ticker.run(f"{len(analysis.pairs):,} pairs: laid out, curves", lambda: View(analysis, (), RuleOrder(), 1))
    counts(view)
    for clusters in sizes:
        cuts(ticker, make_analysis(clusters, members=3, shots=True), clusters)
    del app


if __name__ == "__main__":
    main([int(arg.replace(",", "")) for arg in sys.argv[1:]] or [1_000, 20_000, 100_000])
