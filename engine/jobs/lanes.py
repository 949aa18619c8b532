"""One-thread lanes for work that must not run in the window's thread, and the flags by which it is stopped or paused.

Work on the store and the user data runs in one lane, one piece after the other, so that they have one writer; re-clustering
while a scan runs has a lane of its own.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QRunnable, QThreadPool

log = logging.getLogger(__name__)

SWITCH_S = 0.0001
"""A lane that is at work gives the interpreter away after so long. Python's own 5 ms are felt: the window asks for it again after
every call into Qt that let go of it. Beside a thread that never rests a key took 120 ms to be seen, with 1 ms 60, with this 29,
which is hardly more than without it; scans take as long as before."""


class _Work(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        try:
            self._work()
        except BaseException:  # an exception must not unwind into Qt
            log.exception("event=lane_failed")


class Lane:
    """Runs what it is given, in order, in one long-lived thread."""

    def __init__(self) -> None:
        sys.setswitchinterval(SWITCH_S)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)

    def start(self, work: Callable[[], None]) -> None:
        """Queue a piece of work; returns at once."""
        self._pool.start(_Work(work))

    def wait(self, timeout_ms: int = -1) -> bool:
        """Wait until everything queued is done; False when the time ran out first."""
        return self._pool.waitForDone(timeout_ms)


class Switch:
    """Cancel and pause flags of the job in a lane. Every job looks at least every 100 ms."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def cancel(self) -> None:
        """Ask the job to end; a paused one wakes for it."""
        self._cancelled.set()
        self._running.set()

    def reset(self) -> None:
        """Ready for the next job."""
        self._cancelled.clear()
        self._running.set()

    def cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._cancelled.is_set()

    def pause(self) -> None:
        """Let the job wait at its next look."""
        if not self._cancelled.is_set():
            self._running.clear()

    def resume(self) -> None:
        """Let it go on."""
        self._running.set()

    def wait_while_paused(self) -> None:
        """Called by the job: blocks while paused, returns at once when cancelled."""
        while not self._running.wait(0.1):
            pass
