"""When the first clusters are looked for while reading goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

FIRST_LOOK_S = 1.5
LOOK_GROWTH = 1.6  # … and again when the number of pictures has grown by this factor
QUICK_LOOK_S = 1.0
QUICK_LOOK_FILES = 200


class Looks:
    """First clusters while reading goes on: seldom enough that matching stays a small share of the work."""

    def __init__(self, look: Callable[[], None], *, first_s: float = FIRST_LOOK_S, first_files: int | None = None) -> None:
        """first_s: seconds until the first look. first_files: so many files are enough before that; None: never."""
        self._look = look
        self._next_time = time.monotonic() + first_s
        self._next_count = 2.0
        self._early = first_files

    def maybe(self, done: int) -> None:
        """Look now if it is time. done: files read so far."""
        now = time.monotonic()
        early = self._early is not None and done >= self._early
        if (now < self._next_time and not early) or done < self._next_count:
            return
        self._look()
        spent = time.monotonic() - now
        self._early = None
        self._next_count = done * LOOK_GROWTH
        self._next_time = time.monotonic() + max(1.0, 4 * spent)
