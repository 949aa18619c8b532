"""What the user did, step by step, so that each can be taken back and done again. A run that moved files is a step too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from imgfp_gui.control.told import Said
from imgfp_gui.control.verdicts import Marks

Choice = Literal["different", "keep-all"]


@dataclass(slots=True)
class MarksStep:
    """Marks on photos. paths, files, before, after: one a picture; files are ids in `library`, -1 unknown.

    keys: what is gone back to. generation: of the snapshot in which the files were looked for last.
    """

    text: str
    keys: tuple[str, ...]
    library: int
    paths: list[bytes] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    before: list[Said] = field(default_factory=list)
    after: list[Said] = field(default_factory=list)
    generation: int = 0

    def move(self, library: int, generation: int, locate: Callable[[Sequence[bytes]], list[int]]) -> None:
        """The library may have been read again since: then the same files have other ids. One in no cluster may be in one now."""
        lost = generation != self.generation and -1 in self.files
        if library != self.library or lost:
            self.files = locate(self.paths)
        self.library, self.generation = library, generation

    def add(self, marks: Marks) -> None:
        """More of them, of the same library."""
        self.paths.extend(marks.paths)
        self.files.extend(marks.files)
        self.before.extend(marks.before)
        self.after.extend(marks.after)


@dataclass(slots=True)
class AsideStep:
    """A cluster set aside, or taken up again."""

    text: str
    keys: tuple[str, ...]
    aside: bool


@dataclass(slots=True)
class RememberStep:
    """A cluster said to be different photos, or all wanted. decision: id once the session has answered."""

    text: str
    keys: tuple[str, ...]
    choice: Choice
    decision: str | None = None
    taken_back: bool = False


@dataclass(slots=True)
class RunStep:
    """Files moved by this window. run: id in the history, of the move; after a way back, of that."""

    text: str
    run: str
    keys: tuple[str, ...] = ()


Step = MarksStep | AsideStep | RememberStep | RunStep


class Steps:
    """Two stacks: what can be taken back, and what was taken back."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def push(self, step: Step) -> None:
        """Something was done; what was taken back before can no more be done again."""
        self._done.append(step)
        self._undone.clear()

    def take_back(self) -> Step | None:
        """The latest step, now on the other stack."""
        return _shift(self._done, self._undone)

    def take_again(self) -> Step | None:
        """The latest step that was taken back, now done again."""
        return _shift(self._undone, self._done)

    @property
    def latest(self) -> Step | None:
        """What `take_back` would return."""
        return self._done[-1] if self._done else None

    @property
    def latest_undone(self) -> Step | None:
        """What `take_again` would return."""
        return self._undone[-1] if self._undone else None

    def drop(self, step: Step) -> None:
        """Forget a step that came to nothing."""
        for stack in (self._done, self._undone):
            if step in stack:
                stack.remove(step)

    def all(self) -> Sequence[Step]:
        """Every step that is kept."""
        return [*self._done, *self._undone]


def _shift(source: list[Step], target: list[Step]) -> Step | None:
    if not source:
        return None
    target.append(source.pop())
    return target[-1]
