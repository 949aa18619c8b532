"""The folders that the user protects: nothing below them is ever moved. Raw paths, in the order in which they were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.userdata.identity import utc_now

if TYPE_CHECKING:
    from engine.userdata.database import Database


class ProtectedFolders:
    """The list in one database. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[bytes, ...]:
        """Raw paths, in the order in which they were protected."""
        with self._database.reading() as connection:
            return tuple(folder for (folder,) in connection.execute("SELECT folder FROM protected ORDER BY seq"))

    def set(self, folders: Sequence[bytes]) -> None:
        """These and no others are protected from now on; durable when this returns. Raises StoreError."""
        wanted = list(dict.fromkeys(folders))
        with self._database.writing() as connection:
            known = {folder for (folder,) in connection.execute("SELECT folder FROM protected")}
            connection.executemany("DELETE FROM protected WHERE folder = ?", [(folder,) for folder in known.difference(wanted)])
            connection.executemany(
                "INSERT INTO protected (folder, made) VALUES (?, ?)",
                [(folder, utc_now()) for folder in wanted if folder not in known],
            )
