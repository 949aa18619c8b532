"""FingerprintStore: catalog, columns and pair table behind one door.

It is a cache: whatever it cannot prove it does not know, and whatever it cannot write it keeps in memory until it is closed.
It never touches a file outside its folder, and nothing it says is enough to remove a photo.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import StoreError
from engine.records import StatFacts
from engine.store import housekeeping, opening
from engine.store.catalog import TROUBLE, Catalog, Record, is_damage
from engine.store.entries import Entry, fields_of, record_seal, row_seal
from engine.store.files import DamageError
from engine.store.layers import LayeredCatalog
from engine.store.layout import MAX_ROW_BYTES, SEGMENT_ROWS, PartSpec, check_name
from engine.store.lazy import LazyRows
from engine.store.library_folder import LibraryFolder
from engine.store.opening import Opened
from engine.store.pairs import SUFFIX as PAIRS_SUFFIX
from engine.store.pairs import read_pairs, write_pairs
from engine.store.place import ColumnPlace
from engine.store.rows import RowSet, RowSupply
from engine.store.stored_file import StoredFile

log = logging.getLogger(__name__)

_BLOCK_ROWS = 256  # rows checked at once: 1 MB of fingerprints

Identity = tuple[int, int, int, int]
"""device, inode, size in bytes, mtime_ns."""

T = TypeVar("T")


class FingerprintStore:
    """What is known of files that were looked at before. Safe to call from several threads; one call at a time is served.

    Attributes
    ----------
    notes: sentences for the user: what was set aside, why nothing is kept. Grows while the store is open.
    writable: what is put now outlives the process. When False, all calls work the same until `close`.
    """

    def __init__(self, opened: Opened) -> None:
        """Use `open` or `in_memory`."""
        self._opened = opened
        self._lock = threading.RLock()
        self._supply: RowSupply | None = None
        self._proven = RowSet()  # rows whose check sums agreed, or that were written, since the store was opened
        self._pairs: tuple[bytes, NDArray[np.void]] | None = None  # where no file can be written
        self.notes = opened.notes
        self.writable = opened.writable

    # ------------------------------------------------------------------------------------------------ opening, closing

    @classmethod
    def open(
        cls, folder: Path, profile: str, parts: Mapping[str, PartSpec], *, write: bool = True, capacity: int = SEGMENT_ROWS
    ) -> Self:
        """Open the store in `folder`, made where it is missing.

        Parameters
        ----------
        profile: id of everything that can change a bit of a fingerprint, [a-z0-9_-]. parts: what one consists of, in order.
        write: take the writer's lock; False reads beside a writer. capacity: rows a column file, for a new profile.

        Raises
        ------
        StoreLocked: another process writes (open again with ``write=False``). StoreNewer: left untouched.
        ValueError: a name or size that cannot be stored.

        A folder that cannot be written is read if possible, else done without: `writable` is then False and `notes` says why.
        """
        _check_parts(profile, parts, capacity)
        notes: list[str] = []
        if write:
            try:
                return cls(opening.open_writing(folder, profile, parts, capacity))
            except TROUBLE as error:
                notes.append(f"The cache cannot be written ({_reason(error)}); what this run computes is not kept.")
        try:
            opened = opening.open_reading(folder, profile, parts, capacity)
        except TROUBLE as error:
            if not write and not isinstance(error, FileNotFoundError):
                notes.append(f"The cache cannot be read ({_reason(error)}); this run works without it.")
            opened = opening.open_memory(profile, parts, capacity)
        opened.notes[:0] = notes
        return cls(opened)

    @classmethod
    def in_memory(cls, profile: str, parts: Mapping[str, PartSpec]) -> Self:
        """A store without any file, gone with the process."""
        _check_parts(profile, parts, SEGMENT_ROWS)
        return cls(opening.open_memory(profile, parts, SEGMENT_ROWS))

    @staticmethod
    def clear(folder: Path, *, newer: bool = False) -> dict[str, int]:
        """Remove all that the store keeps in `folder`, sound or damaged: ``{"files": n, "bytes": n}``. Nothing else is touched.

        newer: also a store of a newer version. Raises StoreLocked, StoreNewer; StoreError when a file cannot be removed.
        """
        return housekeeping.clear(folder, newer=newer)

    def close(self) -> None:
        """Close all files and give the locks back. Later calls fail; closing twice does not."""
        with self._lock:
            opened = self._opened
            if self.writable and isinstance(opened.catalog, Catalog):
                opened.catalog.close()
            else:
                opened.catalog.abandon()
            opened.columns.close()
            for lock in opened.locks:
                lock.release()
            opened.locks.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------ looking up

    def known(self, paths: Sequence[bytes], *, volumes: Sequence[str] | None = None) -> dict[bytes, StoredFile]:
        """What is known of these paths; a file whose record or fingerprint is damaged is not known.

        volumes: the volume each path lies on now. Without it, of one path on several volumes the last stored is given.
        """
        wanted = dict(zip(paths, volumes, strict=True)) if volumes is not None else None
        found = self._sound(lambda catalog: catalog.by_paths(paths))
        return {file.path: file for file in found if wanted is None or wanted[file.path] == file.volume}

    def by_identity(self, device: int, inode: int, size: int, mtime_ns: int) -> tuple[StoredFile, ...]:
        """Files last seen with these facts, whatever their path."""
        return tuple(self._sound(lambda catalog: catalog.by_identities([(device, inode, size, mtime_ns)])))

    def by_identities(self, identities: Iterable[Identity]) -> dict[Identity, tuple[StoredFile, ...]]:
        """As `by_identity` for many; identities that nobody has are left out."""
        return _grouped(
            self._sound(lambda catalog: catalog.by_identities(identities)),
            lambda file: (file.stat.device, file.stat.inode, file.stat.size, file.stat.mtime_ns),
        )

    def by_digest(self, blake3: bytes) -> tuple[StoredFile, ...]:
        """Files whose bytes had this digest."""
        return tuple(self._sound(lambda catalog: catalog.by_digests([blake3])))

    def by_digests(self, digests: Iterable[bytes]) -> dict[bytes, tuple[StoredFile, ...]]:
        """As `by_digest` for many; digests that nobody has are left out."""
        return _grouped(self._sound(lambda catalog: catalog.by_digests(digests)), lambda file: file.facts.blake3 or b"")

    def sampled_elsewhere(self, stat: StatFacts, sample: bytes | None = None) -> tuple[StoredFile, ...]:
        """Files on other devices of the same size and time of change (to two seconds), with this sample, or with any.

        A sample finds what is likely a copy; it proves nothing of the bytes that were not in it.
        """
        return tuple(self._sound(lambda catalog: catalog.sampled(stat.size, stat.mtime_ns, stat.device, sample)))

    def digest_sizes(self) -> NDArray[np.int64]:
        """Sizes in bytes, ascending, of all files whose digest is known: only a file of such a size can be found by digest."""
        return self._ask(lambda catalog: catalog.digest_sizes(), lambda: np.empty(0, np.int64))

    def files_below(self, root: bytes) -> list[StoredFile]:
        """Every file known at or below `root`, by path, on absent volumes too; `row` is None where the fingerprint is damaged."""
        found: list[StoredFile] = self._ask(lambda catalog: list(catalog.below(root)), list)
        bad = self._bad_places(found)
        return [file.without_row() if place in bad else file for place, file in enumerate(found)]

    def volumes(self) -> dict[str, int]:
        """Number of files known on each volume."""
        return self._ask(lambda catalog: catalog.volumes(), dict)

    def verify_rows(self, entries: Sequence[StoredFile]) -> set[bytes]:
        """Paths among these whose fingerprint no longer agrees with its check sum."""
        return {entries[place].path for place in self._bad_places(entries)}

    def prints(
        self, rows: Sequence[int] | NDArray[np.integer[Any]], parts: Sequence[str] | None = None
    ) -> dict[str, NDArray[np.generic]]:
        """Fingerprint parts of these rows in this order: name to array (n, *shape), little-endian, read-only copies.

        parts: only these (a plate takes 4 KiB a row). Raises StoreError when a row cannot be read any more, KeyError for an
        unknown part.
        """
        wanted = np.asarray(rows, np.int64).reshape(-1)
        if len(wanted) and wanted.min() < 0:
            raise StoreError("The cache was asked for a fingerprint that it does not have.")
        with self._lock:
            columns = self._opened.columns
            try:
                return {name: columns.gather(wanted, name) for name in (self._opened.parts if parts is None else parts)}
            except (OSError, DamageError) as error:
                raise _lost(error) from error

    def lazy(self, rows: Sequence[int] | NDArray[np.integer[Any]], part: str) -> LazyRows:
        """One part of these rows, read from the disk when it is asked for and not kept. Raises KeyError for an unknown part."""
        return LazyRows(self._read_apart, rows, part, self._opened.parts[part])

    @property
    def place(self) -> ColumnPlace:
        """Where the rows lie, for another process to read while this store is open."""
        opened = self._opened
        folder = str(opened.folder / opening.COLUMNS / opened.profile) if opened.folder is not None else ""
        return ColumnPlace(folder, opened.profile, opened.columns.capacity, opened.mapped, opened.columns.first_memory_row)

    def _read_apart(self, rows: NDArray[np.int64], part: str) -> NDArray[np.generic]:
        with self._lock:
            try:
                return self._opened.columns.gather(rows, part, apart=True)
            except (OSError, DamageError) as error:
                raise _lost(error) from error

    def libraries(self) -> LibraryFolder | None:
        """Where whole libraries are saved; None where nothing is kept on a disk."""
        folder, profile = self._opened.folder, self._opened.profile
        return LibraryFolder(folder, profile, mapped=self._opened.mapped, writable=self.writable) if folder is not None else None

    def state(self) -> bytes:
        """16 bytes that stand for all that is stored: the same value means that no record and no row was changed since."""
        return self._ask(lambda catalog: catalog.state(), lambda: os.urandom(16))

    def _sound(self, query: Callable[[Catalog | LayeredCatalog], Iterator[StoredFile]]) -> list[StoredFile]:
        found: list[StoredFile] = self._ask(lambda catalog: list(query(catalog)), list)
        bad = self._bad_places(found)
        return [file for place, file in enumerate(found) if place not in bad] if bad else found

    def _bad_places(self, files: Sequence[StoredFile]) -> set[int]:
        """Places in `files` whose check sum over record and fingerprint does not agree."""
        with self._lock:
            bad = {place for place, file in enumerate(files) if file.row is None and file.seal != file.record_seal}
            rows = np.fromiter((-1 if file.row is None else file.row for file in files), np.int64, len(files))
            order = np.argsort(rows, kind="stable")[np.count_nonzero(rows < 0) :]
            for start in range(0, len(order), _BLOCK_ROWS):
                places = order[start : start + _BLOCK_ROWS]
                wrong = self._bad_block([files[place] for place in places.tolist()], rows[places])
                self._proven.add(rows[places[~wrong]])
                bad.update(places[wrong].tolist())
            return bad

    def _bad_block(self, files: Sequence[StoredFile], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        columns = self._opened.columns
        packed, readable = columns.read(rows)
        whole, width = memoryview(packed.data).cast("B"), columns.row_bytes
        seals = [
            row_seal(whole[at : at + width], file.record_seal) == file.seal
            for at, file in zip(range(0, len(whole), width), files, strict=True)
        ]
        return ~(np.array(seals, np.bool_) & readable)

    # ------------------------------------------------------------------------------------------------ changing

    def put(self, entries: Sequence[Entry]) -> tuple[int | None, ...]:
        """Store these files, all or none of them, and return the row of each one's fingerprint.

        Rows are written and flushed before the records that name them are committed. A `row` given without `prints` that does not
        verify is not kept: None is returned for it. Where nothing can be written (any more) everything is kept in memory.
        Raises ValueError for prints that are too short.
        """
        if not entries:
            return ()
        with self._lock:
            if not self._opened.catalog.write:
                self._keep_in_memory(None)
            return self._insist(lambda: self._put(entries))

    def _put(self, entries: Sequence[Entry]) -> tuple[int | None, ...]:
        opened, supply = self._opened, self._rows()
        width = opened.columns.row_bytes
        new = [place for place, entry in enumerate(entries) if entry.prints is not None]
        packed = _packed([entries[place].prints or b"" for place in new], width)
        rows: list[int | None] = self._reusable(entries)
        fresh = supply.take(len(new))
        opened.columns.write(fresh, packed)
        for place, row in zip(new, fresh.tolist(), strict=True):
            rows[place] = row

        fields = [fields_of(entry.path, entry.volume, entry.stat, entry.facts) for entry in entries]
        own_seals = [record_seal(one, opened.profile) for one in fields]
        seals = list(own_seals)
        again = [place for place, entry in enumerate(entries) if entry.prints is None and rows[place] is not None]
        _seal(seals, new, packed)
        _seal(seals, again, opened.columns.read(np.array([rows[place] for place in again], np.int64))[0])
        opened.catalog.put(
            [Record(*one) for one in zip(fields, rows, own_seals, seals, (entry.sample for entry in entries), strict=True)],
            supply.next_row,
        )

        self._proven.add(fresh)
        return tuple(rows)

    def _reusable(self, entries: Sequence[Entry]) -> list[int | None]:
        """The row of each entry that brings no prints, where its bytes were proven; sealing them anew would bless damage."""
        asked = {
            entry.row for entry in entries if entry.prints is None and entry.row is not None and entry.row not in self._proven
        }
        if asked:
            self._bad_places(list(self._opened.catalog.by_rows(sorted(asked))))  # what agrees becomes proven
        return [int(e.row) if e.prints is None and e.row is not None and e.row in self._proven else None for e in entries]

    def _rows(self) -> RowSupply:
        """Made before the first change, from what was committed when the store was opened."""
        if self._supply is None:
            opened = self._opened
            if self.writable:
                most = (opened.columns.segments + 1) * opened.columns.capacity  # a forged or damaged number is cut
                named = opened.catalog.rows()
                self._supply = RowSupply(named[named < most], min(opened.catalog.next_row(), most), reuse=opened.reuse)
            else:
                self._supply = RowSupply(np.empty(0, np.int64), opened.columns.first_memory_row, reuse=False)
        return self._supply

    def forget(self, paths: Sequence[bytes], *, volume: str | None = None) -> None:
        """Drop what is known of these paths (on one volume, or on all). Never do so because a volume is absent."""
        with self._lock:
            if not self._opened.catalog.write:
                self._keep_in_memory(None)
            self._insist(lambda: self._forget(paths, volume))

    def _forget(self, paths: Sequence[bytes], volume: str | None) -> None:
        self._rows()  # what is free is settled before anything is dropped: a reader may still hold these rows
        self._opened.catalog.forget(paths, volume)

    def _insist(self, change: Callable[[], T]) -> T:
        """Carry a change out: on the disk, else in a new catalog, else in memory."""
        for _ in range(2):
            try:
                return change()
            except TROUBLE as error:
                if not self._recover(error):
                    raise
        return change()

    def _ask(self, query: Callable[[Catalog | LayeredCatalog], T], otherwise: Callable[[], T]) -> T:
        """Answer a question; a catalog that proves damaged is replaced first, and what cannot be saved is not known."""
        with self._lock:
            for _ in range(3):
                try:
                    return query(self._opened.catalog)
                except TROUBLE as error:
                    if not self._recover(error):
                        break
            return otherwise()

    def _recover(self, error: Exception) -> bool:
        """Go on after an error of the catalog or the disk. False when nothing is left to be tried."""
        catalog = self._opened.catalog
        if isinstance(catalog, LayeredCatalog):
            return catalog.drop_base()
        if self._opened.folder is None:
            return False
        if not (is_damage(error) and self.writable and self._renew(error)):
            self._keep_in_memory(error)
        return True

    def _renew(self, error: Exception) -> bool:
        """A new catalog in place of one that proved damaged, with what could be saved of it. False when that fails."""
        opened, columns = self._opened, self._opened.columns
        try:
            housekeeping.renew_catalog(opened, error)
        except (*TROUBLE, StoreError):
            return False
        finally:
            self.notes.append(opened.damage[-1])
        # Rows given out in this session must stay what they are, so nothing below them is written before the next opening.
        self._supply = RowSupply(np.empty(0, np.int64), columns.segments * columns.capacity, reuse=False)
        return True

    def _keep_in_memory(self, error: Exception | None) -> None:
        """From now on nothing is written. Rows that were given out stay readable."""
        opened = self._opened
        assert isinstance(opened.catalog, Catalog)
        opened.catalog = LayeredCatalog(opened.catalog, opened.profile, opened.columns.capacity)
        if error is not None:
            trouble = "is damaged" if is_damage(error) else "cannot be written"
            self.notes.append(f"The cache {trouble} ({_reason(error)}); what this run computes is not kept.")
            log.warning("store degraded reason=%r", error)
        self.writable = False
        self._supply = None

    # ------------------------------------------------------------------------------------------------ pairs

    def put_pairs(self, key: bytes, pairs: NDArray[np.void]) -> None:
        """Keep the pair table, PAIR_DTYPE (n,). key: 32 bytes, a digest of all that it was made from."""
        if len(key) != 32:
            raise ValueError("the key of a pair table has 32 bytes")
        with self._lock:
            path = self._pairs_path()
            if path is None:
                self._pairs = (key, pairs)
                return
            try:
                write_pairs(path, self._opened.profile, key, pairs)
            except (OSError, DamageError) as error:
                self._keep_in_memory(error)
                self._pairs = (key, pairs)

    def load_pairs(self, key: bytes) -> NDArray[np.void] | None:
        """The table kept under this key, read-only; None when there is none or it is damaged."""
        with self._lock:
            if self._pairs is not None and self._pairs[0] == key:
                return self._pairs[1]
            opened = self._opened
            if opened.folder is None:
                return None
            path = opened.folder / opening.PAIRS / f"{opened.profile}{PAIRS_SUFFIX}"
            try:
                return read_pairs(path, opened.profile, key, mapped=opened.mapped)
            except DamageError as error:
                if self.writable:
                    housekeeping.put_one_aside(error, opened.damage)
                    self.notes.append(opened.damage[-1])
            except OSError as error:
                log.warning("pair table unreadable reason=%r", error)
            return None

    def _pairs_path(self) -> Path | None:
        folder = self._opened.folder
        return folder / opening.PAIRS / f"{self._opened.profile}{PAIRS_SUFFIX}" if self.writable and folder is not None else None

    # ------------------------------------------------------------------------------------------------ housekeeping

    def info(self) -> dict[str, Any]:
        """What the store holds and takes; plain values, for ``store info``."""
        with self._lock:
            facts: dict[str, Any] = self._ask(lambda _: housekeeping.info(self._opened), dict)
            facts["writable"] = self.writable
            return facts

    def verify(self) -> list[str]:
        """Every record, row and file checked; a sentence for each thing wrong, none when all is well."""
        with self._lock:
            return housekeeping.verify(self._opened, self._bad_places)

    def drop_gone(self, is_gone: Callable[[bytes, str], bool], needed_bytes: int) -> int:
        """Forget files that `is_gone` (path, volume) says are no more, first stored first, until so many bytes can be given back.

        Only `compact` gives them back. Returns how many were forgotten. `is_gone` must be False for all on an absent volume.
        """
        with self._lock:
            if not self.writable or not isinstance(self._opened.catalog, Catalog) or self._opened.folder is None:
                return 0
            self._rows()
            try:
                return housekeeping.drop_gone(self._opened, is_gone, needed_bytes)
            except TROUBLE as error:
                raise StoreError(f"The cache could not be made smaller ({_reason(error)}).") from error

    def compact(self) -> dict[str, int]:
        """Move rows together, drop what other versions and damage left. All rows given out before are void afterwards.

        Raises StoreLocked while somebody reads, StoreError when the store cannot be written.
        """
        with self._lock:
            answer = housekeeping.compact(self._opened, self._bad_places, writable=self.writable)
            self._supply = None
            self._proven.clear()
            return answer


def _check_parts(profile: str, parts: Mapping[str, PartSpec], capacity: int) -> None:
    check_name(profile)
    for name, part in parts.items():
        check_name(name)
        if not 0 < part.row_bytes <= MAX_ROW_BYTES:
            raise ValueError(f"a row of part {name!r} has an impossible size")
    if not parts or not 0 < capacity <= 1 << 20:
        raise ValueError("a store needs parts and a capacity")


def _packed(prints: Sequence[bytes], width: int) -> NDArray[np.uint8]:
    if any(len(one) < width for one in prints):
        raise ValueError(f"a fingerprint has at least {width} bytes")
    return np.frombuffer(b"".join(one[:width] for one in prints), np.uint8).reshape(len(prints), width)


def _seal(seals: list[int], places: Sequence[int], packed: NDArray[np.uint8]) -> None:
    for place, row in zip(places, packed, strict=True):
        seals[place] = row_seal(row.data, seals[place])


def _grouped(files: Iterable[StoredFile], key: Callable[[StoredFile], T]) -> dict[T, tuple[StoredFile, ...]]:
    groups: dict[T, list[StoredFile]] = {}
    for file in files:
        groups.setdefault(key(file), []).append(file)
    return {name: tuple(group) for name, group in groups.items()}


def _lost(error: Exception) -> StoreError:
    return StoreError(
        f"The cache was damaged while it was in use ({_reason(error)}).",
        hint="Start the scan again: what is missing is computed anew.",
    )


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
