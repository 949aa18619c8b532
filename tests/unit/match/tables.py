"""Picture tables from pixels, with metadata where a test needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.fingerprint import PARTS, Prints, fingerprint
from engine.records import PictureTable

UNKNOWN: dict[str, tuple[str, int]] = {
    "bytes_id": ("i8", -1),
    "data_id": ("i8", -1),
    "variant": ("i8", 0),
    "orientation": ("u1", 1),
    "frames": ("i4", 1),
    "film": ("i8", -1),
    "moment": ("i8", -1),
    "camera": ("i8", -1),
    "exposure": ("i8", -1),
    "partial": ("?", 0),
    "raw": ("?", 0),
}


def table_of(pictures: Sequence[np.ndarray], films: tuple[bytes, ...] = (), **columns: Sequence[int]) -> PictureTable:
    """A table of pictures, each in a shot of its own; columns replace what is unknown or measured."""
    sizes = {"width": [p.shape[1] for p in pictures], "height": [p.shape[0] for p in pictures]}
    return table_from([fingerprint(p) for p in pictures], films, **{**sizes, **columns})


def table_from(prints: Sequence[Prints], films: tuple[bytes, ...] = (), **columns: Sequence[int]) -> PictureTable:
    """The same from fingerprints."""
    n = len(prints)
    values: dict[str, Any] = {}
    for name, part in PARTS.items():
        shape = (n,) if part.shape == (1,) else (n, *part.shape)
        values[name] = np.array([getattr(p, name) for p in prints], dtype=part.dtype.newbyteorder("=")).reshape(shape)
    values["flat"] = np.array([p.flat for p in prints], dtype=bool)
    values["shot"] = np.arange(n, dtype=np.int64)
    values["width"], values["height"] = np.full(n, 300, dtype=np.int32), np.full(n, 200, dtype=np.int32)
    for name, (dtype, value) in UNKNOWN.items():
        values[name] = np.full(n, value, dtype=dtype)
    for name, column in columns.items():
        values[name] = np.asarray(column, dtype=values[name].dtype)
    for value in values.values():
        value.setflags(write=False)
    return PictureTable(**values, films=films)


def rows_of(table: PictureTable, rows: Sequence[int]) -> PictureTable:
    """Some rows of a table, in the order given."""
    wanted = np.asarray(rows, dtype=np.int64)
    columns = {name: getattr(table, name)[wanted] for name in PictureTable.__slots__ if name != "films"}
    return PictureTable(**columns, films=table.films)


def never() -> bool:
    """Nobody cancels."""
    return False
