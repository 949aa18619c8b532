"""How politely a scan reads: how many files of a volume at a time, in which order, with how much of the processor.

Pure decisions from what the probes tell, so that tests ask them without a disk or a battery.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine.disks import DiskKind, DiskProbe, SystemDisks
from engine.jobs.library import LibraryFile
from engine.power import PowerProbe, SystemPower

HDD_AT_ONCE = 2
"""One file is read while another is decoded: with more, the heads of a spinning disk run to and fro between them."""

NETWORK_AT_ONCE = 4
"""Answers take their way: several questions under way hide it, many crowd out whoever else uses the line."""

MORE_PROCESSES = 4
"""So many may start beside those that were asked for, one a volume, so that each volume that waits has its own."""

POWER_LOOK_S = 5.0
ON_BATTERY = "Waiting for mains power."

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PaceOptions:
    """What the user wants. whole_cpu: workers do not stand back for others. pause_on_battery: read with mains power only."""

    whole_cpu: bool = False
    pause_on_battery: bool = False


class Pace:
    """The pace of one session's scans; it may change while one runs. Thread-safe.

    disks: makes the probe of a scan, which knows what was mounted when it began.
    """

    def __init__(
        self,
        options: PaceOptions | None = None,
        disks: Callable[[], DiskProbe] = SystemDisks,
        power: PowerProbe | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._options = options or PaceOptions()
        self._power = power or SystemPower()
        self._power_seen: tuple[float, bool] | None = None
        self.disks = disks

    @property
    def options(self) -> PaceOptions:
        """As they are now."""
        return self._options

    def set(self, *, whole_cpu: bool | None = None, pause_on_battery: bool | None = None) -> None:
        """Change what is not None, from the next file on."""
        with self._lock:
            new = self._options
            if whole_cpu is not None:
                new = replace(new, whole_cpu=whole_cpu)
            if pause_on_battery is not None:
                new = replace(new, pause_on_battery=pause_on_battery)
            self._options = new

    def waits_for(self, now: float) -> str:
        """Why no further file may be begun, a sentence; "" when one may. now: seconds of any steady clock.

        The battery is asked every five seconds at most.
        """
        if not self._options.pause_on_battery:
            return ""
        with self._lock:
            if self._power_seen is None or now - self._power_seen[0] >= POWER_LOOK_S:
                self._power_seen = (now, self._power.on_battery())
            return ON_BATTERY if self._power_seen[1] else ""


def at_once(kind: DiskKind, processes: int) -> int:
    """How many files of a volume of this kind are read at a time by so many processes."""
    if kind is DiskKind.HDD:
        return min(HDD_AT_ONCE, processes)
    if kind is DiskKind.NETWORK:
        return min(NETWORK_AT_ONCE, processes)
    return processes


def processes(asked_for: int, volumes: int) -> int:
    """Reading processes for files on so many volumes: a volume that does not answer must not hold the only one."""
    return max(asked_for, min(volumes, asked_for + MORE_PROCESSES))


def by_volume(items: Iterable[Item], device: Callable[[Item], int]) -> dict[int, list[Item]]:
    """Items by st_dev, in the order in which the first of each volume comes."""
    found: dict[int, list[Item]] = {}
    for item in items:
        found.setdefault(device(item), []).append(item)
    return found


def in_reading_order(items: Sequence[Item], file: Callable[[Item], LibraryFile], kind: DiskKind) -> list[Item]:
    """On a spinning disk by inode, which is near the order on the disk and costs no look; elsewhere by path."""
    if kind is DiskKind.HDD:
        return sorted(items, key=lambda item: (file(item).stat.inode, file(item).path))
    return sorted(items, key=lambda item: file(item).path)


@dataclass(slots=True)
class Shares:
    """Which volume's file the next idle process gets. Not thread-safe: the pool asks under its lock.

    most: files at a time of each volume that has files left. running: how many are read now.
    """

    most: dict[int, int] = field(default_factory=dict)
    running: dict[int, int] = field(default_factory=dict)

    def begin(self, volume: int) -> None:
        """A file of this volume is read from now on."""
        self.running[volume] = self.running.get(volume, 0) + 1

    def end(self, volume: int) -> None:
        """It is done."""
        left = self.running.get(volume, 0) - 1
        self.running[volume] = left
        if left <= 0:
            del self.running[volume]

    def next_of(self, waiting: Sequence[int], processes: int) -> int | None:
        """Place in `waiting` (the volumes of the waiting files, oldest first) of the file to be begun; None for none of them."""
        return choose(waiting, self.running, self.most, processes)


def choose(waiting: Collection[int], running: Mapping[int, int], most: Mapping[int, int], processes: int) -> int | None:
    """Place of the file to be begun now: of the volume of which the fewest are read, within its limit.

    A volume gets a second process only while one is left for each other volume that has files and of which none is read:
    so a slow volume never holds them all, and a fast one has what is left.
    """
    idle = processes - sum(running.values())
    idle_volumes = sum(1 for volume in most if not running.get(volume))
    best: tuple[int, int] | None = None
    seen: set[int] = set()
    for place, volume in enumerate(waiting):
        if volume in seen:
            continue
        seen.add(volume)
        now = running.get(volume, 0)
        if now >= most.get(volume, processes) or (now and idle <= idle_volumes):
            continue
        if best is None or now < best[0]:
            best = now, place
    return None if best is None else best[1]
