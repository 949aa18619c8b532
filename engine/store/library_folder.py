"""The folder of saved libraries: one file for each set of folders that was opened, the least recently used go."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engine.store.files import DamageError, check_folder, remove_own
from engine.store.library_file import SUFFIX, read_library, write_library

log = logging.getLogger(__name__)

FOLDER = "libraries"
MOST = 8
"""Saved libraries that are kept: some 350 bytes a file each."""

FILE_NAMES = re.compile(rf"[0-9a-f]{{32}}{re.escape(SUFFIX)}(\.new)?")


class LibraryFolder:
    """Saved libraries below the cache. No call raises: what cannot be read or written is not there.

    cache: the cache folder. profile: of the fingerprints. mapped: its files may be mapped. writable: it may be changed.
    """

    def __init__(self, cache: Path, profile: str, *, mapped: bool, writable: bool) -> None:
        self._folder = cache / FOLDER
        self.profile = profile
        self._mapped = mapped
        self._writable = writable

    def read(self, key: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
        """What was saved under a key (16 bytes). A damaged file is removed: it is no loss."""
        path = self._path(key)
        try:
            if os.path.lexists(self._folder):
                check_folder(self._folder)  # a link would lead out of the cache
            found = read_library(path, mapped=self._mapped)
            if self._writable:
                os.utime(path)  # it was used: others go first
            return found
        except FileNotFoundError:
            return None
        except DamageError as error:
            log.warning("event=saved_library_damaged reason=%r", str(error))
            self.drop(key)
        except OSError as error:
            log.info("event=saved_library_unreadable reason=%r", error)
        return None

    def write(self, key: bytes, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bool:
        """Keep a library under a key; the least recently used ones make room. False where it cannot be kept."""
        if not self._writable:
            return False
        try:
            check_folder(self._folder)
            self._make_room(self._path(key))
            write_library(self._path(key), about, arrays)
            return True
        except (OSError, DamageError) as error:
            log.info("event=library_not_saved reason=%r", error)
            return False

    def drop(self, key: bytes) -> None:
        """Remove what is kept under a key, whatever it is."""
        if self._writable:
            try:
                check_folder(self._folder)
                remove_own(self._path(key))
            except (OSError, DamageError) as error:
                log.info("event=saved_library_stays reason=%r", error)

    def _make_room(self, coming: Path) -> None:
        kept = [path for path in self._folder.iterdir() if FILE_NAMES.fullmatch(path.name) and path != coming]
        kept.sort(key=lambda path: os.lstat(path).st_mtime_ns)
        for path in kept[: max(0, len(kept) - MOST + 1)]:
            remove_own(path)

    def _path(self, key: bytes) -> Path:
        return self._folder / f"{key.hex()}{SUFFIX}"
