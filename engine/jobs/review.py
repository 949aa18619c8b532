"""The open library of a session: scanning it, cutting it at a line, and every question that is asked about it.

Methods run in the session's main lane unless they say otherwise. What other threads read (`_open`) is immutable, swapped whole.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine import keepers
from engine.actions import plan_to_json
from engine.config import Limits, MatchOptions, ScanOptions
from engine.errors import Cancelled, UsageError
from engine.jobs import action_job, decision_job, pair_job, propose_job
from engine.jobs.analysis import Analysis, analyse
from engine.jobs.clusters import clusters_at, counts_at
from engine.jobs.file_view import file_view
from engine.jobs.folder_view import folder_views
from engine.jobs.library import Library
from engine.jobs.marks import FactsOf, Marks
from engine.jobs.pair_view import PairViews
from engine.jobs.protection import forget_identities
from engine.jobs.report_job import report
from engine.jobs.scan_job import ScanJob, ScanListener, form_shots
from engine.jobs.shown import shown
from engine.jobs.snapshot import make_snapshot
from engine.jobs.workspace import Workspace
from engine.records import Cluster, ClusterSnapshot, FileView, FolderView, LineCounts, PairView, Progress, StatFacts
from engine.report import check_report, read_report
from engine.userdata import Decisions

BINS = 50


@dataclass(frozen=True, slots=True)
class _Open:
    """The library that is open, matched, at one line. clusters: as the rules judge them. number: of the library, see records."""

    analysis: Analysis
    options: ScanOptions
    clusters: tuple[Cluster, ...]
    line: float
    number: int
    final: bool
    pairs: PairViews


class Review:
    """See the module. tell_clusters is called from whichever lane made the snapshot."""

    def __init__(
        self, workspace: Workspace, limits: Limits, listener: ScanListener, tell_clusters: Callable[[ClusterSnapshot], None]
    ) -> None:
        self._workspace = workspace
        self._limits = limits
        self._listener = listener
        self._tell_clusters = tell_clusters
        self._open: _Open | None = None
        self._generation = 0
        self._libraries = 0
        self.marks = Marks()
        self._swap = threading.Lock()
        self._rules = keepers.RuleOrder()

    # ------------------------------------------------------------------------------------------------ scanning

    def scan(self, roots: Sequence[bytes], options: ScanOptions) -> dict[str, Any]:
        """Scan, match and report. Raises FolderMissing, StoreNewer."""
        forget_identities()
        store = self._workspace.store()
        self._libraries += 1
        listener = replace(self._listener, look=lambda library: self._look(library, options))
        library = ScanJob(store, options, listener, self._limits, self._decisions().sizes()).run(roots)
        self._workspace.notes.extend(library.warnings)
        started = time.monotonic()
        self._listener.progress(Progress("match", 0, 0, None, 0.0))
        analysis = self._matched(library, options)
        self._libraries += library.cancelled  # what it only met got no record, and the numbers moved up
        opened = self._show(analysis, options, analysis.line, final=True)
        library.seconds["match"] = round(time.monotonic() - started, 3)
        self._workspace.collect_notes()
        return report(opened.analysis, opened.clusters, options)

    def report(self) -> dict[str, Any]:
        """The open library at the line that is set. Raises UsageError when none is open."""
        opened = self._require_open()
        return report(replace(opened.analysis, line=opened.line), opened.clusters, opened.options)

    def _matched(self, library: Library, options: ScanOptions) -> Analysis:
        store, decisions = self._workspace.store(), self._decisions()
        before, cancelled = self._listener.cancelled(), self._listener.cancelled  # what was read before a cancel is matched
        return analyse(
            library,
            store,
            decisions,
            options.match,
            automatic=options.auto_line,
            cancelled=lambda: not before and cancelled(),
        )

    def _look(self, library: Library, options: ScanOptions) -> None:
        """First clusters of a scan that still runs."""
        seen = replace(library, files=[replace(file) for file in library.files])
        form_shots(seen)
        analysis = self._matched(seen, options)
        line = self._open.line if self._open is not None and not self._open.final else analysis.line
        self._show(analysis, options, line, final=False)

    def _show(self, analysis: Analysis, options: ScanOptions, line: float, *, final: bool) -> _Open:
        clusters = clusters_at(analysis, line, options.protected, self._rules)
        opened = _Open(analysis, options, clusters, line, self._libraries, final, PairViews(analysis))
        calls = self.marks.calls
        visible = [shown(analysis.library, cluster, self.marks) for cluster in clusters]
        with self._swap:
            self._open = opened
            self._generation += 1
            generation = self._generation
        self._tell_clusters(
            make_snapshot(analysis.library, visible, line, final=final, generation=generation, number=opened.number, marks=calls)
        )
        return opened

    # ------------------------------------------------------------------------------------------------ at once, any thread

    def recut(self, line: float) -> None:
        """Another line on the same analysis; runs in the tuning lane and touches no file."""
        opened = self._open
        if opened is not None:
            self._show(opened.analysis, opened.options, line, final=opened.final)

    def counts(self, line: float) -> LineCounts:
        """Clusters, photos and bytes at a line."""
        opened = self._open
        if opened is None:
            return LineCounts(0, 0, 0)
        clusters, photos = counts_at(opened.analysis, line)
        return LineCounts(clusters, photos, sum(cluster.reclaimable_bytes for cluster in opened.clusters), about=True)

    def histogram(self) -> tuple[int, ...]:
        """Pairs in `BINS` bins of similarity from 0.5 to 1."""
        opened = self._open
        scores = opened.analysis.pairs["score"] if opened is not None else np.empty(0, np.float32)
        counts, _ = np.histogram(scores, bins=BINS, range=(0.5, 1.0))
        return tuple(int(count) for count in counts)

    def file_view(self, file_id: int) -> FileView:
        """One file of the open library. Raises KeyError."""
        opened = self._open
        if opened is None or not 0 <= file_id < len(opened.analysis.library.files):
            raise KeyError(file_id)
        library = opened.analysis.library
        return file_view(library, library.files[file_id], opened.options.protected)

    def file_at(self, path: bytes) -> FileView | None:
        """The file with this raw path in the open library."""
        opened = self._open
        file = opened.analysis.library.find(path) if opened is not None else None
        if opened is None or file is None:
            return None
        return file_view(opened.analysis.library, file, opened.options.protected)

    def pair(self, a: int, b: int) -> PairView | None:
        """See `PairViews.pair`."""
        opened = self._open
        return opened.pairs.pair(a, b) if opened is not None else None

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """See `PairViews.links`."""
        opened = self._open
        return opened.pairs.links(files) if opened is not None else ()

    def resembles(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """Links at or above the line from these files to others."""
        opened = self._open
        return opened.pairs.resembling(files, opened.line) if opened is not None else ()

    def closest_pair(self) -> PairView | None:
        """The best pair below the line that is in no cluster."""
        opened = self._open
        return opened.pairs.strongest_below(opened.line, lambda a, b: True) if opened is not None else None

    def folders(self) -> tuple[FolderView, ...]:
        """The folders of the open library."""
        opened = self._open
        return folder_views(opened.analysis.library, opened.options.protected) if opened is not None else ()

    def facts_of(self) -> FactsOf:
        """Facts by raw path in the library that is open now, whatever is opened later."""
        opened = self._open

        def facts(path: bytes) -> StatFacts | None:
            file = opened.analysis.library.find(path) if opened is not None else None
            return file.stat if file is not None else None

        return facts

    def paths(self, files: Sequence[int], number: int) -> tuple[bytes, ...]:
        """Raw paths of many files, b"" for an unknown id and for another library than the open one."""
        opened = self._open
        known = opened.analysis.library.files if opened is not None and opened.number == number else []
        if files and not 0 <= min(files) <= max(files) < len(known):
            return tuple(known[file].path if 0 <= file < len(known) else b"" for file in files)
        return tuple([known[file].path for file in files])

    def picture_file(self, file_id: int) -> tuple[bytes, StatFacts] | None:
        """Path and state of a file of the open library, for the screen."""
        opened = self._open
        if opened is None or not 0 <= file_id < len(opened.analysis.library.files):
            return None
        file = opened.analysis.library.files[file_id]
        return file.path, file.stat

    # ------------------------------------------------------------------------------------------------ questions

    def compare(self, a: bytes, b: bytes) -> dict[str, Any]:
        """See `pair_job.compare`."""
        a, b = os.path.abspath(a), os.path.abspath(b)
        return pair_job.compare(a, b, self._workspace.store(), self._limits, self._quiet())

    def inspect(self, path: bytes) -> dict[str, Any]:
        """See `pair_job.inspect`."""
        return pair_job.inspect(os.path.abspath(path), self._limits, self._quiet())

    def find(self, picture: bytes, folders: Sequence[bytes]) -> dict[str, Any]:
        """See `pair_job.find`."""
        store, options = self._workspace.store(), ScanOptions()
        library = ScanJob(store, options, self._listener, self._limits).run(folders) if folders else None
        if self._listener.cancelled():
            raise Cancelled
        return pair_job.find(os.path.abspath(picture), library, store, self._limits, self._quiet(), MatchOptions().line)

    # ------------------------------------------------------------------------------------------------ deciding, acting

    def propose(self, path: Path, rules: keepers.RuleOrder | None) -> dict[str, Any]:
        """The plan as JSON, and notes on what stays undecided and why."""
        forget_identities()
        found = propose_job.propose(
            read_report(path), rules or self._rules, self._workspace.store(), self._decisions(), self._limits, self._quiet()
        )
        return {"plan": plan_to_json(found.plan), "notes": found.notes}

    def decide(self, path: Path, cluster: int, choice: str) -> str:
        """Remember what the user said; answers with a sentence."""
        return decision_job.decide(
            read_report(path), cluster, choice, self._workspace.store(), self._workspace.user(), self._limits, self._quiet()
        )

    def apply(self, plan: Path, destination: bytes | None, *, dry_run: bool) -> dict[str, Any]:
        """Carry a plan file out."""
        return action_job.apply(plan, destination, self._workspace, self._limits, self._listener, dry_run=dry_run)

    def apply_suggestions(self, keys: Sequence[str], destination: bytes | None) -> dict[str, Any]:
        """Carry out what the rules propose for clusters of the open library; they are looked at again like those of a report."""
        opened = self._require_open()
        wanted = [cluster for cluster in opened.clusters if cluster.key in set(keys)]
        content = check_report(report(replace(opened.analysis, line=opened.line), wanted, opened.options))
        found = propose_job.propose(content, self._rules, self._workspace.store(), self._decisions(), self._limits, self._quiet())
        self._workspace.notes.extend(found.notes)
        return action_job.carry(found.plan, destination, self._workspace, self._limits, self._quiet())

    def undo(self, run: str | None) -> dict[str, Any]:
        """Put a run back."""
        return action_job.take_back(run, self._workspace, self._limits, self._listener)

    def _decisions(self) -> Decisions:
        return self._workspace.user_for_reading().decisions

    def _quiet(self) -> ScanListener:
        return replace(self._listener, progress=lambda _: None, problem=lambda _: None)

    def _require_open(self) -> _Open:
        if self._open is None:
            raise UsageError("No library is open.", hint="Open a folder first.")
        return self._open
