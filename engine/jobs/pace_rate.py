"""How fast something went over the last seconds, and how long the rest will take."""

from __future__ import annotations

from collections import deque

WINDOW_S = 8.0
STEP_S = 0.5
SOON_S = 2.0
"""Nothing is said of the rest before so long: the first files are no measure."""


class Rate:
    """Files and bytes a second over the last eight seconds. Told the time, it keeps no clock."""

    def __init__(self, now: float, files: int = 0, size: int = 0) -> None:
        """files, size: what was done before."""
        self._start = now
        self._now = (now, files, size)
        self._samples: deque[tuple[float, int, int]] = deque([self._now])

    def tell(self, now: float, files: int, size: int) -> None:
        """So many files and bytes are done, at this moment."""
        self._now = (now, files, size)
        if now - self._samples[-1][0] >= STEP_S:
            self._samples.append(self._now)
        while len(self._samples) > 1 and now - self._samples[1][0] >= WINDOW_S:
            self._samples.popleft()

    @property
    def files_per_second(self) -> float:
        """0 before anything was done."""
        return (self._now[1] - self._samples[0][1]) / self._span

    @property
    def bytes_per_second(self) -> float:
        """By the sizes of the files that are done."""
        return (self._now[2] - self._samples[0][2]) / self._span

    @property
    def _span(self) -> float:
        return max(1e-3, self._now[0] - self._samples[0][0])

    def seconds_left(self, files: int, size: int) -> float | None:
        """For so many more files of so many bytes; None while nothing can be said."""
        if not files:
            return 0.0
        if self._now[0] - self._start < SOON_S or self.files_per_second <= 0:
            return None
        if size and self.bytes_per_second > 0:
            return size / self.bytes_per_second
        return files / self.files_per_second
