"""Progress, at most ten times a second, and the rate of the last few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.records import Progress

INTERVAL_S = 0.1


class ProgressMeter:
    """Counts one stage and tells a listener, throttled; `finish` always tells."""

    def __init__(self, stage: str, total: int | None, listener: Callable[[Progress], None]) -> None:
        self.done = 0
        self.stored = 0
        self.problems = 0
        self.total = total
        self._stage = stage
        self._listener = listener
        self._start = self._last = time.monotonic()

    def step(self, count: int = 1) -> None:
        """Count files; tell the listener when a tenth of a second has passed."""
        self.done += count
        if time.monotonic() - self._last >= INTERVAL_S:
            self.tell()

    def tell(self) -> None:
        """Tell the listener now."""
        self._last = time.monotonic()
        rate = self.done / max(1e-3, self._last - self._start)
        self._listener(Progress(self._stage, self.done, self.stored, self.total, round(rate, 1), self.problems))
