"""How much processor time each step of one file takes, for whoever wants to know why a scan takes its time."""

from __future__ import annotations

import time

DIGITS = 3


class Stages:
    """A clock of this process's CPU time, read between two steps. One for each request; a step may come several times."""

    def __init__(self) -> None:
        self._ms: dict[str, float] = {}
        self._last = time.process_time()

    def done(self, stage: str) -> None:
        """What was spent since the last call belongs to this stage."""
        now = time.process_time()
        self._ms[stage] = self._ms.get(stage, 0.0) + 1000.0 * (now - self._last)
        self._last = now

    def told(self) -> dict[str, float]:
        """Milliseconds of CPU time by stage, as they go into an answer."""
        return {stage: round(ms, DIGITS) for stage, ms in self._ms.items()}
