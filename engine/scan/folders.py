"""Which folders are not entered, by name or by the mark inside them, and what counts as hidden."""

from __future__ import annotations

import errno
import os
import stat

from engine.scan.longpath import open_long, stat_long

QUARANTINE_NAME = b".imgfp-quarantine"
QUARANTINE_LINE = b"imgfp quarantine 1\n"

_TRASH = frozenset((b"$recycle.bin", b"recycler", b"trash", b".trash", b".trashes", b"#recycle", b"@recycle", b".recycle"))
_SYSTEM = frozenset(
    (
        b"system volume information",
        b"lost+found",
        b"#snapshot",
        b"@recently-snapshot",
        b".snapshot",
        b".spotlight-v100",
        b".fseventsd",
        b".documentrevisions-v100",
        b".temporaryitems",
    )
)
_ATTRIBUTE_HIDDEN, _ATTRIBUTE_SYSTEM = 0x2, 0x4  # Windows
_FLAG_HIDDEN = 0x8000  # macOS: UF_HIDDEN


def is_hidden(name: bytes, facts: os.stat_result | None) -> bool:
    """A leading dot, or the system's hidden attribute where there is one."""
    if name.startswith(b"."):
        return True
    if facts is None:
        return False
    attributes: int = getattr(facts, "st_file_attributes", 0)
    flags: int = getattr(facts, "st_flags", 0)
    return bool(attributes & _ATTRIBUTE_HIDDEN or flags & _FLAG_HIDDEN)


def refusal(name: bytes, facts: os.stat_result | None = None) -> str | None:
    """Why a folder of this name below a root is not entered: ``trash`` ``system`` ``lrdata`` ``eadir`` ``hidden``, or None.

    A folder plainly called "Trash" is trash wherever it stands: people empty it, so no file in it may ever be somebody's keeper.
    """
    low = name.lower()
    if low in _TRASH or low.startswith(b".trash-"):
        return "trash"
    if low in _SYSTEM or getattr(facts, "st_file_attributes", 0) & _ATTRIBUTE_SYSTEM:
        return "system"
    if low.endswith(b".lrdata"):
        return "lrdata"
    if low == b"@eadir":
        return "eadir"
    return "hidden" if is_hidden(name, facts) else None


def mark_at(path: bytes, folder: int | None = None) -> bool:
    """True if `path` (relative to the descriptor `folder`, if given) marks a quarantine: a regular file with our first line."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        facts = stat_long(path, follow=False) if folder is None else os.stat(path, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(facts.st_mode):
            return False
    except OSError:
        return False
    try:
        descriptor = open_long(path, flags) if folder is None else os.open(path, flags, dir_fd=folder)
    except OSError as error:
        # A mark that is there but cannot be read protects too: better a folder not scanned than a quarantine entered.
        return error.errno in (errno.EACCES, errno.EPERM, errno.EIO)
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode) and os.read(descriptor, len(QUARANTINE_LINE)) == QUARANTINE_LINE
    except OSError:
        return True
    finally:
        os.close(descriptor)


def is_quarantine(folder: bytes) -> bool:
    """True if `folder` (raw path) is a quarantine of imgfp, or holds a mark that cannot be read."""
    return mark_at(os.path.join(folder, QUARANTINE_NAME))


def inside_quarantine(folder: bytes) -> bool:
    """True if `folder` (raw real path) or any folder above it is a quarantine."""
    while True:
        if is_quarantine(folder):
            return True
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above


def pseudo_devices() -> frozenset[int]:
    """Devices of the kernel's own trees, which hold no photos and files that never end."""
    devices: set[int] = set()
    for place in (b"/proc", b"/sys"):
        try:
            if os.path.ismount(place):
                devices.add(os.stat(place).st_dev)
        except OSError:
            continue
    return frozenset(devices)
