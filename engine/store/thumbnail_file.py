"""The file of the small pictures: its tables, and how it is opened without believing it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from engine.store.catalog import SUFFIXES, is_damage
from engine.store.files import DamageError, check_file, make_folder, open_own

NAME = "thumbnails.sqlite"
PAGE_BYTES = 16_384
"""A picture of 128 px fits one page, so that reading it is one access."""

_VERSION = 1
_APPLICATION_ID = 0x696D6670
_MOST_BYTES = 1 << 18  # of one value; a picture is a sixth of it
_BUSY_S = 0.05  # another process writes: a small picture is not worth waiting for

_TABLES = (
    "CREATE TABLE preview (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL)",
    "CREATE INDEX preview_used ON preview (used)",
    "CREATE TABLE body (id INTEGER PRIMARY KEY, packed BLOB NOT NULL, seal INTEGER NOT NULL)",
)
"""preview: 16-byte key, number of the round in which it was last looked at. body: `preview_code.pack`, CRC-32 over key and it."""


def files_of(path: Path) -> list[Path]:
    """The file and what SQLite keeps beside it."""
    return [path.with_name(path.name + suffix) for suffix in SUFFIXES]


def open_writing(path: Path, *, local: bool) -> sqlite3.Connection:
    """A connection for writing; the file is made where it is missing. local: on a disk of this machine.

    Raises DamageError (to be set aside), OSError and sqlite3.Error (newer, or cannot be written).
    """
    make_folder(path.parent)
    for file in files_of(path):
        check_file(file)
    os.close(open_own(path, os.O_RDWR | os.O_CREAT))  # so that it is private from its first byte
    connection = _connection(path, "rw")
    with _closed_on_error(connection, path):
        if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            _make_tables(connection)
        _check_tables(connection)
        connection.execute(f"PRAGMA journal_mode = {'WAL' if local else 'DELETE'}")
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if local else 'OFF'}")  # what a power cut takes is made again
        connection.execute("PRAGMA wal_autocheckpoint = 256")  # pages: 4 MiB
        connection.execute("PRAGMA journal_size_limit = 4194304")
    return connection


def open_reading(path: Path) -> sqlite3.Connection:
    """A connection for reading; raises as `open_writing`, and FileNotFoundError."""
    if not check_file(path):
        raise FileNotFoundError(2, "no small pictures yet", str(path))
    connection = _connection(path, "ro")
    with _closed_on_error(connection, path):
        _check_tables(connection)
    return connection


@contextlib.contextmanager
def _closed_on_error(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise DamageError(path, f"is damaged ({error})") from error
        raise


def _connection(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(path))}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    with transaction(connection):
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            return  # another process was quicker
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _check_tables(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError for a file that is not ours, OSError for one of a newer version."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION and connection.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION_ID:
        raise OSError("the small pictures were kept by a newer imgfp")
    found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    if version != _VERSION or found != set(_TABLES):
        raise sqlite3.DatabaseError("its tables are not ours")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is written in the block."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
