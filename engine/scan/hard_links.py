"""Further names of one inode: a hard link is no copy, so only the first name by path is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.records import FoundFile
from engine.scan.longpath import stat_long


def mark_hard_links(files: Iterable[FoundFile]) -> Iterator[FoundFile]:
    """The same files in the same order (by raw path); further names of an inode become ``scan.hard-link`` with `same_as`.

    Hidden and otherwise skipped files take no part. An inode number of 0 means that the file system has none. Some drivers hand
    out one number twice, so size and both times must agree too.
    """
    first: dict[tuple[int, int], list[FoundFile]] = {}
    for found in files:
        if found.skip is not None or found.error is not None or found.stat.inode == 0:
            yield found
            continue
        bearers = first.setdefault((found.stat.device, found.stat.inode), [])
        same = next((one.path for one in bearers if _one_file(one, found)), None)
        if same is None:
            bearers.append(found)
            yield found
        else:
            yield replace(found, skip="scan.hard-link", same_as=same)


def _one_file(one: FoundFile, other: FoundFile) -> bool:
    if one.stat.same_file_state(other.stat):
        return True
    try:  # written to between our two looks, perhaps: look again
        return _now(one) == _now(other)
    except OSError:
        return False


def _now(found: FoundFile) -> tuple[int, ...]:
    facts = stat_long(found.path)
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
