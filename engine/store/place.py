"""Where the rows of an open store lie, for another process that reads them while the store stays open here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.store.columns import Columns
from engine.store.layout import PartSpec


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Column files of one profile. folder: "" where there are none. capacity: rows a file. mapped: they may be mapped.

    memory_from: row numbers from here on are in the memory of the process that has the store open.
    """

    folder: str
    profile: str
    capacity: int
    mapped: bool
    memory_from: int

    def open(self, parts: Mapping[str, PartSpec]) -> Columns:
        """The columns, for reading only; what is damaged is not there."""
        folder = Path(self.folder) if self.folder else None
        return Columns(folder, self.profile, parts, self.capacity, mapped=self.mapped)
