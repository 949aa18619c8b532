"""Opening folders, scanning them, and what a scan tells: progress, problems, its end, and which page that calls for."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from engine.config import MatchOptions, ScanOptions
from engine.records import FolderView, Problem
from imgfp_gui.control.signals import ControllerSignals

if TYPE_CHECKING:
    from engine.session import Session

PAGES = ("start", "scanning", "review", "empty", "history", "problems")


class Scanning:
    """One scan at a time. clusters: how many there are now. matching: how photos are compared, as the user has it now."""

    def __init__(
        self, session: Session, signals: ControllerSignals, clusters: Callable[[], int], matching: Callable[[], MatchOptions]
    ) -> None:
        self._session = session
        self._signals = signals
        self._clusters = clusters
        self._matching = matching
        self.folders: tuple[str, ...] = ()
        self.tree: tuple[FolderView, ...] = ()
        self._problems: list[Problem] = []
        self._known: tuple[Problem, ...] = ()
        self.protected: tuple[bytes, ...] = ()
        self.page = PAGES[0]
        self.paused = False
        self.stopped = False  # the user ended the scan that ran last
        self.closed = False
        self.token: int | None = None
        self._left: int | None = None  # a scan of folders that were closed, until it has ended
        self._told: set[tuple[bytes, str]] = set()
        self._sample: tuple[int, str] | None = None
        self._tree_token: int | None = None
        self._tree_again = False
        self._tell_problems = QTimer(signals, singleShot=True, interval=0)
        self._tell_problems.timeout.connect(self._found_problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of this library so far."""
        if len(self._known) != len(self._problems) or (self._problems and self._known[0] is not self._problems[0]):
            self._known = tuple(self._problems)
        return self._known

    # ------------------------------------------------------------------------------------------------ folders

    def add(self, folders: Sequence[str]) -> bool:
        """Add folders to the library; True when there was a new one."""
        new = tuple(dict.fromkeys(folder for folder in folders if folder and folder not in self.folders))
        self.folders += new
        if new:
            self._signals.folders_changed.emit(self.folders)
        return bool(new)

    def remove(self, folder: str) -> bool:
        """Take a folder out of the library, not off the disk; True when it was in."""
        left = tuple(other for other in self.folders if other != folder)
        changed = left != self.folders
        self.folders = left
        if changed:
            self._signals.folders_changed.emit(left)
        return changed

    def ask_tree(self) -> None:
        """Have the folders counted; one question at a time."""
        if self._tree_token is not None:
            self._tree_again = True
        elif self.folders and not self.closed:
            self._tree_token = self._session.folders()

    def protect(self, path: bytes, protected: bool) -> None:
        """Protect a folder and all below it, or not any more."""
        others = tuple(folder for folder in self._session.protected() if folder != path)
        self.protected = (*others, path) if protected else others
        self._session.set_protected(self.protected)
        self._signals.protected_changed.emit(self.protected)
        self.ask_tree()

    # ------------------------------------------------------------------------------------------------ a scan

    def start(self) -> None:
        """Scan the folders; a scan that runs is ended first, its readings stay stored."""
        if not self.folders or self.closed:
            return
        if self.token is not None:
            self._session.cancel()
        self.pause(paused=False)
        self.stopped = False
        options = ScanOptions(match=self._matching(), first_look=True, keep_trying=True)
        self.token = self._session.open_folders(self.folders, options)
        self._told.clear()
        self._problems = []
        if not self._clusters():
            self.set_page("scanning")
        self._signals.scan_started.emit()
        self.ask_tree()

    def open_sample(self, folder: str) -> None:
        """Have the sample photos copied into an empty folder, and open it when they are there."""
        self._sample = (self._session.make_sample(folder), folder)

    def pause(self, *, paused: bool) -> None:
        """Let the scan wait, or go on."""
        if paused != self.paused:
            self.paused = paused
            self._session.pause(paused)

    def stop(self) -> None:
        """End the running scan."""
        if self.token is not None:
            self.pause(paused=False)
            self.stopped = True
            self._session.cancel()

    def leave(self) -> None:
        """End the scan and forget the folders."""
        self.stop()
        self._left = self.token if self._left is None else self._left
        self.token, self.folders, self.tree, self._problems = None, (), (), []
        self._told.clear()
        self._signals.folders_changed.emit(())
        self._signals.folder_tree_changed.emit(())
        self.set_page("start")

    # ------------------------------------------------------------------------------------------------ pages

    def set_page(self, page: str) -> None:
        """Show another page."""
        if page in PAGES and page != self.page:
            self.page = page
            self._signals.page_changed.emit(page)

    def clusters_came(self) -> None:
        """There are other clusters: photos that come together after all are shown."""
        if self.page == "empty" and self._clusters():
            self.set_page("review")

    # ------------------------------------------------------------------------------------------------ what the session says

    def problem(self, problem: Problem) -> None:
        """A file turned out bad. Thousands that come at once are told together."""
        if (problem.path, problem.code) not in self._told:
            self._told.add((problem.path, problem.code))
            self._problems.append(problem)
            if not self._tell_problems.isActive():
                self._tell_problems.start()

    def _found_problems(self) -> None:
        if self._problems:
            self._signals.problem_found.emit(self._problems[-1])

    def answered(self, token: int, value: Any) -> bool:
        """True when the answer was to a question of this part."""
        if token == self._left:
            self._left = None
        elif token == self.token:
            self._tell_remaining(value)
            self._end()
        elif token == self._tree_token:
            self.tree = tuple(value)
            self._end_tree()
            self._signals.folder_tree_changed.emit(self.tree)
        elif self._sample and token == self._sample[0]:
            folder, self._sample = self._sample[1], None
            if self.add([folder]):
                self.start()
        else:
            return False
        return True

    @property
    def leaving(self) -> bool:
        """What comes now is still about folders that were closed."""
        return self._left is not None

    def failed(self, token: int) -> bool:
        """True when it was a question of this part that failed."""
        if token == self._left:
            self._left = None
        elif token == self.token:
            self._end()
            self._signals.scan_finished.emit({})
        elif token == self._tree_token:
            self._end_tree()
        elif self._sample and token == self._sample[0]:
            self._sample = None
        else:
            return False
        return True

    def _end(self) -> None:
        self.token = None
        self.paused = False
        if self.page in ("scanning", "review", "empty"):
            if not self._clusters():
                self.set_page("empty")
            elif self.page != "review":
                self.set_page("review")
        self.ask_tree()

    def _end_tree(self) -> None:
        self._tree_token = None
        if self._tree_again:
            self._tree_again = False
            self.ask_tree()

    def _tell_remaining(self, report: object) -> None:
        """Problems known from an earlier scan are not met again; the report has them all."""
        for entry in report.get("problems", ()) if isinstance(report, dict) else ():
            path = base64.b64decode(entry["path_b64"]) if entry.get("path_b64") else entry["path"].encode()
            self.problem(Problem(path, entry["code"], entry["message"], entry["hint"]))
