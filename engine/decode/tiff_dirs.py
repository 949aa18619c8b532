"""Directories of TIFF files and of the RAW formats built on TIFF: sizes, where the pixel data lies, embedded JPEGs.

Bounded by number of directories, each offset once. Used to notice data that lies beyond the end of the file, and to choose among
embedded previews."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from engine.config import Limits

_MAGIC = {
    b"II*\0": "<",
    b"MM\0*": ">",
    b"IIRO": "<",
    b"IIRS": "<",
    b"MMOR": ">",
    b"IIU\0": "<",
    b"II+\0": "<",
    b"MM\0+": ">",
}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_MAX_ENTRIES = 4096
_MAX_VALUES = 1 << 20
_SUB_IFDS, _TABLES = 330, 347
_BLOBS = frozenset((46, _TABLES))
_LAYOUT = frozenset((254, 255, 256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 324, 325))
_CODING = frozenset((266, 292, 293, 317, 320, 322, 323, 332, 338, 339, 530))  # what a band of a large page is decoded with
_WANTED = _LAYOUT | _CODING | _BLOBS | {_SUB_IFDS, 513, 514, *range(2, 8)}


@dataclass(slots=True)
class Directory:
    """One directory. page: its number in the main chain, -1 below it. tags: whole-number values of the tags that matter here.

    places: tag → offset of its inline value in the file. dangling: the next directory lies beyond the end of the file.
    """

    page: int
    dangling: bool = False
    tags: dict[int, tuple[int, ...]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)

    def value(self, tag: int, default: int = 0) -> int:
        """First value of a tag."""
        values = self.tags.get(tag)
        return values[0] if values else default

    @property
    def size(self) -> tuple[int, int]:
        return self.value(256), self.value(257)

    @property
    def reduced_or_mask(self) -> bool:
        """A smaller version or a mask of another page, no picture of its own."""
        return bool(self.value(254) & 5) or self.value(255) == 2

    @property
    def extents(self) -> list[tuple[int, int]]:
        """(offset, length) of the strips or tiles."""
        offsets = self.tags.get(324) or self.tags.get(273) or ()
        counts = self.tags.get(325) or self.tags.get(279) or ()
        return list(zip(offsets, counts, strict=False))

    @property
    def needed(self) -> list[tuple[int, int]]:
        """As `extents`, but of uncompressed strips only the bytes that their rows take: writers lie about byte counts."""
        if self.value(259, 1) != 1 or self.tags.get(324):
            return self.extents
        width, height = self.size
        samples = 1 if self.value(284, 1) == 2 else self.value(277, 1)
        row = (width * samples * self.value(258, 1) + 7) // 8
        rows = min(self.value(278, height) or height, height)
        strips = max(1, -(-height // max(1, rows)))
        found = []
        for number, (offset, length) in enumerate(self.extents):
            last = number % strips == strips - 1
            found.append((offset, min(length, row * (height - rows * (strips - 1) if last else rows))))
        return found

    @property
    def jpeg_tables(self) -> tuple[int, int] | None:
        """(offset, length) of the tables that the JPEG strips share."""
        tables = self.tags.get(_TABLES)
        return (tables[0], tables[1]) if tables and len(tables) == 2 else None

    def previews(self) -> list[tuple[int, int]]:
        """(offset, length) of JPEGs embedded as such."""
        found = []
        if self.value(513) and self.value(514):
            found.append((self.value(513), self.value(514)))
        if self.value(259) in (6, 7) and self.value(262) not in (32803, 34892) and len(self.extents) == 1:
            found.append(self.extents[0])
        jpeg = self.tags.get(46)  # Panasonic keeps the file's JPEG in a tag: (offset, length)
        if jpeg and len(jpeg) == 2:
            found.append((jpeg[0], jpeg[1]))
        return found


def read_directories(file: BinaryIO, size: int, limits: Limits) -> list[Directory]:
    """All directories that can be read. Never raises for a bad file; OSError passes through."""
    file.seek(0)
    head = file.read(16)
    order = _MAGIC.get(head[:4])
    if order is None or len(head) < 16:
        return []
    big = head[:4] in (b"II+\0", b"MM\0+")
    first = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
    found: list[Directory] = []
    seen: set[int] = set()
    waiting: list[tuple[int, int]] = [(first, 0)]
    while waiting and len(found) < limits.max_ifds:
        at, page = waiting.pop()
        if at in seen or not 0 < at < size:
            continue
        seen.add(at)
        directory, following = _read_one(file, size, at, page, order, big=big)
        if directory is None:
            continue
        directory.dangling = page >= 0 and following >= size
        found.append(directory)
        if page >= 0 and following:
            waiting.append((following, page + 1))
        waiting += [(child, -1) for child in directory.tags.get(_SUB_IFDS, ())]
    return found


def _read_one(file: BinaryIO, size: int, at: int, page: int, order: str, *, big: bool) -> tuple[Directory | None, int]:
    count_size, entry_size, inline, word = (8, 20, 8, "Q") if big else (2, 12, 4, "I")
    file.seek(at)
    head = file.read(count_size)
    if len(head) < count_size:
        return None, 0
    count = min(struct.unpack(order + ("Q" if big else "H"), head)[0], _MAX_ENTRIES)
    body = file.read(count * entry_size + inline)
    directory = Directory(page)
    for i in range(min(count, len(body) // entry_size)):
        entry = body[i * entry_size : (i + 1) * entry_size]
        tag, kind = struct.unpack_from(order + "HH", entry)
        values = struct.unpack_from(order + word, entry, 4)[0]
        if tag not in _WANTED:
            continue
        length = _SIZES.get(kind, 1) * values
        if tag in _BLOBS and kind == 7 and length > inline:
            directory.tags[tag] = (struct.unpack_from(order + word, entry, entry_size - inline)[0], length)
            continue
        if kind not in _CODES or not 0 < values <= _MAX_VALUES:
            continue
        if length <= inline:
            directory.places[tag] = at + count_size + (i + 1) * entry_size - inline
            data = entry[entry_size - inline :][:length]
        else:
            offset = struct.unpack_from(order + word, entry, entry_size - inline)[0]
            if offset + length > size:
                continue
            file.seek(offset)
            data = file.read(length)
        if len(data) == length:
            directory.tags[tag] = struct.unpack(f"{order}{values}{_CODES[kind]}", data)
    tail = body[count * entry_size :][:inline]
    return directory, struct.unpack(order + word, tail)[0] if len(tail) == inline else 0
