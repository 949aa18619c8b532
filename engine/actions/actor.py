"""One actor: apply, undo and recovery hold one lock in the data folder, across all processes of this user."""

from __future__ import annotations

from engine.userdata import FolderLock, UserData

LOCK = "actions.lock"
WAIT_S = 5.0


def one_actor(userdata: UserData, wait_s: float = WAIT_S) -> FolderLock:
    """The lock as a context manager; raises StoreLocked (exit 4) after `wait_s`."""
    return FolderLock(userdata.folder, LOCK, wait_s=wait_s, what="Another imgfp is moving photos.")
