"""Look-up tables of the Huffman tables that files hold, kept as long as files go on using the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.decode.jpeg_header import RefusedError, Table
from engine.decode.jpeg_numbers import DC_FAST, FAST, SLOW

KEPT = 8
"""Sets of tables; 0.3 MB each. Cameras use one, or another for each picture."""

Key = tuple[str, tuple[tuple[Table | None, Table | None], ...]]


@dataclass(frozen=True, slots=True)
class TableSet:
    """The tables of one scan. dc, ac: number of the table of each component. arrays: DC fast and slow, AC fast and slow."""

    dc: tuple[int, ...]
    ac: tuple[int, ...]
    arrays: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]


_sets: dict[Key, TableSet] = {}


def table_set(kernels: Any, pairs: Sequence[tuple[Table | None, Table | None]]) -> TableSet:
    """The look-up tables for (DC, AC) of each component; None where the scan needs none. Raises RefusedError."""
    key = (kernels.__name__, tuple(pairs))
    found = _sets.pop(key, None) or _build(kernels, pairs)
    _sets[key] = found  # the last used is the last to go
    while len(_sets) > KEPT:
        del _sets[next(iter(_sets))]
    return found


def _build(kernels: Any, pairs: Sequence[tuple[Table | None, Table | None]]) -> TableSet:
    dc = list(dict.fromkeys(first for first, _ in pairs if first))
    ac = list(dict.fromkeys(second for _, second in pairs if second))
    arrays = (*_filled(kernels, dc, DC_FAST, is_dc=True), *_filled(kernels, ac, FAST, is_dc=False))
    return TableSet(
        tuple(dc.index(first) if first else 0 for first, _ in pairs),
        tuple(ac.index(second) if second else 0 for _, second in pairs),
        arrays,
    )


def _filled(
    kernels: Any, tables: Sequence[Table], fast_size: int, *, is_dc: bool
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    fast = np.zeros(max(1, len(tables)) * fast_size, np.uint16)
    slow = np.zeros(max(1, len(tables)) * SLOW, np.uint16)
    lengths = np.empty(SLOW, np.uint8)
    for number, table in enumerate(tables):
        counts, symbols = np.frombuffer(table.counts, np.uint8), np.frombuffer(table.symbols, np.uint8)
        part_slow = slow[number * SLOW : (number + 1) * SLOW]
        part_fast = fast[number * fast_size : (number + 1) * fast_size]
        if not kernels.build_tables(counts, symbols, lengths, part_slow, part_fast, is_dc):
            raise RefusedError("odd tables")
    return fast, slow
