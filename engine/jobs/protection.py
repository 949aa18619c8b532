"""Protected folders: whatever path leads there, compared by device and inode of every parent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=65536)
def _identity(folder: bytes) -> tuple[int, int] | None:
    try:
        stat = os.stat(folder)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def forget_identities() -> None:
    """Look at the folders anew (called when a job begins)."""
    _identity.cache_clear()


def is_spelled_below(path: bytes, folders: Sequence[bytes]) -> bool:
    """True when `path` lies in one of `folders` as both are written; asks no disk, and proves nothing."""
    return any(path.startswith(folder.rstrip(b"/") + b"/") for folder in folders)


def is_below(path: bytes, folders: Sequence[bytes]) -> bool:
    """True when `path` lies in one of `folders`, as spelled or as the file system sees it."""
    if not folders:
        return False
    wanted = {identity for folder in folders if (identity := _identity(folder)) is not None}
    names = {os.path.abspath(folder) for folder in folders}
    parent = os.path.dirname(os.path.abspath(path))
    while True:
        if parent in names or _identity(parent) in wanted:
            return True
        above = os.path.dirname(parent)
        if above == parent:
            break
        parent = above
    real = os.path.realpath(path)
    return real != path and any(_identity(p) in wanted for p in _parents(real))


def _parents(path: bytes) -> list[bytes]:
    found = []
    while (above := os.path.dirname(path)) != path:
        found.append(above)
        path = above
    return found
