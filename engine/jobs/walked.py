"""From what a walk met to the files of a library, those of absent volumes included."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from engine.errors import FolderMissing
from engine.jobs.fact_columns import Pools
from engine.jobs.file_table import NOT_MET, FileTable
from engine.jobs.library import Files, Library, NewFile, as_new
from engine.names import display_text
from engine.records import Walk
from engine.records.found_files import FIRST_ERROR, OUTCOMES, FoundFiles
from engine.scan.roots import absolute
from engine.store import FingerprintStore, StoredFile
from engine.volumes import Volumes

OFFLINE = "scan.offline"
UNREAD = "unread"  # met on the walk, its turn has not come; never leaves this room


def split_roots(store: FingerprintStore, volumes: Volumes, roots: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Roots that are there, and roots on absent volumes. Raises FolderMissing for any other."""
    present, offline = [], []
    for given in roots:
        root = absolute(given) if given else b""  # no name is no folder, not the current one
        if root and os.path.exists(root):
            present.append(root)
        elif root and any(volumes.is_absent(stored.volume) for stored in store.files_below(root)):
            offline.append(root)
        else:
            name = display_text(given) or "(no name)"
            raise FolderMissing(f"The folder {name} does not exist.", path=root, hint="Check its spelling, or connect its disk.")
    return present, offline


def library_of(
    store: FingerprintStore, volumes: Volumes, walked: Walk, offline_roots: list[bytes], pools: Pools | None = None
) -> Library:
    """The files met, and those that are known from absent volumes, in path order; nothing is read yet.

    pools: of a saved library from which unchanged files will be taken.
    """
    roots = tuple(dict.fromkeys([*walked.roots, *offline_roots]))
    found = walked.files if isinstance(walked.files, FoundFiles) else FoundFiles.of(walked.files)
    table = _table_of(found, pools)
    absent = _absent(store, volumes, roots, found.paths)
    if absent:
        table = _merged(table, absent)
    return Library(roots, Files(table), folders_skipped=dict(walked.folders_skipped), warnings=list(walked.warnings))


def _table_of(found: FoundFiles, pools: Pools | None) -> FileTable:
    table = FileTable(found.paths, found.stats, pools)
    for place, stat in found.odd.items():
        table.set_stat(place, stat)
    number = table.pools.texts.number
    codes = [number(None), *map(number, OUTCOMES[1:])]
    skipped, error = number("skipped"), number("error")
    statuses = [number(UNREAD), *(error if n >= FIRST_ERROR else skipped for n in range(1, len(OUTCOMES)))]
    table.files["status"][:] = np.array(statuses)[found.outcome]
    table.files["code"][:] = np.array(codes)[found.outcome]
    table.files["same_as"][:] = found.same_as
    table.files["met"][:] = found.outcome
    return table


def _absent(store: FingerprintStore, volumes: Volumes, roots: Sequence[bytes], met: Sequence[bytes]) -> list[StoredFile]:
    """What is known below the roots from volumes that are not there; the walk did not meet it."""
    if not any(volumes.is_absent(volume) for volume in store.volumes()):
        return []
    known = {stored.path: stored for root in roots for stored in store.files_below(root) if volumes.is_absent(stored.volume)}
    for path in met:
        known.pop(path, None)
    return list(known.values())


def _merged(table: FileTable, absent: Sequence[StoredFile]) -> FileTable:
    """Both in path order."""
    entries = [(file.path, file.id, as_new(file)) for file in Files(table)]
    entries += [(s.path, -1, NewFile(s.path, s.stat, "offline", OFFLINE, s.facts)) for s in absent]
    entries.sort(key=lambda entry: entry[0])
    before = np.array([old for _, old, _ in entries], np.int64)
    merged = FileTable.of([new for _, _, new in entries], table.pools)
    now = np.empty(len(table) + 1, np.int32)  # the last entry is that of no file
    now[before] = np.arange(len(entries))
    now[-1] = -1
    for name, absent_value in (("met", NOT_MET), ("same_as", -1)):
        merged.files[name][:] = np.append(table.files[name], absent_value)[before]
    merged.files["same_as"][:] = now[merged.files["same_as"]]
    return merged
