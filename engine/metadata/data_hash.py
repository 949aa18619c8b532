"""The hash of a picture's data where it lies in stretches of the file: parts go in with name and length, so that they cannot run
together, and no byte of the file is read twice."""

from __future__ import annotations

from typing import BinaryIO

import blake3

from engine.metadata.stream import CutError

CHUNK = 1 << 20


class DataHash:
    """One digest in the making. format: keeps the digests of different formats and versions apart. has_data: any
    bytes of the file went in."""

    def __init__(self, file: BinaryIO, size: int, format: bytes) -> None:
        self._file = file
        self._size = size
        self._left = size
        self.has_data = False
        self._hasher = blake3.blake3(b"imgfp " + format)

    def part(self, name: bytes, content: bytes) -> None:
        """Something that decides how the data is read."""
        self._hasher.update(b"%b %d\0" % (name, len(content)) + content)

    def stretch(self, offset: int, length: int) -> None:
        """Bytes of the file. Raises CutError for what lies outside, and when stretches overlap so much that they exceed it."""
        if offset < 0 or length < 0 or offset + length > self._size or length > self._left:
            raise CutError
        self._left -= length
        self.has_data |= length > 0
        self._hasher.update(b"data %d\0" % length)
        self._file.seek(offset)
        while length:
            data = self._file.read(min(CHUNK, length))
            if not data:
                raise CutError
            self._hasher.update(data)
            length -= len(data)

    def digest(self) -> bytes:
        """32 bytes."""
        return self._hasher.digest()
