"""A large PNG in bands of rows: its stream is inflated piece by piece, and Pillow's own code takes the filters off.

Each band is handed to that code as a small picture of stored rows, below the last row of the band before it, to which the
filters refer. Filters work on bytes at equal places of neighbouring pixels; so 16-bit channels, of which Pillow keeps the high
byte, become 8-bit ones beforehand, and 16-bit grey becomes two channels."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile

from engine.decode.bands import Bands, coloured, rows_at_once
from engine.decode.picture import CORRUPT
from engine.decode.png_chunks import Chunks
from engine.errors import DecodeError

_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_BAND_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_HIGH_BYTES = {"RGB;16B": "RGB", "RGBA;16B": "RGBA", "LA;16B": "LA"}
_STEP = 1 << 20


def png_bands(file: BinaryIO, chunks: Chunks, image: ImageFile.ImageFile) -> Bands | None:
    """Bands of a PNG that Pillow opened, None where it is interlaced. They raise DecodeError where the stream is not whole."""
    width, _, depth, colour, interlace = chunks.header
    if interlace or len(image.tile) != 1 or image.tile[0].codec_name != "zip" or image.size != chunks.header[:2]:
        return None
    arguments = image.tile[0].args
    raw_mode = arguments if isinstance(arguments, str) else str(arguments[0]) if arguments else image.mode
    halved = raw_mode in _HIGH_BYTES
    row = (width * _SAMPLES[colour] * depth + 7) // 8
    channels = 1 if depth < 8 else _SAMPLES[colour] * (1 if halved else depth // 8)
    across = row if depth < 8 else width
    return _bands(
        file, chunks, image, row, 2 if halved else 1, (across, _BAND_MODES[channels], _HIGH_BYTES.get(raw_mode, raw_mode))
    )


def _bands(
    file: BinaryIO, chunks: Chunks, image: ImageFile.ImageFile, row: int, every: int, layout: tuple[int, str, str]
) -> Bands:
    """row: bytes of a filtered row. every: 2 where only the first of two bytes counts. layout: width and mode of a band for the
    filters, and how its bytes are read."""
    across, mode, raw_mode = layout
    width, height = image.size
    stream = _inflated(file, chunks, (row + 1) * rows_at_once(width))
    above = np.zeros(row // every, np.uint8)
    top = 0
    while top < height:
        data = next(stream, b"")
        count = min(len(data) // (row + 1), height - top)
        if not count:
            raise DecodeError("the stream ends before the last row", code=CORRUPT)
        filtered = np.frombuffer(data, np.uint8, count * (row + 1)).reshape(count, row + 1)
        stored = np.zeros((count + 1, len(above) + 1), np.uint8)
        stored[0, 1:] = above
        stored[1:, 0] = filtered[:, 0]
        stored[1:, 1:] = filtered[:, 1::every]
        with_above = Image.frombytes(mode, (across, count + 1), zlib.compress(stored.data, 0), "zip", mode)
        plain = with_above.crop((0, 1, across, count + 1)).tobytes()
        above = np.frombuffer(plain, np.uint8)[-len(above) :]
        yield coloured(Image.frombytes(image.mode, (width, count), plain, "raw", raw_mode), image)
        top += count


def _inflated(file: BinaryIO, chunks: Chunks, length: int) -> Iterator[bytes]:
    """The stream in pieces of `length` bytes, the last one shorter. Raises DecodeError for damage."""
    inflate = zlib.decompressobj()
    waiting = bytearray()
    try:
        for offset, left in chunks.data:
            while left > 0 and not inflate.eof:
                file.seek(offset)
                block = file.read(min(left, _STEP))
                if not block:
                    return
                offset, left = offset + len(block), left - len(block)
                while block and not inflate.eof:
                    waiting += inflate.decompress(block, length - len(waiting))
                    block = inflate.unconsumed_tail
                    if len(waiting) == length:
                        yield bytes(waiting)
                        waiting.clear()
        while not inflate.eof and (more := inflate.decompress(b"", length - len(waiting))):
            waiting += more
            if len(waiting) == length:
                yield bytes(waiting)
                waiting.clear()
        yield bytes(waiting)
    except zlib.error as error:
        raise DecodeError(f"the stream is damaged: {error}", code=CORRUPT) from error
