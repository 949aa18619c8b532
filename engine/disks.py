"""What kind of disk a volume lies on, since that decides in which order and how many at a time its files are read.

Asked of the system; nothing is measured, opened or written. Where the system does not tell, the kind is ``unknown``.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from engine.volumes import Volumes

BLOCK_DEVICES = Path("/sys/dev/block")

NETWORK_KINDS = frozenset(
    {"9p", "afpfs", "afs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "orangefs",
     "smb2", "smb3", "smbfs", "virtiofs", "vboxsf", "vmhgfs", "webdav"}
)  # fmt: skip
"""File systems whose files lie on another machine, or behind one."""

NETWORK_FUSE = frozenset(
    {"curlftpfs", "davfs", "davfs2", "gcsfuse", "glusterfs", "goofys", "gvfsd-fuse", "httpfs", "mtpfs", "rclone", "s3fs",
     "smbnetfs", "sshfs", "vmhgfs-fuse"}
)  # fmt: skip
"""What follows ``fuse.`` for the same."""

MEMORY_KINDS = frozenset({"tmpfs", "ramfs"})

VIRTUAL_DISKS = ("vd", "xvd", "zram", "nbd", "loop")
"""Device names of machines within machines, and of files that act as disks: what they say of spinning is made up."""


class DiskKind(StrEnum):
    """What a volume lies on."""

    SSD = "ssd"
    HDD = "hdd"
    NETWORK = "network"
    UNKNOWN = "unknown"


class DiskProbe(Protocol):
    """Tells disks apart; a fake one decides in tests."""

    def kind(self, device: int) -> DiskKind:
        """The kind of disk of files with this st_dev."""

    def name(self, device: int) -> str:
        """What a person calls this volume, such as the folder it is mounted on; "" where nothing is known."""

    def absent(self, device: int) -> bool:
        """True when the volume was there at creation and is not mounted any more."""


class SystemDisks:
    """What the system says now; looks again at what is mounted whenever it is asked whether a volume is absent."""

    def __init__(self, volumes: Volumes | None = None) -> None:
        self._volumes = volumes or Volumes()
        self._kinds: dict[int, DiskKind] = {}

    def kind(self, device: int) -> DiskKind:
        """See `DiskProbe`."""
        if device not in self._kinds:
            mount = self._volumes.mount(device)
            self._kinds[device] = kind_of(device, mount.kind if mount else "", mount.source if mount else "")
        return self._kinds[device]

    def name(self, device: int) -> str:
        """See `DiskProbe`."""
        mount = self._volumes.mount(device)
        return mount.point if mount else ""

    def absent(self, device: int) -> bool:
        """See `DiskProbe`."""
        return Volumes().is_absent(self._volumes.name_for(device))


def kind_of(device: int, file_system: str, source: str = "", devices: Path = BLOCK_DEVICES) -> DiskKind:
    """The kind of disk below a mounted file system.

    device: st_dev. file_system: its type as mounted (``ext4``, ``fuse.sshfs``). source: what was mounted, such as ``/dev/sda1``:
    a file system over several disks has a device number of its own that no disk has. devices: where the system lists disks.
    """
    main, _, helper = file_system.partition(".")
    if main in NETWORK_KINDS or helper in NETWORK_FUSE:
        return DiskKind.NETWORK
    if main in MEMORY_KINDS:
        return DiskKind.SSD
    spins = _spins(device, devices)
    if spins is None and source.startswith("/dev/"):
        try:
            spins = _spins(os.stat(source).st_rdev, devices)
        except OSError:
            spins = None
    return DiskKind.UNKNOWN if spins is None else DiskKind.HDD if spins else DiskKind.SSD


def _spins(device: int, devices: Path) -> bool | None:
    """Whether the disk turns; a partition is asked through its disk. None where nobody can tell."""
    place = devices / f"{os.major(device)}:{os.minor(device)}"
    try:
        name = os.path.basename(os.path.realpath(place))
        if name.startswith(VIRTUAL_DISKS):
            return None
        for folder in (place, place / ".."):
            file = folder / "queue" / "rotational"
            if file.exists():
                return file.read_text("ascii").strip() == "1"
    except (OSError, ValueError):
        pass
    return None
