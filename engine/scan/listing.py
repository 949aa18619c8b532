"""One folder, read once: its names with their stat facts, through one descriptor, so that a swapped folder cannot mix in."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Any

from engine.errors import Cancelled
from engine.scan.folders import QUARANTINE_NAME, mark_at
from engine.scan.longpath import open_long

_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_ATIME = getattr(os, "O_NOATIME", 0)
_BY_DESCRIPTOR = os.scandir in os.supports_fd
_ASK_AFTER = 256  # names between two questions whether to go on
_name_of = attrgetter("name")


@dataclass(frozen=True, slots=True)
class Failure:
    """A name that cannot be looked up: the ``read.*`` code, and whether it is a folder all the same."""

    code: str
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder held, side by side and sorted by raw name.

    key: (device, inode). facts: each name's own (of a link: the link's); None where `failures`, by place, say why.
    digest: of the names, to tell folders apart where inodes lie. complete: False when reading broke off midway; the names until
    then are there.
    """

    key: tuple[int, int]
    names: list[bytes]
    facts: list[os.stat_result | None]
    digest: bytes
    quarantine: bool
    complete: bool
    failures: dict[int, Failure] = field(default_factory=dict)


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
    place: Any = path if descriptor is None else descriptor  # the entries' names are bytes or text accordingly
    entries: list[os.DirEntry[Any]] = []
    complete = True
    try:
        with os.scandir(place) as listed:
            while len(entries) % _ASK_AFTER == 0:
                before = len(entries)
                entries.extend(islice(listed, _ASK_AFTER))  # what came before an error stays
                if len(entries) == before:
                    break
                if len(entries) % _ASK_AFTER == 0 and cancelled():
                    raise Cancelled
    except OSError:
        complete = False
    names, entries = _sorted(entries)
    digest = hashlib.blake2b(b"/".join(names), digest_size=16).digest()
    facts, failures = _look_up(entries, cancelled)
    quarantine = _marked(path, descriptor, names, facts)
    return Listing((own.st_dev, own.st_ino), names, facts, digest, quarantine, complete, failures)


def _sorted(entries: list[os.DirEntry[Any]]) -> tuple[list[bytes], list[os.DirEntry[Any]]]:
    """Raw names and entries by raw name. A listing by descriptor gives text even for bytes."""
    entries.sort(key=_name_of)
    if not entries or isinstance(entries[0].name, bytes):
        return [entry.name for entry in entries], entries
    joined = "/".join([entry.name for entry in entries])
    names = os.fsencode(joined).split(b"/")
    if joined.isascii():
        return names, entries
    order = sorted(range(len(names)), key=names.__getitem__)  # text with odd bytes sorts otherwise than its bytes
    return [names[place] for place in order], [entries[place] for place in order]


def _look_up(
    entries: list[os.DirEntry[Any]], cancelled: Callable[[], bool]
) -> tuple[list[os.stat_result | None], dict[int, Failure]]:
    facts: list[os.stat_result | None] = []
    failures: dict[int, Failure] = {}
    for start in range(0, len(entries), _ASK_AFTER):
        if start and cancelled():
            raise Cancelled
        some = entries[start : start + _ASK_AFTER]
        try:
            facts += [entry.stat(follow_symlinks=False) for entry in some]
        except OSError:
            facts += [_one(entry, start + place, failures) for place, entry in enumerate(some)]
    return facts, failures


def _one(entry: os.DirEntry[Any], place: int, failures: dict[int, Failure]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError as error:
        try:
            folder = entry.is_dir(follow_symlinks=False)
        except OSError:
            folder = False
        failures[place] = Failure(read_code(error), folder)
        return None


def _marked(path: bytes, descriptor: int | None, names: list[bytes], facts: list[os.stat_result | None]) -> bool:
    place = bisect_left(names, QUARANTINE_NAME)
    if place == len(names) or names[place] != QUARANTINE_NAME:
        return False
    own = facts[place]
    if own is not None and not stat.S_ISREG(own.st_mode):
        return False
    return mark_at(os.path.join(path, QUARANTINE_NAME) if descriptor is None else QUARANTINE_NAME, descriptor)
