"""The files of one volume that wait to be read: their order, what is tried again and when, and when the volume is given up.

Keeps no clock: every call is told the time. Nothing here reads or waits.
"""

from __future__ import annotations

import heapq
import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.disks import DiskKind
from engine.jobs.errand import FileResult
from engine.jobs.library import LibraryFile
from engine.jobs.pace_order import Item, Untried, first_block
from engine.jobs.retries import FILES_OWN, GONE, STALL_TRIES, TRIES, TRIES_BESIDE_OTHERS, Backoff, Outcome, outcome_of
from engine.log import tell
from engine.wire import Kind

log = logging.getLogger(__name__)

OFFLINE = "scan.offline"
STALLS = 4
"""So many reads in a row to which nothing came: the volume does not answer."""

SILENT_S = 60.0
"""So long nothing but failures: neither."""

DOUBT = 4
"""After so many failures in a row one file at a time is tried, with growing waits: who does not answer is not to be besieged."""


@dataclass(slots=True)
class _Trouble:
    """What became of a file so far. good_before: files that the volume had given when this one failed first."""

    item: Item
    good_before: int
    failures: int = 0
    stalls: int = 0
    last: FileResult | None = None


@dataclass(slots=True)
class VolumeQueue:
    """See the module. device: st_dev. name: for people.

    done, done_bytes: of what was asked for, in files and by their sizes; what was given up is not done. in_flight: handed to the
    workers. offline: files that were not read because the volume was given up.
    """

    device: int
    kind: DiskKind
    name: str
    backoff: Backoff = field(default_factory=Backoff)
    total: int = 0
    total_bytes: int = 0
    done: int = 0
    done_bytes: int = 0
    in_flight: int = 0
    given_up: bool = False
    offline: int = 0
    _fresh: Untried = field(init=False)
    _later: list[tuple[float, int, Item]] = field(default_factory=list)
    _parked: dict[LibraryFile, _Trouble] = field(default_factory=dict)
    _troubles: dict[LibraryFile, _Trouble] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _good: int = 0
    _streak: int = 0
    _stalls: int = 0
    _failing_since: float | None = None
    _next_try: float = 0.0

    def __post_init__(self) -> None:
        self._fresh = Untried(first_block if self.kind is DiskKind.HDD else None)

    def add(self, items: Iterable[Item]) -> None:
        """Have these read, after what waits already."""
        for item in items:
            self._fresh.append(item)
            self.total += 1
            self.total_bytes += item[1].size

    @property
    def left(self) -> bool:
        """Something is not read yet."""
        return bool(self._fresh or self._later or self._parked or self.in_flight)

    @property
    def doubtful(self) -> bool:
        """It has only failed for some time."""
        return self._streak >= DOUBT

    @property
    def retrying(self) -> bool:
        """All that is left waits to be tried again."""
        return not self.given_up and not self.in_flight and self.left and (self.doubtful or not self._fresh)

    # ------------------------------------------------------------------------------------------------ what is read next

    def take(self, now: float) -> Item | None:
        """A file to be read now; None when none is due."""
        if self.given_up:
            return None
        if self.doubtful and (self.in_flight or now < self._next_try):
            return None
        if self._later and (self._later[0][0] <= now or (self.doubtful and not self._fresh)):
            item = heapq.heappop(self._later)[2]
        elif self._fresh:
            item = self._fresh.pop()
        else:
            return None
        self.in_flight += 1
        return item

    def put_back(self, items: Sequence[Item]) -> None:
        """These were handed over and not begun."""
        self.in_flight -= len(items)
        self._fresh.put_back(items)

    # ------------------------------------------------------------------------------------------------ what came back

    def took(self, item: Item, result: FileResult, now: float, *, absent: bool) -> list[FileResult]:
        """Results for the scan: none while the file is to be tried again. absent: the volume is not mounted any more."""
        self.in_flight -= 1
        outcome = outcome_of(result)
        if absent and outcome is not Outcome.READ:
            self._later.append((now, next(self._numbers), item))
            return self.give_up()
        if outcome is Outcome.READ or outcome is Outcome.MISSING:
            said = self._answered() if result.stat is not None and outcome is Outcome.READ else []
            return [self._over(item, result), *said]
        return self._failed(item, result, outcome, now)

    def _done(self, item: Item, result: FileResult) -> FileResult:
        self.done += 1
        self.done_bytes += item[1].size
        return result

    def _answered(self) -> list[FileResult]:
        """The volume gives files: those that it did not give often enough are bad ones."""
        self._good += 1
        self._streak = self._stalls = 0
        self._failing_since, self._next_try = None, 0.0
        return self._release()

    def _release(self) -> list[FileResult]:
        parked, self._parked = self._parked, {}
        for file in parked:
            self._troubles.pop(file, None)
        return [self._done(one.item, one.last) for one in parked.values() if one.last is not None]

    def _failed(self, item: Item, result: FileResult, outcome: Outcome, now: float) -> list[FileResult]:
        trouble = self._troubles.setdefault(item[1], _Trouble(item, self._good))
        trouble.last = result
        trouble.failures += 1
        trouble.stalls += outcome is Outcome.STALLED
        others_came = self._good > trouble.good_before
        if not (others_came and (outcome is Outcome.STALLED or result.error_number in FILES_OWN)):
            self._doubt(outcome, now)
        if self.given_up or self._stalls >= STALLS:
            self._later.append((now, next(self._numbers), item))
            return self.give_up()
        if item[0] is Kind.QUICK:  # a first look is not worth a wait
            return [self._over(item, result)]
        if trouble.failures < (TRIES_BESIDE_OTHERS if others_came else TRIES) and trouble.stalls < STALL_TRIES:
            tell(
                log, logging.INFO, "read_again_later", code=result.code, failures=trouble.failures, private={"path": item[1].path}
            )
            self._try_later(item, outcome, now + self.backoff.wait_s(trouble.failures))
            return []
        if others_came:
            return [self._over(item, result)]
        self._parked[item[1]] = trouble
        return []

    def _doubt(self, outcome: Outcome, now: float) -> None:
        """A failure that may be the volume's. Its last try before it is given up comes just in time."""
        self._streak += 1
        self._stalls += outcome is Outcome.STALLED
        self._failing_since = now if self._failing_since is None else self._failing_since
        if self.doubtful:
            last_try = self._failing_since + SILENT_S - 1.0
            next_try = now + self.backoff.wait_s(self._streak - DOUBT + 1)
            self._next_try = min(next_try, last_try) if last_try > now else next_try

    def _try_later(self, item: Item, outcome: Outcome, due: float) -> None:
        if outcome is Outcome.STALLED:
            self._fresh.append(item)  # when all others had their turn
        else:
            heapq.heappush(self._later, (due, next(self._numbers), item))

    def _over(self, item: Item, result: FileResult) -> FileResult:
        self._troubles.pop(item[1], None)
        return self._done(item, result)

    # ------------------------------------------------------------------------------------------------ the end of it

    def look(self, now: float) -> list[FileResult]:
        """Results that come of waiting no longer; called often."""
        if self.given_up:
            return self.give_up() if self._fresh else []
        if self.in_flight:  # it is being tried; a read to which nothing comes has an end of its own
            return []
        if self._failing_since is not None and now - self._failing_since >= SILENT_S:
            return self.give_up()
        if self._parked and not (self._fresh or self._later):
            alone = len(self._parked) == 1 and all(
                one.last and one.last.error_number not in GONE for one in self._parked.values()
            )
            return self._release() if self._good or alone else self.give_up()
        return []

    def give_up(self) -> list[FileResult]:
        """What is left of this volume is offline; what is being read may still come."""
        self.given_up = True
        waiting = (item for _, _, item in self._later)
        left = [*self._fresh.drain(), *waiting, *(one.item for one in self._parked.values())]
        self._later.clear()
        self._parked.clear()
        self._troubles.clear()
        self.offline += len(left)
        tell(log, logging.WARNING, "volume_given_up", files=len(left), read=self.done, disk=self.kind.name)
        return [FileResult(file, kind, code=OFFLINE, message="the volume does not answer") for kind, file in left]
