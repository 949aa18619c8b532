"""What only maker notes tell: serial number and lens of a few makers, and the name that an iPhone gives a photo and its film."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config import Limits
from engine.metadata.ranges import Part
from engine.metadata.texts import clean, decode
from engine.metadata.tiff import Ifd, TiffTree

MAKER_NOTE = 0x927C
_NOTE_IFDS = Limits(max_ifds=8)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """Facts of a maker note, "" where it is silent."""

    serial: str = ""
    lens: str = ""
    pairing_id: str = ""


_SILENT = NoteFacts()


def read_maker_note(tree: TiffTree, exif: Ifd | None, make: str) -> NoteFacts:
    """Facts of the maker note in the EXIF directory `exif`, or those of an empty one for makers that are not known here."""
    entry = exif.entry(MAKER_NOTE) if exif else None
    if entry is None or entry.length < 18:
        return _SILENT
    head = tree.source.at(entry.at, 14)
    if head.startswith(b"Apple iOS\0"):
        return _apple(tree, entry.at, entry.length, head)
    if head.startswith(b"Nikon\0\x02"):
        return _nikon(tree, entry.at + 10, entry.length - 10)
    if head.startswith(b"Panasonic\0"):
        return NoteFacts(lens=_word(tree, tree.ifd(entry.at + 12), 0x0051))
    if head.startswith((b"OLYMPUS\0", b"OM SYSTEM\0", b"OLYMP\0")):
        return _olympus(tree, entry.at, head)
    if head.startswith((b"SIGMA\0\0\0", b"FOVEON\0\0")):
        return NoteFacts(serial=_word(tree, tree.ifd(entry.at + 10), 0x0002))
    if make.startswith("Canon"):
        return read_canon_note(tree, tree.ifd(entry.at))
    return _SILENT


def read_canon_note(tree: TiffTree, note: Ifd | None) -> NoteFacts:
    """Canon's directory, which begins without a mark of its own."""
    serial = tree.number(note, 0x000C)
    return NoteFacts(serial=str(serial) if serial else "", lens=_word(tree, note, 0x0095))


def _apple(tree: TiffTree, at: int, length: int, head: bytes) -> NoteFacts:
    """Offsets count from the start of the note; always its own byte order."""
    order = {b"II": "<", b"MM": ">"}.get(head[12:14])
    if order is None:
        return _SILENT
    inside = TiffTree(Part(tree.source, at, length), _NOTE_IFDS, order=order)
    return NoteFacts(pairing_id=inside.text(inside.ifd(14), 0x0011))


def _olympus(tree: TiffTree, at: int, head: bytes) -> NoteFacts:
    """Offsets count from the start of the note in new notes, from that of the file in old ones."""
    if head.startswith(b"OLYMP\0"):
        note, first = tree, at + 8
    else:
        first = 12 if head.startswith(b"OLYMPUS\0") else 16
        mark = tree.source.at(at + first - 4, 2)
        order = {b"II": "<", b"MM": ">"}.get(mark, tree.order)
        note = TiffTree(Part(tree.source, at, tree.source.size), _NOTE_IFDS, order=order)
    main = note.ifd(first)
    entry = main.entry(0x2010) if main else None
    if entry is None:
        return _SILENT
    equipment = note.ifd(entry.at) if entry.kind == 7 else next(note.children(main or Ifd(0), 0x2010, 1), None)
    return NoteFacts(serial=_word(note, equipment, 0x0101), lens=_word(note, equipment, 0x0203))


def _nikon(tree: TiffTree, at: int, length: int) -> NoteFacts:
    """A TIFF of its own."""
    inside = TiffTree(Part(tree.source, at, length), _NOTE_IFDS)
    ifd = inside.ifd(inside.first)
    return NoteFacts(serial=_word(inside, ifd, 0x001D) or _word(inside, ifd, 0x00A0))


def _word(tree: TiffTree, ifd: Ifd | None, tag: int) -> str:
    """A text that says something: makers fill with dashes, question marks and blanks."""
    text = clean(decode(tree.raw(ifd, tag, 256)))
    return text if any(letter.isalnum() for letter in text) else ""
