"""Any order of applies, undos, redos, edits and kills: no content that nobody deleted is ever gone, and undo never overwrites."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.actions import primitives
from engine.records import Tier
from tests.actions.faults import qt_step_by_step, quick_folder
from tests.actions.scenario import contents_everywhere
from tests.actions.shelf import Shelf
from tests.actions.test_plain_disks import undo_until

NAMES = ["a.jpg", "b.jpg", "sub/c.jpg", "sub/d.jpg", "e.xmp"]
NAME = st.sampled_from(NAMES)


class Library(RuleBasedStateMachine):
    """One small library, one user, one editor. owed: contents that must exist somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.shelf = Shelf(self.stack.enter_context(quick_folder()))
        self.owed: set[bytes] = set()
        self.written = 0

    @initialize()
    def fill(self) -> None:
        self.real_trash = primitives.move_to_trash
        primitives.move_to_trash = qt_step_by_step
        for name in NAMES:
            self.write(name)

    def here(self) -> list[str]:
        return [name for name in NAMES if os.path.isfile(self.shelf.path(name))]

    def read(self, name: str) -> bytes:
        return Path(os.fsdecode(self.shelf.path(name))).read_bytes()

    def copies(self, content: bytes) -> int:
        return sum(self.read(name) == content for name in self.here())

    @rule(name=NAME, like=st.none() | NAME)
    def write(self, name: str, like: str | None = None) -> None:
        """The user saves a new picture, or a copy of another, under a name; what was there is gone by the user's own will."""
        self.delete(name)
        self.written += 1
        text = self.read(like)[8:] if like in self.here() else b"picture %d" % self.written
        self.owed.add(self.shelf_content(self.shelf.put(name, text)))

    @staticmethod
    def shelf_content(path: bytes) -> bytes:
        return Path(os.fsdecode(path)).read_bytes()

    @rule(name=NAME)
    def delete(self, name: str) -> None:
        """The user deletes a file: if it was the only one of its content, that is no longer owed."""
        if name in self.here():
            content = self.read(name)
            os.unlink(self.shelf.path(name))
            if content not in contents_everywhere(self.shelf.base):
                self.owed.discard(content)

    @rule(name=NAME, other=NAME)
    def rename(self, name: str, other: str) -> None:
        """The user renames a file to a free name."""
        if name in self.here() and other not in self.here():
            os.rename(self.shelf.path(name), self.shelf.path(other))

    @rule(
        items=st.lists(
            st.tuples(st.lists(NAME, max_size=2), st.lists(st.lists(NAME, min_size=1, max_size=2), max_size=2)), max_size=2
        ),
        kind=st.sampled_from(["trash", "quarantine"]),
        stale=NAME,
    )
    def apply(self, items: list[tuple[list[str], list[list[str]]]], kind: str, stale: str) -> None:
        """A plan over what is there; one file may change between plan and apply."""
        self.shelf.items.clear()
        here = self.here()
        for keep, remove in items:
            shots = [shot for shot in remove if all(name in here for name in shot)]
            if shots:
                kept = [self.shelf.file(name) for name in keep if name in here]
                self.shelf.item(kept, [self.shelf.file(shot[0], *shot[1:]) for shot in shots], Tier.SAME_PICTURE)
        self.write(stale)
        before = set(self.here())
        outcome = self.shelf.apply(self.shelf.destination(kind))
        moved = {os.fsdecode(result.path[len(self.shelf.path("")) :]) for result in outcome.results if result.outcome == "moved"}
        assert before - set(self.here()) == moved

    @rule()
    def undo(self) -> None:
        before = {name: self.read(name) for name in self.here()}
        outcome = self.shelf.undo()
        assert {name: self.read(name) for name in before} == before
        for result in outcome.results:
            assert result.outcome == "restored" or result.code

    @precondition(lambda self: self.shelf.data.exists() and self.shelf.history())
    @rule(pick=st.integers(0, 5))
    def take_back_any(self, pick: int) -> None:
        """Undo or redo any run of the history."""
        history = self.shelf.history()
        self.shelf.undo(str(history[pick % len(history)]["id"]))

    @rule(at=st.integers(5, 60))
    def undo_is_killed(self, at: int) -> None:
        undo_until(self.shelf, at)

    @invariant()
    def nothing_owed_is_gone(self) -> None:
        assert self.owed <= contents_everywhere(self.shelf.base)

    def teardown(self) -> None:
        primitives.move_to_trash = self.real_trash
        self.stack.close()


TestAnyHistory = Library.TestCase
TestAnyHistory.settings = settings(
    max_examples=40, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
