"""TIFF directories, classic and BigTIFF: where values stand and how to read them, each directory once, all within limits. Knows
nothing of what tags mean."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from engine.config import Limits
from engine.metadata.ranges import Source
from engine.metadata.texts import clean, decode

MAX_ENTRIES = 65_536
"""Directory entries looked at in one tree: a thousand directories may otherwise overlap with 65,535 entries each."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_INTEGERS = {1: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_FLOATS = {11: "f", 12: "d"}
_ROWS = {(order, big): struct.Struct(order + ("HHQQ" if big else "HHII")) for order in "<>" for big in (False, True)}
_NUMBERS = {(order, kind): struct.Struct(order + code).unpack for order in "<>" for kind, code in _INTEGERS.items()}
_MAGIC = {42: False, 43: True, 0x55: False, 0x4F52: False, 0x5352: False}  # TIFF, BigTIFF, Panasonic, Olympus (RO, RS)


class Entry(NamedTuple):
    """One value: TIFF type, length in units of it, and where it stands in the source."""

    kind: int
    length: int
    at: int


@dataclass(slots=True)
class Ifd:
    """One directory: its offset, rows by tag (the first of each; as in `Entry`), offset of the next one (0: none)."""

    offset: int
    rows: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    next: int = 0

    def entry(self, tag: int) -> Entry | None:
        """The value of a tag, None when the directory has none."""
        row = self.rows.get(tag)
        return None if row is None else Entry(*row)


class TiffTree:
    """The directories of one TIFF structure.

    source: the structure, offsets count from its start. `order` is "<" or ">"; `valid` tells whether there was a header.
    """

    def __init__(self, source: Source, limits: Limits, *, order: str | None = None) -> None:
        self.source = source
        self._ifds_left = limits.max_ifds
        self._entries_left = MAX_ENTRIES
        self._seen: set[int] = set()
        head = source.at(0, 16)
        self.order = order or {b"II": "<", b"MM": ">"}.get(head[:2], "")
        self.big = False
        self.first = 0
        self.valid = False
        if order is None and self.order and len(head) >= 8:
            magic = struct.unpack_from(self.order + "H", head, 2)[0]
            self.big = _MAGIC.get(magic, False)
            self.valid = magic in _MAGIC and (not self.big or len(head) == 16)
            if self.valid:
                self.first = struct.unpack_from(self.order + ("Q" if self.big else "I"), head, 8 if self.big else 4)[0]

    def ifd(self, offset: int) -> Ifd | None:
        """Read the directory at `offset`; None when it lies outside, was read before, or the limits are used up."""
        if offset <= 0 or offset >= self.source.size or offset in self._seen or self._ifds_left <= 0:
            return None
        self._seen.add(offset)
        self._ifds_left -= 1
        count_size, entry_size, pointer_size = (8, 20, 8) if self.big else (2, 12, 4)
        head = self.source.at(offset, count_size)
        if len(head) < count_size:
            return None
        order: Literal["little", "big"] = "little" if self.order == "<" else "big"
        declared = int.from_bytes(head, order)
        count = min(declared, self._entries_left)
        data = self.source.at(offset + count_size, count * entry_size + pointer_size)
        count = min(count, len(data) // entry_size)
        self._entries_left -= count
        result = Ifd(offset)
        self._fill(result.rows, data[: count * entry_size], offset + count_size)
        if count == declared and len(data) >= count * entry_size + pointer_size:
            result.next = int.from_bytes(data[count * entry_size : count * entry_size + pointer_size], order)
        return result

    def _fill(self, rows: dict[int, tuple[int, int, int]], data: bytes, at: int) -> None:
        """Entries of a directory whose rows begin at `at`: short values stand in the row itself, long ones where it points."""
        step, inside, width = (20, 8, 12) if self.big else (12, 4, 8)
        at += width
        for tag, kind, count, value in _ROWS[self.order, self.big].iter_unpack(data):
            size = _SIZES.get(kind)
            if size is not None and tag not in rows:
                rows[tag] = kind, count, at if size * count <= inside else value
            at += step

    def chain(self) -> Iterator[Ifd]:
        """The main directories, first to last, each once."""
        offset = self.first
        while (found := self.ifd(offset)) is not None:
            yield found
            offset = found.next

    def children(self, ifd: Ifd, tag: int, most: int = 64) -> Iterator[Ifd]:
        """The directories that the pointer tag `tag` names."""
        for offset in self.ints(ifd, tag, most):
            found = self.ifd(offset)
            if found is not None:
                yield found

    # ---------------------------------------------------------------------------------------------- values

    def raw(self, ifd: Ifd | None, tag: int, most: int) -> bytes:
        """The bytes of a value, at most `most` (a longer value gives nothing); b"" when missing."""
        entry = ifd.entry(tag) if ifd else None
        if entry is None or (length := entry.length * _SIZES[entry.kind]) > most:
            return b""
        return self.source.at(entry.at, length)

    def ints(self, ifd: Ifd | None, tag: int, most: int = 16) -> tuple[int, ...]:
        """The first `most` numbers of an integer value; empty when missing or of another type."""
        entry = ifd.entry(tag) if ifd else None
        if entry is None or entry.kind not in _INTEGERS:
            return ()
        return self._unpack(entry, _INTEGERS[entry.kind], most)

    def number(self, ifd: Ifd | None, tag: int) -> int | None:
        """The first number of an integer value, None when missing."""
        row = ifd.rows.get(tag) if ifd else None
        if row is None or row[0] not in _INTEGERS or not row[1]:
            return None
        kind, _, at = row
        data = self.source.at(at, _SIZES[kind])
        return _NUMBERS[self.order, kind](data)[0] if len(data) == _SIZES[kind] else None

    def reals(self, ifd: Ifd | None, tag: int, most: int = 8) -> tuple[float | None, ...]:
        """The first `most` numbers of any numeric value; None stands for a fraction over zero."""
        entry = ifd.entry(tag) if ifd else None
        if entry is None:
            return ()
        if entry.kind in (5, 10):
            code = "I" if entry.kind == 5 else "i"
            flat = self._unpack(Entry(entry.kind, entry.length * 2, entry.at), code, most * 2, size=4)
            return tuple(n / d if d else None for n, d in zip(flat[::2], flat[1::2], strict=False))
        if entry.kind in _FLOATS:
            values = self._unpack(entry, _FLOATS[entry.kind], most)
            return tuple(v if v == v and abs(v) < 1e12 else None for v in values)
        return tuple(float(v) for v in self.ints(ifd, tag, most))

    def real(self, ifd: Ifd | None, tag: int) -> float | None:
        """The first number of any numeric value, None when missing or over zero."""
        found = self.reals(ifd, tag, 1)
        return found[0] if found else None

    def text(self, ifd: Ifd | None, tag: int) -> str:
        """A text value, cleaned; "" when missing."""
        entry = ifd.entry(tag) if ifd else None
        if entry is None or entry.kind not in (1, 2, 7):
            return ""
        return clean(decode(self.source.at(entry.at, min(entry.length, 1024))))

    def _unpack(self, entry: Entry, code: str, most: int, size: int | None = None) -> tuple[int, ...]:
        width = size or _SIZES[entry.kind]
        count = min(entry.length, most)
        data = self.source.at(entry.at, count * width)
        return struct.unpack_from(f"{self.order}{len(data) // width}{code}", data)
