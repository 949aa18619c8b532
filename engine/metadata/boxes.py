"""Boxes of the ISO base media file format: where they are and how long, counted and bounded. Knows nothing of what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.metadata.ranges import Source

MAX_BOXES = 50_000
"""Boxes looked at in one file, all levels together."""


@dataclass(frozen=True, slots=True)
class Box:
    """kind: four bytes (``uuid`` boxes: their 16-byte id). start, end: offsets of the content."""

    kind: bytes
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class BoxReader:
    """Reads boxes of one source; every level draws on the same allowance."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._left = MAX_BOXES

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """Boxes between two offsets. A box that overruns ends where its parent ends; one without a sane length is the last."""
        while start + 8 <= end and self._left > 0:
            self._left -= 1
            head = self.source.at(start, 32)
            if len(head) < 8:
                return
            length, kind, skip = int.from_bytes(head[:4], "big"), head[4:8], 8
            if length == 1:
                length, skip = int.from_bytes(head[8:16], "big"), 16
            elif length == 0:
                length = end - start
            if length < skip or len(head) < skip:
                return
            if kind == b"uuid":
                kind, skip = head[skip : skip + 16], skip + 16
            stop = min(start + length, end)
            if start + skip <= stop:
                yield Box(kind, start + skip, stop)
            start += length

    def inside(self, box: Box, skip: int = 0) -> Iterator[Box]:
        """Boxes in a box, behind `skip` bytes of its own."""
        return self.boxes(box.start + skip, box.end)

    def find(self, box: Box, *path: bytes) -> Box | None:
        """The first box along a path of kinds."""
        for kind in path:
            found = next((child for child in self.inside(box) if child.kind == kind), None)
            if found is None:
                return None
            box = found
        return box

    def data(self, box: Box | None, most: int) -> bytes:
        """The content of a box, at most `most` bytes of it; b"" for None."""
        return self.source.at(box.start, min(box.size, most)) if box else b""
