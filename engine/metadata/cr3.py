"""Canon CR3: four TIFF blocks with the EXIF, and previews in two boxes and in a film track."""

from __future__ import annotations

from engine.config import Limits
from engine.metadata.boxes import Box, BoxReader
from engine.metadata.draft import Draft
from engine.metadata.exif import ExifFacts, read_exif
from engine.metadata.maker_notes import read_canon_note
from engine.metadata.ranges import Part, Source
from engine.metadata.tiff import Ifd, TiffTree
from engine.metadata.tiff_raw import add_previews
from engine.metadata.xmp import read_xmp

_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def gather_cr3(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a CR3."""
    draft.lossless = True
    reader = BoxReader(source)
    ranges: list[tuple[int, int]] = []
    for box in reader.boxes(0, source.size):
        if box.kind == b"moov":
            for child in reader.inside(box):
                if child.kind == _CANON:
                    ranges += _gather_canon(reader, child, limits, draft)
                elif child.kind == b"trak":
                    ranges += _track_range(reader, child)
        elif box.kind == _PREVIEW:
            for child in reader.inside(box, 8):
                if child.kind == b"PRVW":
                    ranges += _after_header(reader, child)
        elif box.kind == _XMP:
            draft.xmp.append(read_xmp(reader.data(box, limits.text_block)))
    add_previews(source, ranges, limits, draft)


def _gather_canon(reader: BoxReader, box: Box, limits: Limits, draft: Draft) -> list[tuple[int, int]]:
    """CMT1: main directory; CMT2: EXIF; CMT3: the maker note; CMT4: position. Returns where the thumbnail may be."""
    blocks: dict[bytes, Box] = {}
    ranges: list[tuple[int, int]] = []
    for child in reader.inside(box):
        blocks.setdefault(child.kind, child)
        if child.kind == b"THMB":
            ranges += _after_header(reader, child)
    for kind in (b"CMT1", b"CMT2", b"CMT4", b"CMT3"):
        if kind in blocks:
            tree = TiffTree(Part(reader.source, blocks[kind].start, blocks[kind].size), limits)
            ifd = tree.ifd(tree.first) or Ifd(0)
            if kind == b"CMT3":
                note = read_canon_note(tree, ifd)
                draft.exif.append(ExifFacts(serial=note.serial, lens=note.lens))
                continue
            draft.exif.append(read_exif(tree, *{b"CMT1": (ifd,), b"CMT2": (None, ifd), b"CMT4": (None, None, ifd)}[kind]))
            draft.size(tree.number(ifd, 0x0100), tree.number(ifd, 0x0101))
    claims = [facts for facts in draft.exif if facts.width and facts.height]
    if claims and draft.width is None:
        draft.size(claims[0].width, claims[0].height)
    return ranges


def _after_header(reader: BoxReader, box: Box) -> list[tuple[int, int]]:
    """THMB and PRVW hold a small header, then a JPEG up to their end."""
    at = reader.source.at(box.start, 64).find(b"\xff\xd8\xff")
    return [(box.start + at, box.size - at)] if at >= 0 else []


def _track_range(reader: BoxReader, track: Box) -> list[tuple[int, int]]:
    """Where the single sample of a track lies; of the four tracks only one is a JPEG."""
    table = reader.find(track, b"mdia", b"minf", b"stbl")
    if table is None:
        return []
    sizes = reader.data(reader.find(table, b"stsz"), 16)
    length = int.from_bytes(sizes[4:8], "big") or int.from_bytes(sizes[12:16], "big")
    for kind, width in ((b"co64", 8), (b"stco", 4)):
        data = reader.data(reader.find(table, kind), 16)
        if len(data) >= 8 + width:
            return [(int.from_bytes(data[8 : 8 + width], "big"), length)]
    return []
