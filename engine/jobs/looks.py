"""When the first clusters are looked for while reading goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

FIRST_LOOK_S = 1.5
LOOK_GROWTH = 1.6  # … and again when the number of pictures has grown by this factor


class Looks:
    """First clusters while reading goes on: seldom enough that matching stays a small share of the work."""

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._next_time = time.monotonic() + FIRST_LOOK_S
        self._next_count = 2.0

    def maybe(self, done: int) -> None:
        """Look now if it is time. done: files read so far."""
        now = time.monotonic()
        if now < self._next_time or done < self._next_count:
            return
        self._look()
        spent = time.monotonic() - now
        self._next_count = done * LOOK_GROWTH
        self._next_time = time.monotonic() + max(1.0, 4 * spent)
