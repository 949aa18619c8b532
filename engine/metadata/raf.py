"""Fujifilm RAF: a header that points to a whole JPEG, whose EXIF speaks for the picture, and to the sensor's data."""

from __future__ import annotations

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.jpeg import gather_jpeg
from engine.metadata.ranges import Part, Source
from engine.metadata.tiff_raw import add_previews

_MAX_TAGS = 256


def gather_raf(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a RAF."""
    draft.lossless = True
    head = source.at(0, 108)
    if len(head) < 100:
        return
    offset, length, header, header_length = (int.from_bytes(head[i : i + 4], "big") for i in (84, 88, 92, 96))
    draft.model = head[28:60].split(b"\0", 1)[0].decode("latin-1").strip()
    if offset:
        inside = Draft()
        gather_jpeg(Part(source, offset, length), limits, inside)
        draft.exif, draft.xmp, draft.iptc = inside.exif, inside.xmp, inside.iptc
        small = inside.thumbnail
        add_previews(source, [(offset, length), *([(offset + small.offset, small.length)] if small else [])], limits, draft)
    _sensor_size(source, header, header_length, draft)
    claim = draft.exif[0] if draft.exif else None
    if claim and (claim.width or 0) * (claim.height or 0) > (draft.width or 0) * (draft.height or 0):
        draft.size(claim.width, claim.height)


def _sensor_size(source: Source, at: int, length: int, draft: Draft) -> None:
    """Tag 0x0111 (as cropped), else 0x0100 (whole), in the header of the sensor's data: height, width."""
    sizes: dict[int, tuple[int, int]] = {}
    count, end = int.from_bytes(source.at(at, 4), "big"), at + length
    at += 4
    for _ in range(min(count, _MAX_TAGS)):
        entry = source.at(at, 8)
        if len(entry) < 8 or at >= end:
            break
        tag, size = int.from_bytes(entry[:2], "big"), int.from_bytes(entry[2:4], "big")
        if tag in (0x0100, 0x0111) and size == 4:
            sizes[tag] = int.from_bytes(entry[6:8], "big"), int.from_bytes(entry[4:6], "big")
        at += 4 + size
    found = sizes.get(0x0111) or sizes.get(0x0100)
    if found:
        draft.size(*found)
