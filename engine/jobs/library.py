"""What a scan knows of the folders it was given: the files in the order of the report, and the shots they form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from engine.jobs.file_table import FileTable, NewFile
from engine.jobs.saved_matching import Matching
from engine.records import PictureFacts, Role, Shot, StatFacts

__all__ = ["Files", "Library", "LibraryFile", "NewFile", "library_file", "library_files"]


class LibraryFile:
    """One file met (or known from an absent volume): a row of a table, read and written there. id: its place in raw path order.

    row: its row in the store, which keeps one in memory where it cannot write. provisional: facts and row are those of the
    embedded thumbnail, and the row lies in the quick store. seen_small: it was provisional at some time of this scan.
    stale_thumbnail: its thumbnail shows another picture than the file.
    """

    __slots__ = ("id", "table")

    def __init__(self, table: FileTable, id: int) -> None:
        self.table = table
        self.id = id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LibraryFile) and other.table is self.table and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"LibraryFile({self.id}, {self.path!r}, {self.status!r}, {self.code!r})"

    @property
    def path(self) -> bytes:
        """Raw and absolute."""
        return self.table.paths[self.id]

    @property
    def stat(self) -> StatFacts:
        """As the disk told when the file was met, or read."""
        return self.table.stat(self.id)

    @stat.setter
    def stat(self, stat: StatFacts) -> None:
        self.table.set_stat(self.id, stat)

    @property
    def size(self) -> int:
        """In bytes; without making all of `stat`."""
        return int(self.table.stats["size"].item(self.id))

    @property
    def status(self) -> str:
        """As in the report."""
        return self.table.text("status", self.id) or ""

    @status.setter
    def status(self, status: str) -> None:
        self.table.set_text("status", self.id, status)

    @property
    def code(self) -> str | None:
        """As in the report."""
        return self.table.text("code", self.id)

    @code.setter
    def code(self, code: str | None) -> None:
        self.table.set_text("code", self.id, code)

    @property
    def facts(self) -> PictureFacts | None:
        """What it holds, None while it is not known; made anew every time (some microseconds)."""
        return self.table.facts_of(self.id)

    @facts.setter
    def facts(self, facts: PictureFacts | None) -> None:
        self.table.set_facts(self.id, facts)

    @property
    def row(self) -> int | None:
        """Of its fingerprint."""
        return self.table.number("row", self.id)

    @row.setter
    def row(self, row: int | None) -> None:
        self.table.set_number("row", self.id, row)

    @property
    def same_as(self) -> int | None:
        """Of a further name of one file: the id of the first."""
        return self.table.number("same_as", self.id)

    @same_as.setter
    def same_as(self, same_as: int | None) -> None:
        self.table.set_number("same_as", self.id, same_as)

    @property
    def shot(self) -> int | None:
        """Its place in `Library.shots`."""
        return self.table.number("shot", self.id)

    @shot.setter
    def shot(self, shot: int | None) -> None:
        self.table.set_number("shot", self.id, shot)

    @property
    def role(self) -> Role | None:
        """In its shot."""
        role = self.table.number("role", self.id)
        return None if role is None else Role(role)

    @role.setter
    def role(self, role: Role | None) -> None:
        self.table.set_number("role", self.id, role)

    @property
    def from_cache(self) -> bool:
        """Nothing of it was computed in this run."""
        return bool(self.table.files["from_cache"].item(self.id))

    @from_cache.setter
    def from_cache(self, from_cache: bool) -> None:
        self.table.files["from_cache"][self.id] = from_cache

    @property
    def provisional(self) -> bool:
        """See the class."""
        return bool(self.table.files["provisional"].item(self.id))

    @provisional.setter
    def provisional(self, provisional: bool) -> None:
        self.table.files["provisional"][self.id] = provisional

    @property
    def seen_small(self) -> bool:
        """See the class."""
        return bool(self.table.files["seen_small"].item(self.id))

    @property
    def stale_thumbnail(self) -> bool:
        """See the class."""
        return bool(self.table.files["stale_thumbnail"].item(self.id))

    @property
    def is_known(self) -> bool:
        """It has facts."""
        return bool(self.table.files["known"].item(self.id))

    @property
    def is_picture(self) -> bool:
        """It takes part in matching."""
        picture = ("ok", "partial")
        return self.is_known and self.status in picture and self.table.fact("status", self.id) in picture

    @property
    def is_problem(self) -> bool:
        """Worth telling: an error, a damaged picture, or one that was skipped for its size."""
        return self.status in ("error", "partial") or self.code == "decode.too-large"

    @property
    def is_raw(self) -> bool:
        """Camera RAW, by its content."""
        return self.is_known and self.table.fact("kind", self.id) == "raw"

    @property
    def pixels(self) -> int:
        """Width times height, 0 when they are not known."""
        if not self.is_known:
            return 0
        return (self.table.fact("width", self.id) or 0) * (self.table.fact("height", self.id) or 0)

    @property
    def digest(self) -> bytes | None:
        """BLAKE3 of the whole file where it is known."""
        found: bytes | None = self.table.fact("blake3", self.id) if self.is_known else None
        return found

    @property
    def picture_digest(self) -> bytes | None:
        """Digest of the picture data without metadata, where it is known."""
        found: bytes | None = self.table.fact("picture_digest", self.id) if self.is_known else None
        return found


class Files(Sequence[LibraryFile]):
    """Some or all files of a table, in path order. ids: int64, their places in the table, ascending."""

    __slots__ = ("_all", "ids", "table")

    def __init__(self, table: FileTable, ids: NDArray[np.int64] | None = None) -> None:
        """ids: None: all."""
        self.table = table
        self._all = ids is None
        self.ids: NDArray[np.int64] = np.arange(len(table), dtype=np.int64) if ids is None else ids

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> LibraryFile: ...

    @overload
    def __getitem__(self, place: slice) -> Files: ...

    def __getitem__(self, place: int | slice) -> LibraryFile | Files:
        if isinstance(place, slice):
            return Files(self.table, self.ids[place])
        return LibraryFile(self.table, self.ids.item(place))

    def __iter__(self) -> Iterator[LibraryFile]:
        table = self.table
        for start in range(0, len(self.ids), 4096):
            for number in self.ids[start : start + 4096].tolist():
                yield LibraryFile(table, number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Files) and other.table is self.table and np.array_equal(other.ids, self.ids)

    def __hash__(self) -> int:
        return hash(len(self.ids))

    def where(self, wanted: NDArray[np.bool_]) -> Files:
        """Those of which the column says so (one entry for each file of the whole table)."""
        return Files(self.table, np.flatnonzero(wanted) if self._all else self.ids[wanted[self.ids]])

    @staticmethod
    def gathered(files: Iterable[LibraryFile]) -> Files:
        """These files, of one table or of several, as rows of a new table in this order."""
        return library_files(map(as_new, files))


def as_new(file: LibraryFile) -> NewFile:
    """All of one file, to become a row of another table."""
    f = file
    return NewFile(f.path, f.stat, f.status, f.code, f.facts, f.row, f.same_as, f.shot, f.role, f.from_cache, f.provisional)


def library_files(new: Iterable[NewFile]) -> Files:
    """A table of files, to be built by hand: ids are their places."""
    return Files(FileTable.of(new))


def library_file(
    path: bytes, stat: StatFacts, status: str, code: str | None = None, facts: PictureFacts | None = None, row: int | None = None
) -> LibraryFile:
    """A file that belongs to no library."""
    return library_files([NewFile(path, stat, status, code, facts, row)])[0]


@dataclass(slots=True)
class Library:
    """The outcome of walking and reading. `final` is False for a look taken while reading goes on.

    left_out: how many pairs, and lists of look-alikes, matching left out because there were too many.
    matching: what matching made of the very same files before, as soon as that is known. saved: the same where a library that is
    saved tells it.
    """

    roots: tuple[bytes, ...]
    files: Files
    shots: Sequence[Shot] = ()
    shared_companions: frozenset[int] = frozenset()
    folders_skipped: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    computed: int = 0
    cached: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    final: bool = False
    cancelled: bool = False
    left_out: dict[str, int] = field(default_factory=dict)
    matching: Matching | None = None
    saved: Matching | None = None

    @property
    def table(self) -> FileTable:
        """The columns of its files."""
        return self.files.table

    @property
    def provisional(self) -> bool:
        """A file is known by its small picture only."""
        return bool(self.table.files["provisional"].any())

    def pictures(self) -> Files:
        """The files that take part in matching, in path order."""
        return self.files.where(self.table.pictures())

    def find(self, path: bytes) -> LibraryFile | None:
        """The file of this raw path."""
        paths = self.table.paths
        place = bisect_left(paths, path)
        return self.files[place] if place < len(paths) and paths[place] == path else None

    def companions(self, file: LibraryFile) -> list[LibraryFile]:
        """The other files of this file's shot."""
        if file.shot is None:
            return []
        return [self.files[i] for i in self.shots[file.shot].files if i != file.id]

    def as_it_is(self) -> Library:
        """The same as it is now, whatever is read from now on."""
        return replace(self, files=Files(self.table.copy()), matching=None, saved=None)

    def keep(self, wanted: NDArray[np.bool_]) -> None:
        """Drop all other files; ids and `same_as` follow, shots are to be formed anew."""
        kept = np.flatnonzero(wanted)
        number = np.full(len(wanted) + 1, -1, np.int32)
        number[kept] = np.arange(len(kept))
        table = self.table.pick(kept)
        table.files["same_as"] = number[table.files["same_as"]]  # -1 stays -1: it is the last entry
        self.files = Files(table)
