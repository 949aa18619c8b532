"""What a saved library still knows of the files that were met now: compared in columns, taken over in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.jobs.file_table import FileTable
from engine.jobs.library import Library
from engine.jobs.saved_columns import BlobPaths
from engine.jobs.snapshot import Snapshot
from engine.records.found_files import FoundFiles, same_state

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Taken:
    """Places of files, ascending. known: taken over. left: to be judged one by one. whole: nothing changed since it was saved."""

    known: Ints
    left: Ints
    whole: bool


def take(library: Library, saved: Snapshot | None) -> Taken:
    """Take over what is unchanged. The library's table must have been made with the pools of the saved one."""
    table = library.table
    to_read = np.flatnonzero(table.files["met"] == 0)
    if saved is None or table.pools is not saved.table.pools:
        return Taken(to_read[:0], to_read, whole=False)
    rows = _rows_of(table.paths, saved.table.paths)
    same = _unchanged(table, saved, rows)
    _copy(table, saved.table, np.flatnonzero(same), rows[same])
    library.cached += int((table.pictures() & same).sum())
    left = to_read[~same[to_read]]
    whole = not len(left) and len(rows) == len(saved.table) and _same_walk(table, saved.table, rows)
    if whole:
        _take_all(library, saved)
    return Taken(np.flatnonzero(same), left, whole)


def to_judge(table: FileTable, places: Ints) -> FoundFiles:
    """Those files as the walk found them, for the recogniser."""
    chosen = places.tolist()
    found = FoundFiles(
        [table.paths[place] for place in chosen],
        table.stats[places],
        np.zeros(len(chosen), np.uint8),
        np.zeros(len(chosen), np.int32),
    )
    if table.is_odd:
        odd = table.odd_places()
        found.odd = {number: table.stat(place) for number, place in enumerate(chosen) if place in odd}
    return found


def _rows_of(paths: Sequence[bytes], saved: Sequence[bytes]) -> Ints:
    """The row of each path in the saved library, -1 where it is new."""
    if isinstance(saved, BlobPaths) and saved.same_as(paths):
        return np.arange(len(paths))
    row_of = {path: row for row, path in enumerate(saved)}
    return np.fromiter((row_of.get(path, -1) for path in paths), np.int64, len(paths))


def _unchanged(table: FileTable, saved: Snapshot, rows: Ints) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (rows >= 0) & (table.files["met"] == 0)
    same &= saved.kept[rows]  # what -1 leads to does not matter: it is left out already
    same &= same_state(table.stats, saved.table.stats, rows)
    for place in table.odd_places():
        same[place] = False
    return same


def _copy(table: FileTable, saved: FileTable, places: Ints, rows: Ints) -> None:
    if len(places) == len(table) == len(saved):  # then the rows are in order, too
        table.facts = saved.facts
    else:
        for name, column in saved.facts.items():
            table.facts[name][places] = column[rows]
    files = table.files
    files["known"][places], files["from_cache"][places] = True, True
    files["row"][places] = saved.files["row"][rows]
    for name in ("status", "code"):
        files[name][places] = table.facts[name][places]


def _same_walk(table: FileTable, saved: FileTable, rows: Ints) -> bool:
    """The walk met the very same files, the others (links, what is skipped) included."""
    if not np.array_equal(rows, np.arange(len(rows))):
        return False
    return all(np.array_equal(table.files[name], saved.files[name]) for name in ("met", "same_as"))


def _take_all(library: Library, saved: Snapshot) -> None:
    """The shots, and what they made of companions."""
    table = library.table
    for name in ("status", "code", "shot", "role", "known"):
        table.files[name] = saved.table.files[name]
    table.facts = saved.table.facts  # of companions among them that were digested
    library.shots, library.shared_companions = saved.shots, saved.shared
