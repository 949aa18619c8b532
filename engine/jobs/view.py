"""One analysis of a library as the window looks at it: cut at a line, with the user's marks, and asked about its pairs.

Cutting is for one lane at a time; the other questions are answered at once, in any thread. The analysis itself never changes.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence

from engine import keepers, match
from engine.jobs.analysis import Analysis
from engine.jobs.clusters import judged_by
from engine.jobs.file_view import file_view
from engine.jobs.folder_view import Folders
from engine.jobs.forest import Forest
from engine.jobs.judge import Judge
from engine.jobs.library import LibraryFile
from engine.jobs.line_counts import LineTeller
from engine.jobs.marks import Marks
from engine.jobs.pair_view import PairViews
from engine.jobs.protection import Protection
from engine.jobs.showing import Showing
from engine.jobs.weighed import unweighed, weighed, weights_for
from engine.match.verdict.rescore import PartColumns
from engine.records import Cluster, ClusterSnapshot, FileView, FolderView, LineCounts, PairView, Weights


class View:
    """See the module. number: of the library, as in `ClusterSnapshot.library`. protected: raw paths of folders."""

    def __init__(
        self,
        analysis: Analysis,
        protected: Sequence[bytes],
        rules: keepers.RuleOrder,
        number: int,
        *,
        prepared: bool = True,
    ) -> None:
        """prepared: see `prepare`."""
        self.analysis = analysis
        self.number = number
        self.protected = tuple(protected)
        self._rules = rules
        self._folders = Folders(analysis.library)
        self._columns: PartColumns | None = None
        self._lay_out()
        self._protect()
        if prepared:
            self.prepare()

    def prepare(self) -> View:
        """Make in this lane what nobody who asks shall wait for; it is not needed to cut. Returns the view."""
        self._counts.prepare()
        self._pairs.prepare()
        return self

    def protecting(self, protected: Sequence[bytes]) -> View:
        """The same with other protected folders."""
        other = copy.copy(self)
        other.protected = tuple(protected)
        other._protect()
        return other

    def weighing(self, weights: Weights) -> View:
        """The same pairs with the scores of these weights. The view itself where it has them already."""
        if weights_for(self.analysis, weights) == self.analysis.weights:
            return self
        if self._columns is None:
            self._columns = match.weighing_columns(unweighed(self.analysis).pairs)
        other = copy.copy(self)
        other.analysis = weighed(self.analysis, weights, self._columns)
        other._lay_out()
        other._protect()
        return other.prepare()

    def after_decision(self, analysis: Analysis) -> View:
        """The same pairs after the user decided something. analysis: with the scores as they were found."""
        other = copy.copy(self)
        other.analysis = weighed(analysis, self.analysis.weights, self._columns)
        other._lay_out()
        other._clusters = self._clusters.after_decision(other.analysis, other._forest)
        other._show_anew()
        return other.prepare()

    def _lay_out(self) -> None:
        self._forest = Forest(self.analysis)
        self._counts = LineTeller(self.analysis, self._forest)
        self._pairs = PairViews(self.analysis)

    def _protect(self) -> None:
        protection = Protection(self.protected)
        judge = Judge(self.analysis, protection, self._rules)
        self._clusters = judged_by(judge, self.analysis, self._forest, self._rules)
        names = self._folders.names if self.protected else ()
        self._protected_folders = frozenset(filter(protection.covers_folder, names))
        self._show_anew()

    def _show_anew(self) -> None:
        self._showing = Showing(self.analysis.library, self._forest)
        self._said = (-1, -1)

    # ------------------------------------------------------------------------------------------------ lanes, one at a time

    def look(
        self, line: float, marks: Marks, *, final: bool, most: int | None = None
    ) -> tuple[tuple[Cluster, ...], ClusterSnapshot]:
        """The clusters at a line, as the rules judge them and as the window takes them, with what the user said so far.

        most: only so many, the first ones.
        """
        said = marks.stamp
        cut = self._clusters.at(line, most)
        made = self._showing.snapshot(cut, marks, number=self.number, final=final)
        if most is None:
            self._counts.learn(line, made.reclaimable_bytes, fresh=said != self._said)
            self._said = said
        return cut.clusters, made

    def folders(self) -> tuple[FolderView, ...]:
        """The folders of the library as a tree."""
        return self._folders.views(self._protected_folders)

    # ------------------------------------------------------------------------------------------------ at once: any thread

    @property
    def histogram(self) -> tuple[int, ...]:
        """Pairs in 50 equal bins of similarity from 0.5 to 1."""
        return self._counts.histogram

    def file(self, file: LibraryFile) -> FileView:
        """One file of the library."""
        return file_view(self.analysis.library, file, protected=os.path.dirname(file.path) in self._protected_folders)

    def counts(self, line: float) -> LineCounts:
        """What a line would give."""
        return self._counts.at(line)

    def pair(self, a: int, b: int) -> PairView | None:
        """See `PairViews.pair`."""
        return self._pairs.pair(a, b)

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """See `PairViews.links`."""
        return self._pairs.links(files)

    def resembling(self, files: Sequence[int], line: float) -> tuple[PairView, ...]:
        """See `PairViews.resembling`."""
        return self._pairs.resembling(files, line)

    def closest_pair(self, line: float) -> PairView | None:
        """The best pair below the line whose files are in no common cluster."""
        return self._pairs.strongest_below(line, lambda a, b: not self._forest.together(line, a, b))
