"""Picture tables from pixels, with metadata where a test needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.fingerprint import Prints, fingerprint
from engine.records import PictureTable

PARTS = ("dct64", "dct256", "gradient", "colour", "plate")

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
    values: dict[str, Any] = {name: np.array([getattr(p, name) for p in prints]) for name in PARTS}
    values["dct64"], values["gradient"] = values["dct64"].reshape(n), values["gradient"].reshape(n)
    values["dct256"], values["colour"] = values["dct256"].reshape(n, 4), values["colour"].reshape(n, 192)
    values["plate"] = values["plate"].reshape(n, 64, 64).astype(np.uint8)
    values["colour"] = values["colour"].astype(np.uint8)
    for name in ("dct64", "dct256", "gradient"):
        values[name] = values[name].astype(np.uint64)
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
