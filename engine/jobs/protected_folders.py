"""The folders that the user protected in the window, for whoever judges or acts: in memory at once, stored in the user data."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from engine.errors import StoreError
from engine.userdata import UserData


class ProtectedFolders:
    """One user's list, raw absolute paths. All methods may be called from any thread."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[UserData]],
        writing: Callable[[], UserData],
        tell: Callable[[str], None],
    ) -> None:
        """reading, writing: the user data. tell: takes a line for the user."""
        self._reading = reading
        self._writing = writing
        self._tell = tell
        self._folders: tuple[bytes, ...] | None = None
        self._unstored = False
        self._lock = threading.Lock()

    def all(self) -> tuple[bytes, ...]:
        """The folders, in the order in which they were protected; the first call reads them (some ms)."""
        with self._lock:
            if self._folders is None:
                self._folders = self._read()
            return self._folders

    def beside(self, others: Sequence[bytes]) -> tuple[bytes, ...]:
        """These folders and those of the user, each once."""
        return tuple(dict.fromkeys((*others, *self.all())))

    def set(self, folders: Sequence[bytes]) -> None:
        """Protect these and no others; stored by `store`."""
        with self._lock:
            self._folders = tuple(dict.fromkeys(os.path.abspath(folder) for folder in folders))
            self._unstored = True

    def store(self) -> None:
        """Keep what was set. Where that cannot be done, it holds for this session, and the next call tries again."""
        with self._lock:
            folders, unstored = self._folders, self._unstored
        if folders is None or not unstored:
            return
        try:
            self._writing().protected.set(folders)
        except StoreError as error:
            self._tell(f"The protected folders are not kept when imgfp ends: {error.message} {error.hint}".strip())
        else:
            with self._lock:
                self._unstored = self._folders is not folders

    def read_again(self) -> None:
        """Look up anew what another imgfp may have stored; called when a job begins."""
        with self._lock:
            if not self._unstored:
                self._folders = None

    def _read(self) -> tuple[bytes, ...]:
        try:
            with self._reading() as user:
                return user.protected.all()
        except StoreError as error:
            self._tell(f"The protected folders are not known: {error.message} {error.hint}".strip())
            return ()
