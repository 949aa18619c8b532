"""Libraries that were open before: their folders, when, what was left to decide, and up to three small pictures of each.

Kept in a settings file in the window's own folder, which is read and written in a thread of its own, since a disk may be slow.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QDateTime, QObject, QRunnable, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage

from engine.records import ClusterState, Progress
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.recent_file import KEPT, THUMB, THUMBS, Recent, read, small, store

log = logging.getLogger(__name__)

WRITE_MS = 2000  # decisions come in quick succession; one writing serves many


class RecentLibraries(QObject):
    """Notes the open library by itself and tells what was open before, newest first.

    Signals
    -------
    changed(): other libraries, or other facts of one. presence_changed(): `missing` answers otherwise.
    """

    changed = Signal()
    presence_changed = Signal()
    _loaded = Signal(object)

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._pictures = pictures
        self._path = str(controller.session.window_folder() / "recent.ini")
        self._libraries: tuple[Recent, ...] = ()
        self._left_out: set[str] = set()
        self._missing: frozenset[str] = frozenset()
        self._asked: int | None = None
        self._is_loaded = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._write_later = QTimer(self, singleShot=True, interval=WRITE_MS)
        self._write_later.timeout.connect(self._write)
        self._loaded.connect(self._take)
        controller.progress_changed.connect(self._note_reading)
        controller.scan_finished.connect(self._note_end)
        controller.totals_changed.connect(lambda _: self._note_count())
        pictures.arrived.connect(lambda _: self._note_thumbs())
        controller.session.answered.connect(self._take_presence, Qt.ConnectionType.QueuedConnection)
        self._pool.start(_Work(lambda: self._loaded.emit(read(self._path))))

    @property
    def libraries(self) -> tuple[Recent, ...]:
        """Newest first."""
        return self._libraries

    @property
    def is_loaded(self) -> bool:
        """What was kept has been read."""
        return self._is_loaded

    def missing(self, library: Recent) -> bool:
        """True when a folder of it was not there when last looked."""
        return not self._missing.isdisjoint(library.folders)

    def leave_out(self, folder: str) -> None:
        """Never list this folder (sample pictures)."""
        self._left_out.add(folder)

    def remove(self, library: Recent) -> None:
        """Forget a library. No photo is touched."""
        self._set(tuple(kept for kept in self._libraries if kept.folders != library.folders))

    def look(self) -> None:
        """Ask which folders are there now."""
        folders = sorted({folder for library in self._libraries for folder in library.folders})
        if folders:
            self._asked = self._controller.session.present(folders)

    def flush(self) -> None:
        """Write what waits, and wait for it; before the window goes."""
        if self._write_later.isActive():
            self._write()
        self._write_later.stop()
        self._pool.waitForDone(3000)

    # ------------------------------------------------------------------------------------------------ the open library

    def _note_reading(self, progress: Progress) -> None:
        """Photos are being read: the library is worth coming back to, even when the scan is never waited for."""
        if progress.stage == "read" and progress.done and self._here() is None:
            self._note(None)

    def _note_end(self, stats: object) -> None:
        if stats:
            self._note(self._undecided())

    def _note(self, undecided: int | None) -> None:
        folders = tuple(self._controller.folders)
        if not folders or not self._left_out.isdisjoint(folders):
            return
        thumbs = self._thumbs() or next((kept.thumbs for kept in self._libraries if kept.folders == folders), ())
        others = tuple(kept for kept in self._libraries if not set(kept.folders) <= set(folders))
        self._set((Recent(folders, QDateTime.currentDateTime(), undecided, thumbs), *others)[:KEPT])

    def _note_count(self) -> None:
        here = self._here()
        if here is not None and not self._controller.scanning and here.undecided != self._undecided():
            self._change(here, replace(here, undecided=self._undecided(), when=QDateTime.currentDateTime()))

    def _note_thumbs(self) -> None:
        here = self._here()
        if here is not None and len(here.thumbs) < THUMBS and not self._controller.scanning:
            thumbs = self._thumbs()
            if len(thumbs) > len(here.thumbs):
                self._change(here, replace(here, thumbs=thumbs))

    def _here(self) -> Recent | None:
        """The open library, if it is listed."""
        folders = tuple(self._controller.folders)
        return next((kept for kept in self._libraries if kept.folders == folders), None)

    def _undecided(self) -> int:
        by_state = self._controller.totals.by_state
        return int(by_state[ClusterState.UNDECIDED] + by_state[ClusterState.PROPOSED])

    def _thumbs(self) -> tuple[QImage, ...]:
        """The best photo of each of the first clusters, as far as it is there."""
        found = []
        for cluster in self._controller.snapshot.clusters[:THUMBS]:
            picture = self._pictures.get(cluster.units[0][0], max(THUMB.width(), THUMB.height()))
            if picture is not None and not picture.isNull():
                found.append(small(picture))
        return tuple(found)

    # ------------------------------------------------------------------------------------------------ the list

    def _change(self, before: Recent, after: Recent) -> None:
        self._set(tuple(after if kept is before else kept for kept in self._libraries))

    def _set(self, libraries: tuple[Recent, ...]) -> None:
        self._libraries = libraries
        self._write_later.start()
        self.changed.emit()

    def _take(self, kept: tuple[Recent, ...]) -> None:
        noted = {library.folders for library in self._libraries}  # while the file was being read
        self._libraries = (*self._libraries, *(library for library in kept if library.folders not in noted))[:KEPT]
        self._is_loaded = True
        self.changed.emit()
        self.look()

    def _take_presence(self, token: int, value: Any) -> None:
        if token == self._asked:
            self._asked = None
            self._missing = frozenset(value)
            self.presence_changed.emit()

    def _write(self) -> None:
        libraries = self._libraries
        if self._is_loaded:
            self._pool.start(_Work(lambda: store(self._path, libraries)))
        else:
            self._write_later.start()


class _Work(QRunnable):
    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        try:
            self._work()
        except Exception:  # an exception must not unwind into Qt; a list of recent libraries is worth no more than a log line
            log.exception("event=recent_failed")
