"""A move in two steps: checked with nothing moved, then carried out as it was checked, under every check again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.actions import Plan
from engine.config import Limits, ScanOptions
from engine.errors import Cancelled, UsageError
from engine.jobs import action_job
from engine.jobs.apply_check import check_of, without_refused
from engine.jobs.digests import digests_of, without_digest
from engine.jobs.library import Library
from engine.jobs.marked_job import Seen, files_of, look_at_marked, plan_of
from engine.jobs.scan_job import ScanJob, ScanListener
from engine.jobs.workspace import Workspace
from engine.records import ApplyCheck, Progress

TELL_S = 0.1


@dataclass(frozen=True, slots=True)
class _Checked:
    id: int
    plan: Plan
    destination: bytes | None
    scope: tuple[str, ...]


class CheckedMoves:
    """Runs in the main lane. Only the newest check can be carried out, and only once."""

    def __init__(self, workspace: Workspace, limits: Limits, listener: ScanListener) -> None:
        self._workspace = workspace
        self._limits = limits
        self._listener = listener
        self._ids = itertools.count(1)
        self._newest: _Checked | None = None
        self._told = 0.0

    def check(self, seen: Seen, paths: Sequence[bytes], destination: bytes | None) -> ApplyCheck:
        """Look at all files of these photos and rehearse their move. Raises Cancelled, UsageError (destination)."""
        self._newest = None
        quiet = replace(self._listener, progress=lambda _: None, problem=lambda _: None)
        marked = look_at_marked(seen, paths, self._fresh_look(quiet))
        files = list(files_of(marked))
        before, total = len(without_digest(files)), len(without_digest(files)) + 2 * len(marked.going)
        digests = digests_of(files, self._limits, quiet.cancelled, lambda done: self._tell(done, total))
        if quiet.cancelled():
            raise Cancelled
        whole = plan_of(seen, marked, digests)
        rehearsing = replace(self._listener, progress=lambda now: self._tell(before + _in_two_rounds(now), total))
        outcome = action_job.run(whole, destination, self._workspace, self._limits, rehearsing, dry_run=True)
        if outcome.cancelled:
            raise Cancelled
        plan = without_refused(whole, outcome)
        check = check_of(next(self._ids), marked, plan, outcome, to_trash=destination is None)
        self._newest = _Checked(check.id, plan, destination, check.scope)
        return check

    def carry_out(self, number: int, *, confirmed: bool) -> dict[str, Any]:
        """Move what was checked, and nothing else. Raises UsageError for another id than the newest, or one that was used."""
        checked = self._newest
        if checked is None or checked.id != number:
            raise UsageError("This move was done before, or its check is out of date.", hint="Check again what would be moved.")
        if checked.scope and not confirmed:
            raise UsageError("This move is large and was not confirmed.", hint="Look at its numbers and confirm them.")
        self._newest = None
        return action_job.carry(checked.plan, checked.destination, self._workspace, self._limits, self._listener)

    def _fresh_look(self, listener: ScanListener) -> Callable[[Sequence[bytes]], Library]:
        def look(paths: Sequence[bytes]) -> Library:
            store = self._workspace.store()
            return ScanJob(store, ScanOptions(), listener, self._limits).run_files(paths, as_walked=True)

        return look

    def _tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= TELL_S or done >= total:
            self._told = now
            self._listener.progress(Progress("check", min(done, total), 0, total, 0.0))


def _in_two_rounds(progress: Progress) -> int:
    """Steps of a rehearsal: it proves the keepers of all photos, then looks at the photos."""
    return progress.done + (progress.total or 0 if progress.stage == "move" else 0)
