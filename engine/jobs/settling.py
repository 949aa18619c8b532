"""What a library holds lives as long as it is open: the garbage collector is told not to look at it again.

A full collection stops every thread, the window's too: a third of a second for twenty thousand photos. Objects that are let go of
are freed all the same; only rings of objects that were alive at such a moment are not, and a library has none.
"""

from __future__ import annotations

import gc

FROM = 5_000
GROWTH = 1.5


class Settling:
    """For a count that grows: settles whenever it has grown by half."""

    def __init__(self) -> None:
        self._next = float(FROM)

    def grown_to(self, count: int) -> None:
        """Called often."""
        if count >= self._next:
            self._next = count * GROWTH
            settle()


def settle() -> None:
    """Everything that lives now, and is no young garbage, is there to stay."""
    gc.collect(1)
    gc.freeze()
