"""What matching made of a library, as far as it need not be made again: the picture table's own columns, and the joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.fact_columns import Array
from engine.jobs.snapshot_error import SnapshotError
from engine.match import Tree
from engine.records import Merges

Ints = NDArray[np.int64]
COLUMNS: dict[str, np.dtype[Any]] = {
    **dict.fromkeys(("bytes_id", "data_id", "variant", "film", "moment", "camera", "exposure", "shot"), np.dtype("<i8")),
    **dict.fromkeys(("width", "height", "frames"), np.dtype("<i4")),
    **dict.fromkeys(("flat", "partial", "raw"), np.dtype("?")),
    "orientation": np.dtype("u1"),
}
"""Columns of `PictureTable` that follow from facts alone."""

_FLOATS = {"merges.score": np.dtype("<f4"), "tree.depth": np.dtype("<f8")}


@dataclass(frozen=True, slots=True)
class Joins:
    """The joins of a pair table of which the user decided nothing. key: of the pair table. met: see `match.meeting`."""

    key: bytes
    merges: Merges
    tree: Tree
    met: Ints


@dataclass(frozen=True, slots=True)
class Matching:
    """ids: files that take part, ascending. columns: `COLUMNS`. films: as in `PictureTable`. content: digest of all of it."""

    ids: Ints
    columns: Mapping[str, Array]
    films: tuple[bytes, ...]
    content: bytes
    joins: Joins | None = None


def matching_arrays(matching: Matching) -> tuple[dict[str, Any], dict[str, Array]]:
    """For the description, and arrays."""
    sizes = np.array([len(film) for film in matching.films], np.int64)
    arrays: dict[str, Array] = {
        "pictures": matching.ids,
        "films": np.frombuffer(b"".join(matching.films), np.uint8),
        "film_sizes": sizes,
        **{f"table.{name}": column for name, column in matching.columns.items()},
    }
    joins = matching.joins
    if joins is not None:
        arrays["met"] = joins.met
        for group, holder in (("merges", joins.merges), ("tree", joins.tree)):
            arrays.update({f"{group}.{part.name}": getattr(holder, part.name) for part in fields(holder)})
    return {"content": matching.content.hex(), "joins": joins.key.hex() if joins is not None else ""}, arrays


def matching_from(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Matching:
    """Inverse of `matching_arrays`. Raises SnapshotError."""
    try:
        return _matching(about, arrays)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise SnapshotError(f"what it says of matching is not there, or not what it should be ({error!r})") from error


def _matching(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Matching:
    ids = _ascending(_plain(arrays, "pictures", "<i8"), len(arrays["stats"]))
    columns = {name: _plain(arrays, f"table.{name}", dtype, len(ids)) for name, dtype in COLUMNS.items()}
    sizes, films, at = _plain(arrays, "film_sizes", "<i8"), arrays["films"].tobytes(), 0
    cut = []
    for size in sizes.tolist():
        cut.append(films[at : at + max(0, size)])
        at += size
    if at != len(films) or (len(ids) and not -1 <= int(columns["film"].min()) <= int(columns["film"].max()) < len(cut)):
        raise SnapshotError("its films are not what they should be")
    content, key = bytes.fromhex(about["content"]), bytes.fromhex(about["joins"])
    return Matching(ids, columns, tuple(cut), content, _joins(arrays, key, len(ids)) if key else None)


def _joins(arrays: Mapping[str, Array], key: bytes, pictures: int) -> Joins:
    merges = Merges(**{part.name: _part(arrays, "merges", part.name) for part in fields(Merges)})
    tree = Tree(**{part.name: _part(arrays, "tree", part.name) for part in fields(Tree)})
    met = _plain(arrays, "met", "<i8")
    count, joins = len(tree.nodes), len(tree.depth)
    lengths: dict[int, tuple[Array, ...]] = {joins: (tree.one, tree.other, tree.lesser, merges.score, merges.left, merges.right)}
    lengths[count + joins] = (*lengths.get(count + joins, ()), tree.size, tree.above, tree.start, tree.first)
    sound = all(len(column) == length for length, group in lengths.items() for column in group)
    sound &= len(merges.node) == pictures and all(len(column) == count for column in (tree.row, tree.boss, tree.since))
    for column, beyond in (
        (tree.nodes, pictures), (merges.left, pictures), (merges.right, pictures), (merges.node, pictures), (tree.row, pictures),
        (tree.one, count + joins), (tree.other, count + joins), (tree.above, joins + 1), (tree.first, count), (tree.boss, count),
        (tree.since, joins + 1), (tree.size, count + 1), (tree.start, count), (met, joins + 1),
    ):  # fmt: skip
        sound &= not len(column) or (int(column.min()) >= 0 and int(column.max()) < beyond)
    if not sound or not _leads_up(tree):
        raise SnapshotError("its joins are not what they should be")
    return Joins(key, merges, tree, met)


def _leads_up(tree: Tree) -> bool:
    """Whoever climbs in it comes to an end, and every part lies within the row."""
    count, joins = len(tree.nodes), np.arange(len(tree.depth))
    below = (tree.one < count + joins).all() and (tree.other < count + joins).all()
    under = np.flatnonzero(tree.since < len(joins))
    rises = (tree.since[tree.boss[under]] > tree.since[under]).all()
    return bool(below and rises and (tree.start + tree.size <= count).all())


def _part(arrays: Mapping[str, Array], group: str, name: str) -> Array:
    full = f"{group}.{name}"
    return _plain(arrays, full, _FLOATS.get(full, np.dtype("<i8")))


def _plain(arrays: Mapping[str, Array], name: str, dtype: Any, count: int | None = None) -> Array:
    column = arrays[name]
    if column.dtype != np.dtype(dtype) or column.ndim != 1 or (count is not None and len(column) != count):
        raise SnapshotError(f"{name} is not what it should be")
    column.setflags(write=False)
    return column


def _ascending(column: Array, beyond: int) -> Array:
    if len(column) and not (int(column[0]) >= 0 and int(column[-1]) < beyond and (np.diff(column) > 0).all()):
        raise SnapshotError("its pictures are not what they should be")
    return column
