"""The item table of HEIF and AVIF files: which items there are, how they refer to each other, what is said of them and where
their bytes lie."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.metadata.boxes import Box, BoxReader
from engine.metadata.draft import FIRST_LOOK_EDGE

MAX_ITEMS = 20_000
MAX_LINKS = 100_000
"""Targets of references, members of groups and stretches of items kept, all together."""

MAX_TABLE = 4 << 20
_CODES = {0: "", 2: "H", 4: "I", 8: "Q"}
PICTURES = {b"hvc1", b"hev1", b"av01", b"avc1", b"vvc1", b"grid", b"iden", b"iovl", b"jpeg", b"j2k1", b"unci", b"tmap"}


@dataclass(slots=True)
class Item:
    """One item. kind: four bytes; content: the content type of a ``mime`` item."""

    kind: bytes
    hidden: bool = False
    content: bytes = b""
    properties: list[int] = field(default_factory=list)


class ItemTable:
    """A parsed ``meta`` box. primary: id of the picture to show; items: by id; references: (kind, from, to ids);
    groups: (kind, ids)."""

    def __init__(self, reader: BoxReader, meta: Box) -> None:
        self._reader = reader
        self.primary = 0
        self.items: dict[int, Item] = {}
        self.references: list[tuple[bytes, int, tuple[int, ...]]] = []
        self.groups: list[tuple[bytes, tuple[int, ...]]] = []
        self.property_boxes: list[Box] = []
        self._locations: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        self._idat: Box | None = None
        self._links_left = MAX_LINKS
        for box in reader.inside(meta, 4):
            self._read(box)
        self._about_primary = {source for kind, source, targets in self.references if kind == b"cdsc" and self.primary in targets}

    def _read(self, box: Box) -> None:
        if box.kind == b"pitm":
            data = self._reader.data(box, 8)
            self.primary = int.from_bytes(data[4:6] if data[:1] == b"\0" else data[4:8], "big")
        elif box.kind == b"iinf":
            data = self._reader.data(box, MAX_TABLE)
            self._item_table(data, 6 if data[:1] == b"\0" else 8)
        elif box.kind == b"iref":
            self._references(box)
        elif box.kind == b"iprp":
            self._properties(box)
        elif box.kind == b"iloc":
            self._location_table(self._reader.data(box, MAX_TABLE))
        elif box.kind == b"idat":
            self._idat = box
        elif box.kind == b"grpl":
            self._group_list(box)

    def _item_table(self, data: bytes, at: int) -> None:
        """The boxes of the item table, which may be thousands (tiles): read in one loop."""
        number_of, end = int.from_bytes, len(data)
        for _ in range(MAX_ITEMS):
            length = number_of(data[at : at + 4], "big")
            if length < 12 or at + 20 > end:
                return
            version = data[at + 8]
            if data[at + 4 : at + 8] == b"infe" and version in (2, 3) and length >= 20:
                wide = 2 if version == 3 else 0
                kind = data[at + 16 + wide : at + 20 + wide]
                item = Item(kind, bool(data[at + 11] & 1))
                if kind == b"mime":
                    names = data[at + 20 + wide : at + min(length, 512)].split(b"\0")
                    item.content = names[1] if len(names) > 1 else b""
                self.items.setdefault(number_of(data[at + 12 : at + 14 + wide], "big"), item)
            at += length

    def _references(self, box: Box) -> None:
        width = 2 if self._reader.data(box, 1) == b"\0" else 4
        for child in self._reader.inside(box, 4):
            data = self._reader.data(child, MAX_TABLE // 64)
            count = int.from_bytes(data[width : width + 2], "big")
            targets = self._links(data[width + 2 :], count, width)
            self.references.append((child.kind, int.from_bytes(data[:width], "big"), targets))

    def _links(self, data: bytes, count: int, width: int) -> tuple[int, ...]:
        """Up to `count` item numbers of `width` bytes."""
        count = min(count, len(data) // width, self._links_left)
        self._links_left -= count
        return tuple(int.from_bytes(data[i * width : (i + 1) * width], "big") for i in range(count))

    def _properties(self, box: Box) -> None:
        for child in self._reader.inside(box):
            if child.kind == b"ipco":
                self.property_boxes = list(self._reader.inside(child))
        for child in self._reader.inside(box):
            if child.kind == b"ipma":
                self._associations(self._reader.data(child, MAX_TABLE))

    def _associations(self, data: bytes) -> None:
        if len(data) < 8:
            return
        id_width, width = (4 if data[0] else 2), (2 if data[3] & 1 else 1)
        at = 8
        for _ in range(min(int.from_bytes(data[4:8], "big"), MAX_ITEMS)):
            if at + id_width >= len(data):
                return
            item = self.items.get(int.from_bytes(data[at : at + id_width], "big"))
            count = data[at + id_width]
            at += id_width + 1
            raw = data[at : at + count * width]
            at += count * width
            mask = 0x7FFF if width == 2 else 0x7F
            if item is not None:
                item.properties = (
                    [byte & mask for byte in raw]
                    if width == 1
                    else [int.from_bytes(raw[i : i + width], "big") & mask for i in range(0, len(raw), width)]
                )

    def _group_list(self, box: Box) -> None:
        for child in self._reader.inside(box):
            data = self._reader.data(child, MAX_TABLE // 64)
            self.groups.append((child.kind, self._links(data[12:], int.from_bytes(data[8:12], "big"), 4)))

    def _location_table(self, data: bytes) -> None:
        if len(data) < 8:
            return
        version = data[0]
        offset_size, length_size, base_size = data[4] >> 4, data[4] & 15, data[5] >> 4
        index_size = data[5] & 15 if version in (1, 2) else 0
        id_size = 4 if version == 2 else 2
        numbers = _Numbers(data, 6)
        count = min(numbers.take(id_size), MAX_ITEMS)
        if self._even_locations(data, 6 + id_size, count, (id_size, base_size, index_size, offset_size, length_size)):
            return
        for _ in range(count):
            number = numbers.take(id_size)
            method = numbers.take(2) & 15 if version in (1, 2) else 0
            numbers.take(2)
            base = numbers.take(base_size)
            extents = []
            for _ in range(numbers.take(2)):
                if numbers.done or self._links_left <= 0:
                    return
                self._links_left -= 1
                numbers.take(index_size)
                offset = numbers.take(offset_size)
                extents.append((base + offset, numbers.take(length_size)))
            self._locations.setdefault(number, (method, extents))

    def _even_locations(self, data: bytes, at: int, count: int, widths: tuple[int, int, int, int, int]) -> bool:
        """Read the table at once when every item lies in one stretch, as nearly all do; False when it is not so."""
        if not all(width in _CODES for width in widths) or count > self._links_left:
            return False
        number, base, index, offset, length = (_CODES[width] for width in widths)
        row = struct.Struct(f">{number}{'H' if data[0] else ''}H{base or '0s'}H{index}{offset or '0s'}{length or '0s'}")
        if len(data) != at + count * row.size:
            return False
        found: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        for fields in row.iter_unpack(data[at:]):
            start, stretches, where, size = (
                fields[-4 - bool(index)] or 0,
                fields[-3 - bool(index)],
                fields[-2] or 0,
                fields[-1] or 0,
            )
            if stretches != 1:
                return False
            found.setdefault(fields[0], (fields[1] & 15 if data[0] else 0, [(start + where, size)]))
        self._locations = {**found, **self._locations}
        self._links_left -= count
        return True

    # ---------------------------------------------------------------------------------------------- questions

    def properties(self, number: int) -> Iterator[Box]:
        """The property boxes of an item, in the order in which they apply."""
        item = self.items.get(number)
        for index in item.properties if item else ():
            if 0 < index <= len(self.property_boxes):
                yield self.property_boxes[index - 1]

    def property_data(self, box: Box, most: int = 64) -> bytes:
        """The content of a property box."""
        return self._reader.data(box, most)

    def content(self, number: int, most: int) -> bytes:
        """The bytes of an item, at most `most`; b"" when they lie nowhere."""
        method, extents = self._locations.get(number, (0, []))
        out = b""
        for offset, length in extents[:1024]:
            want = most - len(out)
            if not length and len(extents) > 1:  # "all of it" makes sense for a single stretch only
                continue
            if method == 0:
                out += self._reader.source.at(offset, min(length or self._reader.source.size, want))
            elif method == 1 and self._idat is not None:
                out += self._reader.source.at(
                    self._idat.start + offset, min(length or self._idat.size, want, self._idat.size - offset)
                )
            if len(out) >= most:
                break
        return out

    def stretches(self, number: int) -> list[tuple[int, int]] | None:
        """(offset in the file, length) of an item's bytes; none for an item without data, None when they cannot be told."""
        if number not in self._locations:
            return []
        method, extents = self._locations[number]
        if method == 0:
            base, size = 0, self._reader.source.size
        elif method == 1 and self._idat is not None:
            base, size = self._idat.start, self._idat.size
        else:
            return None
        whole = [(offset, length or (size - offset if len(extents) == 1 else 0)) for offset, length in extents]
        return (
            None if any(offset + length > size or length < 0 for offset, length in whole) else [(base + o, n) for o, n in whole]
        )

    def describes_primary(self, number: int) -> bool:
        """True when an item of metadata is about the primary picture: others have EXIF of their own."""
        return number in self._about_primary

    def first_part(self, number: int) -> int:
        """The first item that a derived one is made from, 0 when it is none."""
        return next((to[0] for kind, source, to in self.references if kind == b"dimg" and source == number and to), 0)

    def thumbnail(self) -> int | None:
        """The smallest item that is a thumbnail of the primary picture and fit for a first look; None without one."""
        sizes: list[tuple[int, int]] = []
        for kind, source, targets in self.references:
            if kind == b"thmb" and self.primary in targets and source in self.items and source != self.primary:
                width, height = self.stored_size(source)
                if max(width, height) >= FIRST_LOOK_EDGE or not width:
                    sizes.append((width * height, source))
        return min(sizes)[1] if sizes else None

    def stored_size(self, number: int) -> tuple[int, int]:
        """Width and height of an item in px before it is cropped and turned, (0, 0) when nothing says so."""
        for box in self.properties(number):
            if box.kind == b"ispe":
                data = self.property_data(box)
                return int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
        return 0, 0

    def bit_depth(self, number: int) -> int | None:
        """Bits of one sample of an item, as its pixel information or its codec's configuration says."""
        depth = None
        for box in self.properties(number):
            data = self.property_data(box, 24)
            if box.kind == b"pixi" and len(data) > 5 and data[4]:
                return data[5]
            if box.kind == b"hvcC" and len(data) > 17:
                depth = 8 + (data[17] & 7)
            elif box.kind == b"av1C" and len(data) > 2:
                depth = 8 + 2 * (data[2] >> 6 & 1) + 2 * (data[2] >> 5 & 1)
        return depth

    def pictures(self) -> int:
        """How many pictures of their own the file holds: no tiles, thumbnails, auxiliary, hidden or alternative ones, and one for
        a stereo pair."""
        mere = {source for kind, source, _ in self.references if kind in (b"thmb", b"auxl")}
        for kind, source, targets in self.references:
            if kind == b"dimg" and (item := self.items.get(source)) is not None:
                mere.update(t for t in targets if item.kind != b"tmap" or t != self.primary)
        mere -= {self.primary}
        shown = {
            number
            for number, item in self.items.items()
            if item.kind in PICTURES and item.kind != b"tmap" and not item.hidden and number not in mere
        }
        for kind, members in self.groups:
            if kind in (b"altr", b"ster"):
                together = [number for number in members if number in shown]
                shown.difference_update(together[1:])
        return max(1, len(shown))


class _Numbers:
    """Big-endian numbers of varying width, one after another; zeros behind the end."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at
        self._size = len(data)

    @property
    def done(self) -> bool:
        return self._at >= self._size

    def take(self, width: int) -> int:
        at = self._at
        self._at = at + width
        data = self._data[at : at + width]
        return int.from_bytes(data, "big") if len(data) == width else 0
