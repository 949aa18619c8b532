"""Whether files in a folder may be mapped: a file that shrinks or stops answering while mapped would kill the process."""

from __future__ import annotations

import os
from pathlib import Path

LOCAL_DISKS = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "jfs", "reiserfs", "bcachefs", "overlay"})
"""File systems that are mapped; on all others (network, FUSE, FAT, memory, unknown) files are read."""

_MOUNTS = Path("/proc/self/mountinfo")
_BLOCK_DEVICES = Path("/sys/dev/block")


def may_map(folder: Path) -> bool:
    """True when `folder` lies on a local disk that is not removable."""
    try:
        mounts = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    kind, device = _mount_of(os.fsencode(os.path.realpath(folder)), mounts)
    return kind in LOCAL_DISKS and not _removable(device)


def _mount_of(path: bytes, mounts: list[bytes]) -> tuple[str, str]:
    """File system and ``major:minor`` of the deepest mount point above `path`."""
    best, answer = -1, ("", "")
    for line in mounts:
        before, _, after = line.partition(b" - ")
        fields = before.split(b" ")
        if len(fields) < 5 or not after:
            continue
        point = fields[4].replace(rb"\040", b" ").replace(rb"\011", b"\t").replace(rb"\012", b"\n").replace(rb"\134", b"\\")
        inside = path == point or path.startswith(point.rstrip(b"/") + b"/")
        if inside and len(point) >= best:  # of two mounts on one point the later one lies on top
            best, answer = len(point), (after.split(b" ")[0].decode("ascii", "replace"), fields[2].decode("ascii", "replace"))
    return answer


def _removable(device: str) -> bool:
    for name in ("removable", "../removable"):  # a partition's flag stands with its disk
        try:
            if (_BLOCK_DEVICES / device / name).read_bytes().strip() == b"1":
                return True
        except OSError:
            continue
    return False
