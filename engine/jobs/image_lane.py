"""One worker that decodes pictures for the screen: the newest wish first, and what is read ahead only when nothing else waits."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.config import Limits
from engine.errors import Cancelled, EngineError
from engine.jobs.lanes import Lane
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from engine.records import ImageRequest, StatFacts

log = logging.getLogger(__name__)

MOST_AHEAD = 64
"""Pictures that wait to be read ahead; of more, the oldest wishes are forgotten: the user has moved on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A picture that somebody waits for. path, stat: the file as the library knows it."""

    token: int
    wanted: ImageRequest
    path: bytes = b""
    stat: StatFacts | None = None


class Wishes:
    """What waits: the newest wish first, then what is read ahead in the order in which it was asked for. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: list[Wish] = []
        self._ahead: deque[Wish] = deque(maxlen=MOST_AHEAD)

    def add(self, wish: Wish, *, ahead: bool) -> None:
        """Let a wish wait."""
        with self._lock:
            (self._ahead if ahead else self._now).append(wish)

    def take(self) -> tuple[Wish, bool] | None:
        """The wish whose turn it is, and whether it is one ahead; None when nothing waits."""
        with self._lock:
            if self._now:
                return self._now.pop(), False
            return (self._ahead.popleft(), True) if self._ahead else None

    def drop(self, *, ahead_only: bool = False) -> None:
        """Forget what waits."""
        with self._lock:
            self._ahead.clear()
            if not ahead_only:
                self._now.clear()

    def __bool__(self) -> bool:
        return bool(self._now or self._ahead)


class ImageLane:
    """See the module.

    known: is asked just before decoding, and answers the wish itself where somebody else has got the picture meanwhile.
    arrived: gets what the worker said, or an EngineError where there is no worker. idle: called when nothing waits.
    All are called from the lane's thread.
    """

    def __init__(
        self,
        limits: Limits,
        known: Callable[[Wish], bool],
        arrived: Callable[[Wish, FileResult | EngineError], None],
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._limits = limits
        self._known = known
        self._arrived = arrived
        self._idle = idle
        self._lane = Lane()
        self._wishes = Wishes()
        self._workers: Workers | None = None
        self._closed = threading.Event()

    def add(self, wish: Wish, *, ahead: bool) -> None:
        """Queue a wish and return at once."""
        if not self._closed.is_set():
            self._wishes.add(wish, ahead=ahead)
            self._lane.start(self._serve)

    def drop_ahead(self) -> None:
        """Forget what waits to be read ahead."""
        self._wishes.drop(ahead_only=True)

    def close(self) -> None:
        """Forget what waits, end the worker."""
        self._closed.set()
        self._wishes.drop()
        workers = self._workers
        if workers is not None:
            workers.cancel()
        self._lane.wait()
        if self._workers is not None:
            self._workers.close()
        self._workers = None

    def _serve(self) -> None:
        taken = self._wishes.take()
        if taken is None or self._closed.is_set():
            return
        if not self._known(taken[0]):
            self._decode(taken[0])
        if not self._wishes and not self._closed.is_set():
            self._idle()

    def _decode(self, wish: Wish) -> None:
        try:
            self._arrived(wish, self._decoded(wish))
        except Cancelled:
            return
        except EngineError as error:
            self._arrived(wish, error)

    def _decoded(self, wish: Wish) -> FileResult:
        if self._workers is None:
            self._workers = Workers(1, self._limits)
        if self._closed.is_set():
            raise Cancelled
        size = wish.stat.size if wish.stat is not None else 0
        job = FileJob(Kind.PIXELS, wish.path, size, edge=wish.wanted.edge, token=wish.token)
        return self._workers.ask(job, self._closed.is_set)
