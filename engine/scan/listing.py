"""One folder, read once: its names with their stat facts, through one descriptor, so that a swapped folder cannot mix in."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import Cancelled
from engine.records import StatFacts
from engine.scan.folders import QUARANTINE_NAME, mark_at
from engine.scan.longpath import open_long

NOTHING = StatFacts(0, 0, 0, 0, 0)
"""Facts of a file that was gone before it could be looked up."""

_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_ATIME = getattr(os, "O_NOATIME", 0)
_BY_DESCRIPTOR = os.scandir in os.supports_fd


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder. facts: its own (of a link: the link's), or None with `error` (``read.*``) if it cannot be looked up."""

    name: bytes
    facts: os.stat_result | None
    error: str | None = None
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder held. key: (device, inode). digest: of its names, to tell folders apart where inodes lie.

    complete: False when reading broke off midway; the names until then are there.
    """

    key: tuple[int, int]
    entries: tuple[Entry, ...]
    digest: bytes
    quarantine: bool
    complete: bool


def stat_facts(facts: os.stat_result) -> StatFacts:
    """The record of a stat result."""
    return StatFacts(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_dev, facts.st_ino, facts.st_mode)


def read_code(error: OSError) -> str:
    """The ``read.*`` code of an error of the system."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE):
        return "read.vanished"
    return "read.denied" if error.errno in (errno.EACCES, errno.EPERM) else "read.io"


def list_folder(path: bytes, *, follow: bool, cancelled: Callable[[], bool]) -> Listing:
    """The names in the folder at `path` (raw, absolute), sorted by bytes.

    follow: whether `path` itself may be a link. Raises OSError if the folder cannot be opened, Cancelled within 256 names.
    """
    if not _BY_DESCRIPTOR:
        return _list(path, None, os.stat(path), cancelled)
    descriptor = _open_folder(path, follow=follow)
    try:
        return _list(path, descriptor, os.fstat(descriptor), cancelled)
    finally:
        os.close(descriptor)


def _open_folder(path: bytes, *, follow: bool) -> int:
    flags = _FLAGS if follow else _FLAGS | _NO_FOLLOW
    try:
        return open_long(path, flags | _NO_ATIME)
    except PermissionError:
        if not _NO_ATIME:
            raise
        return open_long(path, flags)  # only the owner may leave the access time alone


def _list(path: bytes, descriptor: int | None, own: os.stat_result, cancelled: Callable[[], bool]) -> Listing:
    entries: list[Entry] = []
    complete = True
    try:
        place: Any = path if descriptor is None else descriptor  # the entries' names are bytes or text accordingly
        with os.scandir(place) as names:
            for one in names:
                if len(entries) % 256 == 255 and cancelled():
                    raise Cancelled
                entries.append(_entry(one))
    except OSError:
        complete = False
    entries.sort(key=lambda entry: entry.name)
    digest = hashlib.blake2b(b"/".join(entry.name for entry in entries), digest_size=16).digest()
    return Listing((own.st_dev, own.st_ino), tuple(entries), digest, _marked(path, descriptor, entries), complete)


def _entry(one: os.DirEntry[Any]) -> Entry:
    name = os.fsencode(one.name)  # a listing by descriptor gives text even for bytes
    try:
        facts = one.stat(follow_symlinks=False)
    except OSError as error:
        try:
            folder = one.is_dir(follow_symlinks=False)
        except OSError:
            folder = False
        return Entry(name, None, read_code(error), folder)
    return Entry(name, facts, None, stat.S_ISDIR(facts.st_mode))


def _marked(path: bytes, descriptor: int | None, entries: list[Entry]) -> bool:
    for entry in entries:
        if entry.name == QUARANTINE_NAME and (entry.facts is None or stat.S_ISREG(entry.facts.st_mode)):
            return mark_at(os.path.join(path, QUARANTINE_NAME) if descriptor is None else QUARANTINE_NAME, descriptor)
    return False
