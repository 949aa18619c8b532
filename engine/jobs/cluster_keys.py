"""What a cluster is called, so that it is found again: after a move of the line, a look, a rescan."""

from __future__ import annotations

from engine.jobs.library import LibraryFile


def content_key(file: LibraryFile) -> str:
    """Name of a cluster by its first member: the same in all looks of one scan, and in all scans that needed no first look."""
    return _place_key(file) if file.seen_small else lasting_key(file)


def lasting_key(file: LibraryFile) -> str:
    """The content of the first member, where it was read."""
    digest = file.digest
    return digest.hex()[:32] if digest is not None else _place_key(file)


def names_of(file: LibraryFile) -> frozenset[str]:
    """All keys under which a cluster with this first member may have been spoken of."""
    return frozenset((lasting_key(file), _place_key(file)))


def _place_key(file: LibraryFile) -> str:
    return f"{file.stat.inode:x}-{file.stat.size:x}"
