"""Long work in the window's thread, a few milliseconds at a time, so that no key and no frame waits for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

SLICE_S = 0.006  # half a frame: painting and keys get the rest


class Slices(QObject):
    """Runs generators one after the other; each ``yield`` is a place where the event loop may come in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._works: deque[tuple[Iterator[None], Callable[[], None]]] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._slice)

    def run(self, work: Iterator[None], done: Callable[[], None] = lambda: None) -> None:
        """Do `work` after what was given before; short work is done when this returns."""
        self._works.append((work, done))
        if len(self._works) == 1:
            self._slice()
        if self._works:
            self._timer.start()

    def finish(self) -> None:
        """Do all that is left, now."""
        while self._works:
            self._advance(float("inf"))
        self._timer.stop()

    @property
    def busy(self) -> bool:
        """Something is left to do."""
        return bool(self._works)

    def _slice(self) -> None:
        self._advance(time.perf_counter() + SLICE_S)
        if not self._works:
            self._timer.stop()

    def _advance(self, until: float) -> None:
        work, done = self._works[0]
        try:
            for _ in work:
                if time.perf_counter() >= until:
                    return
        except BaseException:
            self._works.popleft()  # what follows it is not its fault
            raise
        self._works.popleft()
        done()
