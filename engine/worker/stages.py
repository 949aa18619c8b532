"""How much processor time each step of one file takes, for whoever wants to know why a scan takes its time."""

from __future__ import annotations

import time

DIGITS = 3


class Stages:
    """A clock of this thread's CPU time, read between two steps. One for each request; a step may come several times.

    Codecs work in the thread that asks them. The clock of the whole process stands still for milliseconds while it has a limit.
    """

    def __init__(self) -> None:
        self._ms: dict[str, float] = {}
        self._last = time.thread_time()

    def done(self, stage: str) -> None:
        """What was spent since the last call belongs to this stage."""
        now = time.thread_time()
        self._ms[stage] = self._ms.get(stage, 0.0) + 1000.0 * (now - self._last)
        self._last = now

    def told(self) -> dict[str, float]:
        """Milliseconds of CPU time by stage, as they go into an answer."""
        return {stage: round(ms, DIGITS) for stage, ms in self._ms.items()}
