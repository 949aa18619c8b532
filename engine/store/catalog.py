"""SQLite: paths, volumes, stat facts, picture facts, and which row holds whose fingerprint.

Only this module speaks SQL about files. What it gives out is checked against each record's own sum; check sums over
fingerprints are the store's business.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from engine.store import schema
from engine.store.backup import keep_before_migration
from engine.store.entries import FACTS, FIELDS, STATS, Fields, record_seal
from engine.store.files import DamageError, check_file, open_own, read_at
from engine.store.layout import MAX_SEGMENT_ROWS
from engine.store.reader import Reader
from engine.store.stored_file import StoredFile

NAME = "catalog.sqlite"
SUFFIXES = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside the file, in the order in which they are set aside."""

TROUBLE = (OSError, sqlite3.Error, UnicodeDecodeError, DamageError)
"""All that using the catalog and the columns can raise where files are damaged or cannot be written."""

_HEADER = 100  # bytes; the application's version stands in them at 60
COARSE_NS = 2_000_000_000
"""Some disks keep times to two seconds."""

_SAMPLED_MOST = 8  # a sample finds a copy: if there are more, any will do
_CHUNK = 500  # values a query
_AT_ONCE = 4096  # records read at once where all are read
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_FORMAT)

_NAMES = ", ".join(f'"{name}"' for name in (*STATS, *FACTS))
_SELECT = (
    "SELECT f.path, v.name, "
    + ", ".join(f'f."{name}"' for name in (*STATS, *FACTS))
    + ", f.column_row, f.attempts, f.record_seal, f.seal FROM file f JOIN volume v ON v.id = f.volume_id WHERE f.profile_id = ?"
)
_BY_PATH = "ORDER BY f.path, f.batch"
_STATE = ("size", "mtime_ns", "ctime_ns", "device", "inode", "status", "decoder")
_SAME_STATE = " AND ".join(f"{name} = excluded.{name}" for name in _STATE)
_SAME_BYTES = " AND ".join(f"{name} = excluded.{name}" for name in _STATE[:5])
_UPSERT = f"""
INSERT INTO file (path, volume_id, {_NAMES}, profile_id, column_row, batch, record_seal, seal, attempts, sample)
VALUES ({", ".join("?" * (FIELDS + 7))})
ON CONFLICT (path, volume_id, profile_id) DO UPDATE SET
  attempts = CASE WHEN excluded.attempts > 0 AND {_SAME_STATE} AND code IS excluded.code
    THEN attempts + 1 ELSE excluded.attempts END,
  sample = CASE WHEN excluded.sample IS NULL AND {_SAME_BYTES} THEN sample ELSE excluded.sample END,
  {", ".join(f'"{name}" = excluded."{name}"' for name in (*STATS, *FACTS, "column_row", "batch", "record_seal", "seal"))}
"""

Rows = NDArray[np.int64]


