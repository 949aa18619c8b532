"""One actor at a time: a lock of the operating system on a file of our own, gone with the process that held it."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from engine.errors import StoreError, StoreLocked

POLL_S = 0.05
"""How often a waiting caller asks again; the lock has no queue that could be waited on with a deadline."""


class FolderLock:
    """An exclusive lock on ``folder/name``, as a context manager.

    Parameters
    ----------
    folder: an existing folder of ours. name: file name of the lock; it is made if missing and never removed.
    wait_s: seconds to wait for another holder, in this process or another.
    what: begins the sentence for the user when the wait was in vain.

    Raises StoreLocked after `wait_s`, StoreError when the file cannot be made or locked.
    """

    def __init__(self, folder: Path, name: str, *, wait_s: float, what: str) -> None:
        self._path = folder / name
        self._wait_s = wait_s
        self._what = what
        self._descriptor = -1

    def __enter__(self) -> FolderLock:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self._descriptor = os.open(self._path, flags, 0o600)
            self._wait()
        except OSError as error:
            self._close()
            message = f"The lock file {self._path} cannot be used ({error.strerror})."
            raise StoreError(message, code="store.read-only", hint="Is the data folder writable?") from error
        except StoreLocked:
            self._close()
            raise
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + self._wait_s
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StoreLocked(f"{self._what} Nothing was touched.", hint="Wait for it to end, then try again.") from None
            time.sleep(min(POLL_S, max(0.0, deadline - time.monotonic())))

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._close()
