"""The fingerprints of a task as matching reads them: small parts in memory, bulky ones row by row from where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import fingerprint
from engine.records import PictureTable
from engine.searcher.task import IN_MEMORY, Task
from engine.store import PartSpec
from engine.store.columns import Columns

SMALL_BYTES = 64
"""Parts up to this size a picture are held in memory: every search goes through all of them."""


def table_of(task: Task) -> PictureTable:
    """The picture table of a task. Raises DamageError, OSError where a row cannot be read."""
    specs = {name: PartSpec(part.dtype, part.shape, part.version) for name, part in fingerprint.PARTS.items()}
    columns = [place.open(specs) for place in task.places]
    parts: dict[str, Any] = {}
    for name, spec in specs.items():
        rows = GatheredRows(task, columns, name, spec)
        parts[name] = _in_memory(rows, spec) if spec.row_bytes <= SMALL_BYTES else rows
    return PictureTable(**{**parts, **task.columns}, films=task.films)


def _in_memory(rows: GatheredRows, spec: PartSpec) -> NDArray[Any]:
    values = np.ascontiguousarray(rows[:])
    return values.reshape(-1) if spec.shape == (1,) else values


class GatheredRows:
    """One part of the pictures of a task, (n, *shape), read when it is asked for. Safe from several threads."""

    def __init__(self, task: Task, columns: Sequence[Columns], name: str, spec: PartSpec) -> None:
        self._source, self._row = task.source, task.row
        self._columns = columns
        self._carried = task.carried.get(name)
        self._name = name
        self.dtype = spec.little
        self.shape = (len(task), *spec.shape)

    def __len__(self) -> int:
        return len(self._row)

    def __getitem__(self, place: Any, /) -> NDArray[Any]:
        """One row (*shape) for a number, else rows (m, *shape) in the order asked for."""
        chosen = np.asarray(self._row[place])
        rows, source = np.atleast_1d(chosen), np.atleast_1d(self._source[place])
        values = self._gathered(rows, source)
        return values if chosen.ndim else values[0]

    def _gathered(self, rows: NDArray[np.int64], source: NDArray[np.uint8]) -> NDArray[Any]:
        first = int(source[0]) if len(source) else IN_MEMORY
        if len(source) and (source == first).all():
            return self._from(first, rows)
        values = np.empty((len(rows), *self.shape[1:]), self.dtype)
        for number in np.unique(source).tolist():
            here = np.flatnonzero(source == number)
            values[here] = self._from(number, rows[here])
        return values

    def _from(self, number: int, rows: NDArray[np.int64]) -> NDArray[Any]:
        if number != IN_MEMORY:
            return self._columns[number].gather(rows, self._name)
        if self._carried is None:
            raise ValueError(f"rows of {self._name} did not come along")
        found: NDArray[Any] = self._carried[rows]
        return found
