"""Protected folders: whatever path leads there, compared by device and inode of every parent."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
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


class Protection:
    """Protected folders, asked for many files: every folder on the way is looked at once."""

    def __init__(self, folders: Sequence[bytes]) -> None:
        self.folders = tuple(folders)
        self._names = {os.path.abspath(folder) for folder in folders}
        self._wanted = {identity for folder in folders if (identity := _identity(folder)) is not None}
        self._covered: dict[bytes, bool] = {}

    def covers(self, path: bytes) -> bool:
        """True when `path` lies in one of the folders, as spelled or as the file system sees it."""
        if not self.folders:
            return False
        path = os.path.abspath(path)
        return self.covers_folder(os.path.dirname(path)) or (os.path.islink(path) and self._leads_in(os.path.realpath(path)))

    def covers_folder(self, folder: bytes) -> bool:
        """True when `folder` (absolute) is one of the folders, or lies in one."""
        covered = self._covered.get(folder)
        if covered is None:
            covered = any(place in self._names or _identity(place) in self._wanted for place in (folder, *_parents(folder)))
            covered = covered or self._leads_in(os.path.join(os.path.realpath(folder), b""))
            self._covered[folder] = covered
        return covered

    def _leads_in(self, real: bytes) -> bool:
        return any(_identity(place) in self._wanted for place in _parents(real))


def _parents(path: bytes) -> Iterator[bytes]:
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above
