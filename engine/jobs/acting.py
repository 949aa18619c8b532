"""What the user says of the open library and does with it: marks, decisions, moves. The questions about it are in `review`.

Methods say in which of the session's lanes they run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.config import Limits
from engine.errors import StoreError
from engine.jobs import action_job
from engine.jobs.review import Review
from engine.jobs.scan_job import ScanListener
from engine.jobs.workspace import Workspace
from engine.records import Suggest


class Acting:
    """See the module."""

    def __init__(self, workspace: Workspace, review: Review, limits: Limits, listener: ScanListener) -> None:
        self._workspace = workspace
        self._review = review
        self._limits = limits
        self._listener = listener
        self._told_unstored = False

    # ------------------------------------------------------------------------------------------------ marks: any thread

    def set_marks(self, marks: Mapping[bytes, Suggest | None]) -> None:
        """See `Session.set_marks`."""
        self._review.looking.marks.set(marks, self._review.looking.facts_of())

    def set_aside(self, key: str, aside: bool) -> None:
        """See `Session.set_aside`."""
        self._review.looking.marks.set_aside(key, aside)

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

    # ------------------------------------------------------------------------------------------------ main lane

    def retry(self, paths: Sequence[bytes]) -> None:
        """Forget what the store knows of these files, so that the next scan reads them again."""
        self._workspace.store().forget(list(paths))

    # ------------------------------------------------------------------------------------------------ history's lane

    def history(self) -> list[dict[str, Any]]:
        """Runs and decisions, newest first."""
        return action_job.history(self._workspace)
