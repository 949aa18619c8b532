"""From a folder to an open store: locks, versions, what is damaged set aside, and what to do where nothing can be written."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import StoreLocked
from engine.log import tell
from engine.store import catalog as catalogs
from engine.store.catalog import TROUBLE, Catalog
from engine.store.columns import Columns
from engine.store.files import DamageError, check_folder, make_folder, open_own, read_at, set_aside
from engine.store.layers import LayeredCatalog
from engine.store.layout import COLUMN_MAGIC, HEADER_BYTES, PAIRS_MAGIC, PartSpec, check_newer
from engine.store.lock import FileLock, holder
from engine.store.volumes import may_map

log = logging.getLogger(__name__)

WRITER_LOCK = "writer.lock"
READER_LOCK = "readers.lock"
COLUMNS = "columns"
PAIRS = "pairs"


@dataclass(slots=True)
class Opened:
    """What an open store consists of. reuse: nobody read the store when it was opened, so unnamed rows may be written again.

    damage: sentences about what was set aside; notes: those and all others the user should read.
    """

    folder: Path | None
    profile: str
    parts: Mapping[str, PartSpec]
    catalog: Catalog | LayeredCatalog
    columns: Columns
    mapped: bool
    writable: bool
    reuse: bool = False
    locks: list[FileLock] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def open_writing(folder: Path, profile: str, parts: Mapping[str, PartSpec], capacity: int) -> Opened:
    """The store for writing. Raises StoreLocked, StoreNewer, and OSError or sqlite3.Error where it cannot be written."""
    make_folder(folder)
    damage: list[str] = []
    lock = take_writer_lock(folder, damage)
    try:
        reuse = _nobody_reads(folder, damage)
        refuse_newer(folder, profile)
        mapped = may_map(folder)
        catalog = _catalog(folder / catalogs.NAME, profile, capacity, damage, local=mapped)
        try:
            columns = _columns(folder, catalog, profile, parts, damage, mapped=mapped)
            _repair_folder(folder / PAIRS, damage)
        except BaseException:
            catalog.abandon()
            raise
    except BaseException:
        lock.release()
        raise
    return Opened(folder, profile, parts, catalog, columns, mapped, True, reuse, [lock], list(damage), damage)


def open_reading(folder: Path, profile: str, parts: Mapping[str, PartSpec], capacity: int) -> Opened:
    """The store for reading; nothing is set aside. Raises StoreLocked, StoreNewer, DamageError, OSError, sqlite3.Error."""
    if not (folder / catalogs.NAME).is_file():
        raise FileNotFoundError(2, "no cache yet", str(folder))
    lock = _reader_lock(folder)
    try:
        refuse_newer(folder, profile)
        catalog = Catalog.open_reading(folder / catalogs.NAME, profile, capacity)
        mapped = may_map(folder)
        place = folder / COLUMNS / profile
        sound = _is_folder(folder / COLUMNS) and _is_folder(place)
        columns = Columns(place if sound else None, profile, parts, catalog.capacity, mapped=mapped)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    notes = [f"In the cache {damage}; what it held is computed again." for damage in columns.damaged]
    return Opened(folder, profile, parts, catalog, columns, mapped, False, False, [lock] if lock else [], notes, list(notes))


def open_memory(profile: str, parts: Mapping[str, PartSpec], capacity: int) -> Opened:
    """A store that ends with the process."""
    catalog = Catalog.memory(profile, capacity)
    return Opened(None, profile, parts, catalog, Columns(None, profile, parts, capacity, mapped=False), False, False)


# ---------------------------------------------------------------------------------------------------- locks


def take_writer_lock(folder: Path, damage: list[str]) -> FileLock:
    """The one writer's lock. Raises StoreLocked, OSError."""
    path = folder / WRITER_LOCK
    lock = _take(path, damage)
    if lock is None:
        other = holder(path)
        who = f"Another imgfp (process {other})" if other else "Another imgfp"
        raise StoreLocked(f"{who} is using the cache now.", hint="Wait until it has finished, or close it.")
    try:
        lock.sign()
    except OSError:
        pass  # the number is only for the message
    return lock


