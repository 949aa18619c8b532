"""The chunks of a PNG: which of them Pillow needs to see, and how far the picture data is sound.

Text chunks are left out, so that no odd comment can cost a sound picture; checksums of the picture data are compared, because
Pillow does not."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from engine.decode.window import Piece

_SIGNATURE = 8
_NEEDED = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT")
_HELPFUL = (b"tRNS", b"iCCP", b"sRGB")  # left out if damaged
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_ZEROS = b"\0" * 64
_STEP = 1 << 20
_MAX_CHUNKS = 1_000_000


@dataclass(slots=True)
class Chunk:
    """at: offset of the length field. usable: bytes of the content that are there and, as far as can be told, right."""

    kind: bytes
    at: int
    length: int
    sound: bool
    usable: int


@dataclass(slots=True)
class Chunks:
    """What was found. pieces: the file as Pillow shall see it, ending with the first unsound chunk of picture data.

    whole: the first picture (IDAT) is complete. cut: what is missing is missing at the end of the file. film: there are more
    frames, film_whole: all of them are complete. header: width, height, depth, colour type, interlace method.
    """

    pieces: list[Piece] = field(default_factory=list)
    header: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    data: list[tuple[int, int]] = field(default_factory=list)
    palette: bytes = b""
    whole: bool = False
    cut: bool = False
    film: bool = False
    film_whole: bool = False


def read_chunks(file: BinaryIO, size: int) -> Chunks:
    """Walk the chunks. Never raises for a bad file; OSError passes through."""
    chunks, ended = _walk(file, size)
    found = Chunks(pieces=[(0, _SIGNATURE)], film=any(chunk.kind == b"acTL" for chunk in chunks))
    data = [chunk for chunk in chunks if chunk.kind == b"IDAT"]
    found.data = [(chunk.at + 8, chunk.usable) for chunk in data]
    sound = bool(data) and all(chunk.sound for chunk in data)
    followed = bool(data) and chunks[-1].kind != b"IDAT"
    found.whole = sound and (followed or ended)
    if data and not found.whole:
        found.whole = _stream_complete(file, [(chunk.at + 8, min(chunk.length, size - chunk.at - 8)) for chunk in data])
    found.film_whole = found.whole and ended and all(chunk.sound for chunk in chunks if chunk.kind in (b"fdAT", b"fcTL"))
    found.cut = not ended and (not data or all(chunk.sound for chunk in data[:-1]))
    for chunk in chunks:
        if chunk.kind == b"IHDR" and chunk.length == 13:
            found.header = _header(file, chunk.at)
        if chunk.sound and (chunk.kind in _NEEDED or chunk.kind in _HELPFUL):
            found.pieces.append((chunk.at, 12 + chunk.length))
        elif chunk.kind == b"IDAT":
            usable = min(chunk.length, size - chunk.at - 8) if found.whole else chunk.usable
            found.pieces += [usable.to_bytes(4, "big") + b"IDAT", (chunk.at + 8, usable), b"\0\0\0\0"]
            if not found.whole:
                break
        elif chunk.kind in _NEEDED:
            if chunk.kind in (b"fdAT", b"fcTL", b"acTL"):
                break
            found.pieces.append((chunk.at, 12 + chunk.length))  # Pillow will refuse it
    found.pieces.append(_END)
    return found


def _walk(file: BinaryIO, size: int) -> tuple[list[Chunk], bool]:
    """(the chunks that matter, the end chunk was met)."""
    chunks: list[Chunk] = []
    at = _SIGNATURE
    for _ in range(_MAX_CHUNKS):
        file.seek(at)
        head = file.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8 or not kind.isalpha():
            return chunks, False
        if kind == b"IEND":
            return chunks, True
        if kind in _NEEDED or kind in _HELPFUL:
            chunks.append(_check(file, size, at, kind, length))
        at += 12 + length
        if at > size:
            return chunks, False
    return chunks, False


def _check(file: BinaryIO, size: int, at: int, kind: bytes, length: int) -> Chunk:
    """Compare the checksum of the chunk at `at`; if it differs, trust its content up to the first run of zeros, or not at all."""
    there = max(0, min(length, size - at - 8))
    crc, left, done, zeros, carry = zlib.crc32(kind), there, 0, -1, b""
    file.seek(at + 8)
    while left:
        block = file.read(min(left, _STEP))
        if not block:
            break
        crc = zlib.crc32(block, crc)
        if zeros < 0:
            hit = (carry + block).find(_ZEROS)
            zeros = done - len(carry) + hit if hit >= 0 else -1
        carry = block[-len(_ZEROS) :]
        done += len(block)
        left -= len(block)
    stored = file.read(4) if done == length else b""
    if len(stored) == 4 and int.from_bytes(stored, "big") == crc:
        return Chunk(kind, at, length, True, length)
    if len(stored) == 4:
        return Chunk(kind, at, length, False, max(0, zeros))
    return Chunk(kind, at, length, False, done if zeros < 0 else zeros)


def _header(file: BinaryIO, at: int) -> tuple[int, int, int, int, int]:
    file.seek(at + 8)
    body = file.read(13)
    if len(body) < 13:
        return 0, 0, 0, 0, 0
    return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"), body[8], body[9], body[12]


def _stream_complete(file: BinaryIO, data: list[tuple[int, int]]) -> bool:
    """Whether the compressed stream reaches its own end with a matching checksum (bounded memory)."""
    inflate = zlib.decompressobj()
    try:
        for offset, length in data:
            file.seek(offset)
            left = length
            while left > 0:
                block = file.read(min(left, _STEP))
                if not block:
                    return False
                left -= len(block)
                while block:
                    inflate.decompress(block, _STEP)
                    if inflate.eof:
                        return True
                    block = inflate.unconsumed_tail
    except zlib.error:
        return False
    return False
