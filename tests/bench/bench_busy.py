"""Are both cores at work in a scan from memory-cached files, and does the event loop of whoever started it still answer?

``python -m tests.bench.bench_busy LIBRARY [--workers 2]``. A session scans in this process, which does nothing beside but
tick. Where others use the machine, too, CPU time alone says little: a worker that waits for a core is at work as well, so both
are told.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer

from engine.config import ScanOptions
from engine.records import Progress
from engine.session import Session
from tests.bench.measure import children, read_through, tell

TICK_MS = 1
LOOK_MS = 200
BEGIN = 0.05  # share of the files after which workers stand and all loops are loaded
END = 0.95


class Meter:
    """Ticks, and notes what the workers have done between two moments of the reading."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.own: list[float] = []
        self.marks: list[tuple[float, float, dict[int, tuple[float, float]]]] = []
        self._last, self._waited = time.perf_counter(), _schedule(os.getpid())[1]
        self.reading = False
        self.timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._tick)
        self.timer.start()

    def _tick(self) -> None:
        now, waited = time.perf_counter(), _schedule(os.getpid())[1]
        pause = max(0.0, 1000 * (now - self._last) - TICK_MS)
        if self.reading:
            self.pauses.append(pause)
            self.own.append(max(0.0, pause - 1000 * (waited - self._waited)))
        self._last, self._waited = now, waited

    def progress(self, progress: Progress) -> None:
        """Note a mark while files are read."""
        if progress.stage != "read" or not progress.total:
            return
        share = progress.done / progress.total
        self.reading = BEGIN <= share < END
        if self.reading:
            self.marks.append((time.monotonic(), share, {pid: _schedule(pid) for pid in children(os.getpid())}))


def _schedule(pid: int) -> tuple[float, float]:
    """(seconds on a core, seconds in line for one) of the main thread of a process."""
    try:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as told:
            ran, waited, _ = told.read().split()
    except (OSError, ValueError):
        return 0.0, 0.0
    return int(ran) / 1e9, int(waited) / 1e9


def main() -> None:
    """Scan, measure, tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_busy")
    parser.add_argument("library", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    photos = options.library / "photos"
    read_through(photos)
    with tempfile.TemporaryDirectory(prefix="imgfp-bench-") as home:
        os.environ.update(IMGFP_CACHE_DIR=f"{home}/cache", IMGFP_DATA_DIR=f"{home}/data", QT_QPA_PLATFORM="offscreen")
        app = QCoreApplication([])
        session, meter = Session(), Meter()
        session.progress_changed.connect(meter.progress)
        session.answered.connect(lambda token, value: app.quit())
        session.failed.connect(lambda token, error: app.quit())
        session.open_folders([str(photos)], ScanOptions(workers=options.workers))
        app.exec()
        session.close()
    _tell(options.library.name, meter, options.workers)


def _tell(name: str, meter: Meter, workers: int) -> None:
    bench = f"busy {name}"
    (begun, _, first), (ended, _, last) = meter.marks[0], meter.marks[-1]
    wall = ended - begun
    ran = sum(last[pid][0] - first[pid][0] for pid in first if pid in last)
    waited = sum(last[pid][1] - first[pid][1] for pid in first if pid in last)
    tell(bench, "workers on a core", ran / (workers * wall), "share", wall=round(wall, 1))
    tell(bench, "workers on a core or in line for one", (ran + waited) / (workers * wall), "share")
    for figure, values in (("event loop pauses", meter.pauses), ("event loop pauses, waiting for a core taken off", meter.own)):
        cut = statistics.quantiles(values, n=100, method="inclusive")
        tell(bench, f"{figure}, p99", cut[98], "ms", ticks=len(values))
        tell(bench, f"{figure}, longest", max(values), "ms")


if __name__ == "__main__":
    main()
