"""Overwritten sectors in the compressed strips of a TIFF: libtiff decodes what follows into noise without a word."""

from __future__ import annotations

import zlib
from typing import Any, BinaryIO

from engine.decode.jpeg_stream import ZERO_RUN, read_stream
from engine.decode.tiff_dirs import Directory
from engine.decode.window import Piece, PiecedFile

_DEFLATE = (8, 32946)
_JPEG = 7
_STEP = 1 << 20


def overwritten_rows(file: BinaryIO, page: Directory) -> int | None:
    """Rows from the top that lie before the first damaged strip, None if no damage was noticed.

    0 for tiles and separate planes, which do not come in order. Looks only at deflate and JPEG; LZW fails by itself.
    """
    compression = page.value(259, 1)
    if compression not in _DEFLATE and compression != _JPEG:
        return None
    for number, (offset, length) in enumerate(page.extents):
        file.seek(offset)
        if not _has_zeros(file, length):
            continue
        sound = _deflate_sound(file, offset, length) if compression in _DEFLATE else _jpeg_sound(file, page, offset, length)
        if not sound:
            in_order = not page.tags.get(324) and page.value(284, 1) == 1
            return number * page.value(278, page.size[1]) if in_order else 0
    return None


def _has_zeros(file: BinaryIO, length: int) -> bool:
    carry = b""
    while length > 0:
        block = file.read(min(length, _STEP))
        if not block:
            return False
        if ZERO_RUN in carry + block:
            return True
        carry, length = block[-len(ZERO_RUN) :], length - len(block)
    return False


def _deflate_sound(file: BinaryIO, offset: int, length: int) -> bool:
    """Flat areas can be zeros, too: the stream's own checksum decides."""
    inflate = zlib.decompressobj()
    file.seek(offset)
    try:
        while length > 0 and not inflate.eof:
            block = file.read(min(length, _STEP))
            if not block:
                return False
            length -= len(block)
            while block and not inflate.eof:
                inflate.decompress(block, _STEP)
                block = inflate.unconsumed_tail
    except zlib.error:
        return False
    return inflate.eof


def _jpeg_sound(file: BinaryIO, page: Directory, offset: int, length: int) -> bool:
    pieces: list[Piece] = [b"\xff\xd8"]
    if page.jpeg_tables and page.jpeg_tables[1] > 4:
        pieces.append((page.jpeg_tables[0] + 2, page.jpeg_tables[1] - 4))
    pieces.append((offset + 2, length - 2))
    strip: Any = PiecedFile(file, pieces)  # reads like a BinaryIO
    return read_stream(strip, strip.size).damage is None
