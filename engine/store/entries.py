"""What goes into the store and comes out of it, and the check sums that bind a record's fields and rows together."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.records import PictureFacts, StatFacts, field_names

FACTS = field_names(PictureFacts)
"""Columns of the catalog that hold the facts, in the order of the dataclass."""

STATS = field_names(StatFacts)

_BOOLS = ("gps", "lossless", "flat")
_BLOBS = ("frame_hashes", "profile", "blake3", "picture_digest")
_NUMBERS = ("width", "height", "orientation", "frames", "rating", "keywords", "quantisation", "bit_depth", *_BOOLS)
_OPTIONAL = (
    *("code", "format", "width", "height", "frames", "taken", "rating", "quantisation", "blake3", "picture_digest"),
    "bit_depth",
)
LATER_FACTS = ("lens", "software", "bit_depth", "profile_name", "zone", "pairing_id", "white_balance")
"""Facts that came with version 3 of the catalog: the last ones of a record."""

_NOTHING_LATER = tuple(PictureFacts.__dataclass_fields__[name].default for name in LATER_FACTS)
_INT64 = range(-(1 << 63), 1 << 63)


def fact_type(name: str) -> str:
    """SQL type of the column for one fact."""
    return "BLOB" if name in _BLOBS else "INTEGER" if name in _NUMBERS else "TEXT"


def is_optional(name: str) -> bool:
    """The fact may be unknown (NULL)."""
    return name in _OPTIONAL


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to be stored.

    prints: the parts one after the other in the order of the store's parts, little-endian; bytes behind them (flags of the
    wire) are not kept. None: the fingerprint is that of `row` (a moved file, changed facts), or there is none.
    volume: what the volume is called, never its mount path alone.
    """

    path: bytes
    stat: StatFacts
    facts: PictureFacts
    prints: bytes | None = None
    row: int | None = None
    volume: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file as the store knows it; its check sums agreed when it was given out.

    row: where its fingerprint lies, None when there is none. attempts: how often running this state of the file came to this
    error.
    record_seal, seal: check sums over the record, and over it and the fingerprint, for `FingerprintStore.verify_rows`.
    """

    path: bytes
    stat: StatFacts
    facts: PictureFacts
    row: int | None
    attempts: int
    volume: str
    record_seal: int = 0
    seal: int = 0


Fields = tuple[Any, ...]
"""A record as the catalog holds it: path, volume name, stat facts, facts; bools as 0 and 1."""

_FIRST_FACT = 2 + len(STATS)
FIELDS = _FIRST_FACT + len(FACTS)
_BOOL_PLACES = tuple(_FIRST_FACT + FACTS.index(name) for name in _BOOLS)
_PLACE = {name: _FIRST_FACT + place for place, name in enumerate(FACTS)}


def fields_of(path: bytes, volume: str, stat: StatFacts, facts: PictureFacts) -> Fields:
    """The record of one file, in values that SQLite can hold unchanged."""
    values = [path, volume, *(getattr(stat, name) for name in STATS), *(getattr(facts, name) for name in FACTS)]
    for place in _BOOL_PLACES:
        values[place] = int(values[place])
    for place, value in enumerate(values):
        kind = type(value)
        if kind is int:
            if value not in _INT64:  # some file systems number inodes, and date files, beyond 63 bits
                values[place] = str(value).encode()
        elif kind is str and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:  # half a surrogate pair, from a broken maker note
                values[place] = value.encode("utf-8", "surrogatepass")
    return tuple(values)


def record_seal(fields: Fields, profile: str) -> int:
    """CRC-32 over all fields of a record. Later facts count where they say something: records from before keep their seals."""
    if fields[-len(LATER_FACTS) :] == _NOTHING_LATER:
        fields = fields[: -len(LATER_FACTS)]
    return zlib.crc32(f"{profile}{fields!a}".encode("ascii"))


def row_seal(packed: bytes | memoryview, seal: int) -> int:
    """CRC-32 over the fingerprint, begun with the record's own: a row of another file does not verify."""
    return zlib.crc32(packed, seal)


