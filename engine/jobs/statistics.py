"""What reading costs, by stage and format, in memory that does not grow with the library."""

from __future__ import annotations

import heapq
import math
import threading
from collections import Counter

from engine.jobs.errand import FileResult
from engine.records import ReadingStatistics, SlowFile, StageStatistics
from engine.wire import Kind

STAGES = ("open", "metadata", "decode", "fingerprint", "features", "digest", "quick", "all")
SLOWEST = 20
STEP = 1.04
"""Each step of a histogram is so much longer than the one before: percentiles are right to 2 %."""

SHORTEST_MS = 0.001
_LOG_STEP = math.log(STEP)


class Histogram:
    """Durations in steps that grow; about 600 numbers whatever comes."""

    def __init__(self) -> None:
        self.count = 0
        self.total_ms = 0.0
        self._steps: Counter[int] = Counter()

    def add(self, ms: float) -> None:
        """One more duration, 0 or longer."""
        self.count += 1
        self.total_ms += ms
        self._steps[round(math.log(max(ms, SHORTEST_MS) / SHORTEST_MS) / _LOG_STEP)] += 1

    def percentile(self, share: float) -> float:
        """The duration that this share (0 to 1) of all does not exceed, ms; 0 when there is none."""
        left = math.ceil(share * self.count)
        for step in sorted(self._steps):
            left -= self._steps[step]
            if left <= 0:
                return SHORTEST_MS * math.exp(step * _LOG_STEP)
        return 0.0


class ReadingMeter:
    """Takes results in one thread; tells in any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stages: dict[tuple[str, str], Histogram] = {}
        self._slowest: list[tuple[float, bytes, str]] = []
        self._routes: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def take(self, path: bytes, result: FileResult) -> None:
        """Note what one file cost. path: raw."""
        facts = result.facts
        format = (facts.format if facts is not None else None) or ""
        with self._lock:
            for stage, ms in result.stages.items():
                self._add(stage, format, ms)
            if result.kind is Kind.QUICK:  # a look at a small picture is no reading; the file itself is read later, or never
                return
            if result.stages:
                self._add("all", format, sum(result.stages.values()))
            if facts is not None and facts.route:
                self._routes[facts.route] += 1
            if facts is not None and not facts.is_picture and facts.code:
                self._skipped[facts.code] += 1
            slow = (1000.0 * result.seconds, path, format)
            if len(self._slowest) < SLOWEST:
                heapq.heappush(self._slowest, slow)
            elif slow > self._slowest[0]:
                heapq.heapreplace(self._slowest, slow)

    def _add(self, stage: str, format: str, ms: float) -> None:
        for key in {(stage, format), (stage, "")}:
            self._stages.setdefault(key, Histogram()).add(ms)

    def told(self) -> ReadingStatistics:
        """What is known now: stages in the order in which they happen, all formats together first."""
        with self._lock:
            found = sorted(self._stages.items(), key=lambda item: (STAGES.index(item[0][0]), item[0][1]))
            return ReadingStatistics(
                stages=tuple(
                    StageStatistics(stage, format, each.count, each.percentile(0.5), each.percentile(0.95), each.total_ms / 1000)
                    for (stage, format), each in found
                ),
                slowest=tuple(SlowFile(path, format, ms) for ms, path, format in sorted(self._slowest, reverse=True)),
                routes=_by_number(self._routes),
                skipped=_by_number(self._skipped),
            )


def _by_number(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The most frequent first, equals by name."""
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
