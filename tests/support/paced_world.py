"""Disks and workers in made-up time: the real reading runs against them, and a minute of waiting takes no time."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.disks import DiskKind
from engine.jobs.errand import FileJob, FileResult
from engine.jobs.library import Files, NewFile, library_files
from engine.jobs.pace import Pace, PaceOptions, Shares
from engine.jobs.pace_volumes import PacedVolumes
from engine.jobs.reading import Reading, Todo
from engine.jobs.retries import Backoff
from engine.records import PictureFacts, StatFacts
from engine.wire import Kind

READ_S = 0.1
STALL_S = 20.0
ROOM = 8

Answer = tuple[float, FileResult]
Behaviour = Callable[["World", FileJob], Answer]


def good(world: World, job: FileJob) -> Answer:
    """A sound picture after a tenth of a second."""
    facts = PictureFacts("ok", kind="picture")
    return READ_S, FileResult(job.token, job.kind, facts, stat=StatFacts(1, 1, 1, job.volume, 1))


def refusing(number: int, code: str = "read.io", seconds: float = 0.01) -> Behaviour:
    """The system says no."""
    return lambda world, job: (seconds, FileResult(job.token, job.kind, code=code, error_number=number))


def silent(world: World, job: FileJob) -> Answer:
    """No byte comes until the deadline ends it."""
    return STALL_S, FileResult(job.token, job.kind, code="decode.timeout", error_number=errno.ETIMEDOUT)


def later_good(until: float, before: Behaviour) -> Behaviour:
    """Behaves like `before` until that moment, then soundly."""
    return lambda world, job: (before if world.now < until else good)(world, job)


@dataclass
class Disks:
    """A fake probe. kinds: by st_dev. gone: volumes that are not mounted any more."""

    kinds: Mapping[int, DiskKind]
    gone: set[int] = field(default_factory=set)

    def kind(self, device: int) -> DiskKind:
        """As made up."""
        return self.kinds.get(device, DiskKind.SSD)

    def name(self, device: int) -> str:
        """A mount point."""
        return f"/media/disk{device}"

    def absent(self, device: int) -> bool:
        """As made up."""
        return device in self.gone


@dataclass
class Power:
    """A fake probe. battery: tells for each moment whether it is being emptied."""

    battery: Callable[[], bool] = lambda: False
    asked: int = 0

    def on_battery(self) -> bool:
        """As made up."""
        self.asked += 1
        return self.battery()


class World:
    """So many processes; what a file does is decided by its path, else by its volume, else it is sound.

    began: (moment, path) of every try. most_at_once: files of each volume that were read at the same time.
    """

    def __init__(self, processes: int = 2, kinds: Mapping[int, DiskKind] | None = None) -> None:
        self.count = processes
        self.room = ROOM * processes
        self.now = 0.0
        self.disks = Disks(kinds or {})
        self.power = Power()
        self.pace = Pace(PaceOptions(), disks=lambda: self.disks, power=self.power)
        self.volumes = PacedVolumes(self.pace, backoff=Backoff(lambda: 0.0), clock=lambda: self.now)
        self.behaviour: dict[int | bytes, Behaviour] = {}
        self.began: list[tuple[float, bytes]] = []
        self.most_at_once: dict[int, int] = {}
        self.ended_at: dict[bytes, float] = {}
        self.stands_back = True
        self._shares = Shares()
        self._jobs: list[FileJob] = []
        self._busy: list[tuple[float, int, FileJob, FileResult]] = []
        self._numbers = itertools.count()

    # ------------------------------------------------------------------------------------------------ for a test

    def read(
        self,
        files: Files,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        wait_while_paused: Callable[[], None] = lambda: None,
        each: Callable[[FileResult], None] = lambda result: None,
    ) -> list[FileResult]:
        """All results of the real reading, in the order in which they came."""
        todo: Todo = [(Kind.FINGERPRINT, file) for file in files]
        reading = Reading(self, cancelled, wait_while_paused, volumes=self.volumes, clock=lambda: self.now)  # type: ignore[arg-type]
        results = []
        for result in reading.results(todo):
            self.ended_at[result.token.path] = self.now
            results.append(result)
            each(result)
        return results

    # ------------------------------------------------------------------------------------------------ as the pool of workers

    def share(self, most: Mapping[int, int]) -> None:
        """See `Workers`."""
        self._shares.most = dict(most)

    def stand_back(self, background: bool) -> None:
        """See `Workers`."""
        self.stands_back = background

    def submit(self, job: FileJob) -> None:
        """See `Workers`."""
        assert len(self._jobs) < self.room, "the scan would have to wait"
        self._jobs.append(job)
        self._begin()

    def recall(self, volume: int) -> list[FileJob]:
        """See `Workers`."""
        recalled = [job for job in self._jobs if job.volume == volume]
        self._jobs = [job for job in self._jobs if job.volume != volume]
        return recalled

    def next_result(self, timeout_s: float) -> FileResult | None:
        """See `Workers`; time goes on until something is done, at most so long."""
        self._begin()
        if not self._busy or min(self._busy)[0] > self.now + timeout_s:
            self.now += timeout_s
            return None
        done = min(self._busy)
        self._busy.remove(done)
        self.now = max(self.now, done[0])
        self._shares.end(done[2].volume)
        self._begin()
        return done[3]

    def _begin(self) -> None:
        while len(self._busy) < self.count and self._jobs:
            place = self._shares.next_of([job.volume for job in self._jobs], self.count)
            if place is None:
                return
            job = self._jobs.pop(place)
            self._shares.begin(job.volume)
            self.most_at_once[job.volume] = max(self.most_at_once.get(job.volume, 0), self._shares.running[job.volume])
            self.began.append((self.now, job.path))
            seconds, result = (self.behaviour.get(job.path) or self.behaviour.get(job.volume) or good)(self, job)
            self._busy.append((self.now + seconds, next(self._numbers), job, result))


def files_on(counts: Mapping[int, int], size: int = 1_000_000) -> Files:
    """So many files on each volume (st_dev), in path order; inodes run against it."""
    new = [
        NewFile(b"/media/disk%d/%04d.jpg" % (device, number), StatFacts(size, 1, 1, device, 10_000 - number), "unread")
        for device, count in counts.items()
        for number in range(count)
    ]
    return library_files(sorted(new, key=lambda file: file.path))
