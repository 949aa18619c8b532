"""The only door for window, command line and tests: methods return at once with a token, results come as signals.

No method blocks on files, locks or matching. Signals may be emitted from the session's own threads; Qt queues them to the
receiver's thread.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMetaMethod, QObject, Signal

from engine import locations
from engine.config import Limits, MatchOptions, ScanOptions
from engine.errors import Cancelled, EngineError
from engine.jobs.lanes import Lane, Switch

if TYPE_CHECKING:
    from engine.embedding import ModelSpec
    from engine.jobs.cluster_decision import Choice
    from engine.jobs.scan_job import ScanListener
    from engine.keepers import RuleOrder
    from engine.records import FileView, LineCounts, PairView, ReadingStatistics, Suggest, Weights

log = logging.getLogger(__name__)


def window_folder() -> Path:
    """A private folder below the data folder, for the window's own state; there unless nothing can be written."""
    folder = locations.data_dir() / "window"
    with contextlib.suppress(OSError):
        locations.make_private(folder)
    return folder


class Session(QObject):
    """One user's session: at most one library open, one job at a time, pictures for the screen beside it.

    Signals
    -------
    progress_changed(Progress): at most 10 a second while a job runs. problem_found(Problem): as files turn out bad.
    clusters_changed(ClusterSnapshot): first looks while reading goes on, and after each moved line.
    image_ready(ImageReply). scan_finished(dict): the report's ``stats``. answered(token, value) or failed(token, error) exactly
    once for each token. noted(str): a line for the user that is no error.
    """

    progress_changed = Signal(object)
    problem_found = Signal(object)
    clusters_changed = Signal(object)
    image_ready = Signal(object)
    scan_finished = Signal(object)
    answered = Signal(int, object)
    failed = Signal(int, object)
    noted = Signal(str)

    def __init__(self, parent: QObject | None = None, *, limits: Limits | None = None) -> None:
        super().__init__(parent)
        # Only a session needs the rooms behind the door: whoever just asks for its folder, as a window does that wants to be
        # seen, shall not wait for numpy and SQLite.
        from engine.jobs.acting import Acting
        from engine.jobs.following import Following
        from engine.jobs.image_job import ImageDesk
        from engine.jobs.pace import Pace
        from engine.jobs.review import Review
        from engine.jobs.statistics import ReadingMeter
        from engine.jobs.workspace import Workspace
        from engine.log import start_log

        start_log()
        self._limits = limits or Limits()
        self._tokens = itertools.count(1)
        self._main, self._tuning, self._browsing = Lane(), Lane(), Lane()
        self._marking, self._deciding = Lane(), Lane()
        self._switch = Switch()
        self._pace = Pace()
        self._workspace = Workspace()
        self._reading = ReadingMeter()
        self._review = Review(self._workspace, self._limits, self._listener(), self.clusters_changed.emit, self._is_looked_at)
        self._looking = self._review.looking
        self._acting = Acting(self._workspace, self._review, self._limits, self._listener())
        self._desk = ImageDesk(self._limits, self._looking.picture_file, self.image_ready.emit, self._workspace.thumbnails)
        self._main.start(self._workspace.recover)
        self._main.start(self._acting.load_marks)
        self._following = Following(self._main.start, self._scan_again, self.noted.emit)
        self._closed = False

    def _is_looked_at(self) -> bool:
        """Somebody waits for clusters: the command line wants them at the end only."""
        return self.isSignalConnected(QMetaMethod.fromSignal(self.clusters_changed))

    # ------------------------------------------------------------------------------------------------ looking

    def open_folders(self, folders: Sequence[str | bytes], options: ScanOptions | None = None) -> int:
        """Scan folders and match what is found; answers with the report (a dict as in the contract)."""
        roots = [os.fsencode(folder) for folder in folders]
        self._looking.move_line(None)
        return self._ask(lambda: self._review.scan(roots, options or ScanOptions()), done=self._tell_scan)

    def pause(self, paused: bool = True) -> None:
        """Let the running job wait, or go on."""
        if paused:
            self._switch.pause()
        else:
            self._switch.resume()

    def set_pace(self, *, whole_cpu: bool | None = None, pause_on_battery: bool | None = None) -> None:
        """How politely scans read, from the next file on; None leaves it as it is. Both are off at first.

        whole_cpu: reading does not stand back for other programs. pause_on_battery: files are read with mains power only; a scan
        waits without one and goes on by itself (`Progress.waits` says so).
        """
        self._pace.set(whole_cpu=whole_cpu, pause_on_battery=pause_on_battery)

    def watch(self, on: bool) -> None:
        """Keep the open library up to date: what changes below its folders is read again when it was quiet for two seconds.

        `clusters_changed` follows where something came of it, and nothing else ever does: no file is moved, no move is under way
        meanwhile, and whatever is asked for goes first. Folders on other computers cannot be watched, which is `noted`.
        """
        self._following.watch(on)

    def cancel(self) -> None:
        """End the running job; what was read stays stored and is answered as far as it came."""
        self._switch.cancel()

    def set_line(self, line: float) -> None:
        """Cut the list of joins at another similarity (0..1); `clusters_changed` follows. No file is touched.

        It stays while a scan goes on, until the next one is asked for.
        """
        self._looking.move_line(round(line, 4))
        self._tuning.start(self._recut)

    def set_weights(self, weights: Weights) -> None:
        """Let parts of the similarity count more or less; `clusters_changed` follows with the same pairs scored anew.

        No file is touched, nothing of it is stored, and no pair becomes a reason to remove a photo by it. It holds for this
        session, for the scans that are asked for later, too. Of several calls in a row the last one counts.
        """
        self._looking.weigh(weights)
        self._tuning.start(self._recut)

    def line_counts(self, line: float) -> LineCounts:
        """Clusters, photos and bytes at this line, at once."""
        return self._looking.counts(line)

    def score_histogram(self) -> tuple[int, ...]:
        """Pairs in 50 equal bins of similarity from 0.5 to 1."""
        return self._looking.histogram()

    def file(self, file_id: int) -> FileView:
        """Facts of one file of the open library. Raises KeyError."""
        return self._looking.file_view(file_id)

    def file_at(self, path: bytes) -> FileView | None:
        """Facts of the file with this raw path, None when the open library does not have it."""
        return self._looking.file_at(path)

    def paths(self, files: Sequence[int], library: int) -> tuple[bytes, ...]:
        """Exact paths of many files, in this order; b"" for an unknown id, and for all when `library` (see `ClusterSnapshot`) is
        not the open one any more. A tenth of a microsecond each."""
        return self._looking.paths(files, library)

    def pair(self, a: int, b: int) -> PairView | None:
        """Two files of the open library, a before b; None where they are not alike or cannot be compared."""
        return self._looking.pair(a, b)

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """The pairs among these files, strongest first."""
        return self._looking.links(files)

    def resembles(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """Pairs at or above the line from these files (a) to others (b), strongest first, at most 20."""
        return self._looking.resembles(files)

    def closest_pair(self) -> PairView | None:
        """The best pair below the line that no cluster holds."""
        return self._looking.closest_pair()

    def folders(self) -> int:
        """The folders of the open library; answers with `FolderView` in a tuple, during a scan with what is known so far."""
        return self._ask_beside(self._browsing, self._looking.folders)

    def set_protected(self, folders: Sequence[bytes]) -> None:
        """Nothing below these folders (raw paths) is proposed, or moved, from now on; `clusters_changed` follows."""
        self._workspace.protected.set(folders)
        self._looking.look_again()
        self._tuning.start(self._recut)
        self._marking.start(self._store_protected)

    def protected(self) -> tuple[bytes, ...]:
        """The folders that the user protects, as raw paths, in the order in which they were."""
        return self._workspace.protected.all()

    def request_image(self, file_id: int, edge: int, *, ahead: bool = False) -> int:
        """Ask for pixels, longest edge in px (0: full size); answered by `image_ready`.

        ahead: read only when nothing else waits, and forgotten (not answered) by `drop_ahead` or where too many wait.
        """
        from engine.records import ImageRequest

        token = next(self._tokens)
        self._desk.request(token, ImageRequest(file_id, edge), ahead=ahead)
        return token

    def drop_ahead(self) -> None:
        """Forget the pictures that wait to be read ahead."""
        self._desk.drop_ahead()

    def compare(self, a: bytes, b: bytes, options: MatchOptions | None = None) -> int:
        """One pair of files; answers with the contract's object. options: here and below, for another scheme than our own."""
        return self._ask(lambda: self._review.compare(a, b, options))

    def inspect(self, path: bytes, options: MatchOptions | None = None) -> int:
        """Facts, fingerprints and digests of one file."""
        return self._ask(lambda: self._review.inspect(path, options))

    def find(self, picture: bytes, folders: Sequence[bytes], options: MatchOptions | None = None) -> int:
        """Pictures like this one, in the folders or in the whole store."""
        return self._ask(lambda: self._review.find(picture, folders, options))

    def find_related(
        self, picture: bytes, folders: Sequence[bytes], model: ModelSpec, options: MatchOptions | None = None, *, most: int = 20
    ) -> int:
        """As `find`, and beside the matches ``related``: pictures that a model of the user's finds near, most of all first."""
        return self._ask(lambda: self._review.find_related(picture, folders, model, most, options))

    def statistics(self) -> ReadingStatistics:
        """What reading has cost since this session began, at once."""
        return self._reading.told()

    def report(self) -> int:
        """The open library as a report, at the line that is set."""
        return self._ask(self._review.report)

    # ------------------------------------------------------------------------------------------------ deciding, acting

    def propose(self, report: Path, rules: RuleOrder | None = None) -> int:
        """A plan from a report file; answers with `actions.Plan`-like JSON and the reasons for what stays undecided."""
        return self._ask(lambda: self._review.propose(report, rules))

    def decide(self, report: Path, cluster: int, choice: str) -> int:
        """Remember ``different`` or ``keep-all`` for a cluster of a report, or ``forget`` it."""
        return self._ask(lambda: self._review.decide(report, cluster, choice))

    def apply(self, plan: Path, destination: bytes | None = None, *, dry_run: bool = False) -> int:
        """Carry out a plan file; destination None is the system trash, else a quarantine folder."""
        return self._ask(lambda: self._review.apply(plan, destination, dry_run=dry_run))

    def check_apply(self, paths: Sequence[bytes], destination: bytes | None = None) -> int:
        """Rehearse the move of these photos (raw path of one file each; the whole shot goes) out of the open library.

        Answers with an `ApplyCheck`; nothing is moved. destination: None is the system trash, else a quarantine folder.
        """
        seen, wanted = self._looking.opened, list(paths)
        return self._ask(lambda: self._acting.check_apply(seen, wanted, destination))

    def apply_checked(self, check: int, *, confirmed: bool = False) -> int:
        """Carry out the very plan of an `ApplyCheck` (its id), under every check again; answers like `apply`.

        Only the newest check, and once. confirmed: needed when the check has a `scope`.
        """
        return self._ask(lambda: self._acting.apply_checked(check, confirmed=confirmed))

    def remember(self, cluster: str, choice: Choice) -> int:
        """Remember ``different`` or ``keep-all`` for a cluster (key) of the open library; answers with the decision's id.

        `clusters_changed` follows. Runs beside a scan.
        """
        seen = self._looking.opened
        return self._ask_beside(self._deciding, lambda: self._acting.remember(seen, cluster, choice, lambda: self._closed))

    def take_back(self, decision: str) -> int:
        """Take a decision back by its id; answers None, `clusters_changed` follows. Runs beside a scan."""
        return self._ask_beside(self._deciding, lambda: self._acting.take_back(decision))

    def undo(self, run: str | None = None) -> int:
        """Put the newest run, or the named one, back."""
        return self._ask(lambda: self._review.undo(run))

    def history(self) -> int:
        """What was done, newest first; answered while a scan runs, too."""
        return self._ask_beside(self._browsing, self._acting.history)

    def lost_copies(self, run: str) -> int:
        """Which files of a move could not be put back now; answers with their raw paths in the library, beside a scan too."""
        return self._ask_beside(self._browsing, lambda: self._acting.lost_copies(run))

    def set_marks(self, marks: Mapping[bytes, Suggest | None]) -> None:
        """What the user says of files (raw path; None takes it back), at once; stored a moment later.

        A mark stands while the file has the size and time of change that it has in the open library now.
        """
        self._acting.set_marks(marks)
        self._marking.start(self._store_marks)

    def set_aside(self, key: str, aside: bool) -> None:
        """Set a cluster aside for later, or take it up again, at once; stored a moment later."""
        self._acting.set_aside(key, aside)
        self._marking.start(self._store_marks)

    def retry(self, paths: Sequence[bytes]) -> int:
        """Forget what is stored of these files, so that the next scan reads them again; answers None."""
        return self._ask(lambda: self._acting.retry(paths))

    # ------------------------------------------------------------------------------------------------ housekeeping

    def store(self, what: str) -> int:
        """``info`` ``verify`` ``compact`` or ``clear`` of the cache."""
        from engine.jobs import housekeeping

        return self._ask(lambda: housekeeping.store(self._workspace, what))

    @property
    def log_path(self) -> Path | None:
        """The file that tells what happened, None where none can be written."""
        from engine.log import log_path

        return log_path()

    def doctor(self, display: str) -> int:
        """Codecs, versions, folders, trash a volume; `display` is what the caller knows of the screen."""
        from engine.jobs import housekeeping

        return self._ask(lambda: housekeeping.doctor(self._limits, display))

    def present(self, folders: Sequence[str]) -> int:
        """Look which of these folders are there now; answers with the frozenset of those that are not, maybe late."""
        token = next(self._tokens)

        def look() -> None:
            missing = frozenset(folder for folder in folders if not os.path.isdir(folder))
            if not self._closed:
                self.answered.emit(token, missing)

        # A thread of its own that nobody waits for: a network disk that is gone can hold it for minutes.
        threading.Thread(target=look, name="present", daemon=True).start()
        return token

    def make_sample(self, folder: str) -> int:
        """Write the sample photos, with duplicates among them, into an empty folder of the caller's."""
        from engine.jobs import sample

        return self._ask(lambda: sample.make_sample(Path(folder)))

    def window_folder(self) -> Path:
        """`window_folder`."""
        return window_folder()

    def close(self) -> None:
        """Cancel what runs, wait for the lanes (workers are stopped at once), release locks. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._following.close()
        self._switch.cancel()
        self._desk.close()
        self._marking.wait()
        self._deciding.wait()
        self._tuning.wait()
        self._browsing.wait()
        self._main.start(self._workspace.close)
        self._main.wait()

    # ------------------------------------------------------------------------------------------------ inside

    def _listener(self) -> ScanListener:
        from engine.jobs.scan_job import ScanListener

        return ScanListener(
            progress=self.progress_changed.emit,
            problem=self.problem_found.emit,
            cancelled=self._switch.cancelled,
            wait_while_paused=self._switch.wait_while_paused,
            pace=self._pace,
            read=self._reading.take,
        )

    def _ask(self, work: Callable[[], Any], done: Callable[[Any], None] = lambda _: None) -> int:
        token = next(self._tokens)
        self._following.user_asks()
        self._main.start(lambda: self._answer_job(token, work, done))
        return token

    def _ask_beside(self, lane: Lane, work: Callable[[], Any]) -> int:
        """Ask in a lane of its own: answered while a job runs, which it neither stops nor waits for."""
        token = next(self._tokens)
        lane.start(lambda: self._answer(token, work, lambda _: None))
        return token

    def _answer_job(self, token: int, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        try:
            if not self._closed:
                self._switch.reset()
                self._answer(token, work, done)
        finally:
            self._following.user_served()

    def _answer(self, token: int, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if self._closed:
            return
        try:
            value = work()
        except (EngineError, Cancelled) as error:
            self._say_notes()
            self.failed.emit(token, error)
        except Exception as error:
            log.exception("event=job_failed")
            self.failed.emit(token, EngineError(f"Something went wrong inside imgfp ({type(error).__name__}: {error})."))
        else:
            self._say_notes()
            done(value)
            self.answered.emit(token, value)

    def _say_notes(self) -> None:
        for note in self._workspace.take_notes():
            self.noted.emit(note)

    def _store_marks(self) -> None:
        self._acting.store_marks()
        self._say_notes()

    def _store_protected(self) -> None:
        self._workspace.protected.store()
        self._say_notes()

    def _tell_scan(self, report: dict[str, Any]) -> None:
        self.scan_finished.emit(report["stats"])
        self._following.opened(self._looking.opened)

    def _scan_again(self, aside: Callable[[], bool]) -> bool:
        """Read the open library again; False when something else goes first."""
        done = True
        self._switch.reset()
        try:
            done = self._review.scan_again(aside)
            if done:
                self._following.opened(self._looking.opened)
        except (EngineError, Cancelled) as error:  # its folders are gone, say: what is shown stays
            log.info("event=not_scanned_again why=%s", getattr(error, "code", "cancelled"))
        self._say_notes()
        return done

    def _recut(self) -> None:
        if not self._closed:
            self._looking.recut()
