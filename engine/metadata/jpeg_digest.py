"""The picture digest of a JPEG: frame, tables and scans in order, and the colour space that decoders will assume, without
comments and application segments wherever they stand. What hangs behind the picture counts unless it is padding: a second
picture, a gain map, the film of a motion photo."""

from __future__ import annotations

from typing import BinaryIO

import blake3
import numpy as np

from engine.metadata.jpeg import FRAMES
from engine.metadata.stream import CutError, Stream

MAX_SEGMENTS = 1_000_000

PIECE = 1 << 17
"""Bytes looked at together: what is computed on the way stays in the processor's cache."""

_TABLES = {0xDB, 0xC4, 0xCC, 0xDD, 0xDC, 0xDE, 0xDF}  # DQT DHT DAC DRI DNL DHP EXP


def find_marker(data: memoryview) -> int | None:
    """Where the first marker other than a restart begins in entropy-coded data, None if none does before the last byte."""
    values = np.frombuffer(data, np.uint8)
    for start in range(0, len(values) - 1, PIECE):
        second = values[start + 1 : start + 1 + PIECE]
        hits = (values[start : start + len(second)] == 0xFF) & (second != 0)
        if hits.any():
            places = hits.nonzero()[0]
            codes = second[places]
            places = places[(codes < 0xD0) | (codes > 0xD7)]
            if len(places):
                return start + int(places[0])
    return None


def jpeg_digest(file: BinaryIO, size: int) -> bytes | None:
    """32 bytes, or None for a file that is cut, broken or has no scan. OSError passes through."""
    try:
        return _Walk(Stream(file, size)).digest()
    except CutError:
        return None


class _Walk:
    """One pass over the file. The hash sees a JPEG stripped of its metadata: that is a prefix code, no lengths are needed."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._hasher = blake3.blake3(b"imgfp jpeg 1")
        self._components: bytes | None = None
        self._adobe: int | None = None
        self._jfif = False
        self._scans = 0

    def digest(self) -> bytes:
        if self._stream.take(2) != b"\xff\xd8":
            raise CutError
        for _ in range(MAX_SEGMENTS):
            marker = self._next_marker()
            if marker == 0xD9:
                return self._finish()
            self._segment(marker)
        raise CutError

    def _next_marker(self) -> int:
        """The code behind one or more 0xFF."""
        if self._stream.take(1) != b"\xff":
            raise CutError
        code = 0xFF
        while code == 0xFF:
            code = self._stream.take(1)[0]
        return code

    def _segment(self, marker: int) -> None:
        if marker == 0x01:
            return
        length = int.from_bytes(self._stream.take(2), "big") - 2
        if length < 0:
            raise CutError
        if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            self._note_colour_space(marker, self._stream.take(min(length, 12)))
            self._stream.skip(length - min(length, 12))
        elif marker in FRAMES or marker in _TABLES:
            content = self._stream.take(length)
            if marker in FRAMES:
                self._note_frame(content)
            self._hash(marker, content)
        elif marker == 0xDA:
            self._scan(self._stream.take(length))
        else:
            raise CutError

    def _hash(self, marker: int, content: bytes) -> None:
        self._hasher.update(b"\xff" + bytes([marker]) + (len(content) + 2).to_bytes(2, "big") + content)

    def _note_colour_space(self, marker: int, head: bytes) -> None:
        """What libjpeg looks at, and only before the first scan, as it does."""
        if self._scans:
            return
        if marker == 0xE0 and head[:5] == b"JFIF\0":
            self._jfif = True
        elif marker == 0xEE and head[:5] == b"Adobe" and len(head) == 12:
            self._adobe = head[11]

    def _note_frame(self, content: bytes) -> None:
        if self._components is not None or len(content) < 6 or len(content) < 6 + 3 * content[5]:
            raise CutError  # a second frame: hierarchical, or two files run together
        self._components = content[6 : 6 + 3 * content[5] : 3]

    def _scan(self, header: bytes) -> None:
        if self._components is None:
            raise CutError
        if not self._scans:
            self._hasher.update(b"colour " + self._colour_space().encode() + b"\0")
        self._scans += 1
        self._hash(0xDA, header)
        while True:
            data = self._stream.window()
            if not data:
                raise CutError
            found = find_marker(data)
            if found is not None:
                self._take_entropy(data[:found])
                return
            keep = len(data) - 1 if data[-1] == 0xFF else len(data)
            self._take_entropy(data[:keep])
            if keep < len(data) and self._is_marker_across():
                return

    def _take_entropy(self, data: memoryview) -> None:
        self._hasher.update(data)
        self._stream.at += len(data)

    def _is_marker_across(self) -> bool:
        """At a 0xFF that ends the buffer: does a marker begin here? If not, the two bytes are data and taken."""
        pair = self._stream.take(2)
        if find_marker(memoryview(pair)) == 0:
            self._stream.at -= 2
            return True
        self._hasher.update(pair)
        return False

    def _colour_space(self) -> str:
        """The decision of libjpeg's default_decompress_parms, by which Pillow and browsers go."""
        assert self._components is not None
        if len(self._components) == 4:
            inverted = "" if self._adobe is None else " inverted"
            return ("ycck" if self._adobe == 2 else "cmyk") + inverted
        if len(self._components) != 3:
            return "plain"
        if self._jfif:
            return "ycc"
        if self._adobe is not None:
            return "rgb" if self._adobe == 0 else "ycc"
        return "rgb" if self._components == b"RGB" else "ycc"

    def _finish(self) -> bytes:
        if not self._scans:
            raise CutError
        self._hasher.update(b"\xff\xd9")
        self._stream.feed_rest(self._hasher.update)
        return self._hasher.digest()
