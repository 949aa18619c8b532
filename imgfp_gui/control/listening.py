"""The controller's ear: what the session says goes to the part that asked, and what follows from it is done."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from engine.errors import Cancelled, EngineError
from engine.records import ClusterSnapshot, ImageReply, Problem, Progress
from imgfp_gui.control.state import ControllerState

if TYPE_CHECKING:
    from engine.session import Session

log = logging.getLogger(__name__)


class ControllerListening(ControllerState):
    """After `close` nothing is heard any more."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._newest = 0
        self._listen()

    # ------------------------------------------------------------------------------------------------ what answers call for

    def rescan(self) -> None:
        """Scan the folders again."""
        self._looking.opening = bool(self.folders)
        self._pacing.tell()
        self._scan.start()
        self.working_changed.emit(self.working)
        self.recent_changed.emit()
        self.ask_history()

    def ask_history(self) -> None:
        """Ask what was done; `history_changed` tells."""
        if not self._scan.closed:
            self._acting.ask_history()

    # ------------------------------------------------------------------------------------------------ hearing

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
        """One that was made before the one in force, and comes after it, is late and says nothing new."""
        late = snapshot.generation <= self._newest or snapshot.library < self.snapshot.library
        if not (self._scan.closed or self._scan.leaving or late) and self.folders:
            self._newest = snapshot.generation
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
