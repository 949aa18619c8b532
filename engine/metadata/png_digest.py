"""The picture digest of a PNG or APNG: header, palette, transparency and compressed data however it is cut into chunks, and the
frames of an animation, and the chunks that say what the colours mean; text, times and the profile are left out (it is compared
apart)."""

from __future__ import annotations

import zlib
from typing import BinaryIO

import blake3

from engine.metadata.stream import CutError, Stream

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB"}
_ANIMATION = {b"acTL", b"fcTL", b"fdAT"}


def png_digest(file: BinaryIO, size: int) -> bytes | None:
    """32 bytes, or None for a file that is cut or has a wrong checksum in a chunk that counts. OSError passes through."""
    try:
        return _Walk(Stream(file, size)).digest()
    except CutError:
        return None


class _Walk:
    """One pass over the chunks. Every part goes into the hash as name, length and content, so that parts cannot run together."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._hasher = blake3.blake3(b"imgfp png 2")
        self._run: tuple[bytes, blake3.blake3] | None = None
        self._animated = False
        self._has_data = False

    def digest(self) -> bytes:
        if self._stream.take(8) != SIGNATURE:
            raise CutError
        first = True
        while True:
            head = self._stream.take(8)
            length, kind = int.from_bytes(head[:4], "big"), head[4:]
            if length + 4 > self._stream.left or first != (kind == b"IHDR"):
                raise CutError
            first = False
            if kind == b"IEND":
                return self._finish()
            self._chunk(kind, length)

    def _chunk(self, kind: bytes, length: int) -> None:
        if kind == b"acTL" and not self._has_data:
            self._animated = True
        if kind == b"IDAT":
            self._has_data = True
            self._feed(kind, length)
        elif kind in _KEPT or (kind in _ANIMATION and self._animated):
            self._feed(kind, length)
        elif not kind[0] & 0x20:
            raise CutError  # a critical chunk that nobody knows: decoders refuse the file
        else:
            self._stream.skip(length + 4)

    def _feed(self, kind: bytes, length: int) -> None:
        sequence = self._stream.take(4) if kind in (b"fcTL", b"fdAT") and length >= 4 else b""
        checksum = [zlib.crc32(sequence, zlib.crc32(kind))]
        sink = self._sink(kind)

        def check(data: memoryview) -> None:
            checksum[0] = zlib.crc32(data, checksum[0])

        self._stream.feed(length - len(sequence), sink.update, check)
        if int.from_bytes(self._stream.take(4), "big") != checksum[0]:
            raise CutError

    def _sink(self, kind: bytes) -> blake3.blake3:
        """The hash of the running part: consecutive data chunks are one part, any other chunk is a part of its own."""
        if self._run is None or self._run[0] != kind or kind not in (b"IDAT", b"fdAT"):
            self._end_run()
            self._run = (kind, blake3.blake3())
        return self._run[1]

    def _end_run(self) -> None:
        if self._run is not None:
            self._hasher.update(self._run[0] + self._run[1].digest())
            self._run = None

    def _finish(self) -> bytes:
        if not self._has_data:
            raise CutError
        self._end_run()
        self._hasher.update(b"IEND")
        self._stream.skip(4)
        self._stream.feed_rest(self._hasher.update)
        return self._hasher.digest()
