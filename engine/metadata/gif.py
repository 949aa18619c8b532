"""Structure of GIF files: size, number of frames, an XMP packet. Sub-blocks are stepped over, not decoded."""

from __future__ import annotations

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.ranges import Source
from engine.metadata.xmp import read_xmp

WINDOW = 1 << 18
MAX_BLOCKS = 2_000_000
"""Sub-blocks stepped over (255 bytes each): half a gigabyte of picture data; beyond that a codec must count the frames."""

_XMP_MARK = b"\x0bXMP DataXMP"
_XMP_TRAILER = 258


class _Cursor:
    """Steps through the file in one direction with a large window."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._data = b""
        self._start = 0
        self._blocks = 0
        self.at = 0
        self.gave_up = False

    def peek(self, length: int) -> bytes:
        used = self.at - self._start
        if used < 0 or used + length > len(self._data):
            self._start, used = self.at, 0
            self._data = self._source.at(self.at, WINDOW, ahead=False)
            self.gave_up |= not self._data and self.at < self._source.size
        return self._data[used : used + length]

    def skip_blocks(self) -> bool:
        """Step over sub-blocks up to their terminator; False when the file or the patience ends."""
        while True:
            head = self.peek(1)
            self._blocks += 1
            self.gave_up |= self._blocks > MAX_BLOCKS
            if not head or self.gave_up:
                return False
            self.at += 1 + head[0]
            if head[0] == 0:
                return True


def gather_gif(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from the blocks of a GIF."""
    cursor = _Cursor(source)
    head = cursor.peek(13)
    if len(head) < 13:
        return
    draft.size(int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little"))
    draft.bit_depth = 8  # of a colour in the table
    cursor.at = 13 + _table_bytes(head[10])
    frames = 0
    while True:
        kind = cursor.peek(1)
        if kind == b"\x2c":
            frames += 1
            cursor.at += 10 + _table_bytes((cursor.peek(10) + b"\0" * 10)[9]) + 1
        elif kind == b"\x21":
            if cursor.peek(14)[2:] == _XMP_MARK and not draft.xmp:
                draft.xmp.append(read_xmp(_xmp_packet(source, cursor.at + 14, limits)))
            cursor.at += 2
        else:
            break
        if not cursor.skip_blocks():
            break
    draft.pages = None if cursor.gave_up else max(1, frames)
    if kind == b";":
        draft.trailing = max(0, source.size - cursor.at - 1)


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _xmp_packet(source: Source, at: int, limits: Limits) -> bytes:
    """The packet stands there as plain text; its magic trailer only makes it look like sub-blocks."""
    data = source.at(at, min(limits.text_block, 1 << 20), ahead=False)
    end = data.find(b"<?xpacket end=")
    return data[: end + 19] if end >= 0 else data[:-_XMP_TRAILER]
