"""Opens a user's file once, for reading only, leaving no trace; what is read is judged by this descriptor alone."""

from __future__ import annotations

import errno
import os
import stat

from engine.errors import DecodeError
from engine.records import StatFacts

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOCTTY", 0)
_NO_ATIME = getattr(os, "O_NOATIME", 0)
_CODES = {
    errno.ENOENT: "read.vanished",
    errno.ENOTDIR: "read.vanished",
    errno.EACCES: "read.denied",
    errno.EPERM: "read.denied",
}


def open_for_reading(path: bytes) -> tuple[int, StatFacts]:
    """Descriptor (the caller's to close) and facts of a regular file.

    Raises DecodeError ``read.vanished`` ``read.denied`` ``read.io``, or ``scan.not-regular`` for anything else
    than a regular file.
    """
    try:
        descriptor = _open(path)
    except OSError as error:
        raise _refused(error, path) from None
    try:
        facts = stat_facts(descriptor)
        if not stat.S_ISREG(facts.mode):
            raise DecodeError("not a regular file", code="scan.not-regular", path=path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, facts


def stat_facts(descriptor: int) -> StatFacts:
    """What the system tells of an open file. Raises DecodeError ``read.io``, or as above."""
    try:
        found = os.fstat(descriptor)
    except OSError as error:
        raise _refused(error) from None
    return StatFacts(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_dev, found.st_ino, found.st_mode)


def _refused(error: OSError, path: bytes | None = None) -> DecodeError:
    """Without the name: messages reach logs and the cache."""
    number = error.errno or 0
    refused = DecodeError(error.strerror or "", code=_CODES.get(number, "read.io"), path=path)
    refused.error_number = number
    return refused


def _open(path: bytes) -> int:
    try:
        return os.open(path, _FLAGS | _NO_ATIME)
    except PermissionError:
        if not _NO_ATIME:
            raise
        return os.open(path, _FLAGS)  # only the owner may read without a new access time
