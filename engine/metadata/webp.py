"""Chunks of WebP files: size, frames, lossless or not, ICC, EXIF, XMP."""

from __future__ import annotations

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.exif import read_exif
from engine.metadata.ranges import Memory, Source
from engine.metadata.tiff import TiffTree
from engine.metadata.xmp import read_xmp

MAX_CHUNKS = 200_000


def gather_webp(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from the chunks of a WebP file."""
    end = min(source.size, 8 + int.from_bytes(source.at(4, 4), "little"))
    draft.trailing = source.size - end
    at, frames, animated = 12, 0, False
    draft.bit_depth = 8
    for _ in range(MAX_CHUNKS):
        head = source.at(at, 8, ahead=at < 4096)
        if len(head) < 8 or at >= end:
            break
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        if kind == b"VP8X":
            data = source.at(at + 8, 10)
            animated = bool(data[:1] and data[0] & 2)
            draft.size(1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little"))
        elif kind == b"ANMF":
            frames += 1
            if frames == 1:
                draft.lossless = source.at(at + 24, 4) == b"VP8L"
        elif kind in (b"VP8 ", b"VP8L"):
            _bitstream(kind, source.at(at + 8, 10), draft)
        else:
            _metadata(kind, source, at + 8, min(length, limits.text_block), limits, draft)
        at += 8 + length + (length & 1)
    draft.pages = max(1, frames) if animated else 1


def _bitstream(kind: bytes, data: bytes, draft: Draft) -> None:
    draft.lossless = kind == b"VP8L"
    if draft.width is not None or len(data) < 10:
        return
    if kind == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        draft.size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    elif kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        draft.size(int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF)


def _metadata(kind: bytes, source: Source, at: int, length: int, limits: Limits, draft: Draft) -> None:
    if kind == b"ICCP":
        draft.colour_profile(source.at(at, min(length, limits.icc_bytes)))
    elif kind == b"EXIF" and not draft.exif:
        tree = TiffTree(Memory(source.at(at, length).removeprefix(b"Exif\0\0")), limits)
        draft.exif.append(read_exif(tree, tree.ifd(tree.first)))
    elif kind == b"XMP " and not draft.xmp:
        draft.xmp.append(read_xmp(source.at(at, length)))
