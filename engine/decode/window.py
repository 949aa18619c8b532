"""A read-only file made of pieces: ranges of another file and literal bytes. It lets a codec see one embedded picture, or a
file without its damaged or useless parts, without copying anything."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, BinaryIO

Piece = bytes | tuple[int, int]


class PiecedFile(io.RawIOBase):
    """Pieces in order as one seekable stream. A piece is bytes, or (offset, length) in `file`.

    Not thread-safe: it moves the position of `file`. A range that reaches beyond the end of `file` ends the stream there.
    """

    def __init__(self, file: BinaryIO, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._file = file
        self._pieces = [piece for piece in pieces if (len(piece) if isinstance(piece, bytes) else piece[1]) > 0]
        self._starts: list[int] = []
        total = 0
        for piece in self._pieces:
            self._starts.append(total)
            total += len(piece) if isinstance(piece, bytes) else piece[1]
        self._size = total
        self._position = 0

    @property
    def size(self) -> int:
        """Length of all pieces in bytes."""
        return self._size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("negative position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self._read_piece(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._size - self._position)
        if size is None or size < 0 or size > left:
            size = left
        parts: list[bytes] = []
        while size > 0:
            data = self._read_piece(size)
            if not data:
                break
            parts.append(data)
            size -= len(data)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_piece(self, size: int) -> bytes:
        if size <= 0 or self._position >= self._size:
            return b""
        number = bisect_right(self._starts, self._position) - 1
        piece = self._pieces[number]
        inside = self._position - self._starts[number]
        if isinstance(piece, bytes):
            data = piece[inside : inside + size]
        else:
            self._file.seek(piece[0] + inside)
            data = self._file.read(min(size, piece[1] - inside))
        self._position += len(data)
        return data
