"""The files of a library in columns: some 280 bytes a file beside its path; a question about all is an array operation.

One thread writes. Others may read meanwhile; what they see of one file may then be half old and half new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.fact_columns import KINDS, Array, Pools
from engine.jobs.value_pool import bytes_pool, text_pool
from engine.records import PictureFacts, Role, StatFacts
from engine.records.found_files import STAT_DTYPE

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FILE_COLUMNS: dict[str, np.dtype[Any]] = {
    "status": np.dtype("<u4"),  # numbers of texts
    "code": np.dtype("<u4"),
    "row": np.dtype("<i8"),  # -1: none
    "same_as": np.dtype("<i4"),
    "shot": np.dtype("<i4"),
    "role": np.dtype("i1"),
    "from_cache": np.dtype("?"),
    "provisional": np.dtype("?"),
    "seen_small": np.dtype("?"),  # was provisional at some time of this scan
    "stale_thumbnail": np.dtype("?"),
    "known": np.dtype("?"),  # there are facts
    "met": np.dtype("u1"),  # what the walk said: number in `found_files.OUTCOMES`, or `NOT_MET`
}
NOT_MET = 255
_WITH_NONE = ("row", "same_as", "shot", "role")
_PICTURE = ("ok", "partial")


@dataclass(slots=True)
class NewFile:
    """One file that is to become a row of a table; attributes as those of `LibraryFile`."""

    path: bytes
    stat: StatFacts
    status: str
    code: str | None = None
    facts: PictureFacts | None = None
    row: int | None = None
    same_as: int | None = None
    shot: int | None = None
    role: Role | None = None
    from_cache: bool = False
    provisional: bool = False


class FileTable:
    """Columns of n files. paths: raw. stats: `STAT_DTYPE` (n,). files: `FILE_COLUMNS`. facts: one column a fact, see `KINDS`.

    A file without facts has whatever stands in the fact columns; `files["known"]` says so.
    """

    def __init__(self, paths: Sequence[bytes], stats: Array, pools: Pools | None = None) -> None:
        """Files of which nothing but the walk's facts is known; both are taken over, not copied."""
        count = len(paths)
        self.paths = paths
        self.stats = stats
        self.pools = pools or Pools(text_pool(), bytes_pool())
        self.files: dict[str, Array] = {name: np.zeros(count, dtype) for name, dtype in FILE_COLUMNS.items()}
        for name in _WITH_NONE:
            self.files[name].fill(-1)
        self.facts: dict[str, Array] = {
            name: np.zeros((count, kind.width) if kind.width else count, kind.dtype) for name, kind in KINDS.items()
        }
        self._beside: dict[tuple[str, int], Any] = {}

    @staticmethod
    def of(new: Iterable[NewFile], pools: Pools | None = None) -> FileTable:
        """A table of these files, in this order."""
        entries = list(new)
        table = FileTable([entry.path for entry in entries], np.zeros(len(entries), STAT_DTYPE), pools)
        for place, entry in enumerate(entries):
            table.put(place, entry)
        return table

    @staticmethod
    def made(paths: Sequence[bytes], stats: Array, files: dict[str, Array], facts: dict[str, Array], pools: Pools) -> FileTable:
        """A table of columns that are there already."""
        table = FileTable.__new__(FileTable)
        table.paths, table.stats, table.pools, table.files, table.facts = paths, stats, pools, files, facts
        table._beside = {}
        return table

    def __len__(self) -> int:
        return len(self.paths)

    # ------------------------------------------------------------------------------------------------ one file

    def put(self, place: int, new: NewFile) -> None:
        """Write all of one row but its path."""
        self.set_stat(place, new.stat)
        self.set_text("status", place, new.status)
        self.set_text("code", place, new.code)
        self.set_facts(place, new.facts)
        for name in _WITH_NONE:
            self.set_number(name, place, getattr(new, name))
        self.files["from_cache"][place], self.files["provisional"][place] = new.from_cache, new.provisional

    def stat(self, place: int) -> StatFacts:
        """The facts of the disk."""
        return self._beside.get(("stat", place)) or StatFacts(*self.stats.item(place))

    def set_stat(self, place: int, stat: StatFacts) -> None:
        """Some file systems number inodes, and date files, beyond 63 bits: such a record is kept beside its row."""
        values = (stat.size, stat.mtime_ns, stat.ctime_ns, stat.device, stat.inode, stat.mode)
        self._beside.pop(("stat", place), None)
        try:
            self.stats[place] = values
        except (OverflowError, ValueError):
            names = STAT_DTYPE.names or ()
            self.stats[place] = tuple(_within(value, STAT_DTYPE[name]) for name, value in zip(names, values, strict=True))
            self._beside["stat", place] = stat

    def text(self, name: str, place: int) -> str | None:
        """Status or code."""
        return self.pools.texts[self.files[name].item(place)]

    def set_text(self, name: str, place: int, value: str | None) -> None:
        """Status or code."""
        self.files[name][place] = self.pools.texts.number(value)

    def number(self, name: str, place: int) -> int | None:
        """row, same_as, shot or role."""
        value: int = self.files[name].item(place)
        return None if value < 0 else value

    def set_number(self, name: str, place: int, value: int | None) -> None:
        """row, same_as, shot or role."""
        self.files[name][place] = -1 if value is None else value

    def fact(self, name: str, place: int) -> Any:
        """One fact of a file that has facts."""
        if self._beside and (name, place) in self._beside:
            return self._beside[name, place]
        return KINDS[name].get(self.facts[name], place, self.pools)

    def facts_of(self, place: int) -> PictureFacts | None:
        """All facts of one file."""
        if not self.files["known"].item(place):
            return None
        if self._beside:
            return PictureFacts(*[self.fact(name, place) for name in KINDS])
        columns, pools = self.facts, self.pools
        return PictureFacts(*[kind.get(columns[name], place, pools) for name, kind in KINDS.items()])

    def set_facts(self, place: int, facts: PictureFacts | None) -> None:
        """Replace all facts of one file."""
        self.files["known"][place] = False
        if facts is None:
            return
        columns, pools = self.facts, self.pools
        for name, kind in KINDS.items():
            value = getattr(facts, name)
            if self._beside:
                self._beside.pop((name, place), None)
            if not kind.put(columns[name], place, value, pools):
                self._beside[name, place] = value
        self.files["known"][place] = True

    # ------------------------------------------------------------------------------------------------ all of them

    def has_text(self, name: str, *texts: str | None) -> Bools:
        """Which files have one of these for status or code."""
        return _is_in(self.files[name], self.pools.texts.find_all(texts))

    def has_fact(self, name: str, *values: str | None) -> Bools:
        """Which files have facts, and one of these texts for one."""
        found: Bools = _is_in(self.facts[name], self.pools.texts.find_all(values)) & self.files["known"]
        return found

    def pictures(self) -> Bools:
        """Which files take part in matching."""
        return self.has_text("status", *_PICTURE) & self.has_fact("status", *_PICTURE)

    def problems(self) -> Bools:
        """See `LibraryFile.is_problem`."""
        return self.has_text("status", "error", "partial") | self.has_text("code", "decode.too-large")

    @property
    def is_odd(self) -> bool:
        """Something is kept beside the columns: ask file by file."""
        return bool(self._beside)

    def odd_places(self) -> set[int]:
        """Files of which something is kept beside the columns."""
        return {place for _, place in self._beside}

    @property
    def sizes(self) -> Ints:
        """Bytes of each file: int64 (n,)."""
        sizes: Ints = np.ascontiguousarray(self.stats["size"])
        return sizes

    def pick(self, places: Ints) -> FileTable:
        """A table of these files alone, in this order; what `same_as` and `shot` name is left as it is. Pools are shared."""
        chosen = FileTable([self.paths[place] for place in places.tolist()], self.stats[places], self.pools)
        for name, column in self.files.items():
            chosen.files[name] = column[places]
        for name, column in self.facts.items():
            chosen.facts[name] = column[places]
        if self._beside:
            new = {old: number for number, old in enumerate(places.tolist())}
            chosen._beside = {(name, new[place]): value for (name, place), value in self._beside.items() if place in new}
        return chosen

    def copy(self) -> FileTable:
        """The same as it is now, for a look while reading goes on. Paths and pools are shared."""
        other = FileTable.__new__(FileTable)
        other.paths, other.stats, other.pools = self.paths, self.stats.copy(), self.pools
        other.files = {name: column.copy() for name, column in self.files.items()}
        other.facts = {name: column.copy() for name, column in self.facts.items()}
        other._beside = dict(self._beside)
        return other


def _is_in(column: Array, numbers: Ints) -> Bools:
    found = np.zeros(len(column), np.bool_)
    for number in numbers.tolist():
        found |= column == number
    return found


def _within(value: int, dtype: np.dtype[Any]) -> int:
    limits = np.iinfo(dtype)
    return max(int(limits.min), min(int(limits.max), value))
