"""The open library as it is looked at: at which line, with which weights and marks, and every question that is answered at once.

A scan shows a new analysis; the tuning lane cuts it again when the line, a weight, a mark or a protected folder changed. Whoever
is asked meanwhile, in any thread, reads `_open`, which is immutable and swapped whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine import keepers
from engine.config import ScanOptions
from engine.jobs.analysis import Analysis
from engine.jobs.folder_view import Folders
from engine.jobs.library import Library
from engine.jobs.line_counts import BINS
from engine.jobs.marks import FactsOf, Marks
from engine.jobs.protected_folders import ProtectedFolders
from engine.jobs.protection import Protection
from engine.jobs.settling import settle
from engine.jobs.view import View
from engine.jobs.weighed import unweighed, weighed, weights_for
from engine.records import AS_USUAL, Cluster, ClusterSnapshot, FileView, FolderView, LineCounts, PairView, StatFacts, Weights


@dataclass(frozen=True, slots=True)
class Open:
    """The library that is open, at one line. options: as the scan was asked for. clusters: as the rules judge them.

    final: no reading goes on.
    """

    view: View
    options: ScanOptions
    line: float
    clusters: tuple[Cluster, ...]
    final: bool

    @property
    def library(self) -> Library:
        """What was scanned."""
        return self.view.analysis.library

    @property
    def analysis(self) -> Analysis:
        """The analysis, placed at this line."""
        return replace(self.view.analysis, line=self.line)

    @property
    def guarded(self) -> ScanOptions:
        """The options, with all folders that are protected."""
        return replace(self.options, protected=self.view.protected)


class Looking:
    """See the module. tell: is given every new snapshot, in order, from whichever lane made it."""

    def __init__(self, rules: keepers.RuleOrder, protected: ProtectedFolders, tell: Callable[[ClusterSnapshot], None]) -> None:
        self.marks = Marks()
        self._rules = rules
        self._protected = protected
        self._tell = tell
        self._open: Open | None = None
        self._generation = 0
        self._read: Library | None = None
        self._moved: float | None = None
        self._weights = AS_USUAL
        self._wanted = False
        self._swap = threading.Lock()

    @property
    def opened(self) -> Open | None:
        """The library that is open."""
        return self._open

    # ------------------------------------------------------------------------------------------------ showing: lanes

    def watch(self, library: Library | None) -> None:
        """A library that is being read just now; None when that is over."""
        self._read = library

    def show(self, analysis: Analysis, options: ScanOptions, number: int, *, final: bool, first: int = 0) -> Open:
        """Look at this analysis from now on, at the line where the user left it. number: see `ClusterSnapshot.library`.

        first: so many clusters are shown before the others are judged (0: all at once).
        """
        analysis = weighed(analysis, self._weights)
        view = View(analysis, self._protected.beside(options.protected), self._rules, number, prepared=not first)
        if first:
            self._publish(*self._cut(view, options, final=False, most=first), None)
            view.prepare()
        while True:
            view = view.weighing(self._weights)
            cut = self._cut(view, options, final=final)
            if self._publish(*cut, None):
                settle()
                return cut[0]

    def decide_again(self, again: Callable[[Analysis], Analysis]) -> None:
        """Look at the library as it is after a decision; in any lane. again: the same pairs with all decisions."""
        while (before := self._open) is not None:
            view = before.view.after_decision(again(unweighed(before.view.analysis))).weighing(self._weights)
            if self._publish(*self._cut(view, before.options, final=before.final), before):
                return

    def recut(self) -> None:
        """Look again after the line, a weight, a mark or a protected folder changed; in the tuning lane."""
        while self._wanted and (before := self._open) is not None:
            self._wanted = False
            protected = self._protected.beside(before.options.protected)
            view = before.view if protected == before.view.protected else before.view.protecting(protected)
            view = view.weighing(self._weights)
            cut = self._cut(view, before.options, final=before.final)
            self._wanted |= not self._publish(*cut, before)  # what a scan showed meanwhile is to be cut the same way

    def _cut(self, view: View, options: ScanOptions, *, final: bool, most: int | None = None) -> tuple[Open, ClusterSnapshot]:
        line = self._line(view.analysis)
        clusters, made = view.look(line, self.marks, final=final, most=most)
        return Open(view, options, line, clusters, final), made

    def _publish(self, opened: Open, made: ClusterSnapshot, instead_of: Open | None) -> bool:
        """Put it in force and tell, unless it comes too late: the line was moved, or something else is open than `instead_of`."""
        with self._swap:
            late = not self._has_weights(opened) if instead_of is None else self._open is not instead_of
            if late or opened.line != self._line(opened.view.analysis):
                return False
            self._open = opened
            self._generation += 1
            self._tell(replace(made, generation=self._generation))
        return True

    def _has_weights(self, opened: Open) -> bool:
        """As they are wanted now. Not asked where a view follows another one: a `recut` is on its way then, and what a hand that
        still moves leaves behind is worth seeing."""
        analysis = opened.view.analysis
        return analysis.weights == weights_for(analysis, self._weights)

    def _line(self, analysis: Analysis) -> float:
        return analysis.line if self._moved is None else self._moved

    # ------------------------------------------------------------------------------------------------ at once: any thread

    def move_line(self, line: float | None) -> None:
        """The line from now on, until the next scan is asked for (None: where that one's options put it)."""
        self._moved = line
        if line is not None:
            self._wanted = True

    def weigh(self, weights: Weights) -> None:
        """The weights from now on, for the libraries that are opened later, too."""
        self._weights = weights
        self._wanted = True

    def look_again(self) -> None:
        """Something that is laid over the clusters changed: the next `recut` is not in vain."""
        self._wanted = True

    def counts(self, line: float) -> LineCounts:
        """Clusters, photos and bytes at a line."""
        opened = self._open
        return opened.view.counts(line) if opened is not None else LineCounts(0, 0, 0)

    def histogram(self) -> tuple[int, ...]:
        """Pairs in `BINS` bins of similarity from 0.5 to 1."""
        opened = self._open
        return opened.view.histogram if opened is not None else (0,) * BINS

    def file_view(self, file_id: int) -> FileView:
        """One file of the open library. Raises KeyError."""
        opened = self._open
        if opened is None or not 0 <= file_id < len(opened.library.files):
            raise KeyError(file_id)
        return opened.view.file(opened.library.files[file_id])

    def file_at(self, path: bytes) -> FileView | None:
        """The file with this raw path in the open library."""
        opened = self._open
        file = opened.library.find(path) if opened is not None else None
        return opened.view.file(file) if opened is not None and file is not None else None

    def pair(self, a: int, b: int) -> PairView | None:
        """See `PairViews.pair`."""
        opened = self._open
        return opened.view.pair(a, b) if opened is not None else None

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """See `PairViews.links`."""
        opened = self._open
        return opened.view.links(files) if opened is not None else ()

    def resembles(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """Links at or above the line from these files to others."""
        opened = self._open
        return opened.view.resembling(files, opened.line) if opened is not None else ()

    def closest_pair(self) -> PairView | None:
        """The best pair below the line that is in no cluster."""
        opened = self._open
        return opened.view.closest_pair(opened.line) if opened is not None else None

    def folders(self) -> tuple[FolderView, ...]:
        """The folders of the open library, or of one that is being read, with what is known so far; in a lane of its own.

        Some tenths of a second for a million files.
        """
        opened, read = self._open, self._read
        if read is not None:
            protection = Protection(self._protected.all())
            folders = Folders(read)
            return folders.views(frozenset(filter(protection.covers_folder, folders.names)))
        return opened.view.folders() if opened is not None else ()

    def facts_of(self) -> FactsOf:
        """Facts by raw path in the library that is open now, whatever is opened later."""
        opened = self._open

        def facts(path: bytes) -> StatFacts | None:
            file = opened.library.find(path) if opened is not None else None
            return file.stat if file is not None else None

        return facts

    def paths(self, files: Sequence[int], number: int) -> tuple[bytes, ...]:
        """Raw paths of many files, b"" for an unknown id and for another library than the open one."""
        opened = self._open
        known = opened.library.files if opened is not None and opened.view.number == number else []
        if files and not 0 <= min(files) <= max(files) < len(known):
            return tuple(known[file].path if 0 <= file < len(known) else b"" for file in files)
        return tuple([known[file].path for file in files])

    def picture_file(self, file_id: int) -> tuple[bytes, StatFacts] | None:
        """Path and state of a file of the open library, for the screen."""
        opened = self._open
        if opened is None or not 0 <= file_id < len(opened.library.files):
            return None
        file = opened.library.files[file_id]
        return file.path, file.stat
