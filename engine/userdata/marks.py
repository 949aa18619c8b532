"""What the user said of single files (keep, remove, undecided) and of clusters set aside, as it lies in the user data.

A mark is about a file as it was seen: raw path, size and time of change. Whether it still stands is for the caller to compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.records import Suggest
from engine.userdata.identity import utc_now

if TYPE_CHECKING:
    from engine.userdata.database import Database

_INT64 = 1 << 63


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of one file. size: bytes; mtime_ns: time of change in ns since the epoch, both as they were then."""

    size: int
    mtime_ns: int
    suggest: Suggest


class MarkTable:
    """Marks and clusters set aside, in one database. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self) -> dict[bytes, Mark]:
        """Every mark by raw path."""
        known = {int(suggest) for suggest in Suggest}
        with self._database.reading() as connection:
            rows = connection.execute("SELECT path, size, mtime_ns, suggest FROM marks").fetchall()
        return {path: Mark(size, mtime_ns, Suggest(suggest)) for path, size, mtime_ns, suggest in rows if suggest in known}

    def aside(self) -> frozenset[str]:
        """Keys of the clusters set aside."""
        with self._database.reading() as connection:
            return frozenset(key for (key,) in connection.execute("SELECT cluster FROM aside"))

    def store(self, marks: Mapping[bytes, Mark | None], aside: Mapping[str, bool]) -> None:
        """Store, or with None and False forget, all of these in one step; durable when this returns. Raises StoreError."""
        now = utc_now()
        said = [(path, m.size, m.mtime_ns, int(m.suggest), now) for path, m in marks.items() if m is not None and _fits(m)]
        with self._database.writing() as connection:
            connection.executemany("DELETE FROM marks WHERE path = ?", [(path,) for path, m in marks.items() if m is None])
            connection.executemany(
                "INSERT INTO marks (path, size, mtime_ns, suggest, made) VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE "
                "SET size = excluded.size, mtime_ns = excluded.mtime_ns, suggest = excluded.suggest, made = excluded.made",
                said,
            )
            connection.executemany(
                "DELETE FROM aside WHERE cluster = ?", [(key,) for key, is_aside in aside.items() if not is_aside]
            )
            connection.executemany(
                "INSERT OR IGNORE INTO aside (cluster, made) VALUES (?, ?)",
                [(key, now) for key, is_aside in aside.items() if is_aside],
            )


def _fits(mark: Mark) -> bool:
    """False for times that a database cannot hold: such a mark lasts as long as the session."""
    return -_INT64 <= mark.mtime_ns < _INT64 and 0 <= mark.size < _INT64
