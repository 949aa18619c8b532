"""The only caller of the session: knows folders, clusters, the selection, what the user said, and the line; no widget, no file.

Views call its methods and listen to its signals. Everything heavy happens behind the session, so every method returns at once.
The work is done by the parts in `control`; here they are put together and the session's answers are handed to them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices

from engine.errors import Cancelled, EngineError
from engine.records import (
    Cluster,
    ClusterSnapshot,
    FileView,
    FolderView,
    ImageReply,
    PairView,
    Problem,
    Progress,
    Suggest,
    Verdict,
)
from imgfp_gui.control.acting import Acting
from imgfp_gui.control.deciding import Deciding
from imgfp_gui.control.line import Line
from imgfp_gui.control.looking import Looking, empty_snapshot
from imgfp_gui.control.queue import ClusterFilter, Queue
from imgfp_gui.control.scanning import Scanning
from imgfp_gui.control.signals import ControllerSignals
from imgfp_gui.control.slices import Slices
from imgfp_gui.control.steps import RunStep, Step, Steps
from imgfp_gui.control.totals import Message, Totals
from imgfp_gui.control.verdicts import VerdictBook
from imgfp_gui.preferences import Preferences

if TYPE_CHECKING:
    from engine.session import Session

log = logging.getLogger(__name__)

__all__ = ["ClusterFilter", "Message", "Queue", "ReviewController", "Totals", "VerdictBook"]


class ReviewController(ControllerSignals):
    """What the window shows and may do. Signals: see `ControllerSignals`. A unit is what the user sees as one photo."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._slices = Slices(self)
        self._steps = Steps()
        self._looking = Looking(session, self, self._slices)
        self._line = Line(session, self, self)
        self._scan = Scanning(session, self, lambda: len(self.snapshot.clusters), lambda: self.line)
        self._deciding = Deciding(session, self, self._looking, self._steps, self._slices)
        self._acting = Acting(session, self, self._looking, self._steps, self._slices)
        self.preferences = Preferences(session.window_folder(), self)
        self._recall()
        self._listen()

    def _recall(self) -> None:
        """Mode, order and panes as they were chosen last."""
        chosen = self.preferences.values
        self._looking.set_mode(chosen.review_mode)
        self._looking.set_sort(chosen.review_sort)
        self._looking.set_panes(chosen.review_panes)

    # ------------------------------------------------------------------------------------------------ what is

    @property
    def session(self) -> Session:
        """The engine's door."""
        return self._session

    @property
    def snapshot(self) -> ClusterSnapshot:
        """The clusters in force."""
        return self._looking.snapshot

    @property
    def queue(self) -> Queue:
        """Which clusters the list shows, and their order."""
        return self._looking.queue

    @property
    def verdicts(self) -> VerdictBook:
        """What holds for every photo."""
        return self._looking.book

    @property
    def totals(self) -> Totals:
        """Sums over all clusters."""
        return self._looking.book.totals

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the library, in the order they were added."""
        return self._scan.folders

    @property
    def folder_tree(self) -> tuple[FolderView, ...]:
        """The folders with those below them, as far as they were met."""
        return self._scan.tree

    @property
    def protected(self) -> tuple[bytes, ...]:
        """Protected folders."""
        return tuple(self._session.protected())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Files of this library that gave no or only part of a picture."""
        return self._scan.problems

    @property
    def history(self) -> tuple[dict[str, Any], ...]:
        """What was done, newest first, as it was answered last."""
        return self._acting.history

    @property
    def line(self) -> float:
        """The similarity line, 0..1, as the hand left it."""
        return self._line.value

    @property
    def scanning(self) -> bool:
        """A scan runs or waits."""
        return self._scan.token is not None

    @property
    def paused(self) -> bool:
        """The scan waits."""
        return self._scan.paused

    @property
    def stopped(self) -> bool:
        """The user ended the scan that runs or ran last."""
        return self._scan.stopped

    @property
    def working(self) -> bool:
        """A scan, a move or a way back runs."""
        return self.scanning or self._acting.busy

    @property
    def page(self) -> str:
        """``start`` ``scanning`` ``review`` ``empty`` ``history`` ``problems``."""
        return self._scan.page

    @property
    def mode(self) -> str:
        """``grid`` or ``side``."""
        return self._looking.mode

    @property
    def cluster(self) -> Cluster | None:
        """The selected cluster."""
        return self._looking.cluster

    @property
    def photo(self) -> int:
        """Index of the active unit of the selected cluster."""
        return self._looking.photo

    @property
    def panes(self) -> tuple[int, ...]:
        """Units shown side by side; the first stays, the others are its challengers."""
        return self._looking.panes

    def suggest_of(self, cluster: Cluster, unit: int) -> Suggest:
        """What holds for a unit: the user's mark, else the proposal."""
        return self._looking.book.suggest_of(cluster, unit)

    def verdict_of(self, cluster: Cluster, unit: int) -> Verdict:
        """The same with its reason."""
        return self._looking.book.verdict_of(cluster, unit)

    # ------------------------------------------------------------------------------------------------ asking, at once

    def file(self, file_id: int) -> FileView | None:
        """Facts of a file, or None when the library has moved on."""
        return self._looking.file(file_id)

    def file_at(self, path: bytes) -> FileView | None:
        """Facts of the file with this raw path, None when the library does not have it."""
        return self._session.file_at(path)

    def pair(self, a: int, b: int) -> PairView | None:
        """Two files as the matcher sees them."""
        return self._session.pair(a, b)

    def links(self, cluster: Cluster) -> tuple[PairView, ...]:
        """The links that hold a cluster together."""
        return self._session.links(cluster.members)

    def resembles(self, cluster: Cluster) -> tuple[PairView, ...]:
        """Links from a cluster to photos outside, strongest first."""
        return self._session.resembles(cluster.members)

    def closest_pair(self) -> PairView | None:
        """The two most alike that are no duplicates."""
        return self._session.closest_pair()

    def histogram(self) -> tuple[int, ...]:
        """Pairs in equal bins of similarity from 0.5 to 1."""
        return tuple(self._session.score_histogram())

    def request_image(self, file_id: int, edge: int, ahead: bool = False) -> int | None:
        """Ask for pixels; `image_ready` answers. None when the window is closing."""
        return None if self._scan.closed else self._session.request_image(file_id, edge, ahead=ahead)

    # ------------------------------------------------------------------------------------------------ folders, scanning

    def add_folders(self, folders: Sequence[str]) -> None:
        """Add folders to the library and scan it."""
        if self._scan.add(folders):
            self.rescan()

    def remove_folder(self, folder: str) -> None:
        """Take a folder out of the library; nothing happens to its files."""
        if self._scan.remove(folder):
            if self.folders:
                self.rescan()
            else:
                self.close_library()

    def close_library(self) -> None:
        """Forget the folders and show the start page; what was read and decided stays stored."""
        self._scan.leave()
        self._take(empty_snapshot(self.line))
        self.working_changed.emit(self.working)

    def rescan(self) -> None:
        """Scan the folders again."""
        self._looking.opening = bool(self.folders)
        self._scan.start()
        self.working_changed.emit(self.working)
        self.recent_changed.emit()
        self.ask_history()

    def open_sample(self, folder: str) -> None:
        """Have the sample photos copied into an empty folder, and open it when they are there."""
        self._scan.open_sample(folder)

    def pause(self, *, paused: bool) -> None:
        """Let the scan wait, or go on."""
        self._scan.pause(paused=paused)
        self.working_changed.emit(self.working)

    def stop(self) -> None:
        """End the running scan; what was read stays stored."""
        self._scan.stop()

    def protect(self, path: bytes, protected: bool) -> None:
        """Protect a folder: nothing in it or below is ever moved."""
        self._looking.forget_facts()
        self._scan.protect(path, protected)

    def set_page(self, page: str) -> None:
        """Show another page."""
        self._scan.set_page(page)

    def start_reviewing(self) -> None:
        """Show the clusters there are, from the first."""
        self._scan.set_page("review")
        if self.cluster is None:
            self.select_cluster(self.queue.key_at(0))

    # ------------------------------------------------------------------------------------------------ looking

    def select_cluster(self, key: str | None) -> None:
        """Make the cluster with this key the current one."""
        self._looking.select(key)

    def step_cluster(self, by: int) -> None:
        """Go some clusters on or back in the list; stays at the ends."""
        self._looking.step(by)

    def select_photo(self, index: int) -> None:
        """Make a unit the active one."""
        self._looking.select_photo(index)

    def step_photo(self, by: int) -> None:
        """Go some photos on or back within the cluster."""
        self._looking.step_photo(by)

    def set_mode(self, mode: str) -> None:
        """``grid`` or ``side``."""
        self._looking.set_mode(mode)
        self.preferences.set("review.mode", self.mode)

    def set_panes(self, count: int) -> None:
        """So many photos side by side, two to four."""
        self._looking.set_panes(count)
        self.preferences.set("review.panes", count)

    def swap_panes(self) -> None:
        """The first two panes change places."""
        self._looking.swap_panes()

    def set_filter(self, wanted: ClusterFilter) -> None:
        """Show only these clusters."""
        self._looking.set_filter(wanted)

    def set_sort(self, sort: str) -> None:
        """``space`` ``certain`` ``line``."""
        self._looking.set_sort(sort)
        self.preferences.set("review.sort", self.queue.sort)

    def set_line(self, line: float) -> None:
        """Move the line: counts follow at once, the clusters within a frame or two. No file is touched."""
        self._line.set(line)

    def step_line(self, steps: int) -> None:
        """Move the line by half percents."""
        self._line.step(steps)

    def set_preset(self, name: str) -> None:
        """Put the line where a preset has it."""
        self._line.preset(name)

    # ------------------------------------------------------------------------------------------------ deciding

    def mark(self, unit: int, suggest: Suggest | None) -> bool:
        """Say of a unit what shall become of it, None takes the word back. False when it may not be, which is said."""
        return self._deciding.mark(unit, suggest)

    def mark_photo(self, suggest: Suggest | None) -> bool:
        """`mark` for the active unit."""
        return self.mark(self.photo, suggest)

    def accept(self, next: bool = True) -> None:
        """Take over what the rules propose for the selected cluster, and go on."""
        self._deciding.accept(go_on=next)

    def accept_all(self) -> None:
        """Take over what the rules propose for every cluster of the list, as one step."""
        self._deciding.accept_all()

    def keep_this(self, next: bool = True) -> None:
        """Keep the active photo, mark the others for trash, go on."""
        self._deciding.keep_this(go_on=next)

    def different(self) -> None:
        """Remember that the selected photos are different; they never come together again."""
        self._deciding.remember("different")

    def keep_all(self) -> None:
        """Remember that all photos of the selected cluster are wanted."""
        self._deciding.remember("keep-all")

    def set_aside(self) -> None:
        """Set the selected cluster aside for later, or take it up again."""
        self._deciding.set_aside()

    def back(self) -> None:
        """Take the latest decision back and go to its cluster. Files that were moved are a matter of `undo`."""
        if not isinstance(self._steps.latest, RunStep):
            self._take_back()

    def undo(self) -> None:
        """Take the latest step back: a decision, or a move; without any, the newest move of the history."""
        if self._steps.latest is not None:
            self._take_back()
        else:
            self._acting.undo(None)
            self.working_changed.emit(self.working)

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._acting.busy and isinstance(self._steps.latest_undone, RunStep):
            return
        step = self._steps.take_again()
        if isinstance(step, RunStep):
            self._acting.undo(step.run, step, "redo")
            self.working_changed.emit(self.working)
        elif step is not None:
            self._deciding.take_again(step)
        self.undo_changed.emit()

    @property
    def undo_text(self) -> str:
        """What `undo` would take back, in a few words; nothing when there is nothing."""
        return self._text_of(self._steps.latest) or self._acting.newest_text

    @property
    def redo_text(self) -> str:
        """What `redo` would do again."""
        return self._text_of(self._steps.latest_undone)

    def _text_of(self, step: Step | None) -> str:
        return step.text if step is not None else ""

    def _take_back(self) -> None:
        if self._acting.busy and isinstance(self._steps.latest, RunStep):
            return
        step = self._steps.take_back()
        if isinstance(step, RunStep):
            self._acting.undo(step.run, step)
            self.working_changed.emit(self.working)
        elif step is not None:
            self._deciding.take_back(step)
        self.undo_changed.emit()

    # ------------------------------------------------------------------------------------------------ acting

    def check_apply(self, destination: str | None = None) -> None:
        """Look what moving all decided photos would do; `apply_checked` tells. None: the system trash."""
        self._acting.check(destination)

    def apply(self, confirmed: bool = False) -> None:
        """Move what was checked last."""
        self._acting.apply(confirmed=confirmed)
        self.working_changed.emit(self.working)

    def stop_acting(self) -> None:
        """End a check, a move or a way back between two photos; the answer says how far it came. A scan goes on."""
        if self._acting.stop() and not self.scanning:
            self._session.cancel()

    def ask_history(self) -> None:
        """Ask what was done; `history_changed` tells."""
        if not self._scan.closed:
            self._acting.ask_history()

    def restore(self, run: str) -> None:
        """Put a run of the history back."""
        self._acting.undo(run)
        self.working_changed.emit(self.working)

    def forget_decision(self, decision: str) -> None:
        """Take a remembered decision of the history back."""
        self._acting.forget(decision)

    def retry_problems(self, paths: Sequence[bytes]) -> None:
        """Read these files again."""
        self._acting.retry(list(paths))

    def show_in_file_manager(self, path: bytes) -> None:
        """Open the folder of a file in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(os.fsdecode(path))))

    def close(self) -> None:
        """End everything; safe to call twice. Afterwards nothing more is asked or told."""
        if not self._scan.closed:
            self._slices.finish()
            self._scan.closed = True
            self._line.rest()
            self._session.close()

    # ------------------------------------------------------------------------------------------------ listening

    def _listen(self) -> None:
        session, later = self._session, Qt.ConnectionType.QueuedConnection
        # Always later: an answer must never come before the caller has kept its token.
        session.progress_changed.connect(self._on_progress, later)
        session.problem_found.connect(self._on_problem, later)
        session.clusters_changed.connect(self._on_clusters, later)
        session.image_ready.connect(self._on_image, later)
        session.scan_finished.connect(self._on_scan_finished, later)
        session.answered.connect(self._on_answered, later)
        session.failed.connect(self._on_failed, later)
        session.noted.connect(self._on_noted, later)

    def _on_progress(self, progress: Progress) -> None:
        if not self._scan.closed:
            self.progress_changed.emit(progress)

    def _on_problem(self, problem: Problem) -> None:
        if not self._scan.closed:
            self._scan.problem(problem)

    def _on_noted(self, sentence: str) -> None:
        if not self._scan.closed:
            self.noted.emit(sentence)

    def _on_image(self, reply: ImageReply) -> None:
        if not self._scan.closed:
            self.image_ready.emit(reply)

    def _on_clusters(self, snapshot: ClusterSnapshot) -> None:
        if not self._scan.closed and self.folders:
            self._take(snapshot)

    def _take(self, snapshot: ClusterSnapshot) -> None:
        self._looking.take(snapshot)
        self._scan.clusters_came()
        self._scan.ask_tree()
        self._line.tell()

    def _on_scan_finished(self, stats: object) -> None:
        if not self._scan.closed:
            self.scan_finished.emit(stats)

    def _on_answered(self, token: int, value: Any) -> None:
        if self._scan.closed:
            return
        if self._scan.answered(token, value):
            if not self.scanning and self.snapshot.line != self.line:  # moved while the scan ran with its own line
                self._line.cut()
            self.working_changed.emit(self.working)
        elif self._deciding.answered(token, value):
            self.ask_history()
        else:
            what = self._acting.answered(token, value)
            if what in ("apply", "undo", "redo"):
                self.working_changed.emit(self.working)
            if what in ("apply", "undo", "redo", "retry"):
                self.rescan()
            if what == "forget":
                self.ask_history()

    def _on_failed(self, token: int, error: Exception) -> None:
        if self._scan.closed:
            return
        if not self._scan.failed(token) and not self._deciding.failed(token):
            what = self._acting.failed(token)
            if what:
                told = f"{error.message} {error.hint}".strip() if isinstance(error, EngineError) else ""
                self.act_failed.emit(what, told)
        self.working_changed.emit(self.working)
        if isinstance(error, EngineError):
            self.noted.emit(f"{error.message} {error.hint}".strip())
        elif not isinstance(error, Cancelled):
            log.error("event=job_failed error=%s", type(error).__name__)
