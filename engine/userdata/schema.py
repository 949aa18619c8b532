"""The tables of ``userdata.sqlite`` and the steps from one version to the next; nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache

APPLICATION_ID = 0x696D6670
"""Marks the file as ours ("imfp")."""

_FIRST = (
    """CREATE TABLE decisions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        made TEXT NOT NULL,
        taken_back INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE decision_files (
        decision INTEGER NOT NULL REFERENCES decisions (seq),
        blake3 BLOB NOT NULL,
        picture BLOB,
        path BLOB NOT NULL,
        size INTEGER NOT NULL)""",
    "CREATE INDEX decision_files_by_decision ON decision_files (decision)",
    """CREATE TABLE runs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        made TEXT NOT NULL,
        folder BLOB,
        reverses INTEGER REFERENCES runs (seq),
        plan BLOB,
        open INTEGER NOT NULL DEFAULT 1)""",
    """CREATE TABLE run_files (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL REFERENCES runs (seq),
        shot INTEGER NOT NULL,
        state TEXT NOT NULL,
        path BLOB NOT NULL,
        root BLOB NOT NULL,
        destination BLOB,
        digest BLOB,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL,
        device TEXT NOT NULL,
        inode TEXT NOT NULL,
        mode INTEGER NOT NULL,
        xattrs BLOB,
        keeper BLOB,
        reason TEXT NOT NULL,
        places BLOB,
        origin INTEGER REFERENCES run_files (id),
        restored INTEGER NOT NULL DEFAULT 0,
        placeholder INTEGER NOT NULL DEFAULT 0,
        code TEXT,
        message TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX run_files_by_run ON run_files (run, state)",
)


def _make_first(connection: sqlite3.Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


_MARKS = (
    """CREATE TABLE marks (
        path BLOB PRIMARY KEY,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        suggest INTEGER NOT NULL,
        made TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE aside (cluster TEXT PRIMARY KEY, made TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE protected (seq INTEGER PRIMARY KEY AUTOINCREMENT, folder BLOB NOT NULL UNIQUE, made TEXT NOT NULL)",
)


def _make_marks(connection: sqlite3.Connection) -> None:
    for statement in _MARKS:
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_make_first, _make_marks)
"""Step n leads from version n to n + 1; each runs inside one transaction together with the new version number."""


def tables_of(connection: sqlite3.Connection) -> set[str]:
    """The definitions in a database, in one spelling, so that two schemas can be compared."""
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {" ".join(sql.split()) for (sql,) in rows if sql}


def expected_tables(steps: int) -> set[str]:
    """What `tables_of` says of a database that the first `steps` steps made."""
    return _tables_after(MIGRATIONS[:steps])


@lru_cache(maxsize=8)
def _tables_after(steps: tuple[Callable[[sqlite3.Connection], None], ...]) -> set[str]:
    connection = sqlite3.connect(":memory:")
    try:
        for step in steps:
            step(connection)
        return tables_of(connection)
    finally:
        connection.close()
