"""Keeps the workers fed with the files that are to be read, and hands on what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.jobs.library import LibraryFile
from engine.jobs.pools import FileJob, FileResult, Kind, Workers

IN_FLIGHT = 32  # handed to the workers and not back yet
LOOK_S = 0.25

Todo = list[tuple[Kind, LibraryFile]]


class Reading:
    """The reading of one scan. cancelled, wait_while_paused: asked between two files."""

    def __init__(self, pool: Workers, cancelled: Callable[[], bool], wait_while_paused: Callable[[], None]) -> None:
        self._pool = pool
        self._cancelled = cancelled
        self._wait_while_paused = wait_while_paused

    def results(self, todo: Todo) -> Iterator[FileResult]:
        """Have all of `todo` (which may grow meanwhile) read, and yield results as they come; `token` is the file."""
        position = in_flight = 0
        while (position < len(todo) or in_flight) and not self._cancelled():
            self._wait_while_paused()
            while position < len(todo) and in_flight < IN_FLIGHT:
                kind, file = todo[position]
                self._pool.submit(FileJob(kind, file.path, file.stat.size, token=file))
                position, in_flight = position + 1, in_flight + 1
            result = self._pool.next_result(LOOK_S)
            if result is not None:
                in_flight -= 1
                yield result
