"""Previews that stand only in maker notes: Nikon, Olympus, Pentax. Gives candidates; whoever asks checks that they are JPEGs."""

from __future__ import annotations

from engine.config import Limits
from engine.metadata.ranges import Part, Source
from engine.metadata.tiff import Ifd, TiffTree

_MAKER_NOTE = 0x927C

Ranges = list[tuple[int, int]]


def maker_ranges(source: Source, tree: TiffTree, exif: Ifd | None, limits: Limits) -> Ranges:
    """(offset in the file, length) of what the maker note of the EXIF directory `exif` points to."""
    entry = exif.entry(_MAKER_NOTE) if exif else None
    if entry is None:
        return []
    at, head = entry.at, source.at(entry.at, 16)
    if head.startswith(b"Nikon\0\x02"):
        return _nikon(source, at + 10, limits)
    if head.startswith((b"OLYMPUS\0", b"OM SYSTEM\0")):
        start = 12 if head.startswith(b"OLYMPUS\0") else 16
        order = _order(source.at(at + start - 4, 2), tree.order)
        return _olympus(Part(source, at, source.size), start, order, at, limits)
    if head.startswith(b"OLYMP\0"):
        return _olympus(source, at + 8, tree.order, 0, limits)
    if head.startswith(b"AOC\0"):
        return _pentax(source, at + 6, _order(head[4:6], tree.order), 0, limits)
    if head.startswith(b"PENTAX \0"):
        return _pentax(Part(source, at, source.size), 10, _order(head[8:10], tree.order), at, limits)
    return []


def _order(mark: bytes, default: str) -> str:
    return {b"II": "<", b"MM": ">"}.get(mark, default)


def _nikon(source: Source, base: int, limits: Limits) -> Ranges:
    """A TIFF of its own inside the note; tag 0x0011 points to the preview's directory."""
    tree = TiffTree(Part(source, base, source.size), limits)
    return [
        (base + offset, length)
        for child in tree.children(tree.ifd(tree.first) or Ifd(0), 0x0011, 1)
        if (offset := tree.number(child, 0x0201)) and (length := tree.number(child, 0x0202))
    ]


def _olympus(note: Source, first: int, order: str, base: int, limits: Limits) -> Ranges:
    """Camera settings (0x2020) hold start and length; offsets count from the note in new ones, from the file in old ones."""
    tree = TiffTree(note, limits, order=order)
    ranges = []
    for child in tree.children(tree.ifd(first) or Ifd(0), 0x2020, 1):
        offset, length = tree.number(child, 0x0101), tree.number(child, 0x0102)
        if offset and length:
            ranges += [(base + offset, length), (offset, length)]
    return ranges


def _pentax(note: Source, first: int, order: str, base: int, limits: Limits) -> Ranges:
    """Length in 0x0003, start in 0x0004."""
    tree = TiffTree(note, limits, order=order)
    ifd = tree.ifd(first)
    offset, length = tree.number(ifd, 0x0004), tree.number(ifd, 0x0003)
    return [(base + offset, length), (offset, length)] if offset and length else []
