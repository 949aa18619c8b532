"""Watches the folders of the open library: what changed there is read again once it has been quiet. Nothing else ever follows.

Only that something changed is kept, not what: a scan that finds everything else known is cheap, and a flood of events takes no
memory.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from engine import locations
from engine.disks import DiskKind, DiskProbe, SystemDisks
from engine.names import display_text

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

log = logging.getLogger(__name__)

QUIET_S = 2.0
LONGEST_S = 60.0
"""So long at most: a folder in which something is always written is read again all the same."""

LOOK_S = 30.0
"""So often it is looked whether a folder that was away is back."""


class Changes:
    """Whether something changed, and whether it has been quiet since. Thread-safe; told the time, it keeps no clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first = self._last = 0.0
        self.count = 0

    def add(self, now: float) -> None:
        """Something changed."""
        with self._lock:
            self._first = now if not self.count else self._first
            self._last = now
            self.count += 1

    def due_in(self, now: float) -> float | None:
        """Seconds until it is to be read, 0 for now; None when nothing changed."""
        with self._lock:
            if not self.count:
                return None
            return max(0.0, min(self._last + QUIET_S, self._first + LONGEST_S) - now)

    def take(self, now: float) -> bool:
        """True when what changed is to be read now; it is forgotten then."""
        due = self.due_in(now)
        if due is None or due > 0:
            return False
        with self._lock:
            self.count = 0
        return True


class Watch:
    """See the module. Methods return at once; what they ask for is done in a thread of the watch.

    changed: called when something is to be read again. tell: a line for the user.
    """

    def __init__(
        self,
        changed: Callable[[], None],
        tell: Callable[[str], None],
        *,
        disks: Callable[[], DiskProbe] = SystemDisks,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.changes = Changes()
        self._changed = changed
        self._tell = tell
        self._disks = disks
        self._clock = clock
        self._wake = threading.Condition()
        self._roots: tuple[bytes, ...] = ()
        self._stopped = False
        self._told: set[bytes] = set()
        self._watched: dict[bytes, tuple[int, int]] = {}
        self._seen: dict[bytes, tuple[int, int]] = {}
        self._observer: BaseObserver | None = None
        self._ignored = tuple(os.path.realpath(os.fsencode(place)) for place in (locations.cache_dir(), locations.data_dir()))
        threading.Thread(target=self._run, name="watch", daemon=True).start()

    def follow(self, roots: Sequence[bytes]) -> None:
        """Watch these folders (raw paths), and no others, from now on."""
        with self._wake:
            self._roots = tuple(roots)
            self._wake.notify_all()

    def again(self) -> None:
        """What was to be read could not be: it still is."""
        self._note()

    def stop(self) -> None:
        """Watch no more; `changed` is not called again once this has returned."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()

    @property
    def watching(self) -> frozenset[bytes]:
        """The folders that are watched now."""
        return frozenset(self._watched)

    # ------------------------------------------------------------------------------------------------ the observer's thread

    def dispatch(self, event: FileSystemEvent) -> None:
        """An event of the system. Hidden files and our own are nobody's photos."""
        for path in (event.src_path, event.dest_path):
            if path and not self._is_ignored(os.fsencode(path)):
                self._note()
                return

    def _is_ignored(self, path: bytes) -> bool:
        root = next((root for root in self._watched if path.startswith(root)), b"")
        if b"/." in path[len(root) :]:
            return True
        return any(path == place or path.startswith(place + b"/") for place in self._ignored)

    def _note(self) -> None:
        idle = not self.changes.count
        self.changes.add(self._clock())
        if idle:
            with self._wake:
                self._wake.notify_all()

    # ------------------------------------------------------------------------------------------------ the watch's own thread

    def _run(self) -> None:
        try:
            while not self._stopped:
                self._keep_watching()
                with self._wake:
                    if not self._stopped:
                        due = self.changes.due_in(self._clock())
                        self._wake.wait(LOOK_S if due is None else due)
                    if not self._stopped and self.changes.take(self._clock()):
                        self._changed()
        except Exception:
            log.exception("event=watch_failed")
        finally:
            self._end_observer()

    def _keep_watching(self) -> None:
        """Watch what is to be watched; a folder that came back after its disk was away is watched anew."""
        there = ((root, _identity(root)) for root in self._roots)
        wanted = {root: identity for root, identity in there if identity is not None and self._can(root, identity)}
        if wanted == self._watched:
            return
        self._end_observer()
        if not wanted:
            return
        if any(self._seen.get(root, identity) != identity for root, identity in wanted.items()):
            self._note()  # what changed while it was away was not seen
        self._seen.update(wanted)
        from watchdog.observers import Observer

        logging.getLogger("watchdog").setLevel(logging.CRITICAL)  # below that it names the user's folders
        self._observer, self._watched = Observer(), wanted
        for root in list(self._watched):
            try:
                self._observer.schedule(self, os.fsdecode(root), recursive=True, event_filter=_events())  # type: ignore[arg-type]
            except OSError:
                self._refuse(root)
        try:
            self._observer.start()
        except OSError:
            for root in list(self._watched):
                self._refuse(root)
            self._observer = None

    def _can(self, root: bytes, identity: tuple[int, int]) -> bool:
        if self._watched.get(root) == identity:
            return True
        if self._disks().kind(identity[0]) is not DiskKind.NETWORK:
            return root not in self._told
        self._say_once(root, "it lies on another computer")
        return False

    def _refuse(self, root: bytes) -> None:
        self._watched.pop(root, None)
        self._say_once(root, "the system watches no more folders")

    def _say_once(self, root: bytes, why: str) -> None:
        if root not in self._told:
            self._told.add(root)
            self._tell(f"Changes in {display_text(root)} are not noticed, because {why}. Scan again to see them.")

    def _end_observer(self) -> None:
        observer, self._observer, self._watched = self._observer, None, {}
        if observer is not None:
            observer.stop()
            if observer.is_alive():
                observer.join(5)


def _identity(root: bytes) -> tuple[int, int] | None:
    try:
        found = os.stat(root)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _events() -> list[Any]:
    """What may change a library. That a file was opened, or read to its end, is not among it: a scan would set itself off."""
    from watchdog import events

    return [
        events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent, events.FileDeletedEvent,
        events.FileClosedEvent, events.FileAttribEvent, events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent,
    ]  # fmt: skip
