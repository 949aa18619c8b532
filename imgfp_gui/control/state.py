"""What the controller is and knows: its parts put together, what they hold, and questions that are answered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from engine.config import MatchOptions
from engine.records import Cluster, ClusterSnapshot, FileView, FolderView, PairView, Problem, Suggest, Verdict, Weights
from imgfp_gui.control.acting import Acting
from imgfp_gui.control.deciding import Deciding
from imgfp_gui.control.line import Line
from imgfp_gui.control.looking import Looking
from imgfp_gui.control.pacing import Pacing
from imgfp_gui.control.queue import Queue
from imgfp_gui.control.scanning import Scanning
from imgfp_gui.control.signals import ControllerSignals
from imgfp_gui.control.slices import Slices
from imgfp_gui.control.steps import Step, Steps
from imgfp_gui.control.totals import Totals
from imgfp_gui.control.verdicts import VerdictBook
from imgfp_gui.control.weighing import Weighing
from imgfp_gui.preferences import Preferences

if TYPE_CHECKING:
    from engine.session import Session


class ControllerState(ControllerSignals):
    """Read-only to the views. A unit is what the user sees as one photo."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._slices = Slices(self)
        self._steps = Steps()
        self._looking = Looking(session, self, self._slices)
        self._line = Line(session, self, self)
        self._weighing = Weighing(session, self, self)
        self._scan = Scanning(session, self, lambda: len(self.snapshot.clusters), self._matching)
        self._deciding = Deciding(session, self, self._looking, self._steps, self._slices)
        self._acting = Acting(session, self, self._looking, self._steps, self._slices)
        self.preferences = Preferences(session.window_folder(), self)
        self._pacing = Pacing(session, self.preferences)
        self.preferences.changed.connect(self._heed)
        self._recall()

    def _matching(self) -> MatchOptions:
        return MatchOptions(line=self.line, moments=self.preferences.values.clusters_moments)

    def _heed(self, name: str) -> None:
        """What clusters are made of is asked anew, of photos that were read already."""
        if name == "clusters.moments":
            self._scan.start()

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
    def weights(self) -> Weights:
        """How much each part of the similarity counts, as the hand left it."""
        return self._weighing.value

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
        return self._looking.pair(a, b)

    def knows_pair(self, a: int, b: int) -> bool:
        """`pair` answers at once, without comparing anything."""
        return self._looking.knows_pair(a, b)

    def links(self, cluster: Cluster) -> tuple[PairView, ...]:
        """The links that hold a cluster together."""
        return self._looking.links(cluster)

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

    # ------------------------------------------------------------------------------------------------ back and again

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
