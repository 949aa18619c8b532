"""Opening and looking up paths that are longer than the system takes in one piece, by walking them with directory descriptors."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 900 if sys.platform == "darwin" else 3900
"""Bytes taken at once: PATH_MAX is 4096 with the closing NUL on Linux, 1024 on macOS."""

_THROUGH = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


@contextmanager
def _parent(path: bytes) -> Iterator[tuple[int | None, bytes]]:
    """A descriptor of a folder far enough down and the rest of the path from there; (None, path) where the path is short."""
    if len(path) <= _PIECE or os.open not in os.supports_dir_fd:
        yield None, path
        return
    parts = path.split(b"/")
    at = os.open(b"/", _THROUGH)
    try:
        while True:
            piece = b""
            while parts and len(piece) + len(parts[0]) < _PIECE:
                piece = os.path.join(piece, parts.pop(0)) if piece else parts.pop(0)
            if not parts or (not piece and len(parts[0]) >= _PIECE):  # the last piece, or a name that no system takes
                yield at, os.path.join(piece, *parts) if parts else piece
                return
            if piece:
                below = os.open(piece, _THROUGH, dir_fd=at)
                os.close(at)
                at = below
    finally:
        os.close(at)


def open_long(path: bytes, flags: int) -> int:
    """`os.open` for an absolute path of any length. Raises OSError like it."""
    with _parent(path) as (at, rest):
        return os.open(rest, flags, dir_fd=at)


def stat_long(path: bytes, *, follow: bool = True) -> os.stat_result:
    """`os.stat` for an absolute path of any length. Raises OSError like it."""
    with _parent(path) as (at, rest):
        return os.stat(rest, dir_fd=at, follow_symlinks=follow)
