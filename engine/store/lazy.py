"""One fingerprint part of many rows, read when it is asked for: a library's plates never lie in memory together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.errors import StoreError
from engine.store.layout import PartSpec

Rows = NDArray[np.int64]
Read = Callable[[Rows, str], NDArray[np.generic]]


class LazyRows:
    """Looks like an array (n, *shape) as far as indexing along its first axis goes; holds row numbers and no data.

    What comes out is a read-only copy, little-endian. Every access raises StoreError when a row cannot be read any more.
    Safe from several threads.
    """

    def __init__(self, read: Read, rows: Sequence[int] | NDArray[np.integer[Any]], part: str, spec: PartSpec) -> None:
        """Use `FingerprintStore.lazy`. Raises StoreError for rows that cannot be."""
        self._rows: Rows = np.asarray(rows, np.int64).reshape(-1)
        if len(self._rows) and self._rows.min() < 0:
            raise StoreError("The cache was asked for a fingerprint that it does not have.")
        self._read = read
        self._part = part
        self.dtype = spec.little
        self.shape = (len(self._rows), *spec.shape)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int | slice | Sequence[int] | NDArray[np.integer[Any]] | NDArray[np.bool_]) -> NDArray[Any]:
        """One row (*shape) for a number, else the rows (m, *shape) in the order asked for. Raises IndexError as an array does."""
        chosen = self._rows[place]
        values = self._read(np.atleast_1d(chosen), self._part)
        return values if chosen.ndim else values[0]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Row by row, read in blocks."""
        for start in range(0, len(self), 256):
            yield from self[start : start + 256]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """All rows at once, in memory."""
        return np.asarray(self[:], dtype)
