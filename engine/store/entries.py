"""What goes into the store and comes out of it, and the check sums that bind a record's fields and rows together."""

from __future__ import annotations

import zlib
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
    sample: 16 bytes over some of the file's bytes, None: unknown. It finds a file and proves nothing, so no check sum binds it.
    """

    path: bytes
    stat: StatFacts
    facts: PictureFacts
    prints: bytes | None = None
    row: int | None = None
    volume: str = ""
    sample: bytes | None = None


Fields = tuple[Any, ...]
"""A record as the catalog holds it: path, volume name, stat facts, facts; bools as 0 and 1."""

FIRST_FACT = 2 + len(STATS)
FIELDS = FIRST_FACT + len(FACTS)
BOOL_PLACES = tuple(FIRST_FACT + FACTS.index(name) for name in _BOOLS)
PLACES = {name: FIRST_FACT + place for place, name in enumerate(FACTS)}
"""Where each fact stands in a record."""


def fields_of(path: bytes, volume: str, stat: StatFacts, facts: PictureFacts) -> Fields:
    """The record of one file, in values that SQLite can hold unchanged."""
    values = [path, volume, *(getattr(stat, name) for name in STATS), *(getattr(facts, name) for name in FACTS)]
    for place in BOOL_PLACES:
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
