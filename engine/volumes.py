"""Which volume a path lies on, known by id and not by mount path, and whether a known volume is absent now.

A volume name is ``id@mount point``: the file system's UUID where the system tells it, else type and file-system id. Reading
only; nothing is written or mounted here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
UUIDS = Path("/dev/disk/by-uuid")
SYSTEM_KINDS = {
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl",
    "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "ramfs", "rpc_pipefs", "securityfs", "squashfs", "sysfs", "tracefs",
}  # fmt: skip
SYSTEM_POINTS = ("/sys", "/proc", "/dev", "/run/user", "/run/lock")


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted file system. device: st_dev. kind: its type. source: what was mounted, such as ``/dev/sda1``."""

    point: str
    kind: str
    device: int
    name: str
    source: str = ""


def _unescape(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")


def _uuids() -> dict[int, str]:
    found: dict[int, str] = {}
    try:
        for entry in sorted(UUIDS.iterdir()):
            found.setdefault(os.stat(entry).st_rdev, entry.name)
    except OSError:
        pass
    return found


def _identity(point: str, kind: str, device: int, uuids: dict[int, str]) -> str:
    if device in uuids:
        return f"uuid:{uuids[device]}"
    try:
        fsid = os.statvfs(point).f_fsid
    except OSError:
        fsid = 0
    return f"{kind}:{fsid:x}" if fsid else f"{kind}:dev{device:x}"


class Volumes:
    """A look at what is mounted, taken once at creation. Without a mount table every path has the volume of its device."""

    def __init__(self) -> None:
        self._by_device: dict[int, str] = {}
        self._mounted: set[str] = set()
        self._mounts: list[Mount] = []
        uuids = _uuids()
        for point, kind, device, source in _mount_table():
            name = f"{_identity(point, kind, device, uuids)}@{point}"
            self._by_device[device] = name
            self._mounted.add(name)
            self._mounts.append(Mount(point, kind, device, name, source))

    def real_mounts(self) -> list[Mount]:
        """Mounted file systems that can hold photos: one a device, system ones left out."""
        found: dict[int, Mount] = {}
        for mount in self._mounts:
            if mount.kind not in SYSTEM_KINDS and not mount.point.startswith(SYSTEM_POINTS):
                found.setdefault(mount.device, mount)
        return list(found.values())

    def mount(self, device: int) -> Mount | None:
        """The file system with this st_dev, where it was mounted last; None when the mount table does not have it."""
        return next((mount for mount in reversed(self._mounts) if mount.device == device), None)

    def name_for(self, device: int) -> str:
        """Volume name of files with this st_dev."""
        return self._by_device.get(device, f"dev:{device:x}@")

    def is_absent(self, volume: str) -> bool:
        """True when the volume is not mounted and nothing else lies where it was: an empty or missing mount point."""
        identity, _, point = volume.partition("@")
        if not point or volume in self._mounted or any(name.partition("@")[0] == identity for name in self._mounted):
            return False
        try:
            with os.scandir(point) as entries:
                return next(iter(entries), None) is None
        except OSError:
            return True


def _mount_table() -> list[tuple[str, str, int, str]]:
    """Mount point, type, device and source of each file system."""
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    table = []
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        try:
            major, minor = fields[2].split(":")
            kind, source = right.split(" ")[:2]
            table.append((_unescape(fields[4]), kind, os.makedev(int(major), int(minor)), _unescape(source)))
        except (IndexError, ValueError):
            continue
    return table
