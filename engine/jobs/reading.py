"""Keeps the workers fed with the files that are to be read, each volume at its own pace, and hands on what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from engine.jobs.library import LibraryFile
from engine.jobs.pace_order import Item
from engine.jobs.pace_volumes import PacedVolumes
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from engine.jobs.progress import ProgressMeter
from engine.jobs.retries import Outcome, outcome_of

LOOK_S = 0.25
STEP_S = 5.0
"""A longer step between two looks was spent elsewhere: the computer slept, or somebody else had this thread."""

Todo = list[tuple[Kind, LibraryFile]]


class Reading:
    """The reading of one scan. cancelled, wait_while_paused: asked between two files.

    volumes: what is known of the volumes of this scan, kept from one reading to the next. meter: told how the volumes stand.
    clock: seconds of a steady clock. Time in which nothing may be read (paused, on battery) counts against no volume.
    edge: px, for kinds that ask for pixels.
    """

    def __init__(
        self,
        pool: Workers,
        cancelled: Callable[[], bool],
        wait_while_paused: Callable[[], None],
        *,
        volumes: PacedVolumes | None = None,
        meter: ProgressMeter | None = None,
        clock: Callable[[], float] = time.monotonic,
        edge: int = 0,
    ) -> None:
        self._pool = pool
        self._cancelled = cancelled
        self._wait_while_paused = wait_while_paused
        self._volumes = volumes or PacedVolumes()
        self._meter = meter
        self._clock = clock
        self._edge = edge
        self._last = clock()
        self._admitted = 0
        self._in_flight: dict[LibraryFile, Item] = {}
        if meter is not None:
            meter.standing = self._volumes.standing

    def results(self, todo: Todo) -> Iterator[FileResult]:
        """Have all of `todo` (which may grow meanwhile) read, and yield results as they come; `token` is the file.

        A file of a volume that was given up has the code ``scan.offline``, and no facts.
        """
        while not self._cancelled():
            self._pause()
            self._admit(todo)
            yield from self._volumes.look()
            if self._admitted == len(todo) and not self._volumes.left:
                break
            self._hand_over()
            result = self._pool.next_result(LOOK_S)
            self._tick()
            if result is not None:
                yield from self._took(result)
            elif self._meter is not None:
                self._meter.look()

    # ------------------------------------------------------------------------------------------------ time

    def _tick(self, *, counts: bool = True) -> None:
        now = self._clock()
        if counts and not self._volumes.waits_for:
            self._volumes.now += min(now - self._last, STEP_S)
        self._last = now
        self._volumes.look_at_power(now)

    def _pause(self) -> None:
        self._tick()
        self._wait_while_paused()
        self._tick(counts=False)

    # ------------------------------------------------------------------------------------------------ files

    def _admit(self, todo: Todo) -> None:
        if self._admitted < len(todo):
            new = todo[self._admitted :]
            self._admitted = len(todo)
            self._volumes.add(new)

    def _hand_over(self) -> None:
        """Give the workers files of every volume in turn, so that none of them has to wait for another's."""
        self._pool.stand_back(not self._volumes.pace.options.whole_cpu)
        if self._volumes.waits_for:
            return
        self._pool.share(self._volumes.shares(self._pool.count))
        room = self._pool.room - len(self._in_flight)
        for item in self._volumes.next_items(room, self._pool.room):
            kind, file = item
            self._in_flight[file] = item
            self._pool.submit(FileJob(kind, file.path, file.size, self._edge, token=file, volume=file.stat.device, patient=True))

    def _took(self, result: FileResult) -> list[FileResult]:
        item = self._in_flight.pop(result.token)
        queue = self._volumes.of(item[1])
        trouble = outcome_of(result) is not Outcome.READ
        said = queue.took(item, result, self._volumes.now, absent=trouble and self._volumes.absent(queue))
        if queue.given_up or queue.doubtful:
            recalled = self._pool.recall(queue.device)
            queue.put_back([self._in_flight.pop(job.token) for job in recalled])
            if queue.given_up:
                said += queue.give_up()
        return said
