"""Further names of one inode: a hard link is no copy, so only the first name by path is looked at."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from engine.records import FoundFile, FoundFiles
from engine.records.found_files import outcome_number
from engine.scan.longpath import stat_long

_HARD_LINK = outcome_number("scan.hard-link")


def mark_hard_links(files: Iterable[FoundFile]) -> FoundFiles:
    """The same files in the same order (by raw path), marked as `mark_further_names` does."""
    found = files if isinstance(files, FoundFiles) else FoundFiles.of(files)
    mark_further_names(found)
    return found


def mark_further_names(found: FoundFiles) -> None:
    """Further names of an inode become ``scan.hard-link`` with `same_as`, in place.

    Hidden and otherwise skipped files take no part. An inode number of 0 means that the file system has none. Some drivers hand
    out one number twice, so size and both times must agree too.
    """
    first: dict[tuple[int, int], list[int]] = {}
    for place in _repeated(found).tolist():
        facts = found.stats[place]
        bearers = first.setdefault((int(facts["device"]), int(facts["inode"])), [])
        same = next((one for one in bearers if _one_file(found, one, place)), None)
        if same is None:
            bearers.append(place)
        else:
            found.outcome[place], found.same_as[place] = _HARD_LINK, same


def _repeated(found: FoundFiles) -> NDArray[np.int64]:
    """Places, ascending, of the files to be looked at whose inode number occurs more than once."""
    places = np.flatnonzero((found.outcome == 0) & (found.stats["inode"] != 0))
    inodes = found.stats["inode"][places]
    order = np.argsort(inodes, kind="stable")
    equal = inodes[order[1:]] == inodes[order[:-1]]
    repeated = np.zeros(len(places), np.bool_)
    repeated[order[1:][equal]] = True
    repeated[order[:-1][equal]] = True
    return places[repeated]


def _one_file(found: FoundFiles, one: int, other: int) -> bool:
    if found.stat(one).same_file_state(found.stat(other)):
        return True
    try:  # written to between our two looks, perhaps: look again
        return _now(found.paths[one]) == _now(found.paths[other])
    except OSError:
        return False


def _now(path: bytes) -> tuple[int, ...]:
    facts = stat_long(path)
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