def is_damage(error: Exception) -> bool:
    """The catalog itself is at fault (and not the disk's room or the right to write)."""
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, UnicodeDecodeError)
    return (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF) in _DAMAGE


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be written: its fields (`entries.fields_of`), the row of its fingerprint, both check sums."""

    fields: Fields
    row: int | None
    record_seal: int
    seal: int
    sample: bytes | None = None


class Catalog:
    """One open catalog. Not safe for use by two threads at once: the store's lock sees to that."""

    def __init__(self, connection: sqlite3.Connection, profile: str, capacity: int, *, write: bool) -> None:
        """Take over an opened connection whose tables are ours; `capacity` is used where the profile is new."""
        self._connection = connection
        self._profile = profile
        self.write = write
        if write:
            connection.execute("INSERT OR IGNORE INTO profile (name, capacity, next_row) VALUES (?, ?, 0)", (profile, capacity))
        found = connection.execute("SELECT id, capacity FROM profile WHERE name = ?", (profile,)).fetchone()
        self._profile_id: int = found[0] if found else -1
        self.capacity: int = found[1] if found else capacity
        if type(self.capacity) is not int or not 0 < self.capacity <= MAX_SEGMENT_ROWS:  # damage: no column file will fit
            self.capacity = capacity
            if write:
                connection.execute("UPDATE profile SET capacity = ? WHERE id = ?", (capacity, self._profile_id))
        self._volumes: dict[str, int] = {}

    # ------------------------------------------------------------------------------------------------ opening

    @classmethod
    def open(cls, path: Path, profile: str, capacity: int, *, local: bool) -> Catalog:
        """Open for writing; made where it is missing, migrated where it is older. local: on a disk of this machine.

        Raises DamageError (to be set aside), StoreNewer, sqlite3.Error and OSError (cannot be written or read).
        """
        check_files(path)
        unclean = _has_log(path)
        os.close(open_own(path, os.O_RDWR | os.O_CREAT))  # so that it is private from its first byte
        connection = _connect(path, "rw")
        try:
            _open_tables(connection, path, unclean=unclean, backed_up=True)
            # The write-ahead log needs a mapped file that all parties share: not over a network, not on a stick.
            connection.execute(f"PRAGMA journal_mode = {'WAL' if local else 'DELETE'}")
            connection.execute("PRAGMA synchronous = NORMAL")  # a lost last batch is computed again; order is what counts
            connection.execute("PRAGMA journal_size_limit = 16777216")
            connection.execute("INSERT OR REPLACE INTO state VALUES ('clean', 0)")
            connection.execute("INSERT OR IGNORE INTO state VALUES ('token', random())")
            return cls(connection, profile, capacity, write=True)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            connection.close()
            if is_damage(error):
                raise DamageError(path, f"is damaged ({error})") from error
            raise
        except BaseException:
            connection.close()
            raise

    @classmethod
    def open_reading(cls, path: Path, profile: str, capacity: int) -> Catalog:
        """Open without writing a byte to the tables. Raises as `open`, and FileNotFoundError."""
        if not check_files(path):
            raise FileNotFoundError(2, "no catalog", str(path))
        connection = _connect(path, "ro")
        try:
            try:
                version = schema.version_of(connection)
            except sqlite3.OperationalError:
                if check_file(path.with_name(path.name + "-wal")):
                    raise  # without its log the file could be half a commit
                connection.close()
                connection = _connect(path, "ro&immutable=1")
                version = schema.version_of(connection)
            if version < schema.SCHEMA_VERSION:
                connection = _in_memory(connection)
            _open_tables(connection, path, unclean=False)
            return cls(connection, profile, capacity, write=False)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            connection.close()
            if is_damage(error):
                raise DamageError(path, f"is damaged ({error})") from error
            raise
        except BaseException:
            connection.close()
            raise

    @classmethod
    def memory(cls, profile: str, capacity: int) -> Catalog:
        """An empty catalog that ends with the process."""
        connection = _connect(None, "rwc")
        schema.create(connection)
        return cls(connection, profile, capacity, write=True)

    def close(self) -> None:
        """Mark an orderly end where that can be written, and close."""
        try:
            if self.write:
                self._connection.execute("INSERT OR REPLACE INTO state VALUES ('clean', 1)")
        except sqlite3.Error:
            pass
        finally:
            self._connection.close()

    def abandon(self) -> None:
        """Close without a word: the file is damaged or cannot be written."""
        self._connection.close()

    # ------------------------------------------------------------------------------------------------ looking up

    def by_paths(self, paths: Sequence[bytes]) -> Iterator[StoredFile]:
        """Files with these paths; of one path on several volumes the last stored comes last."""
        among, between = f"{_SELECT} AND f.path IN ({{}}) {_BY_PATH}", f"{_SELECT} AND f.path BETWEEN ? AND ? {_BY_PATH}"
        for chunk in _chunks(sorted(set(paths))):
            if self._is_dense(chunk):  # one stretch of the index instead of a search a path
                wanted = set(chunk)
                for file in self._files(between, (chunk[0], chunk[-1]), shared=False):
                    if file.path in wanted:
                        yield file
            else:
                yield from self._files(among.format(_marks(len(chunk))), chunk, shared=False)

    def _is_dense(self, ascending: Sequence[bytes]) -> bool:
        """Few other paths are known between the first and the last of these."""
        most = 2 * len(ascending)
        query = "SELECT count(*) FROM (SELECT 1 FROM file WHERE path BETWEEN ? AND ? AND profile_id = ? LIMIT ?)"
        found: int = self._connection.execute(query, (ascending[0], ascending[-1], self._profile_id, most)).fetchone()[0]
        return len(ascending) // 2 < found < most

    def by_identities(self, identities: Iterable[tuple[int, int, int, int]]) -> Iterator[StoredFile]:
        """Files with these (device, inode, size, mtime_ns)."""
        wanted = {tuple(_bindable(value) for value in identity) for identity in identities}
        query = f"{_SELECT} AND (f.inode, f.size, f.mtime_ns, f.device) IN (VALUES {{}}) ORDER BY f.batch, f.path"
        for chunk in _chunks(sorted(wanted, key=repr)):
            values = [value for device, inode, size, mtime in chunk for value in (inode, size, mtime, device)]
            yield from self._files(query.format(", ".join(["(?, ?, ?, ?)"] * len(chunk))), values)

    def by_digests(self, digests: Iterable[bytes]) -> Iterator[StoredFile]:
        """Files with these whole-file digests."""
        for chunk in _chunks(sorted(set(digests))):
            yield from self._files(f"{_SELECT} AND f.blake3 IN ({_marks(len(chunk))}) ORDER BY f.batch, f.path", chunk)

    def sampled(self, size: int, mtime_ns: int, but_device: int, sample: bytes | None) -> Iterator[StoredFile]:
        """Files of other devices with this sample (None: any), this size and, as far as disks keep it, this time of change."""
        query = f"{_SELECT} AND f.sample IS NOT NULL AND f.size = ? AND f.mtime_ns BETWEEN ? AND ? AND f.device != ?"
        values: list[Any] = [size, mtime_ns - COARSE_NS, mtime_ns + COARSE_NS, but_device]
        if sample is not None:
            query, values = f"{query} AND f.sample = ?", [*values, sample]
        yield from self._files(
            f"{query} ORDER BY f.batch LIMIT {_SAMPLED_MOST}", [_bindable(v) if type(v) is int else v for v in values]
        )

    def below(self, root: bytes) -> Iterator[StoredFile]:
        """Files at or below this folder, by path."""
        folder = root.rstrip(b"/")
        query = f"{_SELECT} AND (f.path = ? OR (f.path >= ? AND f.path < ?)) {_BY_PATH}"
        yield from self._files(query, (folder, folder + b"/", folder + b"0"))

    def all(self) -> Iterator[StoredFile]:
        """Every file of this profile, in the order in which they were first stored; a few thousand are held at a time."""
        ids, last = "SELECT id FROM file WHERE profile_id = ? AND id > ? ORDER BY id LIMIT ?", -1
        while some := self._connection.execute(ids, (self._profile_id, last, _AT_ONCE)).fetchall():
            first, last = some[0][0], some[-1][0]
            yield from self._files(f"{_SELECT} AND f.id BETWEEN ? AND ? ORDER BY f.id", (first, last), shared=False)

    def by_rows(self, rows: Sequence[int]) -> Iterator[StoredFile]:
        """Files whose fingerprint lies in these rows (reads all records: rare)."""
        for chunk in _chunks(sorted(set(rows))):
            yield from self._files(f"{_SELECT} AND f.column_row IN ({_marks(len(chunk))})", chunk)

    def _files(self, query: str, values: Sequence[Any], *, shared: bool = True) -> Iterator[StoredFile]:
        """Records whose own sum agrees; the others do not exist."""
        parameters, reader = (self._profile_id, *values), Reader(shared=shared)
        try:
            records = self._connection.execute(query, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if hasattr(error, "sqlite_errorcode"):
                raise
            records = self._with_odd_texts(query, parameters)
        for record in records:
            file = self._file(record, reader)
            if file is not None:
                yield file

    def _file(self, record: tuple[Any, ...], reader: Reader) -> StoredFile | None:
        fields, (row, attempts, own_seal, seal) = record[:FIELDS], record[FIELDS:]
        if not _is_row(row) or type(seal) is not int or record_seal(fields, self._profile) != own_seal:
            return None
        return reader.file(fields, row, attempts if type(attempts) is int else 0, own_seal, seal)

    def _with_odd_texts(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """One damaged text, no longer UTF-8, must not hide the other records."""
        self._connection.text_factory = _any_text
        try:
            return self._connection.execute(query, parameters).fetchall()
        finally:
            self._connection.text_factory = str

    def salvage(self) -> list[StoredFile]:
        """What can still be read of a damaged catalog, from both ends and by path up to where it breaks. Raises nothing."""
        found: dict[tuple[bytes, str], StoredFile] = {}
        for order in ("id ASC", "id DESC", "path ASC"):  # the index by path may still hold a path that the record has lost
            reader = Reader()
            try:
                for record in self._connection.execute(f"{_SELECT} ORDER BY f.{order}", (self._profile_id,)):
                    file = self._file(record, reader)
                    if file is not None:
                        found.setdefault((file.path, file.volume), file)
            except TROUBLE:
                continue
        return list(found.values())

    def count(self) -> int:
        """Records of this profile."""
        return int(self._one("SELECT count(*) FROM file WHERE profile_id = ?"))

    def digest_sizes(self) -> Rows:
        """Sizes in bytes, ascending, of the files whose digest is known."""
        query = "SELECT size FROM file WHERE blake3 IS NOT NULL AND profile_id = ?"
        found = (size for (size,) in self._connection.execute(query, (self._profile_id,)) if type(size) is int)
        return np.unique(np.fromiter(found, np.int64))

    def photo_bytes(self) -> int:
        """Sizes of all files that a picture came out of, together."""
        return int(self._one("SELECT coalesce(sum(size), 0) FROM file WHERE status IN ('ok', 'partial') AND profile_id = ?"))

    def names(self, after: int, most: int) -> list[tuple[int, bytes, str]]:
        """Id, path and volume of records stored after the one with this id, oldest first."""
        query = (
            "SELECT f.id, f.path, v.name FROM file f JOIN volume v ON v.id = f.volume_id "
            "WHERE f.profile_id = ? AND f.id > ? ORDER BY f.id LIMIT ?"
        )
        return [
            (number, path, str(name)) for number, path, name in self._connection.execute(query, (self._profile_id, after, most))
        ]

    def volumes(self) -> dict[str, int]:
        """Files a volume."""
        query = (
            "SELECT v.name, count(*) FROM file f JOIN volume v ON v.id = f.volume_id "
            "WHERE f.profile_id = ? GROUP BY v.id ORDER BY v.name"
        )
        return {str(name): count for name, count in self._all(query)}

    def profiles(self) -> dict[str, int]:
        """Files a profile, ours and others."""
        query = "SELECT p.name, count(f.id) FROM profile p LEFT JOIN file f ON f.profile_id = p.id GROUP BY p.id ORDER BY p.name"
        return {str(name): count for name, count in self._connection.execute(query).fetchall()}

    def rows(self) -> Rows:
        """Rows that records of this profile name, ascending, each once."""
        named = self._all("SELECT DISTINCT column_row FROM file WHERE column_row IS NOT NULL AND profile_id = ?")
        return np.sort(np.array([row for (row,) in named if type(row) is int and _is_row(row)], np.int64))

    def next_row(self) -> int:
        """No row from here on was ever named by a committed record."""
        found = self._all("SELECT next_row FROM profile WHERE id = ?")
        return found[0][0] if found and type(found[0][0]) is int and found[0][0] >= 0 else 0

    def state(self) -> bytes:
        """16 bytes: another value after every committed change of any record, never one that stood for something else.

        Each change draws a number by chance beside the counter: a counter alone could come again after a power cut took the last
        changes back.
        """
        found = dict(self._connection.execute("SELECT name, value FROM state WHERE name IN ('batch', 'token')").fetchall())
        values = [found.get("batch"), found.get("token")]
        if not all(type(value) is int for value in values):
            return os.urandom(16)
        return hashlib.blake2b(f"{self._profile} {values}".encode(), digest_size=16).digest()

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, (self._profile_id,)).fetchall()

    def _one(self, query: str) -> Any:
        return self._all(query)[0][0]

    # ------------------------------------------------------------------------------------------------ changing

    def put(self, records: Sequence[Record], next_row: int) -> None:
        """Write these records in one transaction. Raises sqlite3.Error; then none of them is there."""
        with _Transaction(self._connection) as connection:
            batch = self._next_batch()
            values = [self._bound(record, batch) for record in records]
            connection.executemany(_UPSERT, values)
            connection.execute("UPDATE profile SET next_row = max(next_row, ?) WHERE id = ?", (next_row, self._profile_id))

    def _bound(self, record: Record, batch: int) -> tuple[Any, ...]:
        path, volume, *rest = record.fields
        attempts = int(rest[len(STATS)] == "error")
        return (
            path,
            self._volume(volume),
            *rest,
            self._profile_id,
            record.row,
            batch,
            record.record_seal,
            record.seal,
            attempts,
            record.sample,
        )

    def _next_batch(self) -> int:
        self._connection.execute("UPDATE state SET value = value + 1 WHERE name = 'batch'")
        self._connection.execute("INSERT OR REPLACE INTO state VALUES ('token', random())")
        found = self._connection.execute("SELECT value FROM state WHERE name = 'batch'").fetchone()
        return found[0] if found and type(found[0]) is int else 0

    def _volume(self, name: str | bytes) -> int:
        key = str(name)
        if key not in self._volumes:
            self._connection.execute("INSERT OR IGNORE INTO volume (name) VALUES (?)", (name,))
            self._volumes[key] = self._connection.execute("SELECT id FROM volume WHERE name = ?", (name,)).fetchone()[0]
        return self._volumes[key]

    def forget(self, paths: Sequence[bytes], volume: str | None) -> None:
        """Drop the records of these paths (on one volume, or on all). Raises sqlite3.Error."""
        query = "DELETE FROM file WHERE profile_id = ? AND path = ?"
        with _Transaction(self._connection) as connection:
            self._next_batch()
            if volume is None:
                connection.executemany(query, ((self._profile_id, path) for path in paths))
            else:
                query += " AND volume_id = (SELECT id FROM volume WHERE name = ?)"
                connection.executemany(query, ((self._profile_id, path, volume) for path in paths))

    def move_rows(self, old: Rows, new: Rows) -> None:
        """Let records that name an old row name the new one instead. Raises sqlite3.Error."""
        with _Transaction(self._connection) as connection:
            self._next_batch()
            connection.execute("CREATE TEMP TABLE moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
            connection.executemany("INSERT INTO moved VALUES (?, ?)", zip(old.tolist(), new.tolist(), strict=True))
            connection.execute(
                "UPDATE file SET column_row = (SELECT new FROM moved WHERE old = column_row) "
                "WHERE profile_id = ? AND column_row IN (SELECT old FROM moved)",
                (self._profile_id,),
            )
            connection.execute("DROP TABLE moved")

    def drop_rows(self, rows: Rows) -> None:
        """Drop the records that name these rows. Raises sqlite3.Error."""
        with _Transaction(self._connection) as connection:
            self._next_batch()
            for chunk in _chunks(rows.tolist()):
                marks = _marks(len(chunk))
                connection.execute(
                    f"DELETE FROM file WHERE profile_id = ? AND column_row IN ({marks})", (self._profile_id, *chunk)
                )

    def tidy(self, next_row: int) -> None:
        """Drop what other profiles left, and set the end of our rows. Raises sqlite3.Error."""
        with _Transaction(self._connection) as connection:
            self._next_batch()
            connection.execute("DELETE FROM file WHERE profile_id != ?", (self._profile_id,))
            connection.execute("DELETE FROM profile WHERE id != ?", (self._profile_id,))
            connection.execute("DELETE FROM volume WHERE id NOT IN (SELECT volume_id FROM file)")
            connection.execute("UPDATE profile SET next_row = ? WHERE id = ?", (next_row, self._profile_id))
        self._volumes.clear()
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def complaints(self) -> list[str]:
        """What a full check of the tables finds. Raises sqlite3.Error."""
        found = [text for (text,) in self._connection.execute("PRAGMA integrity_check(20)").fetchall()]
        if found == ["ok"]:
            found = []
        if schema.shape_of(self._connection) != schema.expected_shape():
            found.append("its tables are not those of this version")
        return [f"{NAME}: {text}" for text in found]


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT, or ROLLBACK."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._rollback()
                raise
        else:
            self._rollback()

    def _rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def check_files(path: Path) -> bool:
    """That the catalog and what SQLite keeps beside it are ours or missing. Raises DamageError, PermissionError."""
    present = [check_file(path.with_name(path.name + suffix)) for suffix in SUFFIXES]
    return present[0]


def refuse_newer(path: Path) -> None:
    """Look at the version and touch nothing. Raises StoreNewer, DamageError, OSError, sqlite3.Error."""
    head = bytearray(_HEADER)
    descriptor = open_own(path, os.O_RDONLY)
    try:
        whole = read_at(descriptor, memoryview(head), 0)
    finally:
        os.close(descriptor)
    if whole and head[:16] == b"SQLite format 3\0":
        schema.refuse_newer(int.from_bytes(head[60:64], "big"))
    if _has_log(path):  # the version may stand there; a connection that may not write leaves it where it is
        connection = _connect(path, "ro")
        try:
            schema.version_of(connection)
        finally:
            connection.close()


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return check_file(log) and os.path.getsize(log) > 0


def _connect(path: Path | None, mode: str) -> sqlite3.Connection:
    name = ":memory:" if path is None else f"file:{quote(os.fsencode(path))}?mode={mode}"
    connection = sqlite3.connect(name, uri=path is not None, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        if sys.version_info >= (3, 12):
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def _in_memory(source: sqlite3.Connection) -> sqlite3.Connection:
    connection = _connect(None, "rwc")
    source.backup(connection)
    source.close()
    return connection


def _open_tables(connection: sqlite3.Connection, path: Path, *, unclean: bool, backed_up: bool = False) -> None:
    version = schema.version_of(connection)
    if version == 0 and schema.is_empty(connection):
        schema.create(connection)
        return
    if version < schema.SCHEMA_VERSION and backed_up:
        keep_before_migration(connection, path, version)
    try:
        schema.migrate(connection, version)
    except KeyError as error:
        raise DamageError(path, "has tables of an unknown version") from error
    if schema.shape_of(connection) != schema.expected_shape():
        raise DamageError(path, "has tables that are not ours")
    clean = connection.execute("SELECT value FROM state WHERE name = 'clean'").fetchone()
    if (unclean or not clean or clean[0] != 1) and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise DamageError(path, "is damaged")


def _any_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _is_row(row: object) -> bool:
    return row is None or (type(row) is int and 0 <= row < 1 << 32)


def _bindable(value: int) -> Any:
    return value if -(1 << 63) <= value < 1 << 63 else str(value).encode()


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
