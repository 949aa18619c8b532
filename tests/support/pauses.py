"""How long the event loop of the window was away: a timer notes the longest gap between two of its ticks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


class PauseMeter:
    """`longest_ms` is the longest pause so far, above the timer's own period; work inside `aside` does not count."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.longest_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(parent, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000 - TICK_MS)
        self._last = now

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done in here is the meter's own affair."""
        yield
        self._last = time.perf_counter()
