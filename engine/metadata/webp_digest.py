"""The picture digest of a WebP: the chunks of the picture or of the frames, without EXIF, XMP and the profile. What hangs behind
counts unless it is padding."""

from __future__ import annotations

from typing import BinaryIO

import blake3

from engine.metadata.stream import CutError, Stream

_METADATA = {b"EXIF", b"XMP ", b"ICCP", b"VP8X"}
_ANIMATED, _ALPHA = 0x02, 0x10
_MAX_CHUNKS = 1_000_000


def webp_digest(file: BinaryIO, size: int) -> bytes | None:
    """32 bytes, or None for a file that is cut, broken or has no picture. OSError passes through."""
    try:
        return _digest(Stream(file, size))
    except CutError:
        return None


def _digest(stream: Stream) -> bytes:
    hasher = blake3.blake3(b"imgfp webp 1")
    head = stream.take(12)
    end = 8 + int.from_bytes(head[4:8], "little")
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise CutError
    has_picture = False
    for _ in range(_MAX_CHUNKS):
        if stream.at + 8 > end:
            break
        kind, length = stream.take(4), int.from_bytes(stream.take(4), "little")
        if kind == b"VP8X" and length >= 10:
            extended = stream.take(10)
            hasher.update(_extended(extended))
            length -= 10
            stream.skip(length + (length & 1))
        elif kind in _METADATA:
            stream.skip(length)
            stream.skip(min(length & 1, stream.left))
        else:
            has_picture |= kind in (b"VP8 ", b"VP8L", b"ANMF")
            hasher.update(kind + length.to_bytes(8, "little"))
            stream.feed(length, hasher.update)
            stream.skip(min(length & 1, stream.left))
    if not has_picture:
        raise CutError
    hasher.update(b"end")
    stream.feed_rest(hasher.update)
    return hasher.digest()


def _extended(data: bytes) -> bytes:
    """What the extended header adds to a picture: nothing where a program only made room for metadata, which a file without this
    header lacks; of an animation its canvas. A picture that is declared opaque may hide an alpha channel."""
    flags = data[0]
    if flags & _ANIMATED:
        return b"canvas" + bytes([flags & (_ANIMATED | _ALPHA)]) + data[4:10]
    return b""
