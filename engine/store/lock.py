"""Locks between processes: one writer, many readers. The system drops them when their holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.store.files import open_own, write_at


class FileLock:
    """A held lock; `release` (or the end of the process) gives it back."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path, *, shared: bool = False, create: bool = True) -> FileLock | None:
        """The lock, or None when another holder stands in the way; never waits.

        Raises DamageError (something else lies in the lock file's place) and OSError (cannot be created or opened).
        """
        descriptor = open_own(path, (os.O_RDWR | os.O_CREAT) if create else os.O_RDONLY)
        try:
            if not _lock(descriptor, shared=shared):
                os.close(descriptor)
                return None
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def sign(self) -> None:
        """Write our process number into the lock file, for the message that others show."""
        os.ftruncate(self._descriptor, 0)
        write_at(self._descriptor, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Give it back; doing so twice harms nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def holder(path: Path) -> str:
    """The process number in a lock file, "" when it cannot be told."""
    try:
        descriptor = open_own(path, os.O_RDONLY)
    except Exception:
        return ""
    try:
        text = os.read(descriptor, 20).decode("ascii", "replace")
    except OSError:
        return ""
    finally:
        os.close(descriptor)
    return text if text.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool) -> bool:
        if shared:  # no shared kind here: readers are protected by the check sums alone
            return True
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # beyond the process number, which others may read
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
