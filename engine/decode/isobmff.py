"""Where the pictures of a HEIF or AVIF file lie, so that missing or overwritten parts are noticed: the codecs paint over them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

_META_BYTES = 8 << 20
_MAX_BOXES = 10_000
_MAX_ITEMS = 100_000
_DEPTH = 16


@dataclass(slots=True)
class Items:
    """primary: id of the main picture, 0 if unknown. types: item id → four characters. extents: item id → [(offset, length)].

    parts: item id → ids of the tiles it is put together from. sizes: item id → (width, height). sequence: there is a movie box.
    cut: a top-level box reaches beyond the file. end: offset behind the last byte that any picture needs.
    """

    primary: int = 0
    types: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)
    sequence: bool = False
    cut: bool = False
    has_meta: bool = False
    end: int = 0

    def tiles(self, item: int) -> list[int]:
        """The coded items that a picture consists of, itself if it is coded as a whole."""
        found: list[int] = []
        level = [item]
        for _ in range(_DEPTH):
            below: list[int] = []
            for one in level:
                children = self.parts.get(one)
                if children:
                    below += children
                elif len(found) < _MAX_ITEMS:
                    found.append(one)
            if not below:
                break
            level = below[:_MAX_ITEMS]
        return found

    def ranges(self, item: int) -> list[tuple[int, int]]:
        """Byte ranges of the coded data of a picture."""
        return [extent for tile in self.tiles(item) for extent in self.extents.get(tile, [])]


def read_items(file: BinaryIO, size: int) -> Items:
    """Read the item tables. Never raises for a bad file (tables then stay empty); OSError passes through."""
    items = Items()
    at = 0
    for _ in range(_MAX_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        length, kind, skip = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1 and len(head) == 16:
            length, skip = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = size - at
        if length < skip or not all(32 <= byte < 127 for byte in kind):
            break
        items.cut = items.cut or (at + length > size and kind in (b"mdat", b"meta", b"moov", b"ftyp"))
        if kind == b"moov":
            items.sequence = True
        if kind in (b"meta", b"moov", b"ftyp"):
            items.end = max(items.end, min(size, at + length))
        if kind == b"meta" and not items.has_meta:
            items.has_meta = True
            file.seek(at + skip)
            body = file.read(min(length - skip, _META_BYTES, size - at - skip))
            try:
                _read_meta(items, body, at + skip)
            except (struct.error, IndexError, ValueError):
                pass
        at += length
        if at >= size:
            break
    ends = [offset + count for extents in items.extents.values() for offset, count in extents]
    items.end = min(size, max([items.end, *ends]))
    return items


def _boxes(body: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start of content, end of content) of the boxes in body[start:end]."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        length, kind, skip = int.from_bytes(body[start : start + 4], "big"), body[start + 4 : start + 8], 8
        if length == 1:
            length, skip = int.from_bytes(body[start + 8 : start + 16], "big"), 16
        elif length == 0:
            length = end - start
        if length < skip:
            return
        yield kind, start + skip, min(end, start + length)
        start += length


def _read_meta(items: Items, body: bytes, base: int) -> None:
    data_at = 0
    location = properties = references = None
    for kind, start, end in _boxes(body, 4, len(body)):
        if kind == b"pitm":
            wide = body[start] > 0
            items.primary = int.from_bytes(body[start + 4 : start + (8 if wide else 6)], "big")
        elif kind == b"iinf":
            _read_types(items, body, start, end)
        elif kind == b"iloc":
            location = (start, end)
        elif kind == b"iref":
            references = (start, end)
        elif kind == b"iprp":
            properties = (start, end)
        elif kind == b"idat":
            data_at = base + start
    if location:
        _read_locations(items, body, *location, data_at)
    if references:
        _read_references(items, body, *references)
    if properties:
        _read_sizes(items, body, *properties)


def _read_types(items: Items, body: bytes, start: int, end: int) -> None:
    at = start + (8 if body[start] else 6)
    for kind, inner, _ in _boxes(body, at, end):
        if kind == b"infe" and body[inner] >= 2:
            wide = body[inner] > 2
            name = int.from_bytes(body[inner + 4 : inner + (8 if wide else 6)], "big")
            place = inner + (10 if wide else 8)
            items.types[name] = body[place : place + 4]


def _read_locations(items: Items, body: bytes, start: int, end: int, data_at: int) -> None:
    version = body[start]
    offset_size, length_size = body[start + 4] >> 4, body[start + 4] & 15
    base_size, index_size = body[start + 5] >> 4, body[start + 5] & 15 if version else 0
    at = start + 6

    def number(count: int) -> int:
        nonlocal at
        if at + count > end:
            raise ValueError("item locations end early")
        at += count
        return int.from_bytes(body[at - count : at], "big")

    for _ in range(min(number(4 if version == 2 else 2), _MAX_ITEMS)):
        name = number(4 if version == 2 else 2)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size)
        extents = []
        for _ in range(number(2)):
            number(index_size)
            offset, length = number(offset_size), number(length_size)
            if method < 2:
                extents.append(((data_at if method == 1 else 0) + base + offset, length))
        items.extents[name] = extents


def _read_references(items: Items, body: bytes, start: int, end: int) -> None:
    wide = 4 if body[start] else 2
    for kind, inner, stop in _boxes(body, start + 4, end):
        if kind != b"dimg":
            continue
        source = int.from_bytes(body[inner : inner + wide], "big")
        first = inner + wide + 2
        items.parts[source] = [int.from_bytes(body[i : i + wide], "big") for i in range(first, stop - wide + 1, wide)]


def _read_sizes(items: Items, body: bytes, start: int, end: int) -> None:
    properties: list[tuple[int, int] | None] = [None]
    links: list[tuple[int, int]] = []
    for kind, inner, stop in _boxes(body, start, end):
        if kind == b"ipco":
            for name, at, _ in _boxes(body, inner, stop):
                size = struct.unpack(">II", body[at + 4 : at + 12]) if name == b"ispe" else None
                properties.append((size[0], size[1]) if size else None)
        elif kind == b"ipma":
            links.append((inner, stop))
    for inner, stop in links:
        _link_sizes(items, body, inner, stop, properties)


def _link_sizes(items: Items, body: bytes, at: int, end: int, properties: list[tuple[int, int] | None]) -> None:
    wide, long_index = body[at] > 0, bool(body[at + 3] & 1)
    count = int.from_bytes(body[at + 4 : at + 8], "big")
    at += 8
    for _ in range(min(count, _MAX_ITEMS)):
        if at + 3 > end:
            return
        name = int.from_bytes(body[at : at + (4 if wide else 2)], "big")
        at += 4 if wide else 2
        links = body[at]
        at += 1
        for _ in range(links):
            index = int.from_bytes(body[at : at + 2], "big") & 0x7FFF if long_index else body[at] & 0x7F
            at += 2 if long_index else 1
            if 0 < index < len(properties) and properties[index]:
                items.sizes[name] = properties[index] or (0, 0)


def track_ranges(file: BinaryIO, size: int) -> list[tuple[int, int]]:
    """(offset, length) of the chunks of all tracks; the length is that of the track's samples, spread over its chunks."""
    at = 0
    for _ in range(_MAX_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return []
        length, skip = int.from_bytes(head[:4], "big"), 8
        if length == 1 and len(head) == 16:
            length, skip = int.from_bytes(head[8:16], "big"), 16
        if length < skip:
            return []
        if head[4:8] == b"moov":
            file.seek(at + skip)
            body = file.read(min(length - skip, _META_BYTES))
            found: list[tuple[int, int]] = []
            try:
                for table in _sample_tables(body, 0, len(body), 0):
                    found += _chunks(body, table)
            except (struct.error, IndexError):
                pass
            return found
        at += length
    return []


def _sample_tables(body: bytes, start: int, end: int, depth: int) -> Iterator[dict[bytes, tuple[int, int]]]:
    for kind, inner, stop in _boxes(body, start, end):
        if kind == b"stbl":
            yield {name: (first, last) for name, first, last in _boxes(body, inner, stop)}
        elif kind in (b"trak", b"mdia", b"minf") and depth < _DEPTH:
            yield from _sample_tables(body, inner, stop, depth + 1)


def _chunks(body: bytes, table: dict[bytes, tuple[int, int]]) -> list[tuple[int, int]]:
    sizes, offsets = table.get(b"stsz"), table.get(b"co64") or table.get(b"stco")
    if not sizes or not offsets:
        return []
    wide = 8 if b"co64" in table else 4
    each, count = struct.unpack_from(">II", body, sizes[0] + 4)
    if each:
        total = each * count
    else:
        total = sum(struct.unpack_from(f">{min(count, (sizes[1] - sizes[0] - 12) // 4)}I", body, sizes[0] + 12))
    number = min(struct.unpack_from(">I", body, offsets[0] + 4)[0], (offsets[1] - offsets[0] - 8) // wide, _MAX_ITEMS)
    places = struct.unpack_from(f">{number}{'Q' if wide == 8 else 'I'}", body, offsets[0] + 8)
    return [(place, total // max(1, number)) for place in places]


def missing(items: Items, item: int, size: int) -> bool:
    """Whether part of the coded data of a picture lies beyond the end of the file."""
    return any(offset + length > size for offset, length in items.ranges(item))


def overwritten(file: BinaryIO, items: Items, item: int, zeros: bytes) -> bool:
    """Whether the coded data of a picture holds a run of zeros that its coding does not allow (or makes most unlikely)."""
    return has_run(file, items.ranges(item), zeros)


def has_run(file: BinaryIO, ranges: list[tuple[int, int]], zeros: bytes) -> bool:
    """Whether one of the ranges holds the run of bytes."""
    for offset, length in ranges:
        file.seek(offset)
        carry = b""
        while length > 0:
            block = file.read(min(length, 1 << 20))
            if not block:
                break
            if zeros in carry + block:
                return True
            carry = block[-len(zeros) :]
            length -= len(block)
    return False
