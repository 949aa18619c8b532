"""Long loops of the lanes let other threads run now and then: the interpreter serves one at a time, and one is the window's."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

TURN_S = 0.004
"""So long a loop holds the interpreter before it lets go."""

_Thing = TypeVar("_Thing")


def in_turns(things: Iterable[_Thing]) -> Iterator[_Thing]:
    """The same things, with a pause after every `TURN_S` of work on them."""
    turn = time.monotonic() + TURN_S
    for thing in things:
        yield thing
        if time.monotonic() > turn:
            turn = time.monotonic() + TURN_S
