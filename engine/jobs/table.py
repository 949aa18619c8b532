"""The pictures of a library as the arrays that matching reads, in path order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from engine.fingerprint import PARTS
from engine.jobs.fact_columns import NO_NUMBER, SECONDS_TO_1970, Array
from engine.jobs.file_table import FileTable
from engine.jobs.lazy_parts import lazily
from engine.jobs.library import Files, Library
from engine.jobs.quick_rows import gathered
from engine.jobs.saved_matching import Matching
from engine.records import PictureFacts, PictureTable
from engine.records.pairs import Rows
from engine.store import FingerprintStore

HASHES = ("dct64", "dct256", "gradient", "trim64", "trim256", "frame")
BULKY = ("colour", "plate", "points", "codes")

Ints = NDArray[np.int64]


def picture_table(
    pictures: Files, store: FingerprintStore, *, apart: bool = False, quick_store: FingerprintStore | None = None
) -> PictureTable:
    """Table of these pictures, which must have rows in the store and be in path order.

    apart: every picture is a shot of its own (for questions about single files, in any order). quick_store: where the rows of
    provisional pictures lie.
    """
    bulky: dict[str, Any] = {part: lazily(pictures, store, quick_store, part) for part in BULKY}
    columns, films = fact_columns(pictures, apart=apart)
    hashes = {name: flat(name, values) for name, values in gathered(pictures, store, quick_store, HASHES).items()}
    return PictureTable(**hashes, **bulky, **columns, films=films)


def lazy_table(
    pictures: Files, matching: Matching, store: FingerprintStore, quick_store: FingerprintStore | None
) -> PictureTable:
    """As `picture_table`, of what was learnt of the facts before; no fingerprint is read until one is asked for."""
    parts: dict[str, Any] = {part: lazily(pictures, store, quick_store, part) for part in BULKY}
    hashes: dict[str, Any] = {name: FlatRows(lazily(pictures, store, quick_store, name), name) for name in HASHES}
    return PictureTable(**parts, **hashes, **matching.columns, films=matching.films)


def with_hashes(table: PictureTable) -> PictureTable:
    """The same with its hashes in memory, for a search through all of them."""
    hashes: dict[str, Any] = {name: np.asarray(getattr(table, name)[:]) for name in HASHES}
    return replace(table, **hashes)


def matching_of(pictures: Files) -> Matching:
    """What matching reads of facts, and a digest of all that a pair depends on."""
    columns, films = fact_columns(pictures)
    digest = blake3(b"".join(len(film).to_bytes(4, "little") + film for film in films))
    for column in (*columns.values(), *content_ids(pictures)):
        digest.update(len(column).to_bytes(8, "little"))
        digest.update(np.ascontiguousarray(column).view(np.uint8).data)
    return Matching(pictures.ids, columns, films, digest.digest())


def flat(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """A hash column as a table has it: (n,) where it is one number a picture, else (n, numbers)."""
    return values.reshape(len(values)) if PARTS[name].shape == (1,) else values


class FlatRows:
    """A hash column that is read when it is asked for."""

    def __init__(self, rows: Rows, name: str) -> None:
        self._rows, self._name = rows, name

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any, /) -> Any:
        if np.ndim(place) or isinstance(place, slice):
            return flat(self._name, self._rows[place])
        return flat(self._name, self._rows[place : place + 1])[0]


def fact_columns(pictures: Files, *, apart: bool = False) -> tuple[dict[str, Array], tuple[bytes, ...]]:
    """`saved_matching.COLUMNS` of these pictures, and the films of which some are frames."""
    count, columns = len(pictures), _Columns(pictures)
    films, film = columns.films()
    made: dict[str, Array] = {
        "bytes_id": columns.digests("blake3"),
        "data_id": columns.digests("picture_digest"),
        "variant": _ids(columns.column("orientation"), columns.column("profile")),
        "orientation": _frozen(columns.column("orientation"), np.uint8),
        "width": _frozen(columns.numbers("width", 0), np.int32),
        "height": _frozen(columns.numbers("height", 0), np.int32),
        "frames": _frozen(columns.frames(), np.int32),
        "film": film,
        "moment": columns.moments(),
        "camera": columns.cameras(),
        "exposure": _ids(columns.column("exposure"), known=columns.column("exposure") != columns.empty),
        "shot": _frozen(np.arange(count), np.int64) if apart else columns.shots(),
        "flat": _frozen(columns.column("flat"), np.bool_),
        "partial": _frozen(columns.is_text("status", "partial"), np.bool_),
        "raw": _frozen(columns.is_text("kind", "raw"), np.bool_),
    }
    return made, films


def usable(library: Library) -> Files:
    """Pictures whose fingerprints are stored: all of a finished scan, those committed so far of a running one."""
    return library.files.where(library.table.pictures() & (library.table.files["row"] >= 0))


def content_ids(pictures: Files) -> tuple[Array, ...]:
    """What the plate of each picture follows from: the bytes of the file (where they were not digested, its state on the disk)
    and the way in which it was decoded."""
    table, columns = pictures.table, _Columns(pictures)
    digests = columns.column("blake3")
    stats = table.stats[pictures.ids]
    stats[digests[:, -1] != 0] = 0
    return digests, stats, *columns.named("route"), *columns.named("decoder"), table.files["provisional"][pictures.ids]


def moment_ms(facts: PictureFacts) -> int:
    """Capture time in ms since 1970 as the camera wrote it (no zone), -1 when unknown."""
    if facts.taken is None:
        return -1
    return max(0, _seconds_since_1970(facts.taken) * 1000 + _fraction_ms(facts.taken_fraction))


def _seconds_since_1970(taken: str) -> int:
    return int(datetime.fromisoformat(taken).replace(tzinfo=UTC).timestamp())


def _fraction_ms(digits: str) -> int:
    return int((digits + "000")[:3]) if digits.isdigit() else 0


class _Columns:
    """The fact columns of some files of a table; every array has one entry a picture."""

    def __init__(self, pictures: Files) -> None:
        self._table: FileTable = pictures.table
        self._ids = pictures.ids
        self._texts = pictures.table.pools.texts
        self.empty = self._texts.number("")

    def column(self, name: str) -> Array:
        """As it is kept: see `fact_columns.KINDS`."""
        found: Array = self._table.facts[name][self._ids]
        return found

    def is_text(self, name: str, text: str) -> NDArray[np.bool_]:
        """Which pictures have this text for a fact."""
        found: NDArray[np.bool_] = self.column(name) == self._texts.find(text)
        return found

    def named(self, name: str) -> tuple[Array, Array]:
        """Which text each picture has, and the texts themselves: the same whatever the numbers in the pool."""
        column = self.column(name)
        ids = _ids(column)
        first = np.unique(ids, return_index=True)[1]
        texts = "\0".join([self._texts[number] or "" for number in column[first].tolist()])
        return ids, np.frombuffer(texts.encode("utf-8", "surrogatepass") + b"\0", np.uint8)

    def numbers(self, name: str, unknown: int) -> Array:
        """A number, with another one in place of None."""
        found = self.column(name)
        return np.where(found == NO_NUMBER, unknown, found)

    def frames(self) -> Array:
        """Frames of each picture, 1 where nobody told."""
        return np.maximum(self.numbers("frames", 1), 1)

    def digests(self, name: str) -> Ints:
        """Equal digests have equal numbers, -1 where it is unknown."""
        rows = self.column(name)
        known = rows[:, -1] != 0
        words = np.ascontiguousarray(rows[:, :-1]).view("<u8")
        # hardly ever do two digests share their first 8 bytes: one sort, and a check that equal means equal
        ids = _ids(words[:, 0], known=known)
        first = np.full(int(ids.max(initial=-1)) + 1, -1, np.int64)
        first[ids[known][::-1]] = np.flatnonzero(known)[::-1]
        if (words[known] == words[first[ids[known]]]).all():
            return ids
        return _ids(*words.T, known=known)

    def cameras(self) -> Ints:
        """Equal make, model and serial have equal numbers, -1 where neither make nor model is known."""
        make, model = self.column("make"), self.column("model")
        return _ids(make, model, self.column("serial"), known=(make != self.empty) | (model != self.empty))

    def films(self) -> tuple[tuple[bytes, ...], Ints]:
        """Frame hashes, each once, and which of them each picture has (-1: a still)."""
        numbers = self.column("frame_hashes")
        film = _ids(numbers, known=self.frames() > 1)
        order = np.flatnonzero(film >= 0)
        first = order[np.unique(film[order], return_index=True)[1]]
        return tuple(self._table.pools.blobs[number] or b"" for number in numbers[first].tolist()), film

    def moments(self) -> Ints:
        """See `moment_ms`."""
        taken, fraction = self.column("taken"), self.column("taken_fraction")
        seconds = taken - SECONDS_TO_1970
        for number in np.unique(taken[taken < 0]).tolist():
            text = self._texts[-1 - number]
            seconds[taken == number] = 0 if text is None else _seconds_since_1970(text)
        parts, which = np.unique(fraction, return_inverse=True)
        ms = np.array([_fraction_ms(self._texts[number] or "") for number in parts.tolist()], np.int64)
        unknown = taken == -1 - self._texts.number(None)
        return _frozen(np.where(unknown, -1, np.maximum(0, seconds * 1000 + (ms[which] if len(ms) else 0))), np.int64)

    def shots(self) -> Ints:
        """The shot of each picture; one of its own for a picture alone."""
        shot = self._table.files["shot"][self._ids].astype(np.int64)
        alone = 1 + max(0, int(shot.max(initial=0)))
        return _frozen(np.where(shot >= 0, shot, alone + np.arange(len(shot))), np.int64)


Number = TypeVar("Number", bound=np.generic)


def _frozen(values: Array, dtype: type[Number]) -> NDArray[Number]:
    array: NDArray[Number] = np.ascontiguousarray(values, dtype)
    array.setflags(write=False)
    return array


def _ids(*keys: Array, known: NDArray[np.bool_] | None = None) -> Ints:
    """Rows with equal keys have equal numbers, in order of first appearance; -1 where they are not known."""
    whole = np.full(len(keys[0]), -1, np.int64)
    places = np.arange(len(whole)) if known is None else np.flatnonzero(known)
    number = np.zeros(len(places), np.int64)
    for key in keys:
        values, part = np.unique(key[places], return_inverse=True)
        _, number = np.unique(number * max(1, len(values)) + part, return_inverse=True)
    _, first = np.unique(number, return_index=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    whole[places] = rank[number]
    return _frozen(whole, np.int64)
