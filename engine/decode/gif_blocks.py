"""The blocks of a GIF: how many frames are complete. Pillow would show a frame that ends early without a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

_MAX_FRAMES = 1_000_000


@dataclass(frozen=True, slots=True)
class Blocks:
    """frames: complete ones. whole: the file ends where a GIF may end. cut: it ends inside a frame, rather than being damaged.

    end: offset behind the last complete frame. begun: a further frame has begun.
    """

    frames: int
    whole: bool
    cut: bool
    end: int
    begun: bool
    width: int
    height: int


def read_blocks(file: BinaryIO, size: int) -> Blocks:
    """Walk the blocks. Never raises for a bad file; OSError passes through."""
    file.seek(0)
    head = file.read(13)
    if len(head) < 13:
        return Blocks(0, False, True, 0, False, 0, 0)
    width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    frames, end, end_before = 0, at, at

    def result(*, whole: bool, cut: bool, begun: bool = False) -> Blocks:
        return Blocks(frames, whole, cut, end, begun, width, height)

    while frames < _MAX_FRAMES:
        file.seek(at)
        kind = file.read(1)
        if not kind:
            return result(whole=frames > 0, cut=True)  # only the trailer is missing
        if kind == b";":
            return result(whole=True, cut=False)
        if kind == b"!":
            after = _skip(file, at + 2)
        elif kind == b",":
            part = file.read(9)
            if len(part) < 9:
                return result(whole=False, cut=True, begun=True)
            after = _skip(file, at + 11 + (3 << (part[8] & 7) + 1 if part[8] & 0x80 else 0))
        else:  # the frame before ended by a zero that was no end: do not count it
            frames, end = max(0, frames - 1), end_before
            return result(whole=False, cut=False, begun=True)
        if after is None:
            return result(whole=False, cut=True, begun=kind == b",")
        if kind == b",":
            frames, end_before, end = frames + 1, end, after
        at = after
    return result(whole=True, cut=False)


def _skip(file: BinaryIO, at: int) -> int | None:
    """Offset behind the chain of sub-blocks that begins at `at`, None if the file ends first."""
    file.seek(at)
    buffer, base, inside = file.read(1 << 16), at, 0
    while True:
        while inside >= len(buffer):
            base, inside = base + len(buffer), inside - len(buffer)
            if inside:
                file.seek(base + inside)
                base, inside = base + inside, 0
            buffer = file.read(1 << 16)
            if not buffer:
                return None
        length = buffer[inside]
        inside += 1 + length
        if length == 0:
            return base + inside
