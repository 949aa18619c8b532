"""Which files of a move could not come back now: a look at names and sizes, for the history. Undo itself looks closer."""

from __future__ import annotations

import os
import stat

from engine.jobs.workspace import Workspace
from engine.userdata.journal import Row


def lost_copies(workspace: Workspace, run: str) -> tuple[bytes, ...]:
    """Raw paths (in the library) of the files that this move took away and that are no longer where they were put.

    A file that stands in its old place again is not lost. An unknown run has none.
    """
    with workspace.reading() as user:
        found = user.journal.find(run)
        rows = user.journal.rows(found.seq) if found is not None and found.kind == "apply" else []
    return tuple(row.path for row in rows if row.is_away and not _is_there(row.destination, row) and not _is_there(row.path, row))


def _is_there(path: bytes | None, row: Row) -> bool:
    try:
        facts = os.lstat(path or b"")
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size == row.stat.size
