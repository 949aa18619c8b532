"""The header of BMP files."""

from __future__ import annotations

import struct

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.ranges import Source


def gather_bmp(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a bitmap's header; a negative height only means top-down rows."""
    head = source.at(0, 54)
    draft.lossless = True
    if len(head) < 26:
        return
    if struct.unpack_from("<I", head, 14)[0] in (12, 16) or len(head) < 54:
        width, height = struct.unpack_from("<HH", head, 18)
    else:
        width, height = struct.unpack_from("<ii", head, 18)
        draft.lossless = struct.unpack_from("<I", head, 30)[0] not in (4, 5)  # JPEG or PNG inside
    draft.size(abs(width), abs(height))
    bits_at = 24 if struct.unpack_from("<I", head, 14)[0] in (12, 16) else 28
    draft.bit_depth = 5 if head[bits_at : bits_at + 2] == b"\x10\0" else 8
