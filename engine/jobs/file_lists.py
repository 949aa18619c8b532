"""Columns of a file table as lists of Python values, some thousand files at a time: for whatever is written file by file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.fact_columns import KINDS, NO_NUMBER, SECONDS_TO_1970, Moment, Number, Text
from engine.jobs.file_table import FileTable

Ints = NDArray[np.int64]


def fact_list(table: FileTable, places: Ints, name: str) -> list[Any]:
    """One fact of these files, None where there are no facts."""
    known = table.files["known"][places]
    kind, column = KINDS[name], table.facts[name][places]
    if table.is_odd or not isinstance(kind, Number | Text | Moment):
        return [table.fact(name, place) if has else None for place, has in zip(places.tolist(), known.tolist(), strict=True)]
    if isinstance(kind, Number):
        return _without(column, known & (column != NO_NUMBER))
    if isinstance(kind, Text):
        return _texts(table, column, known)
    return _moments(table, column, known)


def text_list(table: FileTable, places: Ints, name: str) -> list[str | None]:
    """Status or code of these files."""
    return _texts(table, table.files[name][places], np.ones(len(places), np.bool_))


def number_list(table: FileTable, places: Ints, name: str) -> list[int | None]:
    """row, same_as, shot or role of these files."""
    column = table.files[name][places]
    return _without(column, column >= 0)


def _texts(table: FileTable, column: NDArray[Any], known: NDArray[np.bool_]) -> list[Any]:
    texts = table.pools.texts
    return [texts[number] for number in np.where(known, column, 0).tolist()]  # 0 is None


def _moments(table: FileTable, column: NDArray[Any], known: NDArray[np.bool_]) -> list[Any]:
    usual = column >= 0
    values = np.datetime_as_string((np.where(usual, column, 0) - SECONDS_TO_1970).astype("datetime64[s]")).tolist()
    for place in np.flatnonzero(~usual).tolist():
        values[place] = table.pools.texts[-1 - int(column[place])]
    return [value if has else None for value, has in zip(values, known.tolist(), strict=True)]


def _without(column: NDArray[Any], known: NDArray[np.bool_]) -> list[Any]:
    values: list[Any] = column.tolist()
    for place in np.flatnonzero(~known).tolist():
        values[place] = None
    return values
