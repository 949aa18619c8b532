"""BLAKE3 of a whole file, or of a sample of it, read through the descriptor that was handed over."""

from __future__ import annotations

import io
from typing import BinaryIO

from blake3 import blake3

CHUNK = 1 << 20

SAMPLED_FROM = 1 << 20
"""Bytes from which on a file is sampled; smaller ones are as quickly read whole."""

SAMPLES = ((0.0, 32 << 10), (0.2, 16 << 10), (0.4, 16 << 10), (0.6, 16 << 10), (0.8, 16 << 10), (1.0, 32 << 10))
"""Where a sample is taken, as a share of the size, and how many bytes: the head, the tail, and four places between."""


def whole_file(file: BinaryIO) -> bytes:
    """32 bytes over the file from its first to its last byte; the position is moved. Raises OSError."""
    if type(file) is io.BytesIO:
        return blake3(file.getvalue()).digest()  # shared, not copied
    hasher = blake3()
    file.seek(0)
    while chunk := file.read(CHUNK):
        hasher.update(chunk)
    return hasher.digest()


def sampled(file: BinaryIO, size: int) -> bytes | None:
    """16 bytes over the size and some of the bytes (`SAMPLES`); None below `SAMPLED_FROM`. The position is moved. Raises OSError.

    Equal samples make it likely that two files are copies, and prove nothing: what lies between was not looked at.
    """
    if size < SAMPLED_FROM:
        return None
    hasher = blake3(b"imgfp sample 1" + size.to_bytes(8, "little"))
    for share, length in SAMPLES:
        file.seek(min(int(size * share), size - length))
        hasher.update(file.read(length))
    return hasher.digest(16)
