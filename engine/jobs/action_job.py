"""Carries plans out and back, off the window's thread; workers answer whether a keeper still opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.actions import ApplyOutcome, Plan, Quarantine, Trash, carry_out, plan_scope, read_plan, undo
from engine.actions.proof import CheckReadable
from engine.config import Limits
from engine.errors import DecodeError
from engine.jobs.pools import FileJob, Kind, Workers
from engine.jobs.scan_job import ScanListener
from engine.jobs.workspace import Workspace
from engine.problems import problem_words


def apply(
    path: Path, destination: bytes | None, workspace: Workspace, limits: Limits, listener: ScanListener, *, dry_run: bool
) -> dict[str, Any]:
    """Carry out the plan in a file; the contract's answer, and under ``scope`` what a person should see first (S18)."""
    return carry(read_plan(path), destination, workspace, limits, listener, dry_run=dry_run)


def carry(
    plan: Plan, destination: bytes | None, workspace: Workspace, limits: Limits, listener: ScanListener, *, dry_run: bool = False
) -> dict[str, Any]:
    """`apply` for a plan that is in memory."""
    scope = list(plan_scope(plan).sentences())
    outcome = run(plan, destination, workspace, limits, listener, dry_run=dry_run)
    return {**_answer(outcome, workspace), "scope": scope}


def run(
    plan: Plan, destination: bytes | None, workspace: Workspace, limits: Limits, listener: ScanListener, *, dry_run: bool
) -> ApplyOutcome:
    """Carry a plan out, or with `dry_run` every check of it and no move."""
    workspace.protected.read_again()
    with _reading(limits, listener) as check_readable:
        return carry_out(
            plan,
            destination=Trash() if destination is None else Quarantine(destination),
            userdata=workspace.user(),  # a dry run too: it fails where the real one would
            check_readable=check_readable,
            protected=workspace.protected.all(),
            dry_run=dry_run,
            cancelled=listener.cancelled,
            on_progress=listener.progress,
        )


def take_back(run: str | None, workspace: Workspace, limits: Limits, listener: ScanListener) -> dict[str, Any]:
    """Undo the newest run, or the named one."""
    with _reading(limits, listener) as check_readable:
        outcome = undo(
            run,
            userdata=workspace.user(),
            check_readable=check_readable,
            protected=workspace.protected.all(),
            cancelled=listener.cancelled,
            on_progress=listener.progress,
        )
    return _answer(outcome, workspace)


def history(workspace: Workspace) -> list[dict[str, Any]]:
    """What was done, newest first: runs of apply and undo, and decisions."""
    with workspace.reading() as user:
        entries = [*user.journal.history(), *user.decisions.history()]
    return sorted(entries, key=lambda entry: str(entry["when"]), reverse=True)


def _answer(outcome: ApplyOutcome, workspace: Workspace) -> dict[str, Any]:
    workspace.notes.extend(outcome.recovered)
    if outcome.note:
        workspace.notes.append(outcome.note)
    return {**outcome.to_json(), "cancelled": outcome.cancelled}


@contextmanager
def _reading(limits: Limits, listener: ScanListener) -> Iterator[CheckReadable]:
    """A function that decodes one file in full in a worker, and raises DecodeError when it does not open."""
    with Workers(1, limits) as workers:

        def check(path: bytes, size: int) -> None:
            result = workers.ask(FileJob(Kind.CHECK, path, size), listener.cancelled)
            if result.code is not None:
                message, hint = problem_words(result.code, path)
                raise DecodeError(message, code=result.code, path=path, hint=hint)

        yield check
