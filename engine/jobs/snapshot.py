"""A finished library as arrays, and back: what was read once need not be asked of the catalog record by record again.

It holds what the walk and the reading told, never what the user decided. It is a cache and input from strangers: whatever cannot
be right makes it worthless as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.fact_columns import KINDS, Array, Blob, Moment, Pools, Text
from engine.jobs.file_table import FILE_COLUMNS, FileTable
from engine.jobs.library import Library
from engine.jobs.recognise import WORKER_FAILURES
from engine.jobs.saved_columns import BlobPaths, ShotColumns
from engine.jobs.snapshot_error import SnapshotError
from engine.jobs.value_pool import Packed, bytes_pool, text_pool
from engine.records import Role
from engine.records.found_files import STAT_DTYPE

Arrays = Mapping[str, Array]


@dataclass(slots=True)
class Snapshot:
    """A library as it was left. kept: bool, one a file: the store has the very same, so it may be taken while the file is the
    same. shots, shared: as in `Library`."""

    table: FileTable
    kept: NDArray[np.bool_]
    shots: ShotColumns
    shared: frozenset[int]


def snapshot_key(roots: tuple[bytes, ...], profile: str) -> bytes:
    """16 bytes that name a set of folders, and with it its saved library."""
    digest = hashlib.blake2b(profile.encode(), digest_size=16)
    for root in roots:
        digest.update(len(root).to_bytes(8, "little") + root)
    return digest.digest()


def shape() -> str:
    """Stands for which columns there are and of which kind: another version's library is not read."""
    told = [(name, type(kind).__name__, kind.dtype.str, kind.width) for name, kind in KINDS.items()]
    files = [(name, dtype.str) for name, dtype in FILE_COLUMNS.items()]
    return hashlib.blake2b(repr((told, files, STAT_DTYPE.descr)).encode(), digest_size=16).hexdigest()


def to_arrays(library: Library) -> dict[str, Array]:
    """All of a library that is finished."""
    table = library.table
    paths, shots = BlobPaths.of(table.paths), ShotColumns.of(library.shots)
    texts, blobs = table.pools.texts.pack(), table.pools.blobs.pack()
    return {
        "paths": paths.blob,
        "path_starts": paths.starts,
        "stats": table.stats,
        "kept": _kept(table),
        "texts": texts[0],
        "text_starts": texts[1],
        "blobs": blobs[0],
        "blob_starts": blobs[1],
        "shot_files": shots.files,
        "shot_roles": shots.roles,
        "shot_starts": shots.starts,
        "shared": np.array(sorted(library.shared_companions), np.int64),
        **{f"file.{name}": column for name, column in table.files.items()},
        "file.known": _known(table),
        **{f"fact.{name}": column for name, column in table.facts.items()},
    }


def from_arrays(arrays: Arrays) -> Snapshot:
    """Inverse of `to_arrays`. Raises SnapshotError for what cannot be a library."""
    try:
        return _checked(arrays)
    except (KeyError, IndexError, AttributeError, TypeError, UnicodeDecodeError, OverflowError) as error:
        raise SnapshotError(f"a part of it is not there, or not what it should be ({error!r})") from error


def _known(table: FileTable) -> NDArray[np.bool_]:
    """Files whose facts the columns tell: what is kept beside them is not saved."""
    known: NDArray[np.bool_] = table.files["known"].copy()
    known[sorted(table.odd_places())] = False
    return known


def _kept(table: FileTable) -> NDArray[np.bool_]:
    """Files that the store knows in this very state (see `Recogniser`)."""
    files = table.files
    picture = table.has_fact("status", "ok", "partial")
    kept: NDArray[np.bool_] = files["known"] & (files["met"] == 0) & ~files["provisional"] & ((files["row"] >= 0) | ~picture)
    forgotten = [
        text for number in range(1, len(table.pools.texts)) if (text := table.pools.texts[number] or "").startswith("read.")
    ]
    kept &= ~table.has_fact("code", *WORKER_FAILURES, *forgotten)
    for place in table.odd_places():
        kept[place] = False
    return kept


def _checked(arrays: Arrays) -> Snapshot:
    paths = BlobPaths(_column(arrays, "paths", "u1"), _starts(arrays, "path_starts", "paths"))
    count = len(paths)
    texts, blobs = (_packed(arrays, *names) for names in (("texts", "text_starts"), ("blobs", "blob_starts")))
    table = FileTable.made(
        paths,
        _column(arrays, "stats", STAT_DTYPE, count),
        {name: _column(arrays, f"file.{name}", dtype, count) for name, dtype in FILE_COLUMNS.items()},
        {name: _column(arrays, f"fact.{name}", kind.dtype, count, kind.width) for name, kind in KINDS.items()},
        Pools(text_pool(texts), bytes_pool(blobs)),
    )
    shots = ShotColumns(
        _column(arrays, "shot_files", "<i8"), _column(arrays, "shot_roles", "u1"), _starts(arrays, "shot_starts", "shot_files")
    )
    shared = _column(arrays, "shared", "<i8")
    _check_numbers(table, shots, shared)
    return Snapshot(table, _column(arrays, "kept", "?", count), shots, frozenset(shared.tolist()))


def _check_numbers(table: FileTable, shots: ShotColumns, shared: Array) -> None:
    """Every number that names something names something that is there."""
    count, texts, blobs = len(table), len(table.pools.texts), len(table.pools.blobs)
    for name in ("status", "code"):
        _check(table.files[name], 0, texts)
    for name, kind in KINDS.items():
        column = table.facts[name]
        if isinstance(kind, Text | Blob):
            _check(column, 0, texts if isinstance(kind, Text) else blobs)
        elif isinstance(kind, Moment):
            _check(column, -texts, 315_537_897_600)  # seconds of 9,999 years
    _check(table.files["row"], -1, 1 << 32)
    _check(table.files["same_as"], -1, count)
    _check(table.files["shot"], -1, len(shots))
    _check(table.files["role"], -1, len(Role))
    _check(shots.files, 0, count)
    _check(shots.roles, 0, len(Role))
    _check(shared, 0, count)
    if len(shots.roles) != len(shots.files):
        raise SnapshotError("its shots have other roles than files")


def _check(column: Array, least: int, beyond: int) -> None:
    if len(column) and not (int(column.min()) >= least and int(column.max()) < beyond):
        raise SnapshotError("a number in it names nothing")


def _column(arrays: Arrays, name: str, dtype: Any, count: int | None = None, width: int = 0) -> Array:
    column = arrays[name]
    shape = (len(column) if count is None else count, *([width] if width else []))
    if column.dtype != np.dtype(dtype) or column.shape != shape:
        raise SnapshotError(f"{name} is not what it should be")
    return column


def _starts(arrays: Arrays, name: str, of: str) -> Array:
    starts = _column(arrays, name, "<i8")
    if not len(starts) or starts[0] != 0 or starts[-1] != len(arrays[of]) or (np.diff(starts) < 0).any():
        raise SnapshotError(f"{name} does not lead through {of}")
    return starts


def _packed(arrays: Arrays, values: str, starts: str) -> Packed:
    return _column(arrays, values, "u1"), _starts(arrays, starts, values)
