"""What ``imgfp store`` does: tell, verify, compact, clear. Only files with the store's own names are ever removed."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import StoreError, StoreLocked
from engine.store import backup, opening, thumbnail_file
from engine.store import catalog as catalogs
from engine.store.catalog import TROUBLE, Catalog, Record
from engine.store.entries import fields_of
from engine.store.files import ASIDE, DamageError, disk_bytes, remove_own
from engine.store.layout import FORMAT_VERSION
from engine.store.opening import Opened
from engine.store.pairs import SUFFIX as PAIRS_SUFFIX
from engine.store.pairs import read_pairs
from engine.store.schema import SCHEMA_VERSION
from engine.store.sizes import GROUPS, sizes
from engine.store.stored_file import StoredFile

BadPlaces = Callable[[Sequence[StoredFile]], set[int]]

_MOVE_ROWS = 4096  # rows moved in one commit
_NAMES_AT_ONCE = 10_000
_RECORD_BYTES = 900  # of one record in the catalog, indexes included; measured
_ASIDE = re.escape(ASIDE) + r"\d{8}T\d{6}(-\d+)?"
_TOP_NAMES = re.compile(
    rf"(catalog|thumbnails)\.sqlite(-wal|-shm|-journal)?({_ASIDE})?|(writer\.lock|readers\.lock|columns|pairs){_ASIDE}"
)
_COLUMN_NAMES = re.compile(rf"[a-z0-9_-]+\.\d+\.col(\.new|{_ASIDE})?")
_PAIR_NAMES = re.compile(rf"[a-z0-9_-]+\.pairs(\.new|{_ASIDE})?")
_LIBRARY_NAMES = re.compile(rf"[a-z0-9_-]+\.library(\.new|{_ASIDE})?")
_PROFILE_NAMES = re.compile(r"[a-z0-9][a-z0-9_-]*")


# ---------------------------------------------------------------------------------------------------- telling


def info(opened: Opened) -> dict[str, Any]:
    """Counts, bytes, versions, volumes."""
    files = _our_files(opened.folder) if opened.folder is not None else []
    rows = opened.catalog.rows()
    return {
        "folder": os.fsencode(opened.folder).decode("utf-8", "replace") if opened.folder is not None else None,
        "profile": opened.profile,
        "schema": SCHEMA_VERSION,
        "format": FORMAT_VERSION,
        "mapped": opened.mapped,
        "files": opened.catalog.count(),
        "fingerprints": len(rows),
        "rows": opened.catalog.next_row(),
        "bytes": sum(disk_bytes(path) for path in files),
        "sizes": sizes(opened.folder) if opened.folder is not None else dict.fromkeys(GROUPS, 0),
        "photo_bytes": opened.catalog.photo_bytes(),
        "set_aside": sum(ASIDE in path.name for path in files),
        "volumes": opened.catalog.volumes(),
        "profiles": opened.catalog.profiles(),
    }


def verify(opened: Opened, bad_places: BadPlaces) -> list[str]:
    """Tables, records, rows, pair table, and what was found on opening."""
    complaints = list(opened.damage)
    try:
        complaints += opened.catalog.complaints()
        seen, bad = 0, 0
        for files in _blocks(opened.catalog.all()):
            seen, bad = seen + len(files), bad + len(bad_places(files))
        lost = opened.catalog.count() - seen
    except TROUBLE as error:
        return [*complaints, f"The catalog cannot be read ({error})."]
    if lost:
        complaints.append(f"{lost} of the records in the catalog do not agree with their check sum; these files are read again.")
    if bad:
        complaints.append(f"{bad} fingerprints do not agree with their check sum; these files are read again.")
    if opened.folder is not None:
        try:
            read_pairs(opened.folder / opening.PAIRS / f"{opened.profile}{PAIRS_SUFFIX}", opened.profile, None, mapped=False)
        except (OSError, DamageError) as error:
            complaints.append(f"The pair table is damaged ({error}); it is made again.")
    return complaints


# ---------------------------------------------------------------------------------------------------- setting aside


def renew_catalog(opened: Opened, error: Exception | None) -> int:
    """Set a damaged catalog aside and put what is sound of it into a new one; returns how many records that are.

    Raises as `Catalog.open` and `Catalog.put`; the old one is closed and set aside all the same.
    """
    assert opened.folder is not None
    path, old = opened.folder / catalogs.NAME, _on_disk(opened)
    files = old.salvage()
    old.abandon()
    _aside(DamageError(path, f"is damaged ({error})" if error else "is damaged"), opening.catalog_files(path), opened.damage)
    opened.catalog = Catalog.open(path, opened.profile, opened.columns.capacity, local=opened.mapped)
    opened.catalog.put([_record(file) for file in files], opened.columns.segments * opened.columns.capacity)
    return len(files)


def _on_disk(opened: Opened) -> Catalog:
    assert isinstance(opened.catalog, Catalog)  # a layered one is never written back
    return opened.catalog


def _record(file: StoredFile) -> Record:
    return Record(fields_of(file.path, file.volume, file.stat, file.facts), file.row, file.record_seal, file.seal)


def put_one_aside(error: DamageError, damage: list[str]) -> None:
    """Set one damaged file aside."""
    _aside(error, [error.path], damage)


def _aside(error: DamageError, paths: list[Path], damage: list[str]) -> None:
    try:
        opening.put_aside(error, paths, damage)
    except OSError as failure:
        damage.append(f"In the cache {error}, and it could not be set aside ({failure.strerror}).")


# ---------------------------------------------------------------------------------------------------- compacting


def compact(opened: Opened, bad_places: BadPlaces, *, writable: bool) -> dict[str, int]:
    """See `FingerprintStore.compact`. A kill at any moment leaves every record with a row that holds its bytes."""
    folder = opened.folder
    if folder is None or not writable or not isinstance(opened.catalog, Catalog):
        raise StoreError("The cache cannot be written, so it cannot be made smaller.", code="store.locked")
    alone = opening.take_reader_lock_alone(folder)
    if alone is None:
        raise StoreLocked("Another imgfp is reading the cache now.", hint="Wait until it has finished, or close it.")
    try:
        before = sum(map(disk_bytes, _our_files(folder)))
        dropped = _drop_damaged(opened, bad_places)
        moved = _move_together(opened)
        removed = _remove_leftovers(opened, folder)
    except TROUBLE as error:
        raise StoreError(f"The cache could not be made smaller ({error}).", hint="What it holds is still there.") from error
    finally:
        alone.release()
    opened.reuse = True
    after = sum(map(disk_bytes, _our_files(folder)))
    sizes = {"bytes_before": before, "bytes_after": after}
    return sizes | {"records_dropped": dropped, "rows_moved": moved, "files_removed": removed}


def drop_gone(opened: Opened, is_gone: Callable[[bytes, str], bool], needed: int) -> int:
    """See `FingerprintStore.drop_gone`."""
    catalog, last, dropped, freed = _on_disk(opened), 0, 0, 0
    while freed < needed:
        names = catalog.names(last, _NAMES_AT_ONCE)
        if not names:
            break
        last = names[-1][0]
        gone = [(path, volume) for _, path, volume in names if is_gone(path, volume)]
        gone = gone[: -(-(needed - freed) // (opened.columns.row_bytes + _RECORD_BYTES))]
        for volume in sorted({volume for _, volume in gone}):
            catalog.forget([path for path, lay_on in gone if lay_on == volume], volume)
        dropped, freed = dropped + len(gone), freed + len(gone) * (opened.columns.row_bytes + _RECORD_BYTES)
    return dropped


def _drop_damaged(opened: Opened, bad_places: BadPlaces) -> int:
    """Throw out records that are damaged or whose fingerprint is; returns how many."""
    before, bad = 0, list[int]()
    sound = False
    try:
        before, seen, bad = opened.catalog.count(), 0, []
        for files in _blocks(opened.catalog.all()):
            seen, bad = seen + len(files), bad + _bad_rows(files, bad_places)
        sound = seen == before and not opened.catalog.complaints()
    except (sqlite3.Error, UnicodeDecodeError):
        pass
    if not sound:
        renew_catalog(opened, None)
        bad = [row for files in _blocks(opened.catalog.all()) for row in _bad_rows(files, bad_places)]
    _on_disk(opened).drop_rows(np.array(bad, np.int64))
    return max(before - opened.catalog.count(), 0)


def _bad_rows(files: Sequence[StoredFile], bad_places: BadPlaces) -> list[int]:
    return [row for place in bad_places(files) if (row := files[place].row) is not None]


def _blocks(files: Iterator[StoredFile]) -> Iterator[list[StoredFile]]:
    """Some thousands at a time."""
    while block := list(islice(files, _NAMES_AT_ONCE)):
        yield block


def _move_together(opened: Opened) -> int:
    """Fill holes with the highest rows: written and flushed, then committed, and only then is the old place free."""
    named = opened.catalog.rows()
    count = len(named)
    movers = named[named >= count]
    holes = np.setdiff1d(np.arange(count, dtype=np.int64), named)
    for start in range(0, len(movers), _MOVE_ROWS):
        old, new = movers[start : start + _MOVE_ROWS], holes[start : start + _MOVE_ROWS]
        packed, readable = opened.columns.read(old)
        opened.columns.write(new[readable], packed[readable])
        _on_disk(opened).move_rows(old[readable], new[readable])
        _on_disk(opened).drop_rows(old[~readable])
    return len(movers)


def _remove_leftovers(opened: Opened, folder: Path) -> int:
    named: NDArray[np.int64] = opened.catalog.rows()
    end = int(named[-1]) + 1 if len(named) else 0
    _on_disk(opened).tidy(end)
    opened.columns.drop_above(-(-end // opened.columns.capacity))
    kept = {*opened.columns.files, *opening.catalog_files(folder / catalogs.NAME)}
    kept.add(folder / opening.PAIRS / f"{opened.profile}{PAIRS_SUFFIX}")
    kept.update(thumbnail_file.files_of(folder / thumbnail_file.NAME))
    return _remove([path for path in _our_files(folder) if path not in kept])


# ---------------------------------------------------------------------------------------------------- clearing


def clear(folder: Path, *, newer: bool) -> dict[str, int]:
    """See `FingerprintStore.clear`."""
    if not folder.is_dir():
        return {"files": 0, "bytes": 0}
    try:
        lock = opening.take_writer_lock(folder, [])
        try:
            alone = opening.take_reader_lock_alone(folder)
            if alone is None:
                raise StoreLocked("Another imgfp is reading the cache now.", hint="Wait until it has finished, or close it.")
            alone.release()
            if not newer:
                _refuse_any_newer(folder)
            files = _our_files(folder)
            size = sum(map(disk_bytes, files))
            return {"files": _remove(files), "bytes": size}
        finally:
            lock.release()
    except (OSError, DamageError) as error:
        raise StoreError(f"The cache could not be cleared ({error}).", hint="Check that its folder can be written.") from error


def _refuse_any_newer(folder: Path) -> None:
    profiles = [entry.name for entry in _real_folders(folder / opening.COLUMNS)]
    for profile in profiles or [""]:
        opening.refuse_newer(folder, profile)


def _remove(files: Sequence[Path]) -> int:
    """Remove these, the catalog first: without it nothing names a row. Empty folders stay."""
    ordered = sorted(files, key=lambda path: (not path.name.startswith(catalogs.NAME), str(path)))
    return sum(remove_own(path) for path in ordered)


def _our_files(folder: Path) -> list[Path]:
    """Files with names of the store, below real folders of the store; folders that were set aside are not looked into."""
    found = [path for path in _entries(folder) if _TOP_NAMES.fullmatch(path.name) or backup.NAMES.fullmatch(path.name)]
    for profile in _real_folders(folder / opening.COLUMNS):
        found += [path for path in _entries(profile) if _COLUMN_NAMES.fullmatch(path.name)]
    found += [path for path in _entries(folder / opening.PAIRS) if _PAIR_NAMES.fullmatch(path.name)]
    found += [path for path in _entries(folder / "libraries") if _LIBRARY_NAMES.fullmatch(path.name)]
    return [path for path in found if not path.is_dir() or path.is_symlink()]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if not folder.is_symlink() else []
    except OSError:
        return []


def _real_folders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.is_dir() and not path.is_symlink() and _PROFILE_NAMES.fullmatch(path.name)]
