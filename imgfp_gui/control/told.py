"""What was said in this window, numbered by the call that told the session: a snapshot says which of them it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from engine.records import Suggest

if TYPE_CHECKING:
    from engine.session import Session

Said = Suggest | None

TAKEN_BACK = 3  # beside the values of `Suggest`
SAID_BITS, FILE_BITS = 2, 32
WORDS: tuple[Said, ...] = (Suggest.KEEP, Suggest.REMOVE, Suggest.UNDECIDED, None)  # by value


class Told:
    """Marks by raw path, clusters set aside by key. held: calls that the snapshot in force counts (`ClusterSnapshot.marks`)."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._calls = 0
        # What was said, of which file id, by which call, in one number: hundreds of thousands of tuples would keep the
        # garbage collector busy for a fifth of a second.
        self._marks: dict[bytes, int] = {}
        self._aside: dict[str, tuple[bool, int]] = {}

    def mark(self, paths: Sequence[bytes], files: Sequence[int], said: Sequence[Said]) -> None:
        """Tell what is said of pictures. files: ids of the same, -1 unknown."""
        if paths:
            self._session.set_marks(dict(zip(paths, said, strict=True)))
            self._calls += 1
            self._marks.update(zip(paths, _packed(self._calls, files, said), strict=True))

    def set_aside(self, key: str, aside: bool) -> None:
        """Tell that a cluster is set aside, or taken up again."""
        self._session.set_aside(key, aside)
        self._calls += 1
        self._aside[key] = (aside, self._calls)

    def lay_over(self, marks: dict[int, Suggest], files: Sequence[int], paths: Sequence[bytes], held: int) -> None:
        """Put what is newer than the snapshot over what it says (file id to mark)."""
        known, newer = self._marks, _first_of(held + 1)
        for file, path in zip(files, paths, strict=True):
            told = known.get(path, -1)
            if told >= newer:
                marks.pop(file, None)
                said = WORDS[told & TAKEN_BACK]
                if said is not None:
                    marks[file] = said

    def is_aside(self, key: str, held: int) -> bool | None:
        """What was said of a cluster since the snapshot; None for nothing."""
        aside, call = self._aside.get(key, (None, 0))
        return aside if call > held else None

    def files_since(self, held: int) -> list[int]:
        """Ids of files of which something was said since the snapshot."""
        newer = _first_of(held + 1)
        return [_file(told) for told in self._marks.values() if told >= newer]

    def keys_since(self, held: int) -> list[str]:
        """Keys of clusters of which something was said since the snapshot."""
        return [key for key, (_, call) in self._aside.items() if call > held]

    def move(self, held: int, locate: Callable[[Sequence[bytes]], Iterable[int]]) -> None:
        """The library was read again: file ids are others, and what is held now is held from now on."""
        self._aside = {key: told for key, told in self._aside.items() if told[1] > held}
        newer = _first_of(held + 1)
        left = {path: told for path, told in self._marks.items() if told >= newer}
        self._marks = {
            path: _first_of(told >> SAID_BITS + FILE_BITS) | (file + 1) << SAID_BITS | told & TAKEN_BACK
            for (path, told), file in zip(left.items(), locate(list(left)), strict=True)
        }

    def __bool__(self) -> bool:
        return bool(self._marks)


def _first_of(call: int) -> int:
    """The least number of all that a call said."""
    return call << SAID_BITS + FILE_BITS


def _packed(call: int, files: Sequence[int], said: Sequence[Said]) -> list[int]:
    """One number a mark; they grow with the calls."""
    first = _first_of(call)
    return [
        first | (file + 1) << SAID_BITS | (TAKEN_BACK if word is None else word) for file, word in zip(files, said, strict=True)
    ]


def _file(told: int) -> int:
    return (told >> SAID_BITS & (1 << FILE_BITS) - 1) - 1
