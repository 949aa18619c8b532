"""Looks whether files of volumes that did not answer can be read again, ever more seldom; a scan follows when one can."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence

from engine.errors import DecodeError
from engine.jobs.opening import open_for_reading
from engine.jobs.retries import Backoff

PIECE = 4096


def can_be_read(path: bytes) -> bool:
    """The beginning of this file comes. May take long where a volume hangs."""
    try:
        descriptor, _ = open_for_reading(path)
    except DecodeError:
        return False
    try:
        os.pread(descriptor, PIECE, 0)
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    return True


class Waiting:
    """See the module. answered: called once, from a thread of this, when a file can be read again.

    backoff: how long between two looks. can_be_read, wait: for tests; wait gets seconds and an event that ends it.
    """

    def __init__(
        self,
        answered: Callable[[], None],
        *,
        backoff: Backoff | None = None,
        can_be_read: Callable[[bytes], bool] = can_be_read,
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
    ) -> None:
        self._answered = answered
        self._backoff = backoff or Backoff()
        self._can_be_read = can_be_read
        self._wait = wait
        self._current: threading.Event | None = None
        self._looks = 0

    def wait_for(self, files: Sequence[bytes]) -> None:
        """Look for these (one of each volume is enough) and for no others; none: there is nothing to wait for."""
        self.stop()
        if not files:
            self._looks = 0
            return
        ended = self._current = threading.Event()
        # Of its own for each wait, and waited for by nobody: a look at a network disk that is gone can take minutes.
        threading.Thread(target=self._look, args=(tuple(files), ended), name="waiting", daemon=True).start()

    def stop(self) -> None:
        """Wait for nothing."""
        if self._current is not None:
            self._current.set()

    def _look(self, files: Sequence[bytes], ended: threading.Event) -> None:
        while True:
            self._looks += 1
            if self._wait(ended, self._backoff.wait_s(self._looks)):
                return
            if any(self._can_be_read(file) for file in files):
                if not ended.is_set():
                    self._answered()
                return
