"""Fixed-size rows in column files, one family a fingerprint part, mapped where that is safe and read where it is not.

Rows are written with ordinary writes, so that a full disk is an error and not a signal, and given out as copies. A row number
is ``segment * capacity + place``; numbers from `MEMORY_ROWS` on live in memory only and end with the process.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.store.files import DamageError, create_new, flush, open_own, publish, read_at, write_at
from engine.store.layout import HEADER_BYTES, ColumnHeader, PartSpec

MEMORY_ROWS = 1 << 30
"""Row numbers from here on have no file."""

_SCATTERED = 2
"""More separate places than this in one file are read as what they are."""

_RESIDENT_ROWS = 64
"""Reading more rows than this at once gives the mapped pages back."""

Bytes = NDArray[np.uint8]
Rows = NDArray[np.int64]


class Segment:
    """One column file: `capacity` rows of one part. Keeps no descriptor open; a mapped one keeps its mapping."""

    def __init__(self, path: Path, header: ColumnHeader, *, mapped: bool) -> None:
        """Check the file and map it if asked. Raises DamageError, StoreNewer, OSError."""
        self.path = path
        self._header = header
        self._mapping: mmap.mmap | None = None
        self._view: Bytes | None = None
        descriptor = open_own(path, os.O_RDONLY)
        try:
            found = os.fstat(descriptor)
            self._identity = (found.st_dev, found.st_ino)
            page = bytearray(HEADER_BYTES)
            if not read_at(descriptor, memoryview(page), 0):
                raise DamageError(path, "ends early")
            header.check(bytes(page), path, found.st_size)
            if mapped:
                self._mapping = mmap.mmap(descriptor, header.file_bytes, access=mmap.ACCESS_READ)
                shape = (header.capacity, header.row_bytes)
                self._view = np.frombuffer(self._mapping, np.uint8, offset=HEADER_BYTES).reshape(shape)
        finally:
            os.close(descriptor)

    @staticmethod
    def create(path: Path, header: ColumnHeader) -> None:
        """Make the file at full size under a working name, then give it its name: it is whole or not there."""
        made = path.with_name(path.name + ".new")
        descriptor = create_new(made)
        try:
            os.ftruncate(descriptor, header.file_bytes)
            write_at(descriptor, header.pack(), 0)
            flush(descriptor)
        finally:
            os.close(descriptor)
        publish(made, path)

    def read(self, places: Rows) -> Bytes:
        """Copies of the rows at these places, uint8 (n, row_bytes). Raises DamageError when the file was cut, OSError."""
        if self._mapping is None or self._view is None:
            return self._read_by_runs(places)
        if self._mapping.size() != self._header.file_bytes:
            raise DamageError(self.path, "was cut while in use")
        rows = self._view[places]
        if len(places) > _RESIDENT_ROWS and hasattr(mmap, "MADV_DONTNEED"):
            self._mapping.madvise(mmap.MADV_DONTNEED)  # pages of a mapping that were touched count as ours until given back
        return rows

    def read_apart(self, places: Rows) -> Bytes:
        """As `read`, but by ordinary reads, whatever is mapped: memory does not grow with what was read before."""
        return self._read_by_runs(places)

    def _read_by_runs(self, places: Rows) -> Bytes:
        wanted, order = np.unique(places, return_inverse=True)
        rows = np.empty((len(wanted), self._header.row_bytes), np.uint8)
        descriptor = self._reopen(os.O_RDONLY)
        try:
            runs = _runs(wanted)
            if len(runs) > _SCATTERED and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)  # else the system reads far more than was asked for
            for first, last in runs:
                start = HEADER_BYTES + int(wanted[first]) * self._header.row_bytes
                if not read_at(descriptor, memoryview(rows[first:last].data).cast("B"), start):
                    raise DamageError(self.path, "was cut while in use")
        finally:
            os.close(descriptor)
        return rows[order]

    def write(self, places: Rows, rows: Bytes) -> None:
        """Write rows to these ascending places and flush them. Raises OSError, DamageError."""
        descriptor = self._reopen(os.O_RDWR)
        try:
            for first, last in _runs(places):
                start = HEADER_BYTES + int(places[first]) * self._header.row_bytes
                write_at(descriptor, memoryview(np.ascontiguousarray(rows[first:last]).data).cast("B"), start)
            flush(descriptor)
        finally:
            os.close(descriptor)

    def _reopen(self, flags: int) -> int:
        descriptor = open_own(self.path, flags)
        found = os.fstat(descriptor)
        if (found.st_dev, found.st_ino) != self._identity or found.st_size != self._header.file_bytes:
            os.close(descriptor)
            raise DamageError(self.path, "was replaced or cut while in use")
        return descriptor

    def close(self) -> None:
        """Give the mapping back."""
        self._view = None
        if self._mapping is not None:
            self._mapping.close()
            self._mapping = None


class MemorySegment:
    """Rows that have no file; the same door as `Segment`."""

    def __init__(self, capacity: int, row_bytes: int) -> None:
        self._rows = np.zeros((capacity, row_bytes), np.uint8)

    def read(self, places: Rows) -> Bytes:
        """As `Segment.read`."""
        return self._rows[places]

    def read_apart(self, places: Rows) -> Bytes:
        """As `Segment.read_apart`."""
        return self._rows[places]

    def write(self, places: Rows, rows: Bytes) -> None:
        """As `Segment.write`."""
        self._rows[places] = rows

    def close(self) -> None:
        """Nothing to give back."""


class Columns:
    """All column files of one profile. `damaged` holds what was found unusable on opening, for the caller to set aside.

    Parameters
    ----------
    folder: of this profile; None: everything in memory. capacity: rows a segment. mapped: map or read.
    """

    def __init__(self, folder: Path | None, profile: str, parts: Mapping[str, PartSpec], capacity: int, *, mapped: bool) -> None:
        self._folder = folder
        self._profile = profile
        self._parts = dict(parts)
        self._mapped = mapped
        self.capacity = capacity
        self.row_bytes = sum(part.row_bytes for part in parts.values())
        self.first_memory_row = -(-MEMORY_ROWS // capacity) * capacity
        self.damaged: list[DamageError] = []
        self._segments: dict[tuple[int, str], Segment | MemorySegment] = {}
        if folder is not None:
            self._open_all(folder)

    def _open_all(self, folder: Path) -> None:
        names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        for name in self._parts:
            prefix = f"{name}."
            for found in sorted(names):
                number = found.removeprefix(prefix).removesuffix(".col")
                if found == f"{prefix}{number}.col" and number.isdecimal() and self.file_name(name, int(number)) == found:
                    self._open(folder / found, int(number), name)

    def _open(self, path: Path, number: int, name: str) -> None:
        try:
            self._segments[number, name] = Segment(path, self._header(number, name), mapped=self._mapped)
        except DamageError as damage:
            self.damaged.append(damage)

    @staticmethod
    def file_name(part: str, segment: int) -> str:
        """``<part>.NNNN.col``."""
        return f"{part}.{segment:04d}.col"

    def _header(self, number: int, name: str) -> ColumnHeader:
        part = self._parts[name]
        return ColumnHeader(name, part.version, part.row_bytes, self.capacity, number, part.digest, self._profile)

    @property
    def segments(self) -> int:
        """One more than the highest segment number with a file."""
        return max((number + 1 for number, _ in self._segments if number * self.capacity < self.first_memory_row), default=0)

    @property
    def files(self) -> list[Path]:
        """The column files in use."""
        return [segment.path for segment in self._segments.values() if isinstance(segment, Segment)]

    # ------------------------------------------------------------------------------------------------ rows

    def write(self, rows: Rows, packed: Bytes) -> None:
        """Write and flush rows (ascending, each once); packed: uint8 (n, row_bytes), the parts one after the other.

        Raises OSError and DamageError; then none of the rows may be named by a record.
        """
        for number, chosen in self._by_segment(rows):
            places = rows[chosen] - number * self.capacity
            at = 0
            for name, part in self._parts.items():
                self._for_writing(number, name).write(places, packed[chosen, at : at + part.row_bytes])
                at += part.row_bytes

    def _for_writing(self, number: int, name: str) -> Segment | MemorySegment:
        segment = self._segments.get((number, name))
        if segment is None:
            if number * self.capacity >= self.first_memory_row:
                segment = MemorySegment(self.capacity, self._parts[name].row_bytes)
            else:
                segment = self._make_file(number, name)
            self._segments[number, name] = segment
        return segment

    def _make_file(self, number: int, name: str) -> Segment:
        assert self._folder is not None
        path, header = self._folder / self.file_name(name, number), self._header(number, name)
        Segment.create(path, header)
        return Segment(path, header, mapped=self._mapped)

    def read(self, rows: Rows) -> tuple[Bytes, NDArray[np.bool_]]:
        """Rows as written, uint8 (n, row_bytes), and which of them could be read at all (the others hold zeros)."""
        packed = np.zeros((len(rows), self.row_bytes), np.uint8)
        good = np.ones(len(rows), np.bool_)
        for number, chosen in self._by_segment(rows):
            places, at = rows[chosen] - number * self.capacity, 0
            for name, part in self._parts.items():
                segment = self._segments.get((number, name))
                try:
                    if segment is None:
                        good[chosen] = False
                    else:
                        packed[chosen, at : at + part.row_bytes] = segment.read(places)
                except (OSError, DamageError):
                    good[chosen] = False
                at += part.row_bytes
        return packed, good

    def gather(self, rows: Rows, name: str, *, apart: bool = False) -> NDArray[np.generic]:
        """One part of these rows, (n, *shape), a read-only copy. Raises DamageError where a row cannot be read, OSError.

        apart: by ordinary reads and not through a mapping.
        """
        part = self._parts[name]
        values = np.empty((len(rows), part.row_bytes), np.uint8)
        for number, chosen in self._by_segment(rows):
            segment = self._segments.get((number, name))
            if segment is None:
                raise DamageError((self._folder or Path()) / self.file_name(name, number), "is missing")
            places = rows[chosen] - number * self.capacity
            values[chosen] = segment.read_apart(places) if apart else segment.read(places)
        answer = values.view(part.little).reshape(len(rows), *part.shape)
        answer.setflags(write=False)
        return answer

    def _by_segment(self, rows: Rows) -> Iterator[tuple[int, slice | Rows]]:
        """Segment number and which of `rows` lie in it: a slice where they are neighbours, so that no needless copy is made."""
        numbers = rows // self.capacity
        if len(rows) and numbers.min() == numbers.max():
            yield int(numbers[0]), slice(0, len(rows))
            return
        if len(rows) and (numbers[1:] >= numbers[:-1]).all():
            starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
            for first, last in zip(starts, [*starts[1:], len(rows)], strict=True):
                yield int(numbers[first]), slice(int(first), int(last))
            return
        for number in np.unique(numbers):
            yield int(number), np.flatnonzero(numbers == number)

    # ------------------------------------------------------------------------------------------------ the end

    def drop_above(self, segments: int) -> list[Path]:
        """Close every segment numbered `segments` or higher and return their files, for the caller to remove."""
        gone = [key for key, segment in self._segments.items() if key[0] >= segments and isinstance(segment, Segment)]
        paths = []
        for key in gone:
            segment = self._segments.pop(key)
            segment.close()
            if isinstance(segment, Segment):
                paths.append(segment.path)
        return paths

    def close(self) -> None:
        """Give all mappings back; rows cannot be read afterwards."""
        for segment in self._segments.values():
            segment.close()
        self._segments.clear()


def _runs(ascending: Rows) -> list[tuple[int, int]]:
    """Index ranges of neighbours: ``[3, 4, 5, 9]`` gives ``[(0, 3), (3, 4)]``."""
    if not len(ascending):
        return []
    starts = np.flatnonzero(np.diff(ascending, prepend=ascending[0] - 2) != 1)
    return [(int(a), int(b)) for a, b in zip(starts, [*starts[1:], len(ascending)], strict=True)]