def take_reader_lock_alone(folder: Path) -> FileLock | None:
    """The readers' lock for nobody else; None while somebody reads."""
    return _take(folder / READER_LOCK, [])


def _nobody_reads(folder: Path, damage: list[str]) -> bool:
    lock = _take(folder / READER_LOCK, damage)
    if lock is None:
        return False
    lock.release()
    return True


def _reader_lock(folder: Path) -> FileLock | None:
    """The readers' lock, shared; None where the folder cannot be written, for then nobody writes."""
    try:
        lock = FileLock.take(folder / READER_LOCK, shared=True)
    except (OSError, DamageError):
        try:
            lock = FileLock.take(folder / READER_LOCK, shared=True, create=False)
        except (OSError, DamageError):
            return None
    if lock is None:
        raise StoreLocked("Another imgfp is tidying the cache now.", hint="Wait until it has finished.")
    return lock


def _take(path: Path, damage: list[str]) -> FileLock | None:
    try:
        return FileLock.take(path)
    except DamageError as error:
        put_aside(error, [path], damage)
        return FileLock.take(path)


# ---------------------------------------------------------------------------------------------------- parts


def put_aside(error: DamageError, paths: list[Path], damage: list[str]) -> None:
    """Set these aside and say so in one line."""
    kept = [moved for moved in map(set_aside, paths) if moved is not None]
    where = f" It was set aside as {kept[0].name}." if kept else ""
    tell(log, logging.WARNING, "store_set_aside", files=len(kept), first=kept[0].name if kept else "", private={"why": error})
    damage.append(f"In the cache {error}; what it held is computed again.{where}")


def catalog_files(path: Path) -> list[Path]:
    """The catalog and what SQLite keeps beside it."""
    return [path.with_name(path.name + suffix) for suffix in catalogs.SUFFIXES]


def _catalog(path: Path, profile: str, capacity: int, damage: list[str], *, local: bool) -> Catalog:
    try:
        return Catalog.open(path, profile, capacity, local=local)
    except DamageError as error:
        put_aside(error, catalog_files(path), damage)
        return Catalog.open(path, profile, capacity, local=local)


def _columns(
    folder: Path, catalog: Catalog, profile: str, parts: Mapping[str, PartSpec], damage: list[str], *, mapped: bool
) -> Columns:
    for place in (folder / COLUMNS, folder / COLUMNS / profile):
        _repair_folder(place, damage)
    columns = Columns(folder / COLUMNS / profile, profile, parts, catalog.capacity, mapped=mapped)
    for error in columns.damaged:
        put_aside(error, [error.path], damage)
    return columns


def _repair_folder(folder: Path, damage: list[str]) -> None:
    try:
        check_folder(folder)
    except DamageError as error:
        put_aside(error, [folder], damage)
        check_folder(folder)


def _is_folder(folder: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(folder).st_mode)
    except OSError:
        return False


def refuse_newer(folder: Path, profile: str) -> None:
    """Look at every header and the catalog's version before anything is touched. Raises StoreNewer; damage is not judged here."""
    for place, magic in ((folder / COLUMNS / profile, COLUMN_MAGIC), (folder / PAIRS, PAIRS_MAGIC)):
        if not (_is_folder(place.parent) and _is_folder(place)):
            continue
        for path in sorted(place.iterdir()):
            if path.suffix in (".col", ".pairs"):
                _refuse_newer_header(path, magic)
    _refuse_newer_catalog(folder / catalogs.NAME)


def _refuse_newer_header(path: Path, magic: bytes) -> None:
    page = bytearray(HEADER_BYTES)
    try:
        descriptor = open_own(path, os.O_RDONLY)
        try:
            whole = read_at(descriptor, memoryview(page), 0)
        finally:
            os.close(descriptor)
    except (OSError, DamageError):
        return
    if whole:
        check_newer(bytes(page), magic)


def _refuse_newer_catalog(path: Path) -> None:
    try:
        if catalogs.check_files(path):
            catalogs.refuse_newer(path)
    except TROUBLE:
        return