_INT, _STR, _BYTES, _NONE = int, str, bytes, type(None)


def _allowed() -> tuple[frozenset[type], ...]:
    number, text = frozenset({_INT, _BYTES}), frozenset({_STR, _BYTES})
    kinds = {"INTEGER": number, "TEXT": text, "BLOB": frozenset({_BYTES})}
    facts = (kinds[fact_type(name)] | ({_NONE} if is_optional(name) else set()) for name in FACTS)
    return (frozenset({_BYTES}), text, *(number for _ in STATS), *facts)


_ALLOWED = _allowed()
_TEXT_PLACES = (1, *(place for name, place in _PLACE.items() if fact_type(name) == "TEXT"))
_SHARED_LATER = ("lens", "software", "profile_name", "zone", "white_balance")
_SHARED_PLACES = (
    1,
    *(_PLACE[name] for name in ("status", "format", "kind", "make", "model", "serial", "route", "decoder", *_SHARED_LATER)),
)
"""Texts that most files of a library have in common: kept once a query."""

_INT_PLACES = (*range(2, _FIRST_FACT), *(place for name, place in _PLACE.items() if fact_type(name) == "INTEGER"))


class Reader:
    """Turns records back into files, for one query: equal texts become one object, and each pattern of types is judged once."""

    def __init__(self) -> None:
        self._texts: dict[Any, Any] = {}
        self._patterns: dict[tuple[type, ...], int] = {}

    def file(self, fields: Fields, row: int | None, attempts: int, record_seal: int, seal: int) -> StoredFile | None:
        """The file, or None when the record cannot be one of ours (wrong types, impossible values)."""
        pattern = tuple(map(type, fields))
        verdict = self._patterns.get(pattern)
        if verdict is None:
            verdict = self._patterns[pattern] = _judge(pattern)
        if verdict == _WRONG:
            return None
        if verdict == _UNUSUAL:
            try:
                fields = _usual(fields)
            except ValueError:
                return None
        one = self._texts.setdefault
        values = list(fields)
        for place in _SHARED_PLACES:
            values[place] = one(values[place], values[place])
        for place in _BOOL_PLACES:
            values[place] = bool(values[place])
        stat, facts = StatFacts(*values[2:_FIRST_FACT]), PictureFacts(*values[_FIRST_FACT:])
        return StoredFile(values[0], stat, facts, row, attempts, values[1], record_seal, seal) if _possible(facts) else None


_WRONG, _UNUSUAL, _PLAIN = 0, 1, 2


def _judge(pattern: Sequence[type]) -> int:
    if len(pattern) != FIELDS or any(kind not in allowed for kind, allowed in zip(pattern, _ALLOWED, strict=True)):
        return _WRONG
    unusual = any(pattern[place] is _BYTES for place in (*_TEXT_PLACES, *_INT_PLACES))
    return _UNUSUAL if unusual else _PLAIN


def _usual(fields: Fields) -> Fields:
    values = list(fields)
    for place in _TEXT_PLACES:
        if type(values[place]) is bytes:
            values[place] = values[place].decode("utf-8", "surrogatepass")
    for place in _INT_PLACES:
        if type(values[place]) is bytes:
            values[place] = int(values[place][:40])
    return tuple(values)


def _possible(facts: PictureFacts) -> bool:
    return (
        1 <= facts.orientation <= 8
        and (facts.blake3 is None or len(facts.blake3) == 32)
        and (facts.picture_digest is None or len(facts.picture_digest) == 32)
        and (facts.width is None or facts.width >= 0)
        and (facts.height is None or facts.height >= 0)
        and (facts.frames is None or facts.frames >= 0)
        and len(facts.frame_hashes) % 8 == 0
    )
