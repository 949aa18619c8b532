"""How long reading will still take: smoothed, said only once it can be trusted, and changed seldom so that it can be read."""

from __future__ import annotations

TRUST_S = 5.0  # what less time tells is mostly luck
HALF_LIFE_S = 12.0  # of what was measured before: a slow folder shows within half a minute
MEASURE_S = 1.0  # shorter pieces hold too few photos
SAY_AGAIN_S = 4.0  # a sentence that changes oftener is not read
SLOWER = 4.0  # one slow photo counts as no more than this many times the usual


class TimeLeft:
    """Feed it with every progress; it answers with seconds left or None. `now` is in seconds of a clock that only goes on.

    It averages seconds a photo, not photos a second: the thousands that are known from an earlier scan come in a burst, and a
    burst is next to nothing in the one and everything in the other.
    """

    def __init__(self) -> None:
        self._seen: tuple[float, int] | None = None
        self._time = 0.0
        self._pace = 0.0
        self._said: float | None = None
        self._said_at = 0.0

    def pause(self) -> None:
        """What passes until the next `feed` is not counted."""
        self._seen = None

    def feed(self, now: float, done: int, total: int | None) -> float | None:
        """Seconds left, held still for a few seconds at a time; None while unknown."""
        if self._seen is None:
            self._seen = (now, done)
            return self._said
        passed, read = now - self._seen[0], done - self._seen[1]
        if passed >= MEASURE_S and read > 0:
            self._measure(passed, passed / read)
            self._seen = (now, done)
            if total and self._time >= TRUST_S and (self._said is None or self._time - self._said_at >= SAY_AGAIN_S):
                self._said, self._said_at = max(0, total - done) * self._pace, self._time
        return self._said

    @property
    def per_second(self) -> float:
        """Photos a second, by the same average; 0 while unknown."""
        return 1 / self._pace if self._pace else 0.0

    def _measure(self, passed: float, pace: float) -> None:
        """Weigh a new pace against those before, by the time it stands for; at first a plain average of all."""
        if self._time >= TRUST_S:
            pace = min(pace, SLOWER * self._pace)
        self._time += passed
        self._pace += max(passed / self._time, 1 - 0.5 ** (passed / HALF_LIFE_S)) * (pace - self._pace)
