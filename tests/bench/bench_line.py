"""The similarity line under the hand: ``python -m tests.bench.bench_line [FAMILIES] [FOLDER]``.

The real window on the real session with a library that no disk holds (33,000 families are about 1,000,000 pairs); the handle is
dragged sixty times a second, and it is told how long each movement took until its counts were painted. With a folder, a second
session scans it meanwhile. Prints, judges nothing.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel

FAMILIES = 33_000
MOVES = 400
FRAME_MS = 16


class Drag(QObject):
    """Moves the handle to and fro, once a frame; `painted` holds milliseconds from each movement to its counts on the screen."""

    def __init__(self, handle: QObject, counts: QLabel) -> None:
        super().__init__()
        self._handle, self._moved = handle, 0.0
        self.set, self.painted, self.gaps = [], [], []  # type: list[float], list[float], list[float]
        self._left, self._last = MOVES, time.perf_counter()
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        counts.installEventFilter(self)
        self._timer.start()

    @property
    def ended(self) -> bool:
        """All movements were made."""
        return self._left == 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._moved:
            moved, self._moved = self._moved, 0.0
            QTimer.singleShot(0, self, lambda: self.painted.append((time.perf_counter() - moved) * 1000))  # when all is painted
        return False

    def _step(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000 - FRAME_MS)
        self._last = now
        self._left -= 1
        if not self._left:
            self._timer.stop()
        self._moved = self._moved or now
        self._handle.setValue(700 + round(130 * (1 + np.sin(self._left / 40))))  # type: ignore[attr-defined]
        self.set.append((time.perf_counter() - now) * 1000)


def until(done: Callable[[], bool]) -> None:
    """Run the event loop."""
    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def say(what: str, values: list[float]) -> None:
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    print(f"{what:<44} p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f}  max {max(values):6.1f} ms   n {len(values)}", flush=True)


def main() -> None:
    """Run it."""
    home = Path(tempfile.mkdtemp(prefix="imgfp-bench-"))
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(home / name)
    from engine.config import ScanOptions
    from engine.session import Session
    from imgfp_gui.app import create
    from tests.support.analyses import make_analysis

    (home / "nothing").mkdir()
    analysis = make_analysis(int(sys.argv[1]) if len(sys.argv) > 1 else FAMILIES, members=8)
    print(f"{len(analysis.pairs):,} pairs, {len(analysis.pictures):,} photos; {platform.machine()}, {os.cpu_count()} cores")
    _, window = create(["bench", str(home / "nothing")])
    until(lambda: window.controller is not None and not window.controller.scanning)
    controller, session = window.controller, window.controller.session
    session._main.start(lambda: session._review.looking.show(analysis, ScanOptions(), 1000, final=True) and None)
    until(lambda: len(controller.snapshot.clusters) > 0)
    controller.start_reviewing()
    controller.set_mode("side")
    window.resize(1280, 800)
    scanner = Session()
    if len(sys.argv) > 2:
        scanner.open_folders([sys.argv[2]])
    handle, counts = window.findChild(QObject, "thresholdSlider"), window.findChild(QLabel, "lineCounts")
    until(lambda: counts.isVisible())
    drag = Drag(handle, counts)
    until(lambda: drag.ended)
    until(lambda: controller.snapshot.line == controller.line)
    say("movement, its own slots", drag.set)
    say("movement to counts on the screen", drag.painted)
    say("event loop away, above a frame", drag.gaps)
    scanner.close()
    window.close()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
