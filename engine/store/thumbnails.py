"""Small pictures on the disk, so that a list of photos appears without decoding them again: one SQLite file, bounded, least
recently used out.

It is a cache and input from strangers: every picture carries a check sum over its key, what does not agree does not exist, a
damaged file is set aside, a newer one left alone, and where nothing can be read or written everything works without it. Names and
paths of photos are not in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from engine.records import StatFacts
from engine.store.catalog import is_damage
from engine.store.files import DamageError, disk_bytes, set_aside
from engine.store.preview_code import EDGE, SmallPicture, pack, unpack
from engine.store.thumbnail_file import NAME, PAGE_BYTES, files_of, open_reading, open_writing, transaction
from engine.store.volumes import may_map

__all__ = ["EDGE", "LIMIT_BYTES", "NAME", "SmallPicture", "Thumbnails", "thumbnail_key"]

log = logging.getLogger(__name__)

LIMIT_BYTES = 512 << 20
"""About 13,000 pictures of 256 px, or 45,000 of 128 px."""

_KEPT_AFTER = 0.9  # of the limit, once pictures had to go
_STEP = 64  # pictures thrown out at once

_UPSERT = "INSERT INTO preview (key, used) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET used = excluded.used RETURNING id"

T = TypeVar("T")


def thumbnail_key(path: bytes, stat: StatFacts, edge: int) -> bytes:
    """16 bytes for one state of one file at one longest side in px."""
    digest = hashlib.blake2b(digest_size=16)
    for fact in (stat.size, stat.mtime_ns, stat.ctime_ns, edge):
        digest.update(fact.to_bytes(16, "little", signed=True))
    digest.update(path)
    return digest.digest()


@dataclass(slots=True)
class _Door:
    """One connection and the lock of those who use it; None where there is none."""

    connection: sqlite3.Connection | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)


class Thumbnails:
    """The open file. Safe to call from any thread: reading does not wait for writing. No call raises.

    notes: sentences for the user about what was set aside.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        """Open, made where it is missing."""
        self._path = folder / NAME
        self._limit = limit_bytes
        self._reader, self._writer = _Door(), _Door()
        self._touched: set[int] = set()
        self.notes: list[str] = []
        self._open()

    @property
    def usable(self) -> bool:
        """False where there is no file to read."""
        return self._reader.connection is not None

    def close(self) -> None:
        """Write down what was looked at last, and close. Later calls know nothing."""
        self.put(())
        for door in (self._writer, self._reader):
            with door.lock:
                connection, door.connection = door.connection, None
                if connection is not None:
                    with contextlib.suppress(sqlite3.Error):
                        connection.close()

    # ------------------------------------------------------------------------------------------------ pictures

    def get(self, key: bytes) -> SmallPicture | None:
        """The picture under this key."""
        return self._ask(self._reader, lambda connection: self._get(connection, key), None)

    def _get(self, connection: sqlite3.Connection, key: bytes) -> SmallPicture | None:
        query = "SELECT p.id, b.packed, b.seal FROM preview p JOIN body b ON b.id = p.id WHERE p.key = ?"
        found = connection.execute(query, (key,)).fetchone()
        picture = _sound(key, *found[1:]) if found is not None else None
        if picture is not None:
            self._touched.add(found[0])
        return picture

    def put(self, pictures: Sequence[tuple[bytes, SmallPicture]]) -> None:
        """Keep these (key, picture), and note which were read since; those that were not looked at for longest make room."""
        packed = [(key, pack(picture)) for key, picture in pictures]
        read, self._touched = self._touched, set()
        touched = tuple(read)  # whoever reads now may still add to it
        if packed or touched:
            self._ask(self._writer, lambda connection: self._put(connection, packed, touched), None)

    def _put(self, connection: sqlite3.Connection, packed: Sequence[tuple[bytes, bytes]], touched: Sequence[int]) -> None:
        with transaction(connection):
            used = connection.execute("SELECT coalesce(max(used), 0) + 1 FROM preview").fetchone()[0]
            connection.executemany("UPDATE preview SET used = ? WHERE id = ?", [(used, number) for number in touched])
            for key, body in packed:
                number = connection.execute(_UPSERT, (key, used)).fetchone()[0]
                connection.execute(
                    "INSERT OR REPLACE INTO body VALUES (?, ?, ?)", (number, body, zlib.crc32(body, zlib.crc32(key)))
                )
            if self._taken(connection) > self._limit:
                self._make_room(connection, int(_KEPT_AFTER * self._limit))

    def _make_room(self, connection: sqlite3.Connection, most: int) -> None:
        while self._taken(connection) > most:
            oldest = connection.execute("SELECT id FROM preview ORDER BY used, id LIMIT ?", (_STEP,)).fetchall()
            if not oldest:
                return
            for table in ("preview", "body"):
                connection.executemany(f"DELETE FROM {table} WHERE id = ?", oldest)

    @staticmethod
    def _taken(connection: sqlite3.Connection) -> int:
        pages, free = (connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count"))
        return int(pages - free) * PAGE_BYTES

    # ------------------------------------------------------------------------------------------------ housekeeping

    def info(self) -> dict[str, int]:
        """How many pictures, and bytes on the disk."""
        count = self._ask(self._reader, _count, 0)
        return {"pictures": count, "bytes": sum(disk_bytes(path) for path in files_of(self._path)), "limit": self._limit}

    def verify(self) -> list[str]:
        """Every picture checked; a sentence for what is wrong, none when all is well."""
        bad = self._ask(self._reader, lambda connection: len(_bad(connection)), 0)
        said = [f"{bad} small pictures do not agree with their check sum; they are made again."] if bad else []
        return [*self.notes, *said]

    def compact(self, most_bytes: int | None = None) -> int:
        """Throw out what is damaged, and what is beyond `most_bytes`, and give free room back to the disk.

        Returns how many pictures went.
        """
        return self._ask(self._writer, lambda connection: self._compact(connection, most_bytes), 0)

    def _compact(self, connection: sqlite3.Connection, most: int | None) -> int:
        before = _count(connection)
        bad = [(number,) for number in _bad(connection)]
        with transaction(connection):
            for table in ("preview", "body"):
                connection.executemany(f"DELETE FROM {table} WHERE id = ?", bad)
            connection.execute("DELETE FROM body WHERE id NOT IN (SELECT id FROM preview)")
            if most is not None:
                self._make_room(connection, most)
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before - _count(connection)

    # ------------------------------------------------------------------------------------------------ opening

    def _open(self) -> None:
        for _ in range(2):
            try:
                self._connect()
                return
            except DamageError as error:
                self._put_aside(error)
            except (OSError, sqlite3.Error) as error:
                log.info("event=no_thumbnails reason=%r", error)
                return

    def _connect(self) -> None:
        local = may_map(self._path.parent)
        try:
            self._writer.connection = open_writing(self._path, local=local)
        except (OSError, sqlite3.OperationalError) as error:
            log.info("event=thumbnails_not_writable reason=%r", error)
        try:
            self._reader.connection = open_reading(self._path)
        except BaseException:
            if self._writer.connection is not None:
                self._writer.connection.close()
                self._writer.connection = None
            raise

    def _ask(self, door: _Door, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        with door.lock:
            if door.connection is None:
                return otherwise
            try:
                return work(door.connection)
            except sqlite3.Error as error:
                log.info("event=thumbnails_failed reason=%r", error)
                if not is_damage(error):
                    return otherwise
                damaged, why = door.connection, str(error)
        self._renew(door, damaged, why)
        return otherwise

    def _renew(self, found: _Door, damaged: sqlite3.Connection, why: str) -> None:
        with self._writer.lock, self._reader.lock:
            if found.connection is not damaged:
                return  # somebody else found it damaged a moment ago
            for door in (self._writer, self._reader):
                if door.connection is not None:
                    door.connection.close()
                    door.connection = None
            self._touched = set()
            self._put_aside(DamageError(self._path, f"is damaged ({why})"))
            self._open()

    def _put_aside(self, error: DamageError) -> None:
        try:
            moved = [aside for path in files_of(self._path) if (aside := set_aside(path)) is not None]
        except OSError as failure:
            log.warning("event=thumbnails_stay_damaged reason=%r", failure)
            return
        where = f" It was set aside as {moved[0].name}." if moved else ""
        self.notes.append(f"In the cache {error}; small pictures are made again.{where}")


def _sound(key: object, packed: object, seal: object) -> SmallPicture | None:
    if not isinstance(key, bytes) or not isinstance(packed, bytes) or zlib.crc32(packed, zlib.crc32(key)) != seal:
        return None
    try:
        return unpack(packed)
    except ValueError:
        return None


def _bad(connection: sqlite3.Connection) -> list[int]:
    rows = connection.execute("SELECT p.id, p.key, b.packed, b.seal FROM preview p LEFT JOIN body b ON b.id = p.id")
    return [number for number, *rest in rows if _sound(*rest) is None]


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM preview").fetchone()[0])
