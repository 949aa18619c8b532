"""What was said in this window, numbered by the call that told the session: a snapshot says which of them it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from engine.records import Suggest

if TYPE_CHECKING:
    from engine.session import Session

Said = Suggest | None


class Told:
    """Marks by raw path, clusters set aside by key. held: calls that the snapshot in force counts (`ClusterSnapshot.marks`)."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._calls = 0
        self._marks: dict[bytes, tuple[Said, int, int]] = {}  # what was said, by which call, of which file id
        self._aside: dict[str, tuple[bool, int]] = {}

    def mark(self, paths: Sequence[bytes], files: Sequence[int], said: Sequence[Said]) -> None:
        """Tell what is said of pictures. files: ids of the same, -1 unknown."""
        if paths:
            self._session.set_marks(dict(zip(paths, said, strict=True)))
            self._calls += 1
            self._marks.update(zip(paths, zip(said, repeat(self._calls), files, strict=False), strict=True))

    def set_aside(self, key: str, aside: bool) -> None:
        """Tell that a cluster is set aside, or taken up again."""
        self._session.set_aside(key, aside)
        self._calls += 1
        self._aside[key] = (aside, self._calls)

    def lay_over(self, marks: dict[int, Suggest], files: Sequence[int], paths: Sequence[bytes], held: int) -> None:
        """Put what is newer than the snapshot over what it says (file id to mark)."""
        known = self._marks
        for file, path in zip(files, paths, strict=True):
            told = known.get(path)
            if told is not None and told[1] > held:
                marks.pop(file, None)
                if told[0] is not None:
                    marks[file] = told[0]

    def is_aside(self, key: str, held: int) -> bool | None:
        """What was said of a cluster since the snapshot; None for nothing."""
        aside, call = self._aside.get(key, (None, 0))
        return aside if call > held else None

    def files_since(self, held: int) -> list[int]:
        """Ids of files of which something was said since the snapshot."""
        return [file for _, call, file in self._marks.values() if call > held]

    def keys_since(self, held: int) -> list[str]:
        """Keys of clusters of which something was said since the snapshot."""
        return [key for key, (_, call) in self._aside.items() if call > held]

    def move(self, held: int, locate: Callable[[Sequence[bytes]], Iterable[int]]) -> None:
        """The library was read again: file ids are others, and what is held now is held from now on."""
        self._aside = {key: told for key, told in self._aside.items() if told[1] > held}
        left = {path: told for path, told in self._marks.items() if told[1] > held}
        self._marks = {
            path: (said, call, file) for (path, (said, call, _)), file in zip(left.items(), locate(list(left)), strict=True)
        }

    def __bool__(self) -> bool:
        return bool(self._marks)
