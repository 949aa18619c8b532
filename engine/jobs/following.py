"""Keeps the open library up to date in the background: what changed in watched folders, and volumes that answer again.

A scan is all that ever follows. It runs in the session's main lane, one piece of work after the other, so never beside a move or
its undo; and it ends, to be done later, when the user asks for something.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.jobs.file_table import FileTable
from engine.jobs.library import Library
from engine.jobs.looking import Open
from engine.jobs.pace_waiting import Waiting
from engine.jobs.watch import Watch


class Following:
    """See the module. start: of the main lane. scan: reads the open library again unless told to end, and says whether it did.

    tell: a line for the user, from any thread. make_watch, make_waiting: for tests.
    """

    def __init__(
        self,
        start: Callable[[Callable[[], None]], None],
        scan: Callable[[Callable[[], bool]], bool],
        tell: Callable[[str], None],
        *,
        make_watch: Callable[[Callable[[], None], Callable[[str], None]], Watch] = Watch,
        make_waiting: Callable[[Callable[[], None]], Waiting] = Waiting,
    ) -> None:
        self._lock = threading.Lock()
        self._start = start
        self._scan = scan
        self._tell = tell
        self._make_watch = make_watch
        self._watch: Watch | None = None
        self._waiting = make_waiting(self._want)
        self._roots: tuple[bytes, ...] = ()
        self._asked = 0
        self._pending = self._queued = self._closed = False

    def watch(self, on: bool) -> None:
        """Watch the folders of the open library, and of those that are opened later; or no more."""
        if on and self._watch is None and not self._closed:
            self._watch = self._make_watch(self._want, self._tell)
            self._watch.follow(self._roots)
        elif not on and self._watch is not None:
            self._watch.stop()
            self._watch = None

    def opened(self, now: Open | None) -> None:
        """Another library is open, or the same one was read again; main lane."""
        if now is None or self._closed:
            return
        self._roots = now.library.roots
        if self._watch is not None:
            self._watch.follow(self._roots)
        self._waiting.wait_for(offline_files(now.library) if now.options.keep_trying else ())

    def user_asks(self) -> None:
        """The user asked for something that runs in the main lane: what runs in the background stands aside."""
        with self._lock:
            self._asked += 1

    def user_served(self) -> None:
        """That is done."""
        with self._lock:
            self._asked -= 1
            again = self._pending and not self._asked
        if again:
            self._want()

    def close(self) -> None:
        """Follow nothing any more."""
        with self._lock:
            self._closed = True
        self.watch(False)
        self._waiting.stop()

    def _want(self) -> None:
        """The library is to be read again, once, as soon as nothing else waits; from any thread."""
        with self._lock:
            self._pending = True
            if self._queued or self._asked or self._closed:
                return
            self._queued = True
        self._start(self._run)

    def _run(self) -> None:
        with self._lock:
            self._queued = False
            if self._asked or self._closed:
                return  # pending: it follows when the user was served
            self._pending = False
        if not self._scan(lambda: self._asked > 0 or self._closed):
            self._want()


def offline_files(library: Library) -> list[bytes]:
    """One file (raw path) of each volume that is away."""
    table = library.table
    places = np.flatnonzero(table.files["status"] == table.pools.texts.number("offline"))
    _, first = np.unique(table.stats["device"][places], return_index=True)
    return [table.paths[place] for place in places[first].tolist()]


def unchanged(before: Library, now: Library) -> bool:
    """Nothing was read, and nothing else was met: whoever looks at `before` need not be disturbed."""
    return (
        not now.computed
        and before.final
        and before.roots == now.roots
        and len(before.table) == len(now.table)
        and list(before.table.paths) == list(now.table.paths)
        and np.array_equal(before.table.stats, now.table.stats)
        and np.array_equal(_statuses(before.table), _statuses(now.table))
    )


def _statuses(table: FileTable) -> NDArray[np.str_]:
    """Of each file, whatever number its table gives them."""
    numbers, places = np.unique(table.files["status"], return_inverse=True)
    return np.array([table.pools.texts[number] or "" for number in numbers.tolist()])[places]
