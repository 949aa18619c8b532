"""A copy of the catalog as it was before it is brought to a newer version: one is kept, for whoever goes back."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

from engine.store.files import DamageError, create_new, flush, open_own, publish, remove_own

NAMES = re.compile(r"catalog\.sqlite\.version-\d+(\.new(-journal|-wal|-shm)?)?")
"""What copies are called: ``catalog.sqlite.version-N``, N the version that the copy has."""


def keep_before_migration(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the catalog at `path` aside, as a whole and flushed; an older copy goes once the new one is there.

    Raises OSError and sqlite3.Error where there is no room or right to: then nothing was changed, and nothing may be migrated.
    """
    name = path.with_name(f"{path.name}.version-{version}")
    made = name.with_name(name.name + ".new")
    os.close(create_new(made))
    try:
        _copy(connection, made)
        publish(made, name)
    except BaseException:
        _remove(made)
        raise
    for other in copies(path.parent):
        if other != name:
            _remove(other)


def copies(folder: Path) -> list[Path]:
    """The copies in this folder, finished or not."""
    return sorted(entry for entry in folder.iterdir() if NAMES.fullmatch(entry.name))


def _copy(connection: sqlite3.Connection, made: Path) -> None:
    copy = sqlite3.connect(made, isolation_level=None)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file that stands alone
    finally:
        copy.close()
    descriptor = open_own(made, os.O_RDWR)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    try:
        remove_own(path)
    except (OSError, DamageError):
        return  # a copy too many harms nothing
