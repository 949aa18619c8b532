"""The open library of a session: scanning it, cutting it at a line, and every question that is asked about it.

Methods run in the session's main lane. What is asked at once, in any thread, is asked of `looking`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import keepers, match
from engine.actions import plan_to_json
from engine.config import Limits, MatchOptions, ScanOptions
from engine.embedding import ModelSpec
from engine.errors import Cancelled, UsageError
from engine.jobs import action_job, decision_job, pair_job, propose_job
from engine.jobs.analysis import Analysis, analyse, decide
from engine.jobs.following import unchanged
from engine.jobs.inference import require_runtime
from engine.jobs.learnt_digests import LearntDigests
from engine.jobs.library import Library
from engine.jobs.library_shots import form_shots
from engine.jobs.looking import Looking, Open
from engine.jobs.progress import MatchMeter
from engine.jobs.protection import forget_identities
from engine.jobs.related_job import RelatedJob
from engine.jobs.reopening import show_saved
from engine.jobs.report_job import report
from engine.jobs.saved_library import save_library
from engine.jobs.scan_job import ScanJob, ScanListener
from engine.jobs.scheme_job import SchemeJob
from engine.jobs.searching import PairSource
from engine.jobs.workspace import Workspace
from engine.records import ClusterSnapshot
from engine.report import Report, read_report
from engine.userdata import Decisions


class Review:
    """See the module. tell_clusters is called from whichever lane made the snapshot."""

    def __init__(
        self,
        workspace: Workspace,
        limits: Limits,
        listener: ScanListener,
        tell_clusters: Callable[[ClusterSnapshot], None],
        looked_at: Callable[[], bool] = lambda: True,
    ) -> None:
        """looked_at: somebody is told of clusters while reading goes on."""
        self._workspace = workspace
        self._limits = limits
        self._listener = listener
        self._libraries = 0
        self._decided = 0
        self._looked_at = looked_at
        self._rules = keepers.RuleOrder()
        self._pairs = PairSource()
        self.digests = LearntDigests()
        self.looking = Looking(self._rules, workspace.protected, tell_clusters)

    # ------------------------------------------------------------------------------------------------ scanning

    def scan(self, roots: Sequence[bytes], options: ScanOptions) -> dict[str, Any]:
        """Scan, match and report. Raises FolderMissing, StoreNewer."""
        forget_identities()
        self._workspace.protected.read_again()
        store = self._workspace.quick_store() if options.quick else self._workspace.store()
        quick_store = self._workspace.quick_store if options.first_look else None
        self._libraries += 1
        if self._looked_at() and not options.quick:
            self._libraries += show_saved(store, roots, options, self._decisions(), self.looking, self._libraries)
        listener = replace(self._listener, found=self.looking.watch, look=lambda library: self._look(library, options))
        try:
            job = ScanJob(store, options, listener, self._limits, self._decisions().sizes(), quick_store)
            library = job.run(roots)
        finally:
            self.looking.watch(None)
        self._workspace.notes.extend(library.warnings)
        started = time.monotonic()
        meter = MatchMeter(self._listener.progress)
        opened = self._shown(library, options, final=True, told=meter)
        library.seconds["match"] = round(time.monotonic() - started, 3)
        self._workspace.collect_notes()
        if library.final and not options.quick:
            save_library(store, library)
            self._workspace.clear_quick()
        return report(opened.analysis, opened.clusters, opened.guarded)

    def scan_again(self, aside: Callable[[], bool]) -> bool:
        """Read the open library again in the background; what it shows changes only where a file did.

        False when `aside` ended it. Raises FolderMissing when its folders are gone for good.
        """
        opened = self.looking.opened
        if opened is None or not opened.final or opened.options.quick:
            return True
        forget_identities()
        self._workspace.protected.read_again()
        listener = replace(self._listener, progress=lambda _: None, cancelled=lambda: aside() or self._listener.cancelled())
        job = ScanJob(self._workspace.store(), opened.options, listener, self._limits, self._decisions().sizes())
        library = job.run(opened.library.roots)
        if library.cancelled:
            return self._listener.cancelled()
        if self.looking.opened is opened and unchanged(opened.library, library):
            return True
        self._libraries += 1
        self._shown(library, replace(opened.options, first_look=False), final=True)
        self._workspace.collect_notes()
        return True

    def report(self) -> dict[str, Any]:
        """The open library at the line that is set. Raises UsageError when none is open."""
        opened = self._require_open()
        return report(opened.analysis, opened.clusters, opened.guarded)

    def _matched(self, library: Library, options: ScanOptions, told: Callable[[int, int], None]) -> Analysis:
        decisions = self._decisions()
        quick_store = self._workspace.quick_store() if options.quick or library.provisional else None
        store = quick_store if options.quick and quick_store is not None else self._workspace.store()
        before, cancelled = self._listener.cancelled(), self._listener.cancelled  # what was read before a cancel is matched
        return analyse(
            library,
            store,
            decisions,
            options.match,
            automatic=options.auto_line,
            cancelled=lambda: not before and cancelled(),
            digest_of=self.digests.of,
            quick_store=quick_store,
            told=told,
            source=self._pairs,
            search=self._scheme(options.match).search if options.match.scheme else None,
        )

    def _scheme(self, options: MatchOptions) -> SchemeJob:
        return SchemeJob(self._workspace, self._limits, self._listener, options)

    def _look(self, library: Library, options: ScanOptions) -> None:
        """First clusters of a scan that still runs, where somebody looks."""
        if not self._looked_at() or options.match.scheme:  # a scheme's hashes are read afterwards
            return
        seen = library.as_it_is()
        form_shots(seen)
        self._shown(seen, options, final=False)

    def _shown(
        self, library: Library, options: ScanOptions, *, final: bool, told: Callable[[int, int], None] = match.nobody
    ) -> Open:
        decided = self._decided
        analysis = self._matched(library, options, told)
        self._libraries += final and library.cancelled  # what it only met got no record, and the numbers moved up
        opened = self.looking.show(analysis, options, self._libraries, final=final)
        if self._decided != decided:  # while it was matched: it may have been read too late
            self.decide_again()
            opened = self._require_open()
        return opened

    def decide_again(self) -> None:
        """Look at the open library as all decisions have it, without reading a file; in any lane."""
        self._decided += 1
        self.looking.decide_again(
            lambda old: decide(
                old.library, old.pictures, old.table, old.pairs, self._decisions(), old.options, old.line, self.digests.of
            )
        )

    # ------------------------------------------------------------------------------------------------ questions

    def compare(self, a: bytes, b: bytes, options: MatchOptions | None = None) -> dict[str, Any]:
        """See `pair_job.compare`; with a scheme in the options, `scheme_job`. So the two below."""
        a, b = os.path.abspath(a), os.path.abspath(b)
        if options is not None and options.scheme:
            return self._quiet_scheme(options).compare(a, b)
        return pair_job.compare(a, b, self._workspace.store(), self._limits, self._quiet())

    def inspect(self, path: bytes, options: MatchOptions | None = None) -> dict[str, Any]:
        """See `pair_job.inspect`."""
        if options is not None and options.scheme:
            return self._quiet_scheme(options).inspect(os.path.abspath(path))
        return pair_job.inspect(os.path.abspath(path), self._limits, self._quiet())

    def find(self, picture: bytes, folders: Sequence[bytes], matching: MatchOptions | None = None) -> dict[str, Any]:
        """See `pair_job.find`."""
        return self._found(os.path.abspath(picture), self._looked_through(folders), matching)

    def _looked_through(self, folders: Sequence[bytes]) -> Library | None:
        """What lies in the folders; None where none is named."""
        store, options = self._workspace.store(), ScanOptions()
        library = ScanJob(store, options, self._listener, self._limits).run(folders) if folders else None
        if self._listener.cancelled():
            raise Cancelled
        return library

    def _found(self, picture: bytes, library: Library | None, matching: MatchOptions | None) -> dict[str, Any]:
        if matching is not None and matching.scheme:
            return self._quiet_scheme(matching).find(picture, library)
        return pair_job.find(picture, library, self._workspace.store(), self._limits, self._quiet(), MatchOptions().line)

    def find_related(
        self, picture: bytes, folders: Sequence[bytes], model: ModelSpec, most: int, matching: MatchOptions | None = None
    ) -> dict[str, Any]:
        """As `find`, and what a model finds related; see `related_job`."""
        require_runtime()
        picture, library = os.path.abspath(picture), self._looked_through(folders)
        job = RelatedJob(self._workspace, self._limits, self._listener)
        return {**self._found(picture, library, matching), **job.find(picture, library, model, most)}

    # ------------------------------------------------------------------------------------------------ deciding, acting

    def propose(self, path: Path, rules: keepers.RuleOrder | None) -> dict[str, Any]:
        """The plan as JSON, and notes on what stays undecided and why."""
        forget_identities()
        self._workspace.protected.read_again()
        found = self._proposed(read_report(path), rules or self._rules)
        return {"plan": plan_to_json(found.plan), "notes": found.notes}

    def decide(self, path: Path, cluster: int, choice: str) -> str:
        """Remember what the user said; answers with a sentence."""
        return decision_job.decide(
            read_report(path), cluster, choice, self._workspace.store(), self._workspace.user(), self._limits, self._quiet()
        )

    def apply(self, plan: Path, destination: bytes | None, *, dry_run: bool) -> dict[str, Any]:
        """Carry a plan file out."""
        return action_job.apply(plan, destination, self._workspace, self._limits, self._listener, dry_run=dry_run)

    def undo(self, run: str | None) -> dict[str, Any]:
        """Put a run back."""
        return action_job.take_back(run, self._workspace, self._limits, self._listener)

    def _proposed(self, content: Report, rules: keepers.RuleOrder) -> propose_job.Proposed:
        store, decisions = self._workspace.store(), self._decisions()
        return propose_job.propose(content, rules, store, decisions, self._limits, self._quiet(), self._workspace.protected.all())

    def _decisions(self) -> Decisions:
        return self._workspace.user_for_reading().decisions

    def _quiet(self) -> ScanListener:
        return replace(self._listener, progress=lambda _: None, problem=lambda _: None)

    def _quiet_scheme(self, options: MatchOptions) -> SchemeJob:
        return SchemeJob(self._workspace, self._limits, self._quiet(), options)

    def _require_open(self) -> Open:
        opened = self.looking.opened
        if opened is None:
            raise UsageError("No library is open.", hint="Open a folder first.")
        return opened
