"""The few calls that touch the user's files, each one system call or nearly so, all through descriptors.

Everything else in this room calls these through the module, so that tests can fail or kill the n-th call. Nothing here decides:
callers check first. The only names that are ever dropped are imgfp's own: a second name in its quarantine or in the trash, its
placeholders, its empty folders, and the trash's record of a file that was put back.
"""

from __future__ import annotations

import ctypes
import errno
import os
from typing import Any

from blake3 import blake3

from engine.scan import open_long

CHUNK_BYTES = 1 << 20
XATTR_BYTES = 64 << 10
"""Extended attributes beyond this, in all, are not recorded; a move keeps them anyway."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_RENAME_NOREPLACE = 1

NOT_SUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK})
"""Answers of a file system that cannot rename without replacing, or cannot link."""


# ------------------------------------------------------------------------------------------------------ looking


def open_folder(path: bytes) -> int:
    """A descriptor of a folder named by the user: links on the way are followed, as the user meant them."""
    return open_long(path, _FOLDER)


def open_folder_at(folder: int, name: bytes) -> int:
    """A descriptor of a folder below an opened one; a link is an error (ELOOP or ENOTDIR)."""
    return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)


def open_file_at(folder: int, name: bytes) -> int:
    """A descriptor of a file below an opened folder, for reading; a link is an error, a pipe does not block."""
    return os.open(name, _FILE, dir_fd=folder)


def close(descriptor: int) -> None:
    """Close a descriptor."""
    os.close(descriptor)


def facts(descriptor: int) -> os.stat_result:
    """What an open file or folder is now."""
    return os.fstat(descriptor)


def look(folder: int, name: bytes) -> os.stat_result:
    """What a name leads to now, links not followed. Raises FileNotFoundError."""
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def names_in(folder: int) -> list[bytes]:
    """Raw names in an opened folder."""
    return [os.fsencode(name) for name in os.listdir(folder)]


def digest(descriptor: int) -> bytes:
    """BLAKE3 of the whole file behind a descriptor, 32 bytes."""
    hasher = blake3()
    at = 0
    while chunk := os.pread(descriptor, CHUNK_BYTES, at):
        hasher.update(chunk)
        at += len(chunk)
    return bytes(hasher.digest())


def read_small(descriptor: int, limit: int) -> bytes:
    """The first `limit` bytes of a file."""
    return os.pread(descriptor, limit, 0)


def xattrs(descriptor: int) -> tuple[tuple[bytes, bytes], ...]:
    """The user's extended attributes of an open file, by name; none where they are unknown or larger than `XATTR_BYTES`."""
    try:
        names = [name for name in os.listxattr(descriptor) if name.startswith("user.")]
        found = tuple((os.fsencode(name), os.getxattr(descriptor, name)) for name in sorted(names))
    except OSError:
        return ()
    return found if sum(len(name) + len(value) for name, value in found) <= XATTR_BYTES else ()


def mount_of(descriptor: int) -> str:
    """Which mount a descriptor was opened through ("" where the system does not tell): renames never cross mounts."""
    try:
        with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as lines:
            return next((line.split()[1] for line in lines if line.startswith("mnt_id:")), "")
    except OSError:
        return ""


# ------------------------------------------------------------------------------------------------------ moving


def _find_renameat2() -> Any:
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is not None:
        function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        function.restype = ctypes.c_int
    return function


_renameat2 = _find_renameat2()


def rename_exclusive(folder: int, name: bytes, to_folder: int, to_name: bytes) -> None:
    """Rename without replacing. Raises FileExistsError, or OSError with an errno of `NOT_SUPPORTED` where it cannot be had."""
    if _renameat2 is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    while _renameat2(folder, name, to_folder, to_name, _RENAME_NOREPLACE) != 0:
        code = ctypes.get_errno()
        if code != errno.EINTR:
            raise OSError(code, os.strerror(code), name)


def rename_into(folder: int, name: bytes, to_folder: int, to_name: bytes) -> None:
    """Plain rename, for targets that can only be imgfp's own: a free name in its own new folder, or its own empty placeholder."""
    os.rename(name, to_name, src_dir_fd=folder, dst_dir_fd=to_folder)


def link(folder: int, name: bytes, to_folder: int, to_name: bytes) -> None:
    """Give a file a second name; never replaces. Raises FileExistsError, or an errno of `NOT_SUPPORTED`."""
    os.link(name, to_name, src_dir_fd=folder, dst_dir_fd=to_folder, follow_symlinks=False)


def move_to_trash(path: bytes) -> bytes | None:
    """Qt's own move to the system trash; returns where the file went, None when there is no trash for it.

    Qt acts by path and, where it can, links the file into the trash and then unlinks the path: only ever call it on a name in a
    folder that belongs to imgfp alone.
    """
    from PySide6.QtCore import QFile  # here, so that no other way out pays for loading Qt

    file = QFile(path.decode("utf-8"))
    if not file.moveToTrash():
        return None
    return file.fileName().encode("utf-8")


# ------------------------------------------------------------------------------------------------------ our own names


def make_folder_at(folder: int, name: bytes, mode: int) -> None:
    """Make a folder below an opened one. Raises FileExistsError."""
    os.mkdir(name, mode, dir_fd=folder)


def create_file_at(folder: int, name: bytes, mode: int) -> int:
    """A new, empty file of ours, opened for writing. Raises FileExistsError; links are never followed."""
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode, dir_fd=folder)


def open_for_appending(folder: int, name: bytes) -> int:
    """An existing file of ours (the manifest), opened for reading and appending."""
    return os.open(name, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)


def write(descriptor: int, data: bytes) -> None:
    """Write all of `data`."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync(descriptor: int) -> None:
    """Make a file's bytes, or the names in a folder, durable."""
    os.fsync(descriptor)


def drop_own_name(folder: int, name: bytes) -> None:
    """Unlink a name of imgfp's own. The caller has proven that no photo ends with it."""
    os.unlink(name, dir_fd=folder)


def drop_own_folder(folder: int, name: bytes) -> None:
    """Remove an empty folder of imgfp's own; OSError (ENOTEMPTY) where something lies in it."""
    os.rmdir(name, dir_fd=folder)


# ------------------------------------------------------------------------------------------------------ facts of a restored file


def set_times(descriptor: int, atime_ns: int, mtime_ns: int) -> None:
    """Set both times of an open file, in ns."""
    os.utime(descriptor, ns=(atime_ns, mtime_ns))


def set_mode(descriptor: int, mode: int) -> None:
    """Set the permission bits of an open file."""
    os.fchmod(descriptor, mode)


def set_xattr(descriptor: int, name: bytes, value: bytes) -> None:
    """Set one extended attribute of an open file."""
    os.setxattr(descriptor, name, value)
