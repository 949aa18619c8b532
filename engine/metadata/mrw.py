"""Minolta MRW: a few blocks before the sensor's data, one of them a TIFF with the EXIF."""

from __future__ import annotations

import struct

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.exif import read_exif
from engine.metadata.ranges import Part, Source
from engine.metadata.tiff import TiffTree

_MAX_BLOCKS = 64


def gather_mrw(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from an MRW."""
    draft.lossless = True
    end = 8 + int.from_bytes(source.at(4, 4), "big")
    at = 8
    for _ in range(_MAX_BLOCKS):
        head = source.at(at, 8)
        if len(head) < 8 or at >= end:
            break
        length = int.from_bytes(head[4:], "big")
        if head[:4] == b"\0PRD" and length >= 18:
            data = source.at(at + 8, 18)
            if len(data) == 18:
                height, width = struct.unpack_from(">HH", data, 12)
                draft.size(width, height)
                draft.bit_depth = data[17]
        elif head[:4] == b"\0TTW":
            tree = TiffTree(Part(source, at + 8, length), limits)
            draft.exif.append(read_exif(tree, tree.ifd(tree.first)))
        at += 8 + length
