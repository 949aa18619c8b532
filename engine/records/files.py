"""What a walk meets: files as the disk tells of them, without a look inside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatFacts:
    """The facts by which a file is recognised without reading it. Sizes in bytes, times in ns since the epoch."""

    size: int
    mtime_ns: int
    ctime_ns: int
    device: int
    inode: int
    mode: int = 0

    def same_file_state(self, other: StatFacts) -> bool:
        """True when all five facts of safety rule S3 agree (mode is not one of them)."""
        return (self.size, self.mtime_ns, self.ctime_ns, self.device, self.inode) == (
            other.size,
            other.mtime_ns,
            other.ctime_ns,
            other.device,
            other.inode,
        )


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file met on the walk.

    path: absolute raw bytes, as reached from the folder given. root: index into `Walk.roots`.
    skip: None, or why it is not looked at (``scan.hidden`` ``scan.link`` ``scan.hard-link`` ``scan.not-regular``).
    same_as: for ``scan.hard-link`` the path of the first name of the same inode, else None.
    error: None, or ``read.denied`` / ``read.vanished`` / ``read.io`` when it could not even be looked up.
    """

    path: bytes
    root: int
    stat: StatFacts
    skip: str | None = None
    same_as: bytes | None = None
    error: str | None = None
