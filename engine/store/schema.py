"""The catalog's tables, their version, the way from each older version to this one, and the check that a file has them."""

from __future__ import annotations

import sqlite3
import time
from functools import cache

from engine.errors import StoreNewer
from engine.store.entries import FACTS, LATER_FACTS, STATS, fact_type, is_optional

SCHEMA_VERSION = 3
APPLICATION_ID = 0x696D6670  # "imfp"

_FACT_COLUMNS = ",\n  ".join(
    f'"{name}" {fact_type(name)}{"" if is_optional(name) else " NOT NULL"}' for name in FACTS if name not in LATER_FACTS
)
_SILENT = " NOT NULL DEFAULT ''"
_LATER_COLUMNS = tuple(f'"{name}" {fact_type(name)}{"" if is_optional(name) else _SILENT}' for name in LATER_FACTS)
_STAT_COLUMNS = ",\n  ".join(f"{name} INTEGER NOT NULL" for name in STATS)
_LATER_LINES = ",\n  ".join(_LATER_COLUMNS)

_SAMPLE_INDEX = "CREATE INDEX file_sample ON file (size, mtime_ns) WHERE sample IS NOT NULL;\n"

TABLES = f"""
CREATE TABLE schema_version (version INTEGER NOT NULL, reached TEXT NOT NULL);
CREATE TABLE state (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE profile (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, capacity INTEGER NOT NULL, next_row INTEGER NOT NULL);
CREATE TABLE volume (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  path BLOB NOT NULL,
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  profile_id INTEGER NOT NULL REFERENCES profile (id),
  {_STAT_COLUMNS},
  {_FACT_COLUMNS},
  column_row INTEGER,
  batch INTEGER NOT NULL,
  record_seal INTEGER NOT NULL,
  seal INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  {_LATER_LINES},
  sample BLOB,
  UNIQUE (path, volume_id, profile_id));
CREATE INDEX file_identity ON file (inode, size, mtime_ns);
CREATE INDEX file_digest ON file (blake3) WHERE blake3 IS NOT NULL;
{_SAMPLE_INDEX}"""
"""Version 3. `state`: clean (1 after an orderly end), batch (number of the last one). `profile.next_row`: no row from there on
was ever named. New columns go to the end, so that a new table and a migrated one are alike."""

MIGRATIONS: dict[int, str] = {
    1: "ALTER TABLE file ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;",
    2: "".join(f"ALTER TABLE file ADD COLUMN {column};" for column in (*_LATER_COLUMNS, "sample BLOB")) + _SAMPLE_INDEX,
}
"""From each older version to the next: statements run in one transaction."""


def version_of(connection: sqlite3.Connection) -> int:
    """The file's schema version; 0 for a file without tables. Raises StoreNewer, sqlite3.Error."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'").fetchone()[0]:
        named = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
        found = max(found, named) if type(named) is int else found
    refuse_newer(found)
    return found


def refuse_newer(version: int) -> None:
    """Raises StoreNewer for a version after ours."""
    if version > SCHEMA_VERSION:
        raise StoreNewer(
            "The cache was written by a newer version of imgfp and was left as it is.",
            hint="Use that version, or another cache folder.",
        )


def is_empty(connection: sqlite3.Connection) -> bool:
    """No table at all: a new file."""
    return not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in one transaction."""
    _in_one(connection, f"{TABLES}INSERT INTO state VALUES ('clean', 1), ('batch', 0);", SCHEMA_VERSION)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Step by step from `version` to ours, each step whole or not at all. Raises sqlite3.Error, KeyError when no way is known."""
    while version < SCHEMA_VERSION:
        _in_one(connection, MIGRATIONS[version], version + 1)
        version += 1


def _in_one(connection: sqlite3.Connection, statements: str, version: int) -> None:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;{statements}"
            f"INSERT INTO schema_version VALUES ({version}, '{stamp}');"
            f"PRAGMA user_version = {version};PRAGMA application_id = {APPLICATION_ID};COMMIT;"
        )
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


_TABLE_FACTS = '"name", "type", "notnull", "dflt_value", "pk", "hidden"'
_INDEX_FACTS = '"seqno", "name", "desc", "coll", "key"'

Shape = dict[tuple[str, str], frozenset[tuple[object, ...]]]


def shape_of(connection: sqlite3.Connection) -> Shape:
    """Tables, columns and indexes, whatever the order they were made in. Views and triggers count: we have none."""
    shape: Shape = {}
    for kind, name in connection.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'").fetchall():
        call = {"table": "pragma_table_xinfo", "index": "pragma_index_xinfo"}.get(kind)
        columns = _TABLE_FACTS if kind == "table" else _INDEX_FACTS
        rows = connection.execute(f"SELECT {columns} FROM {call}(?)", (name,)).fetchall() if call else []
        shape[kind, name] = frozenset(rows)
    return shape


@cache
def expected_shape() -> Shape:
    """The shape of a new catalog."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        create(connection)
        return shape_of(connection)
    finally:
        connection.close()
