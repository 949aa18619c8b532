"""A large TIFF strip by strip: each band becomes a small TIFF of its own, in memory, that the ordinary codec decodes.

Strips and rows of tiles are compressed one by one, so nothing is decoded twice. Uncompressed strips may be cut anywhere."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import BinaryIO

from PIL import ImageFile

from engine.decode.bands import Bands, rows_at_once
from engine.decode.colour import REDUCE_ABOVE
from engine.decode.tiff_dirs import Directory

_PLAIN, _OLD_JPEG, _JPEG = 1, 6, 7
_YCBCR = 6
_TABLES = 347
_SHORTS = (258, 259, 262, 266, 277, 284, 317, 320, 332, 338, 339, 530)
_LONGS = (292, 293, 322, 323)

Opener = Callable[[io.BytesIO], ImageFile.ImageFile]
Extents = list[tuple[int, int]]


def tiff_bands(file: BinaryIO, page: Directory, open_small: Opener) -> Bands | None:
    """Bands of a page whose data is all in the file; None where it cannot be divided. They raise what the codec raises.

    open_small: opens a TIFF of one page as the whole one is opened.
    """
    photometric, compression = page.value(262), page.value(259, _PLAIN)
    if compression == _OLD_JPEG or (photometric == _YCBCR and compression != _JPEG):
        return None
    parts = _tiles(page) if page.tags.get(324) else _strips(page)
    return _bands(file, page, parts, open_small) if parts else None


def _bands(file: BinaryIO, page: Directory, parts: list[tuple[int, Extents]], open_small: Opener) -> Bands:
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    for rows, extents in parts:
        yield open_small(_small_file(file, page, order, rows, extents))


def _strips(page: Directory) -> list[tuple[int, Extents]]:
    """(rows, extents) of each band, the planes one after the other; empty where the numbers do not fit together."""
    width, height = page.size
    rows = min(page.value(278, height) or height, height)
    planes = page.value(277, 1) if page.value(284, 1) == 2 else 1
    strips = -(-height // rows)
    extents = page.extents
    if len(extents) != strips * planes or rows * width > REDUCE_ABOVE:
        return _cut(page) if planes == 1 and page.value(259, _PLAIN) == _PLAIN and len(extents) == strips else []
    together = max(1, rows_at_once(width) // rows)
    found = []
    for first in range(0, strips, together):
        last = min(first + together, strips)
        chosen = [extents[plane * strips + number] for plane in range(planes) for number in range(first, last)]
        found.append((min(last * rows, height) - first * rows, chosen))
    return found


def _cut(page: Directory) -> list[tuple[int, Extents]]:
    """Uncompressed strips that are large, in pieces."""
    width, height = page.size
    bits = page.value(277, 1) * page.value(258, 1)
    row, strip_rows = (width * bits + 7) // 8, min(page.value(278, height) or height, height)
    found: list[tuple[int, Extents]] = []
    for number, (offset, _) in enumerate(page.extents):
        left = min(strip_rows, height - number * strip_rows)
        while left > 0:
            rows = min(left, rows_at_once(width))
            found.append((rows, [(offset, rows * row)]))
            offset, left = offset + rows * row, left - rows
    return found


def _tiles(page: Directory) -> list[tuple[int, Extents]]:
    width, height = page.size
    across, down = page.value(322), page.value(323)
    if not across or not down or across * down > REDUCE_ABOVE or (width + across) * down > REDUCE_ABOVE:
        return []
    columns, rows = -(-width // across), -(-height // down)
    planes = page.value(277, 1) if page.value(284, 1) == 2 else 1
    extents = page.extents
    if len(extents) != columns * rows * planes:
        return []
    found = []
    for row in range(rows):
        starts = [(plane * rows + row) * columns for plane in range(planes)]
        chosen = [extent for start in starts for extent in extents[start : start + columns]]
        found.append((min(down, height - row * down), chosen))
    return found


def _small_file(file: BinaryIO, page: Directory, order: str, rows: int, extents: Extents) -> io.BytesIO:
    """A TIFF of one page with these strips or tiles only."""
    tiled = bool(page.tags.get(324))
    offsets = []
    data = io.BytesIO()
    data.write((b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 0))
    for offset, length in extents:
        offsets.append(data.tell())
        file.seek(offset)
        data.write(file.read(length))
        data.write(b"\0" * (data.tell() & 1))
    per_plane = len(extents) // (page.value(277, 1) if page.value(284, 1) == 2 else 1)
    numbers: dict[int, tuple[int, ...]] = {256: (page.size[0],), 257: (rows,)}
    numbers |= {tag: page.tags[tag] for tag in (*_SHORTS, *_LONGS) if tag in page.tags}
    if not tiled:
        numbers[278] = (min(page.value(278, rows) or rows, rows) if per_plane > 1 else rows,)
    numbers[324 if tiled else 273] = tuple(offsets)
    numbers[325 if tiled else 279] = tuple(length for _, length in extents)
    entries = {tag: _packed(order, tag, values) for tag, values in numbers.items()}
    tables = page.jpeg_tables
    if tables:
        file.seek(tables[0])
        entries[_TABLES] = (7, tables[1], file.read(tables[1]))
    _write_directory(data, order, entries)
    return data


def _packed(order: str, tag: int, values: tuple[int, ...]) -> tuple[int, int, bytes]:
    short = tag in _SHORTS
    return 3 if short else 4, len(values), struct.pack(f"{order}{len(values)}{'H' if short else 'I'}", *values)


def _write_directory(data: io.BytesIO, order: str, entries: dict[int, tuple[int, int, bytes]]) -> None:
    rows = b""
    for tag, (kind, count, value) in sorted(entries.items()):
        if len(value) > 4:
            data.write(b"\0" * (data.tell() & 1))
            place = struct.pack(order + "I", data.tell())
            data.write(value)
        else:
            place = value.ljust(4, b"\0")
        rows += struct.pack(order + "HHI", tag, kind, count) + place
    data.write(b"\0" * (data.tell() & 1))
    at = data.tell()
    data.write(struct.pack(order + "H", len(entries)) + rows + bytes(4))
    data.seek(4)
    data.write(struct.pack(order + "I", at))
    data.seek(0)
