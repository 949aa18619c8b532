"""All volumes that one scan reads from: whose file is next, how each of them stands, and which were given up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence

from engine.jobs.errand import FileResult
from engine.jobs.library import LibraryFile
from engine.jobs.pace import Pace, at_once, by_volume, in_reading_order
from engine.jobs.pace_order import Item
from engine.jobs.pace_queue import VolumeQueue
from engine.jobs.pace_rate import Rate
from engine.jobs.progress import Standing
from engine.jobs.retries import Backoff
from engine.names import display_text
from engine.records import VolumeProgress

LOOK_FOR_MOUNT_S = 1.0


class PacedVolumes:
    """See the module. now: seconds of reading, moved on by whoever reads. waits_for: why no file may be begun, or "".

    urgent: somebody waits for the answer, so that no file waits for mains power.
    """

    def __init__(
        self, pace: Pace | None = None, *, backoff: Backoff | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.pace = pace or Pace()
        self.now = 0.0
        self.waits_for = ""
        self.urgent = False
        self._disks = self.pace.disks()
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._queues: dict[int, VolumeQueue] = {}
        self._rates: dict[int, Rate] = {}
        self._looked: dict[int, tuple[float, bool]] = {}
        self._first = 0  # whose turn it is to be the first

    # ------------------------------------------------------------------------------------------------ what is to be read

    def add(self, items: Sequence[Item]) -> None:
        """Have these read."""
        for device, of_volume in by_volume(items, lambda item: item[1].stat.device).items():
            queue = self._queues.get(device)
            if queue is None:
                queue = VolumeQueue(device, self._disks.kind(device), self._disks.name(device), self._backoff)
                self._queues[device] = queue
            if not queue.left:
                self._rates[device] = Rate(self._clock(), queue.done, queue.done_bytes)
            queue.add(in_reading_order(of_volume, lambda item: item[1], queue.kind))

    def of(self, file: LibraryFile) -> VolumeQueue:
        """The queue of a file that was taken out of it."""
        return self._queues[file.stat.device]

    @property
    def left(self) -> bool:
        """Something is not read yet."""
        return any(queue.left for queue in self._queues.values())

    def look(self) -> Iterator[FileResult]:
        """Results of files that nobody will read any more; called often."""
        for queue in list(self._queues.values()):
            yield from queue.look(self.now)

    def look_at_power(self, now: float) -> None:
        """Ask whether files may be begun. now: of a steady clock."""
        self.waits_for = "" if self.urgent else self.pace.waits_for(now)

    def absent(self, queue: VolumeQueue) -> bool:
        """The volume is not mounted any more; looked for once a second at most."""
        seen = self._looked.get(queue.device)
        if seen is None or self.now - seen[0] >= LOOK_FOR_MOUNT_S or self.now < seen[0]:
            seen = self._looked[queue.device] = self.now, self._disks.absent(queue.device)
        return seen[1]

    # ------------------------------------------------------------------------------------------------ whose turn it is

    def shares(self, processes: int) -> dict[int, int]:
        """For the pool: how many files of each volume that can be read now may be read at a time."""
        ready = (queue for queue in self._queues.values() if queue.left and not queue.retrying)
        return {queue.device: at_once(queue.kind, processes) for queue in ready}

    def next_items(self, room: int, of: int) -> Iterator[Item]:
        """Files to be handed to the workers, of each volume in turn. room: so many are wanted, out of `of` for all volumes."""
        queues = [queue for queue in self._queues.values() if queue.left and not queue.given_up]
        if not queues:
            return
        each = max(1, of // len(queues))
        self._first = (self._first + 1) % len(queues)
        waiting = queues[self._first :] + queues[: self._first]
        while waiting and room > 0:
            for queue in list(waiting):
                item = queue.take(self.now) if queue.in_flight < each and room > 0 else None
                if item is None:
                    waiting.remove(queue)
                else:
                    room -= 1
                    yield item

    # ------------------------------------------------------------------------------------------------ how they stand

    def standing(self) -> Standing:
        """For the progress: each volume, seconds for the rest, and why nothing is read now."""
        now = self._clock()
        volumes, rests = [], []
        bytes_left = rate = 0.0
        for queue in self._queues.values():
            speed = self._rates[queue.device]
            speed.tell(now, queue.done, queue.done_bytes)
            told = _told(queue, speed)
            volumes.append(told)
            if told.state not in ("done", "offline"):
                rests.append(told.seconds_left)
                bytes_left += queue.total_bytes - queue.done_bytes
                rate += speed.bytes_per_second
        known = [rest for rest in rests if rest is not None]
        left = max([*known, bytes_left / rate if rate else 0.0]) if len(known) == len(rests) else None
        return Standing(tuple(volumes), left, self.waits_for or self._waits())

    def _waits(self) -> str:
        left = [queue for queue in self._queues.values() if queue.left]
        if not left or not all(queue.retrying for queue in left):
            return ""
        names = " and ".join(display_text(os.fsencode(queue.name)) or "a disk" for queue in left)
        return f"Waiting for {names} to answer again."

    def warnings(self) -> list[str]:
        """What the user must know when the scan ends: a sentence for each volume that was given up."""
        return [_warning(queue) for queue in self._queues.values() if queue.offline]


def _told(queue: VolumeQueue, speed: Rate) -> VolumeProgress:
    files, size = queue.total - queue.done, queue.total_bytes - queue.done_bytes
    state = (
        "offline"
        if queue.given_up
        else "done"
        if not queue.left
        else "retrying"
        if queue.retrying or queue.doubtful
        else "reading"
        if queue.in_flight
        else "waiting"
    )
    over = state in ("done", "offline")
    return VolumeProgress(
        display_text(os.fsencode(queue.name)),
        queue.kind.value,
        queue.done,
        queue.total,
        queue.done_bytes,
        queue.total_bytes,
        0.0 if over else round(speed.files_per_second, 1),
        0.0 if over else round(speed.bytes_per_second, 1),
        (0.0 if state == "done" else None) if over else speed.seconds_left(files, size),
        state,
    )


def _warning(queue: VolumeQueue) -> str:
    name = display_text(os.fsencode(queue.name)) or "one of the folders"
    files = "1 file was not read" if queue.offline == 1 else f"{queue.offline:,} files were not read"
    return f"The disk of {name} does not answer any more: {files}. Connect it again, then scan again; what was read is kept."
