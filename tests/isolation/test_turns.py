"""Very large pictures are decoded alone, ordinary ones side by side."""

from __future__ import annotations

import threading

import pytest

from engine.errors import Cancelled
from engine.jobs.turns import Turns


class _Log:
    """What happened, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._changed = threading.Condition()

    def add(self, line: str) -> None:
        with self._changed:
            self.lines.append(line)
            self._changed.notify_all()

    def wait_for(self, line: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: line in self.lines, 30)


def test_large_picture_waits_for_others_and_others_for_it() -> None:
    turns, log = Turns(lambda: False), _Log()

    def large() -> None:
        with turns.alone():
            log.add("large begins")
            log.add("large ends")

    def newcomer() -> None:
        with turns.shared():
            log.add("newcomer")

    with turns.shared(), turns.shared():  # side by side
        first = threading.Thread(target=large)
        first.start()
        while not turns._waiting_alone:
            pass
        second = threading.Thread(target=newcomer)
        second.start()
        log.add("ordinary ends")
    first.join(30)
    second.join(30)

    assert log.lines == ["ordinary ends", "large begins", "large ends", "newcomer"]


def test_waiting_for_a_turn_ends_with_cancel() -> None:
    wanted = threading.Event()
    turns = Turns(wanted.is_set)

    with turns.alone():
        wanted.set()
        with pytest.raises(Cancelled), turns.shared():
            pass
        with pytest.raises(Cancelled), turns.alone():
            pass
    wanted.clear()

    with turns.shared():
        pass
