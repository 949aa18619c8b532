"""What a walk met, in columns: a million files are a few arrays and a list of paths, and an object only for who asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from engine.records.files import FoundFile, StatFacts

STAT_DTYPE = np.dtype(
    [("size", "<i8"), ("mtime_ns", "<i8"), ("ctime_ns", "<i8"), ("device", "<u8"), ("inode", "<u8"), ("mode", "<u4")]
)
"""The fields of `StatFacts` in their order, 44 bytes a file."""

STATE = ("size", "mtime_ns", "ctime_ns", "device", "inode")
"""Columns that must agree for the same state of a file (safety rule S3)."""

OUTCOMES = (
    None,
    "scan.hidden",
    "scan.link",
    "scan.hard-link",
    "scan.not-regular",
    "read.denied",
    "read.vanished",
    "read.io",
)
"""Why a file is not looked at, by its number in `FoundFiles.outcome` (0: it is); from `FIRST_ERROR` on: it could not be found."""

FIRST_ERROR = OUTCOMES.index("read.denied")

_NUMBER = {code: number for number, code in enumerate(OUTCOMES)}
_FIELDS = STAT_DTYPE.names or ()
_RANGES = {name: np.iinfo(STAT_DTYPE[name]) for name in _FIELDS}
_facts_of = attrgetter(*_FIELDS)


class FoundFiles(Sequence[FoundFile]):
    """Files in the order of their raw paths; indexing and iterating make a `FoundFile` each time.

    Attributes
    ----------
    paths: raw absolute paths. stats: STAT_DTYPE (n,). outcome: u1 (n,), index into `OUTCOMES`. root: i4 (n,), index into
    `Walk.roots`. same_as: i4 (n,), place of the first name of the same inode, -1 for none.
    odd: facts of the files whose numbers do not fit (a date after 2262, say), by place; their columns hold the nearest number
    that does, so who compares columns asks here, too.
    """

    __slots__ = ("odd", "outcome", "paths", "root", "same_as", "stats")

    def __init__(
        self,
        paths: list[bytes],
        stats: NDArray[np.void],
        outcome: NDArray[np.uint8],
        root: NDArray[np.int32],
        odd: dict[int, StatFacts] | None = None,
    ) -> None:
        self.paths = paths
        self.stats = stats
        self.outcome = outcome
        self.root = root
        self.same_as = np.full(len(paths), -1, np.int32)
        self.odd = odd or {}

    @classmethod
    def of(cls, files: Iterable[FoundFile]) -> FoundFiles:
        """The same files in columns, in the order given. Raises ValueError for a `same_as` that is none of their paths."""
        given = list(files)
        stats, odd = stat_columns([file.stat for file in given], _facts_of)
        found = cls(
            [file.path for file in given],
            stats,
            np.array([_NUMBER[file.skip or file.error] for file in given], np.uint8),
            np.array([file.root for file in given], np.int32),
            odd,
        )
        for place, file in enumerate(given):
            if file.same_as is not None:
                found.same_as[place] = found.paths.index(file.same_as)
        return found

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, place: int) -> FoundFile: ...

    @overload
    def __getitem__(self, place: slice) -> list[FoundFile]: ...

    def __getitem__(self, place: int | slice) -> FoundFile | list[FoundFile]:
        """One file, or a list of files."""
        if isinstance(place, slice):
            return [self._file(one) for one in range(*place.indices(len(self.paths)))]
        return self._file(range(len(self.paths))[place])

    def __iter__(self) -> Iterator[FoundFile]:
        return map(self._file, range(len(self.paths)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FoundFiles):
            return NotImplemented
        same = self.paths == other.paths and self.odd == other.odd
        columns = (
            (self.stats, other.stats),
            (self.outcome, other.outcome),
            (self.root, other.root),
            (self.same_as, other.same_as),
        )
        return same and all(bool((one == another).all()) for one, another in columns)

    __hash__ = None  # type: ignore[assignment]

    def stat(self, place: int) -> StatFacts:
        """The facts of one file, exact."""
        return self.odd.get(place) or StatFacts(*self.stats[place].item())

    def to_read(self) -> NDArray[np.int64]:
        """Places of the files that are to be looked at, ascending."""
        return np.flatnonzero(self.outcome == 0)

    def _file(self, place: int) -> FoundFile:
        number, first = int(self.outcome[place]), int(self.same_as[place])
        code = OUTCOMES[number]
        error = code if number >= FIRST_ERROR else None
        same_as = self.paths[first] if first >= 0 else None
        return FoundFile(self.paths[place], int(self.root[place]), self.stat(place), None if error else code, same_as, error)


def same_state(one: NDArray[np.void], other: NDArray[np.void], rows: NDArray[np.int64] | None = None) -> NDArray[np.bool_]:
    """Which rows (n,) of two STAT_DTYPE columns agree in all of `STATE`. rows: the row of `other` for each of `one`."""
    beside = slice(None) if rows is None else rows
    same = np.ones(len(one), np.bool_)
    for name in STATE:
        same &= one[name] == other[name][beside]
    return same


def outcome_number(code: str | None) -> int:
    """Place of a code in `OUTCOMES`. Raises KeyError."""
    return _NUMBER[code]


def stat_columns(facts: Sequence[Any], values_of: Any) -> tuple[NDArray[np.void], dict[int, StatFacts]]:
    """Columns of these facts, and those that do not fit, by place. values_of: gives the fields of STAT_DTYPE of one of them."""
    try:
        return np.fromiter(map(values_of, facts), STAT_DTYPE, len(facts)), {}
    except OverflowError:
        return _fitted([values_of(one) for one in facts])


def _fitted(rows: list[tuple[int, ...]]) -> tuple[NDArray[np.void], dict[int, StatFacts]]:
    stats, odd = np.zeros(len(rows), STAT_DTYPE), {}
    for place, row in enumerate(rows):
        fitted = tuple(min(max(value, _RANGES[name].min), _RANGES[name].max) for name, value in zip(_FIELDS, row, strict=True))
        stats[place] = fitted
        if fitted != row:
            odd[place] = StatFacts(*row)
    return stats, odd
