"""Canon CRW: a heap of records (CIFF) with its directory at the end."""

from __future__ import annotations

import struct

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.ranges import Source
from engine.metadata.texts import clean, decode, moment_since
from engine.metadata.tiff_raw import add_previews

_MAX_RECORDS = 4096
_TURNS = {0: 1, 90: 6, 180: 3, 270: 8}

Record = tuple[int, int]


def gather_crw(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a CRW."""
    draft.lossless = True
    head = source.at(0, 14)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 14:
        return
    start = struct.unpack_from(order + "I", head, 2)[0]
    records = _records(source, order, start, source.size, limits)
    names = decode(source.at(*_cap(records.get(0x080A), 256))).split("\0")
    draft.make, draft.model = clean(names[0]), clean(names[1] if len(names) > 1 else "")
    stamp = source.at(*_cap(records.get(0x180E), 4))
    if len(stamp) == 4:
        draft.created = moment_since(1970, struct.unpack(order + "I", stamp)[0])
    serial = source.at(*_cap(records.get(0x180B), 4))
    if len(serial) == 4 and any(serial):
        draft.serial = str(struct.unpack(order + "I", serial)[0])
    image = source.at(*_cap(records.get(0x1810), 16))
    if len(image) == 16:
        width, height, _, turn = struct.unpack_from(order + "IIfi", image)
        draft.size(width, height)
        draft.orientation = _TURNS.get(turn % 360)
    add_previews(source, [records[tag] for tag in (0x2007, 0x2008) if tag in records], limits, draft)


def _cap(record: Record | None, most: int) -> Record:
    return (record[0], min(record[1], most)) if record else (0, 0)


def _records(source: Source, order: str, start: int, end: int, limits: Limits) -> dict[int, Record]:
    """Type to (offset in the file, length) of every record, the first of each type; heaps inside heaps are entered once."""
    found: dict[int, Record] = {}
    waiting, seen, left = [(start, end)], set[int](), _MAX_RECORDS
    while waiting and len(seen) < limits.max_ifds:
        start, end = waiting.pop()
        tail = source.at(end - 4, 4)
        if start in seen or len(tail) < 4 or end <= start:
            continue
        seen.add(start)
        table = start + struct.unpack(order + "I", tail)[0]
        count = min(int.from_bytes(source.at(table, 2), "little" if order == "<" else "big"), left)
        data = source.at(table + 2, count * 10)
        left -= count
        for place, (kind, size, offset) in enumerate(struct.iter_unpack(order + "HII", data[: len(data) // 10 * 10])):
            at = start + offset
            if kind & 0xC000 == 0x4000:  # so short that it stands in the directory itself
                found.setdefault(kind & 0x3FFF, (table + 4 + 10 * place, 8))
                continue
            if kind & 0x4000 or not start <= at <= at + size <= end:
                continue
            if kind & 0x3800 in (0x2800, 0x3000):
                waiting.append((at, at + size))
            else:
                found.setdefault(kind & 0x3FFF, (at, size))
    return found
