"""What the user says of the open library and does with it: marks, decisions, moves. The questions about it are in `review`.

Methods say in which of the session's lanes they run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.config import Limits
from engine.errors import StoreError, UsageError
from engine.jobs import action_job, cluster_decision
from engine.jobs.checked_moves import CheckedMoves
from engine.jobs.cluster_decision import Choice
from engine.jobs.cluster_keys import names_of
from engine.jobs.library import Library
from engine.jobs.looking import Open
from engine.jobs.lost_copies import lost_copies
from engine.jobs.marked_job import Seen
from engine.jobs.provisional import why_not
from engine.jobs.review import Review
from engine.jobs.scan_job import ScanListener
from engine.jobs.workspace import Workspace
from engine.names import base_name
from engine.records import ApplyCheck, Suggest


class Acting:
    """See the module."""

    def __init__(self, workspace: Workspace, review: Review, limits: Limits, listener: ScanListener) -> None:
        self._workspace = workspace
        self._review = review
        self._limits = limits
        self._listener = listener
        self._moves = CheckedMoves(workspace, limits, listener)
        self._told_unstored = False

    # ------------------------------------------------------------------------------------------------ marks: any thread

    def set_marks(self, marks: Mapping[bytes, Suggest | None]) -> None:
        """See `Session.set_marks`. What was only looked at by its small picture is not marked, and a line says so."""
        looking = self._review.looking
        refused = _unread(looking.opened, [path for path, suggest in marks.items() if suggest is not None])
        for path, why in refused.items():
            self._workspace.tell(f"{base_name(path)} {why}.")
        looking.marks.set({path: suggest for path, suggest in marks.items() if path not in refused}, looking.facts_of())

    def set_aside(self, key: str, aside: bool) -> None:
        """See `Session.set_aside`."""
        opened = self._review.looking.opened
        names = frozenset[str]()
        cluster = next((cluster for cluster in opened.clusters if cluster.key == key), None) if opened is not None else None
        if opened is not None and cluster is not None:
            file = opened.library.files[cluster.members[0]]
            names = names_of(file) if not aside or file.seen_small else names
        self._review.looking.marks.set_aside(key, aside, names)

    def load_marks(self) -> None:
        """Take over the marks of earlier sessions; main lane, before anything is opened."""
        try:
            with self._workspace.reading() as user:
                self._review.looking.marks.load(user.marks)
        except StoreError as error:
            self._workspace.notes.append(f"Earlier marks are not known: {error.message}")

    def store_marks(self) -> None:
        """Store what was marked so far; in a lane of its own, one call after the other."""
        try:
            self._review.looking.marks.store(lambda: self._workspace.user().marks)
        except StoreError as error:
            if not self._told_unstored:
                said = f"What you mark now is not kept when imgfp ends: {error.message} {error.hint}"
                self._workspace.notes.append(said.strip())
            self._told_unstored = True
        else:
            self._told_unstored = False

    # ------------------------------------------------------------------------------------------------ decisions: their own lane

    def remember(self, seen: Open | None, key: str, choice: Choice, cancelled: Callable[[], bool]) -> str:
        """Remember what was said of a cluster of the library as it was seen; answers with the decision's id."""
        decisions = self._workspace.user().decisions
        said = cluster_decision.remember(_open(seen), key, choice, decisions, self._review.digests, self._limits, cancelled)
        self._review.decide_again()
        return said

    def take_back(self, decision: str) -> None:
        """Take a decision back. Raises UsageError when there is none to be taken back."""
        if not self._workspace.user().decisions.take_back(decision):
            raise UsageError("That decision was taken back before.", hint="Look at the history.")
        self._review.decide_again()

    # ------------------------------------------------------------------------------------------------ main lane

    def check_apply(self, seen: Open | None, paths: Sequence[bytes], destination: bytes | None) -> ApplyCheck:
        """What moving these photos of the library as it was seen would do, with every check and no move."""
        opened = _open(seen)
        protected = self._workspace.protected.beside(opened.options.protected)
        check = self._moves.check(Seen(opened.library, opened.clusters, opened.view.pair, protected), paths, destination)
        now = self._review.looking.opened
        return check if now is None or now.view.number == opened.view.number else _renumbered(check, opened.library, now.library)

    def apply_checked(self, number: int, *, confirmed: bool) -> dict[str, Any]:
        """Move what was checked."""
        return self._moves.carry_out(number, confirmed=confirmed)

    def retry(self, paths: Sequence[bytes]) -> None:
        """Forget what the store knows of these files, so that the next scan reads them again."""
        self._workspace.store().forget(list(paths))

    # ------------------------------------------------------------------------------------------------ history's lane

    def history(self) -> list[dict[str, Any]]:
        """Runs and decisions, newest first."""
        return action_job.history(self._workspace)

    def lost_copies(self, run: str) -> tuple[bytes, ...]:
        """See `lost_copies`."""
        return lost_copies(self._workspace, run)


def _unread(opened: Open | None, paths: Sequence[bytes]) -> dict[bytes, str]:
    """Which of these files nothing can be said of yet, and why."""
    if opened is None or not opened.library.provisional:
        return {}
    ids = {file.id: path for path in paths if (file := opened.library.find(path)) is not None}
    return {ids[file]: why for file, why in why_not(opened.library, opened.clusters, ids).items()}


def _renumbered(check: ApplyCheck, seen: Library, now: Library) -> ApplyCheck:
    """With the file ids of the library that was opened meanwhile, for their thumbnails."""
    found = [now.find(seen.files[number].path) for number in check.files]
    return replace(check, files=tuple(file.id for file in found if file is not None))


def _open(opened: Open | None) -> Open:
    if opened is None:
        raise UsageError("No library is open.", hint="Open a folder first.")
    return opened
