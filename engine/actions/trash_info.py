"""The record that a freedesktop trash keeps beside each file: corrected after a move, removed when a file is put back.

Only records of files that imgfp itself moved are touched, and the record is never a photo.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from engine.actions import primitives
from engine.actions.descriptors import Folder
from engine.actions.mover import Landed

SUFFIX = b".trashinfo"
_LIMIT = 64 << 10


def trash_places(folder: bytes) -> tuple[bytes, ...]:
    """The trash folders (their ``files``) in which a file of `folder` may end, the user's own first. Looks only."""
    data_home = os.environb.get(b"XDG_DATA_HOME") or os.path.join(os.path.expanduser(b"~"), b".local", b"share")
    places = [os.path.join(data_home, b"Trash", b"files")]
    top = _mount_point(folder)
    user = b"%d" % os.getuid()
    places.append(os.path.join(top, b".Trash", user, b"files"))
    places.append(os.path.join(top, b".Trash-" + user, b"files"))
    return tuple(places)


def ensure_trash_home() -> None:
    """Make the folder in which the desktop keeps the user's trash; a fresh account has none yet, and Qt does not make it."""
    home = os.path.dirname(os.path.dirname(trash_places(b"/")[0]))
    with contextlib.suppress(OSError):
        os.makedirs(home, mode=0o700, exist_ok=True)


def correct(files: int, name: bytes, stage: bytes) -> None:
    """Take the staging folder out of the record's path, so that the desktop restores to the right place. Raises OSError.

    files: descriptor of the trash's ``files``. name: the file's name there. stage: name of the staging folder.
    """
    info = _open_info(files)
    try:
        record = name + SUFFIX
        text = _read(info, record)
        lines = [_without(line, stage) if line.startswith(b"Path=") else line for line in text.split(b"\n")]
        part = stage  # by this name recovery knows it
        with contextlib.suppress(FileNotFoundError):
            primitives.drop_own_name(info, part)
        descriptor = primitives.create_file_at(info, part, 0o600)
        try:
            primitives.write(descriptor, b"\n".join(lines))
            primitives.sync(descriptor)
            primitives.rename_into(info, part, info, record)
        except OSError:
            with contextlib.suppress(OSError):
                primitives.drop_own_name(info, part)
            raise
        finally:
            primitives.close(descriptor)
        primitives.sync(info)
    finally:
        primitives.close(info)


def drop(files: int, name: bytes) -> None:
    """Remove the record of a file that is not in the trash any more; harmless when there is none, and never an error."""
    with contextlib.suppress(OSError):
        info = _open_info(files)
        try:
            try:
                primitives.look(files, name)
                return  # somebody's file has this name: its record stays
            except FileNotFoundError:
                pass
            if stat.S_ISREG(primitives.look(info, name + SUFFIX).st_mode):
                primitives.drop_own_name(info, name + SUFFIX)
        finally:
            primitives.close(info)


def drop_at(path: bytes) -> None:
    """`drop` for a file that lay at `path`, if that was a trash at all; never an error."""
    place, name = os.path.split(path)
    if os.path.basename(place) != b"files":
        return
    with contextlib.suppress(OSError):
        files = primitives.open_folder(place)
        try:
            drop(files, name)
        finally:
            primitives.close(files)


def drop_orphans(place: bytes, stage: bytes, name: bytes) -> None:
    """Remove what an interrupted move left among the records of a trash, as far as there is no file to it. Never an error.

    stage: the run's staging folder, of which such records speak. name: the photo's; its record may not have been written yet.
    """
    with contextlib.suppress(OSError):
        files = primitives.open_folder(place)
        try:
            info = _open_info(files)
            try:
                for record in primitives.names_in(info):
                    if record == stage:
                        primitives.drop_own_name(info, record)
                    elif record.endswith(SUFFIX) and _is_orphan(info, record, stage, name):
                        drop(files, record.removesuffix(SUFFIX))
            finally:
                primitives.close(info)
        finally:
            primitives.close(files)


def _is_orphan(info: int, record: bytes, stage: bytes, name: bytes) -> bool:
    try:
        if not primitives.look(info, record).st_size:
            return record == name + SUFFIX
        return stage + b"/" in _read(info, record)
    except OSError:
        return False  # somebody else's


def links_to(place: bytes, inode: int) -> list[Landed]:
    """Every name with this inode in a trash folder, each opened and owned by the caller; none where the folder cannot be read."""
    found: list[Landed] = []
    with contextlib.suppress(OSError):
        files = primitives.open_folder(place)
        try:
            for name in primitives.names_in(files):
                if primitives.look(files, name).st_ino == inode:
                    found.append(Landed(Folder(os.dup(files), place), name))
        finally:
            primitives.close(files)
    return found


def _open_info(files: int) -> int:
    above = os.open(b"..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=files)
    try:
        return primitives.open_folder_at(above, b"info")
    finally:
        primitives.close(above)


def _read(info: int, record: bytes) -> bytes:
    descriptor = primitives.open_file_at(info, record)
    try:
        text = primitives.read_small(descriptor, _LIMIT)
    finally:
        primitives.close(descriptor)
    if not text.startswith(b"[Trash Info]"):
        raise OSError(errno.EIO, "the trash has no record of the file")
    return text


def _without(line: bytes, stage: bytes) -> bytes:
    """``Path=/a/STAGE/b`` to ``Path=/a/b``; the name of a staging folder needs no percent signs."""
    head, found, tail = line.rpartition(stage + b"/")
    return head + tail if found else line


def _mount_point(folder: bytes) -> bytes:
    place = os.path.realpath(folder)
    while not os.path.ismount(place):
        place = os.path.dirname(place)
    return place
