"""Who may use memory now: ordinary files side by side, a very large one alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import Cancelled

LOOK_S = 0.1  # how often a waiting thread looks whether it is still wanted


class Turns:
    """A lock that many may share or one may have alone; whoever waits to be alone goes before newcomers."""

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled
        self._changed = threading.Condition()
        self._sharing = 0
        self._alone = False
        self._waiting_alone = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold it beside others. Raises Cancelled."""
        with self._changed:
            self._wait(lambda: not self._alone and not self._waiting_alone)
            self._sharing += 1
        try:
            yield
        finally:
            with self._changed:
                self._sharing -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it with nobody beside. Raises Cancelled."""
        with self._changed:
            self._waiting_alone += 1
            try:
                self._wait(lambda: not self._alone and not self._sharing)
                self._alone = True
            finally:
                self._waiting_alone -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()

    def _wait(self, free: Callable[[], bool]) -> None:
        while not free():
            if self._cancelled():
                raise Cancelled
            self._changed.wait(LOOK_S)
