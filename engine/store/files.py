"""How the store touches its own files: opened without following links, ours and regular, set aside instead of deleted.

Every write of the store goes through `write_at`, `flush` and `publish`. Nothing here may be given a path outside the store's
folder.
"""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
ASIDE = ".damaged-"
"""What stands between the old name and the date in the name of a file that was set aside."""

_SAFE_OPEN = 0
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _SAFE_OPEN |= getattr(os, _flag, 0)


class DamageError(Exception):
    """What lies at `path` cannot be used as part of a store; `why` is the end of a sentence that starts with its name."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name} {why}")
        self.path = path
        self.why = why


def make_folder(folder: Path) -> None:
    """Create `folder` and its parents, private. Raises OSError; FileExistsError when it is no folder."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def check_folder(folder: Path) -> None:
    """Make one of the store's inner folders where it is missing. Raises DamageError for a link or file in its place, OSError."""
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        os.mkdir(folder, PRIVATE_FOLDER)
        return
    if not stat.S_ISDIR(found.st_mode):
        raise DamageError(folder, "is no folder")
    _must_be_ours(found, folder)


def own_folder(folder: Path) -> Path | None:
    """Set aside a link or a file in place of a folder of the cache, and return its new path; else None. Raises OSError."""
    try:
        check_folder(folder)
    except DamageError:
        return set_aside(folder)
    return None


def check_file(path: Path) -> bool:
    """True when a file of ours is there, False when nothing is. Raises DamageError for other things, PermissionError."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    _must_be_plain(found, path)
    return True


def open_own(path: Path, flags: int) -> int:
    """A descriptor of one of our files. Raises DamageError (link, folder, pipe, more than one name), OSError."""
    try:
        descriptor = os.open(path, flags | _SAFE_OPEN, PRIVATE_FILE)
    except OSError:
        check_file(path)  # a link, a folder or a socket gives an error that differs between systems: say what it is
        raise
    try:
        _must_be_plain(os.fstat(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _must_be_plain(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise DamageError(path, "is no regular file")
    _must_be_ours(found, path)
    if found.st_nlink > 1:
        raise DamageError(path, "has a second name elsewhere")


def _must_be_ours(found: os.stat_result, path: Path) -> None:
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise PermissionError(1, "belongs to another user", str(path))


def write_at(descriptor: int, data: bytes | memoryview, offset: int) -> None:
    """Write all of `data` at `offset`. Raises OSError (full disk and the like); never through a mapping, which would kill us."""
    rest = memoryview(data).cast("B")
    os.lseek(descriptor, offset, os.SEEK_SET)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_at(descriptor: int, into: memoryview, offset: int) -> bool:
    """Fill `into` from `offset`; False when the file ends before."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    while into:
        data = os.read(descriptor, min(len(into), 1 << 24))
        if not data:
            return False
        into[: len(data)] = data
        into = into[len(data) :]
    return True


def flush(descriptor: int) -> None:
    """Have the file's bytes reach the disk."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


def publish(made: Path, name: Path) -> None:
    """Give a finished and flushed file its name, replacing an older file of ours, and flush the folder."""
    os.replace(made, name)
    flush_folder(name.parent)


def flush_folder(folder: Path) -> None:
    """Have the folder's names reach the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create_new(path: Path) -> int:
    """A descriptor of a new, empty file of ours under a name for work in progress; what a killed run left there goes."""
    if os.path.lexists(path):
        remove_own(path)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE_OPEN, PRIVATE_FILE)


def remove_own(path: Path) -> bool:
    """Remove one file (or the link in its place, never what it leads to) of the store's own folder; False when it is a folder."""
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            return False
        os.unlink(path)
    except FileNotFoundError:
        pass
    return True


def set_aside(path: Path) -> Path | None:
    """Rename what lies at `path` to a dated name beside it; None when nothing is there. A link is renamed, not followed."""
    if not os.path.lexists(path):
        return None
    dated = f"{path.name}{ASIDE}{time.strftime('%Y%m%dT%H%M%S')}"
    for number in range(10_000):
        target = path.with_name(dated + (f"-{number}" if number else ""))
        if not os.path.lexists(target):
            os.rename(path, target)
            return target
    raise FileExistsError(17, "too many files were set aside", str(path))


def disk_bytes(path: Path) -> int:
    """Bytes that the file takes on the disk (sparse files take less than their length); 0 when it is not there."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    blocks = getattr(found, "st_blocks", None)
    return found.st_size if blocks is None else blocks * 512
