"""Fails or kills the n-th call that touches a file or the journal. Lives in tests only; the product has no such switch."""

from __future__ import annotations

import errno
import inspect
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.actions import primitives
from engine.errors import StoreError
from engine.userdata import Journal

ERRNOS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EXDEV, errno.EROFS, errno.ESTALE)

_FILE_CALLS = [
    name
    for name, value in vars(primitives).items()
    if inspect.isfunction(value) and value.__module__ == primitives.__name__ and not name.startswith("_") and name != "close"
]
_JOURNAL_CALLS = ["begin", "intend", "refuse", "moved", "done", "failed", "restored", "will_place", "finish"]


class Faults:
    """Counts calls, and does something at the n-th.

    Parameters
    ----------
    at: number of the call, from 1. strike: called with (name, the real call) in its place.
    """

    def __init__(self, at: int, strike: Callable[[str, Callable[[], Any]], Any]) -> None:
        self.at = at
        self.count = 0
        self.struck: str | None = None
        self._strike = strike

    def step(self, name: str, call: Callable[[], Any]) -> Any:
        """Do the call, or let the fault happen in its place."""
        self.count += 1
        if self.count != self.at:
            return call()
        self.struck = name
        return self._strike(name, call)

    @contextmanager
    def at_work(self) -> Iterator[Faults]:
        """Every file call and every journal call goes through `step`."""
        with pytest.MonkeyPatch.context() as patch:
            for name in _FILE_CALLS:
                patch.setattr(primitives, name, self._wrap(f"file.{name}", getattr(primitives, name)))
            for name in _JOURNAL_CALLS:
                patch.setattr(Journal, name, self._wrap(f"journal.{name}", getattr(Journal, name)))
            yield self

    def _wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **named: self.step(name, lambda: real(*args, **named))


def failing(number: int, at: int, *, late: bool = False) -> Faults:
    """The n-th call fails with an errno (the journal: with StoreError); late: after it did its work."""

    def strike(name: str, call: Callable[[], Any]) -> Any:
        if late:
            call()
        if name.startswith("journal."):
            raise StoreError("the disk is full", code="store.full")
        raise OSError(number, os.strerror(number))

    return Faults(at, strike)


def killing(at: int, *, late: bool = False) -> Faults:
    """The process is killed at the n-th call; late: after it did its work."""

    def strike(name: str, call: Callable[[], Any]) -> Any:
        try:
            if late:
                call()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)

    return Faults(at, strike)


def qt_step_by_step(path: bytes) -> bytes:
    """What Qt 6.11 does to move a file to the trash, each step a call that can fail or kill: link, record, rename, unlink."""
    files = os.path.join(os.environb[b"XDG_DATA_HOME"], b"Trash", b"files")
    info = os.path.join(os.path.dirname(files), b"info")
    name = os.path.basename(path)
    for folder in (files, info):
        os.makedirs(folder, exist_ok=True)
    while os.path.lexists(os.path.join(info, name + b".trashinfo")):
        name += b"-1"
    primitives.link(_here(os.path.dirname(path)), os.path.basename(path), _here(files), b"tmpXyZ")
    record = primitives.create_file_at(_here(info), name + b".trashinfo", 0o666)
    primitives.write(record, b"[Trash Info]\nPath=" + path + b"\nDeletionDate=2026-01-01T00:00:00\n")
    os.close(record)
    primitives.rename_into(_here(files), b"tmpXyZ", _here(files), name)
    primitives.drop_own_name(_here(os.path.dirname(path)), os.path.basename(path))
    return os.path.join(files, name)


def _here(folder: bytes) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # left open: this process does not live long


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A new folder in memory where there is one: these tests sync thousands of times. Holds the trash, too."""
    memory = Path("/dev/shm")
    base = Path(tempfile.mkdtemp(prefix="imgfp-faults-", dir=memory if os.access(memory, os.W_OK) else None))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_DATA_HOME", str(base / "xdg"))
            patch.setenv("IMGFP_DATA_DIR", str(base / "data"))
            yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)
