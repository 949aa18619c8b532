"""Bounded random access to a file: what lies outside gives nothing, and all reading together has a ceiling. Every parser of this
room reads through here, so that no declared offset or length can cost more than the limits allow."""

from __future__ import annotations

from typing import BinaryIO, Protocol

AHEAD = 16_384
"""Bytes read at once around a small request: directories and their values mostly lie close together."""

_WINDOWS = 4


class Source(Protocol):
    """Something with bytes at offsets."""

    @property
    def size(self) -> int: ...

    def at(self, offset: int, length: int, *, ahead: bool = True) -> bytes:
        """Up to `length` bytes from `offset`: fewer at the end, none outside. ahead: neighbours will be wanted too."""
        ...


class FileRanges:
    """A file, read by range. size: bytes; budget: bytes that may be read in all, after which nothing more comes. head:
    the first bytes of the file, when they were read already."""

    def __init__(self, file: BinaryIO, size: int, budget: int, head: bytes = b"") -> None:
        self._file = file
        self._left = budget
        self._windows: list[tuple[int, int, bytes]] = [(0, len(head), head)] if len(head) <= size else []
        self._size = max(size, 0)

    @property
    def size(self) -> int:
        return self._size

    def at(self, offset: int, length: int, *, ahead: bool = True) -> bytes:
        """See `Source.at`. OSError passes through."""
        end = offset + length
        for start, stop, data in self._windows:
            if start <= offset < end <= stop:
                return data[offset - start : end - start]
        length = min(length, self._size - offset)
        if offset < 0 or length <= 0:
            return b""
        want = min(max(length, AHEAD), self._size - offset) if ahead else length
        if want > self._left:
            return b""
        self._left -= want
        data = read_exactly(self._file, offset, want)
        if ahead and want <= 4 * AHEAD:
            self._windows.insert(0, (offset, offset + len(data), data))
            if len(self._windows) > _WINDOWS:
                del self._windows[-2 if self._windows[-1][0] == 0 else -1]  # the beginning is asked for again and again
        return data[:length]


class Memory:
    """Bytes already in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        return len(self._data)

    def at(self, offset: int, length: int, *, ahead: bool = True) -> bytes:
        """See `Source.at`."""
        return self._data[offset : offset + length] if offset >= 0 and length > 0 else b""


class Part:
    """A stretch of another source, with offsets of its own."""

    def __init__(self, source: Source, offset: int, length: int) -> None:
        self._source = source
        self._offset = offset
        self._size = max(0, min(length, source.size - offset)) if offset >= 0 else 0

    @property
    def size(self) -> int:
        return self._size

    def at(self, offset: int, length: int, *, ahead: bool = True) -> bytes:
        """See `Source.at`."""
        length = min(length, self._size - offset)
        return self._source.at(self._offset + offset, length, ahead=ahead) if offset >= 0 and length > 0 else b""


def read_exactly(file: BinaryIO, offset: int, length: int) -> bytes:
    """`length` bytes from `offset`, fewer only at the end of the file. OSError passes through."""
    file.seek(offset)
    data = file.read(length)
    while len(data) < length:
        more = file.read(length - len(data))
        if not more:
            break
        data += more
    return data
