"""One item of a HEIF or AVIF file as its tables describe it: what it is, what is said of it, where its bytes lie. Nothing is
gathered of the thousands of others."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_TABLE_BYTES = 1 << 20
_TOP_BOXES = 64
_BOXES = 20_000


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """kind: four characters. properties: whole boxes, and whether they are essential. extents: (offset, length) in the file."""

    kind: bytes
    properties: list[tuple[bytes, bool]]
    extents: list[tuple[int, int]]


def find_item(file: BinaryIO, size: int, item: int) -> ItemPlace | None:
    """What the tables of a file of `size` bytes say of one item; None where they are damaged. OSError passes through."""
    meta = _meta(file, size)
    if meta is None:
        return None
    try:
        return _find(*meta, item)
    except (struct.error, IndexError, ValueError):
        return None


def _meta(file: BinaryIO, size: int) -> tuple[bytes, int] | None:
    """Content of the ``meta`` box behind its version, and the offset of that in the file."""
    at = 0
    for _ in range(_TOP_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        length, skip = int.from_bytes(head[:4], "big"), 8
        if length == 1 and len(head) == 16:
            length, skip = int.from_bytes(head[8:16], "big"), 16
        if length < skip or at + length > size:
            break
        if head[4:8] == b"meta":
            if length > _TABLE_BYTES:
                break
            file.seek(at + skip + 4)
            return file.read(length - skip - 4), at + skip + 4
        at += length
    return None


def _boxes(body: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start of content, end of content) of the boxes in body[start:end], all inside it."""
    for _ in range(_BOXES):
        if start + 8 > end:
            return
        length, skip = int.from_bytes(body[start : start + 4], "big"), 8
        if length == 0:
            length = end - start
        if length < skip or start + length > end:
            return
        yield body[start + 4 : start + 8], start + skip, start + length
        start += length


def _find(body: bytes, base: int, item: int) -> ItemPlace:
    kind, boxes, links, extents, data_at = b"", list[bytes](), list[tuple[int, bool]](), list[tuple[int, int]](), 0
    location: tuple[int, int] | None = None
    for name, start, end in _boxes(body, 0, len(body)):
        if name == b"iinf":
            kind = _kind(body, start, end, item)
        elif name == b"iloc":
            location = start, end
        elif name == b"idat":
            data_at = base + start
        elif name == b"iprp":
            boxes, links = _properties(body, start, end, item)
    if location is not None:
        extents = _extents(body, *location, item, data_at)
    return ItemPlace(kind, [(boxes[index - 1], needed) for index, needed in links if 0 < index <= len(boxes)], extents)


def _kind(body: bytes, start: int, end: int, item: int) -> bytes:
    for name, inner, stop in _boxes(body, start + (8 if body[start] else 6), end):
        if name == b"infe" and stop - inner >= 12 and body[inner] in (2, 3):
            wide = 2 if body[inner] == 3 else 0
            if int.from_bytes(body[inner + 4 : inner + 6 + wide], "big") == item:
                return body[inner + 8 + wide : inner + 12 + wide]
    return b""


def _extents(body: bytes, start: int, end: int, item: int, data_at: int) -> list[tuple[int, int]]:
    version = body[start]
    offset_size, length_size, base_size = body[start + 4] >> 4, body[start + 4] & 15, body[start + 5] >> 4
    index_size = body[start + 5] & 15 if version else 0
    id_size, at = 4 if version == 2 else 2, start + 6

    def number(count: int) -> int:
        nonlocal at
        at += count
        if at > end:
            raise ValueError("item locations end early")
        return int.from_bytes(body[at - count : at], "big")

    for _ in range(number(id_size)):
        found = number(id_size) == item
        method = number(2) & 15 if version else 0
        number(2)
        base, count = number(base_size), number(2)
        if not found:
            at += count * (index_size + offset_size + length_size)
            continue
        if method > 1 or (method == 1 and not data_at):
            return []
        places = []
        for _ in range(count):
            number(index_size)
            offset, length = number(offset_size), number(length_size)
            places.append((base + offset + (data_at if method else 0), length))
        return places
    return []


def _properties(body: bytes, start: int, end: int, item: int) -> tuple[list[bytes], list[tuple[int, bool]]]:
    boxes, links = list[bytes](), list[tuple[int, bool]]()
    for name, inner, stop in _boxes(body, start, end):
        if name == b"ipco":
            boxes = [body[at - 8 : to] for _, at, to in _boxes(body, inner, stop)]
        elif name == b"ipma" and not links:
            links = _links(body, inner, stop, item)
    return boxes, links


def _links(body: bytes, at: int, end: int, item: int) -> list[tuple[int, bool]]:
    id_size, width = (4 if body[at] else 2), (2 if body[at + 3] & 1 else 1)
    count, at = int.from_bytes(body[at + 4 : at + 8], "big"), at + 8
    for _ in range(count):
        if at + id_size >= end:
            break
        here, many = int.from_bytes(body[at : at + id_size], "big"), body[at + id_size]
        at += id_size + 1
        if here == item:
            top = 8 * width - 1
            values = [int.from_bytes(body[i : i + width], "big") for i in range(at, min(at + many * width, end), width)]
            return [(value & ((1 << top) - 1), bool(value >> top)) for value in values]
        at += many * width
    return []
