"""How much processor time each step of one file takes, for whoever wants to know why a scan takes its time."""

from __future__ import annotations

import resource

DIGITS = 3


class Stages:
    """A clock of this process's CPU time, read between two steps. One for each request; a step may come several times.

    Threads of codecs count. `time.process_time` would stand still for milliseconds while the process has a limit on that time.
    """

    def __init__(self) -> None:
        self._ms: dict[str, float] = {}
        self._last = _spent_s()

    def done(self, stage: str) -> None:
        """What was spent since the last call belongs to this stage."""
        now = _spent_s()
        self._ms[stage] = self._ms.get(stage, 0.0) + 1000.0 * (now - self._last)
        self._last = now

    def told(self) -> dict[str, float]:
        """Milliseconds of CPU time by stage, as they go into an answer."""
        return {stage: round(ms, DIGITS) for stage, ms in self._ms.items()}


def _spent_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
