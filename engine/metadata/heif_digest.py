"""The picture digest of a HEIF or AVIF file: every item but EXIF and XMP with its properties, relations and coded data, wherever
that lies. A film behind the picture counts."""

from __future__ import annotations

from typing import BinaryIO

from engine.config import Limits
from engine.metadata.boxes import Box, BoxReader
from engine.metadata.data_hash import DataHash
from engine.metadata.heif_items import ItemTable
from engine.metadata.ranges import FileRanges
from engine.metadata.stream import CutError

_XMP = b"application/rdf+xml"
_SILENT = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"wide", b"uuid"}
"""Boxes that are told by the items, or hold nothing of the picture."""

_PROPERTY_BYTES = 1 << 20


def heif_digest(file: BinaryIO, size: int) -> bytes | None:
    """32 bytes, or None for a file that is cut or broken, and for a sequence. OSError passes through."""
    reader = BoxReader(FileRanges(file, size, Limits().metadata_total))
    hashed = DataHash(file, size, b"heif 1")
    table: ItemTable | None = None
    try:
        for box in reader.boxes(0, size):
            if box.kind == b"moov":
                return None  # frames in a track, which are looked up in other tables
            if box.kind == b"meta" and table is None:
                table = ItemTable(reader, box)
                _items(table, hashed)
            elif box.kind not in _SILENT:
                hashed.part(box.kind, b"")
                hashed.stretch(box.start, box.size)
    except CutError:
        return None
    return hashed.digest() if table is not None and hashed.has_data else None


def _items(table: ItemTable, hashed: DataHash) -> None:
    kept = {n for n, item in table.items.items() if item.kind != b"Exif" and (item.kind, item.content) != (b"mime", _XMP)}
    if table.primary not in kept:
        raise CutError
    for number in sorted(kept):
        item = table.items[number]
        hashed.part(item.kind, b"%d %d %d" % (number, number == table.primary, item.hidden))
        for box in table.properties(number):
            hashed.part(box.kind, _property(table, box))
        stretches = table.stretches(number)
        if stretches is None:
            raise CutError
        for offset, length in stretches:
            hashed.stretch(offset, length)
    for kind, source, targets in table.references:
        if source in kept:
            hashed.part(kind, repr((source, targets)).encode())
    for kind, members in table.groups:
        hashed.part(kind, repr(members).encode())


def _property(table: ItemTable, box: Box) -> bytes:
    """What a property says; a profile is compared apart, a description is metadata."""
    if box.kind in (b"udes", b"colr") and (box.kind == b"udes" or table.property_data(box, 4) in (b"prof", b"rICC")):
        return b""
    if box.size > _PROPERTY_BYTES:
        raise CutError
    return table.property_data(box, _PROPERTY_BYTES)
