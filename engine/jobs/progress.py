"""Progress, at most ten times a second, and the rate of the last few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.jobs.pace_rate import Rate
from engine.records import Progress, VolumeProgress

INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reading stands: each volume, seconds for the rest of all (None: unknown), why nothing is read now ("": it is)."""

    volumes: tuple[VolumeProgress, ...] = ()
    seconds_left: float | None = None
    waits: str = ""


class ProgressMeter:
    """Counts one stage and tells a listener, throttled; `tell` always tells.

    standing: asked whenever the listener is told; the reading of files sets it.
    """

    def __init__(self, stage: str, total: int | None, listener: Callable[[Progress], None]) -> None:
        self.done = 0
        self.stored = 0
        self.problems = 0
        self.total = total
        self.standing: Callable[[], Standing] = Standing
        self._stage = stage
        self._listener = listener
        self._last = time.monotonic()
        self._rate = Rate(self._last)

    def step(self, count: int = 1) -> None:
        """Count files; tell the listener when a tenth of a second has passed."""
        self.done += count
        self.look()

    def look(self) -> None:
        """Tell the listener when a tenth of a second has passed."""
        if time.monotonic() - self._last >= INTERVAL_S:
            self.tell()

    def tell(self) -> None:
        """Tell the listener now."""
        self._last = time.monotonic()
        self._rate.tell(self._last, self.done, 0)
        now, rate = self.standing(), round(self._rate.files_per_second, 1)
        self._listener(
            Progress(
                self._stage, self.done, self.stored, self.total, rate, self.problems, now.volumes, now.seconds_left, now.waits
            )
        )


class MatchMeter:
    """Tells a listener how many pictures a search has gone through, at most ten times a second."""

    def __init__(self, listener: Callable[[Progress], None]) -> None:
        self._meter = ProgressMeter("match", None, listener)
        self._meter.tell()

    def __call__(self, done: int, total: int) -> None:
        self._meter.total = total
        self._meter.step(max(0, done - self._meter.done))
