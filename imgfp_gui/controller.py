"""The only caller of the session: knows the folders, the selected cluster and photo, and the line; no widget, no file.

Views call its methods and listen to its signals. Everything heavy happens behind the session, so every method returns at once.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from engine.config import FLOOR, MatchOptions, ScanOptions
from engine.errors import Cancelled, EngineError
from engine.records import Cluster, ClusterSnapshot, FileView, ImageReply, Problem, Progress, Suggest, Verdict

if TYPE_CHECKING:
    from engine.session import Session

log = logging.getLogger(__name__)

LINE_STEP = 0.005
LINE_REST_MS = 16  # one frame: the list follows the hand no oftener than the screen does


class ReviewController(QObject):
    """What the window shows and may do. All signals are emitted in the window's thread.

    Signals
    -------
    scan_started(). library_opened(): file numbers mean other files from now on; `clusters_changed` follows.
    scan_finished(object): the report's ``stats`` as a dict, or {} when the scan was stopped or failed.
    progress_changed(Progress), problem_found(Problem), image_ready(ImageReply): as the session says them.
    clusters_changed(ClusterSnapshot): a new snapshot is in force. cluster_selected(object): Cluster or None; also emitted when
    the selected cluster's content changed. photo_selected(int): index of a member. line_changed(float, int, int): line,
    clusters and photos at it; emitted at once for every movement. folders_changed(tuple of str). applied(object): answer of a
    move or an undo. working_changed(bool): a scan, move or undo runs. noted(str): a sentence for the user.
    """

    scan_started = Signal()
    library_opened = Signal()
    scan_finished = Signal(object)
    progress_changed = Signal(object)
    problem_found = Signal(object)
    image_ready = Signal(object)
    clusters_changed = Signal(object)
    cluster_selected = Signal(object)
    photo_selected = Signal(int)
    line_changed = Signal(float, int, int)
    folders_changed = Signal(object)
    applied = Signal(object)
    working_changed = Signal(bool)
    noted = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._snapshot = ClusterSnapshot(0, MatchOptions().line, (), 0, 0, True)
        self._folders: tuple[str, ...] = ()
        self._line = self._snapshot.line
        self._key: str | None = None
        self._photo = 0
        self._scan_token: int | None = None
        self._act_tokens: set[int] = set()
        self._paused = False
        self._told: set[tuple[bytes, str]] = set()
        self._sample: tuple[int, str] | None = None
        self._new_library = False
        self._closed = False
        self._line_timer = QTimer(self, singleShot=True, interval=LINE_REST_MS)
        self._line_timer.timeout.connect(self._send_line)
        self._listen()

    # ------------------------------------------------------------------------------------------------ what is

    @property
    def snapshot(self) -> ClusterSnapshot:
        """The clusters in force."""
        return self._snapshot

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the library, in the order they were added."""
        return self._folders

    @property
    def line(self) -> float:
        """The similarity line, 0..1, as the hand left it."""
        return self._line

    @property
    def scanning(self) -> bool:
        """A scan runs or waits."""
        return self._scan_token is not None

    @property
    def paused(self) -> bool:
        """The scan waits."""
        return self._paused

    @property
    def working(self) -> bool:
        """A scan, a move or an undo runs."""
        return self.scanning or bool(self._act_tokens)

    @property
    def cluster(self) -> Cluster | None:
        """The selected cluster."""
        return next((c for c in self._snapshot.clusters if c.key == self._key), None)

    @property
    def photo(self) -> int:
        """Index of the selected photo among the selected cluster's members."""
        return self._photo

    def marked(self) -> tuple[Verdict, ...]:
        """All files that the rules propose to remove."""
        return tuple(v for c in self._snapshot.clusters for v in c.verdicts if v.suggest is Suggest.REMOVE)

    def file(self, file_id: int) -> FileView | None:
        """Facts of a file, or None when the library has moved on."""
        try:
            return self._session.file(file_id)
        except (KeyError, IndexError, EngineError):
            return None

    def histogram(self) -> tuple[int, ...]:
        """Pairs in equal bins of similarity from 0.5 to 1."""
        return tuple(self._session.score_histogram())

    # ------------------------------------------------------------------------------------------------ scanning

    def add_folders(self, folders: Sequence[str]) -> None:
        """Add folders to the library and scan it."""
        new = tuple(dict.fromkeys(f for f in folders if f and f not in self._folders))
        if new:
            self._folders += new
            self.folders_changed.emit(self._folders)
            self.rescan()

    def rescan(self) -> None:
        """Scan the folders again; a scan that runs is ended first, its readings stay stored."""
        if not self._folders or self._closed:
            return
        if self.scanning:
            self._session.cancel()
        self.pause(paused=False)
        options = ScanOptions(match=MatchOptions(line=self._line))
        self._scan_token = self._session.open_folders(self._folders, options)
        self._new_library = True
        self._told.clear()
        self.scan_started.emit()
        self.working_changed.emit(True)

    def open_sample(self, folder: str) -> None:
        """Have a few pictures made in an empty folder, and open it when they are there (self-test)."""
        self._sample = (self._session.make_sample(folder), folder)

    def pause(self, *, paused: bool) -> None:
        """Let the scan wait, or go on."""
        if paused != self._paused:
            self._paused = paused
            self._session.pause(paused)

    def stop(self) -> None:
        """End the running scan."""
        if self.scanning:
            self.pause(paused=False)
            self._session.cancel()

    # ------------------------------------------------------------------------------------------------ looking

    def select_cluster(self, key: str | None) -> None:
        """Make the cluster with this key the current one."""
        if key != self._key:
            self._key = key
            self._photo = 0
            self.cluster_selected.emit(self.cluster)

    def step_cluster(self, by: int) -> None:
        """Go some clusters on or back; stays at the ends."""
        clusters = self._snapshot.clusters
        if clusters:
            now = next((i for i, c in enumerate(clusters) if c.key == self._key), -1 if by > 0 else 0)
            self.select_cluster(clusters[min(max(now + by, 0), len(clusters) - 1)].key)

    def select_photo(self, index: int) -> None:
        """Make a member of the cluster the current photo."""
        cluster = self.cluster
        if cluster and 0 <= index < len(cluster.members) and index != self._photo:
            self._photo = index
            self.photo_selected.emit(index)

    def step_photo(self, by: int) -> None:
        """Go some photos on or back within the cluster."""
        cluster = self.cluster
        if cluster:
            self.select_photo(min(max(self._photo + by, 0), len(cluster.members) - 1))

    def request_image(self, file_id: int, edge: int) -> int | None:
        """Ask for pixels; `image_ready` answers. None when the window is closing."""
        return None if self._closed else self._session.request_image(file_id, edge)

    # ------------------------------------------------------------------------------------------------ the line

    def set_line(self, line: float) -> None:
        """Move the line: counts follow at once, the clusters within a frame or two. No file is touched."""
        line = round(min(max(line, FLOOR), 1.0), 4)
        if line == self._line:
            return
        self._line = line
        self._tell_line()
        if not self._line_timer.isActive():
            self._line_timer.start()

    def step_line(self, steps: int) -> None:
        """Move the line by half percents."""
        self.set_line(self._line + steps * LINE_STEP)

    def _tell_line(self) -> None:
        clusters, photos = self._session.line_counts(self._line)[:2]
        self.line_changed.emit(self._line, clusters, photos)

    def _send_line(self) -> None:
        if not self._closed:
            self._session.set_line(self._line)

    # ------------------------------------------------------------------------------------------------ acting

    def apply(self) -> None:
        """Move everything that is marked to the system trash, with every check of the action layer."""
        keys = [c.key for c in self._snapshot.clusters if any(v.suggest is Suggest.REMOVE for v in c.verdicts)]
        if keys:
            self._act(self._session.apply_suggestions(keys, None))

    def undo(self) -> None:
        """Put back what was moved last."""
        self._act(self._session.undo())

    def _act(self, token: int) -> None:
        self._act_tokens.add(token)
        self.working_changed.emit(True)

    def close(self) -> None:
        """End everything; safe to call twice. Afterwards nothing more is asked or told."""
        if not self._closed:
            self._closed = True
            self._line_timer.stop()
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
        if not self._closed:
            self.progress_changed.emit(progress)

    def _on_problem(self, problem: Problem) -> None:
        if not self._closed and (problem.path, problem.code) not in self._told:
            self._told.add((problem.path, problem.code))
            self.problem_found.emit(problem)

    def _tell_remaining(self, report: Any) -> None:
        """Problems known from an earlier scan are not met again; the report has them all."""
        for entry in report.get("problems", ()) if isinstance(report, dict) else ():
            path = base64.b64decode(entry["path_b64"]) if entry.get("path_b64") else entry["path"].encode()
            self._on_problem(Problem(path, entry["code"], entry["message"], entry["hint"]))

    def _on_noted(self, sentence: str) -> None:
        if not self._closed:
            self.noted.emit(sentence)

    def _on_image(self, reply: ImageReply) -> None:
        if not self._closed:
            self.image_ready.emit(reply)

    def _on_clusters(self, snapshot: ClusterSnapshot) -> None:
        if self._closed:
            return
        if self._new_library:
            self._new_library = False
            self.library_opened.emit()
        before = self.cluster
        self._snapshot = snapshot
        self.clusters_changed.emit(snapshot)
        after = self.cluster
        if after is None and snapshot.clusters:
            self._key, self._photo = snapshot.clusters[0].key, 0
            after = self.cluster
        if after != before:
            if after is None or self._photo >= len(after.members):
                self._photo = 0
            self.cluster_selected.emit(after)
        self._tell_line()

    def _on_scan_finished(self, stats: object) -> None:
        if not self._closed:
            self.scan_finished.emit(stats)

    def _on_answered(self, token: int, value: Any) -> None:
        if self._closed:
            return
        if token == self._scan_token:
            self._end_scan()
            self._tell_remaining(value)
            if self._snapshot.line != self._line:  # moved while the scan ran with the line it was started with
                self._line_timer.start()
        elif token in self._act_tokens:
            self._act_tokens.discard(token)
            self.working_changed.emit(self.working)
            self.applied.emit(value)
        elif self._sample and token == self._sample[0]:
            self.add_folders([self._sample[1]])

    def _on_failed(self, token: int, error: Exception) -> None:
        if self._closed:
            return
        if token == self._scan_token:
            self._end_scan()
            self.scan_finished.emit({})
        elif token in self._act_tokens:
            self._act_tokens.discard(token)
            self.working_changed.emit(self.working)
        if isinstance(error, EngineError):
            self.noted.emit(f"{error.message} {error.hint}".strip())
        elif not isinstance(error, Cancelled):
            log.error("event=job_failed error=%s", type(error).__name__)

    def _end_scan(self) -> None:
        self._scan_token = None
        self._paused = False
        self.working_changed.emit(self.working)
