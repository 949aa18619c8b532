"""Reading a file once from front to back through one buffer, for parsers that must see every byte."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

CHUNK = 1 << 20
PADDING = b"\x00\xff \t\r\n\x1a"
"""Bytes that programs and cards leave behind a picture without meaning anything."""


class CutError(Exception):
    """The structure ends early or is not what it says."""


class Stream:
    """A cursor over a file of `size` bytes. `at` is the offset of the next byte."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        # what is in memory already is looked at there
        self._data = file.getvalue() if type(file) is io.BytesIO else b""
        self._start = 0
        self.at = 0
        file.seek(len(self._data))

    @property
    def left(self) -> int:
        """Bytes from here to the end."""
        return self._size - self.at

    def window(self) -> memoryview:
        """The rest of the buffer, filled if it is empty; empty at the end. A view, no copy. Does not move the cursor."""
        used = self.at - self._start
        if not 0 <= used < len(self._data):
            if used != len(self._data):
                self._file.seek(self.at)
            self._start = self.at
            self._data = self._file.read(min(CHUNK, max(self.left, 0)))
            used = 0
        return memoryview(self._data)[used:]

    def take(self, length: int) -> bytes:
        """Exactly `length` bytes (a small number); raises CutError."""
        if length > self.left:
            raise CutError
        used = self.at - self._start
        data = self._data[used : used + length] if used >= 0 else b""
        self.at += len(data)
        while len(data) < length:
            more = bytes(self.window()[: length - len(data)])
            if not more:
                raise CutError
            data += more
            self.at += len(more)
        return data

    def feed(self, length: int, *sinks: Callable[[memoryview], object]) -> None:
        """Hand the next `length` bytes to each sink, in pieces; raises CutError."""
        while length:
            data = self.window()[:length]
            if not data:
                raise CutError
            for sink in sinks:
                sink(data)
            self.at += len(data)
            length -= len(data)

    def skip(self, length: int) -> None:
        """Move on by `length` bytes without reading them; raises CutError."""
        if length > self.left:
            raise CutError
        self.at += length

    def feed_rest(self, sink: Callable[[memoryview], object]) -> int:
        """Hand what follows to `sink`, without padding before and behind it. Returns how many bytes that were."""
        begin = self._first_meaning()
        end = self._last_meaning(begin)
        self.at = begin
        self.feed(end - begin, sink)
        return end - begin

    def _first_meaning(self) -> int:
        while data := self.window():
            padding = len(data) - len(bytes(data).lstrip(PADDING))
            self.at += padding
            if padding < len(data):
                break
        return self.at

    def _last_meaning(self, begin: int) -> int:
        end = self._size
        while end > begin:
            start = max(begin, end - CHUNK)
            self._file.seek(start)
            kept = len(self._file.read(end - start).rstrip(PADDING))
            if kept:
                end = start + kept
                break
            end = start
        self._data, self._start = b"", -1  # the file's own position is elsewhere now: read anew
        return end
