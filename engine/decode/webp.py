"""WebP, still and animated. Calls Pillow's binding of libwebp directly: its image class would hold the pixels once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import _webp  # type: ignore[attr-defined, unused-ignore]

from engine.config import Limits
from engine.decode.colour import srgb_array
from engine.decode.guard import codec_errors
from engine.decode.picture import (
    CORRUPT,
    TRUNCATED,
    DecodeRequest,
    Picture,
    Pixels,
    check_memory,
    check_size,
    sampled,
    turn,
    turned_size,
)
from engine.decode.window import Piece, PiecedFile
from engine.errors import DecodeError

_PICTURE = (b"VP8 ", b"VP8L", b"ANMF")
_KEEP = (b"ICCP", b"ANIM", b"ALPH", *_PICTURE)
_ZERO_SECTOR = b"\0" * 512
_MAX_CHUNKS = 100_000


@dataclass(slots=True)
class _Chunks:
    """pieces: what libwebp shall see, only whole chunks. whole: none was cut. zeros: an overwritten sector inside."""

    pieces: list[Piece] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    pictures: int = 0
    whole: bool = True
    film: bool = False
    lossless: bool = False
    zeros: bool = False


def decode_webp(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """Decode the first frame; `Picture.frame_pixels` gives the film. Raises DecodeError, MemoryError, OSError."""
    chunks = _read_chunks(file, size)
    if not chunks.pictures:
        raise DecodeError("the file ends before its picture is whole", code=CORRUPT if chunks.whole else TRUNCATED)
    decoder, (width, height), count, channels, profile = _open(file, chunks, limits)
    with codec_errors():
        data = _next(decoder)
    del decoder  # it holds two pictures more
    pixels = _pixels(data, (width, height), channels, profile, limits, request)
    partial = TRUNCATED if not chunks.whole else CORRUPT if chunks.zeros else None

    def frames() -> Iterator[Pixels]:
        again, full, _, _, _ = _open(file, chunks, limits)
        wanted = set(sampled(count, limits.max_frames))
        with codec_errors():
            for number in range(max(wanted) + 1):
                frame = _next(again)
                if number in wanted:
                    yield _pixels(frame, full, channels, profile, limits, request)

    return Picture(
        pixels=pixels,
        full_size=turned_size((width, height), request.orientation),
        frames=count,
        frame_pixels=frames if count > 1 and request.frames else None,
        partial=partial,
        route="webp-full",
        decoder=f"Pillow {PIL.__version__}",
        lossless=chunks.lossless,
    )


def _open(file: BinaryIO, chunks: _Chunks, limits: Limits) -> tuple[Any, tuple[int, int], int, int, bytes | None]:
    """(decoder, size, frames, channels, profile). Any: the binding has no types."""
    if all(chunks.size):
        check_size(*chunks.size, limits)
        pixels = chunks.size[0] * chunks.size[1]
        check_memory((16 if chunks.lossless else 12) * pixels, pixels, limits)
    with codec_errors():
        decoder = _webp.WebPAnimDecoder(PiecedFile(file, chunks.pieces).read())
        size, _, _, count, mode = decoder.get_info()
        profile = decoder.get_chunk("ICCP")
    check_size(size[0], size[1], limits)
    return decoder, size, max(1, count), 4 if mode == "RGBA" else 3, profile


def _next(decoder: Any) -> bytes:
    answer = decoder.get_next()
    if answer is None:
        raise DecodeError("a frame could not be decoded", code=CORRUPT)
    data: bytes = answer[0]
    return data


def _pixels(
    data: bytes, size: tuple[int, int], channels: int, profile: bytes | None, limits: Limits, request: DecodeRequest
) -> Pixels:
    array: NDArray[np.uint8] = np.frombuffer(data, np.uint8).reshape(size[1], size[0], -1)
    return turn(srgb_array(array[..., :channels], profile, limits, request.edge), request.orientation)


def _read_chunks(file: BinaryIO, size: int) -> _Chunks:
    found = _Chunks()
    file.seek(0)
    riff = file.read(12)
    if len(riff) < 12:
        found.whole = False
        return found
    declared = 8 + int.from_bytes(riff[4:8], "little")
    at, total = 12, 4
    for _ in range(_MAX_CHUNKS):
        if at + 8 > declared and found.pictures:
            break
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            found.whole = found.whole and found.pictures > 0 and not found.film
            break
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        padded = length + (length & 1)
        if at + 8 + length > size:
            if kind in _KEEP:
                found.whole = False
            break
        if kind == b"VP8X" and length >= 10:
            body = file.read(length)
            found.size = (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
            piece: Piece = head + bytes([body[0] & ~0x0C]) + body[1:] + b"\0" * (length & 1)
            found.pieces.append(piece)
            total += 8 + padded
        elif kind in _KEEP:
            found.film = found.film or kind == b"ANIM"
            if kind in _PICTURE:
                found.pictures += 1
                _look(file, found, kind, length)
            found.pieces += [(at, 8 + length), b"\0" * (length & 1)]
            total += 8 + padded
        at += 8 + padded
    found.pieces.insert(0, b"RIFF" + total.to_bytes(4, "little") + b"WEBP")
    return found


def _look(file: BinaryIO, found: _Chunks, kind: bytes, length: int) -> None:
    body = file.read(min(length, 64))
    if kind == b"ANMF":
        _look_inside(found, body + file.read(length - len(body)))
        return
    if kind == b"VP8 " and len(body) >= 10 and not all(found.size):
        found.size = (int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF)
    elif kind == b"VP8L" and len(body) >= 5 and not all(found.size):
        bits = int.from_bytes(body[1:5], "little")
        found.size = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    found.lossless = found.lossless or kind == b"VP8L"
    found.zeros = found.zeros or _ZERO_SECTOR in body + file.read(length - len(body))


def _look_inside(found: _Chunks, frame: bytes) -> None:
    """The pixel data of a frame of a film, which may have a (often flat) chunk of transparency before it."""
    at = 16
    while at + 8 <= len(frame):
        kind, length = frame[at : at + 4], int.from_bytes(frame[at + 4 : at + 8], "little")
        if kind in (b"VP8 ", b"VP8L"):
            found.lossless = found.lossless or kind == b"VP8L"
            found.zeros = found.zeros or _ZERO_SECTOR in frame[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
