"""The table of scored pairs of the last match, so that a library opens with its clusters; worthless without its pictures' key."""

from __future__ import annotations

import mmap
import os
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.records import PAIR_DTYPE
from engine.store.files import DamageError, create_new, flush, open_own, publish, read_at, write_at
from engine.store.layout import HEADER_BYTES, PairsHeader, dtype_digest

SUFFIX = ".pairs"
_DIGEST = dtype_digest(PAIR_DTYPE)


def write_pairs(path: Path, profile: str, key: bytes, pairs: NDArray[np.void]) -> None:
    """Replace the file as a whole. Raises OSError, DamageError; then the old one is still there."""
    data = np.ascontiguousarray(pairs, PAIR_DTYPE).view(np.uint8).data
    header = PairsHeader(PAIR_DTYPE.itemsize, _DIGEST, profile, key, len(pairs), zlib.crc32(data))
    made = path.with_name(path.name + ".new")
    descriptor = create_new(made)
    try:
        write_at(descriptor, header.pack(), 0)
        write_at(descriptor, data, HEADER_BYTES)
        flush(descriptor)
    finally:
        os.close(descriptor)
    publish(made, path)


def read_pairs(path: Path, profile: str, key: bytes | None, *, mapped: bool) -> NDArray[np.void] | None:
    """The pairs kept under `key` (None: under any), PAIR_DTYPE (n,), read-only; None when there are none for it.

    Raises DamageError when the file or a pair in it cannot be right, StoreNewer, OSError.
    """
    try:
        descriptor = open_own(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        header = _header(descriptor, path)
        if header.profile != profile or key not in (None, header.key):
            return None
        pairs = _body(descriptor, path, header, mapped=mapped)
    finally:
        os.close(descriptor)
    if not _possible(pairs):
        raise DamageError(path, "holds impossible pairs")
    pairs.setflags(write=False)
    return pairs


def _header(descriptor: int, path: Path) -> PairsHeader:
    page = bytearray(HEADER_BYTES)
    if not read_at(descriptor, memoryview(page), 0):
        raise DamageError(path, "ends early")
    header = PairsHeader.unpack(bytes(page), path)
    if header.row_bytes != PAIR_DTYPE.itemsize or header.dtype_digest != _DIGEST:
        raise DamageError(path, "was made for other data")
    if os.fstat(descriptor).st_size != HEADER_BYTES + header.count * header.row_bytes:
        raise DamageError(path, "has the wrong length")
    return header


def _body(descriptor: int, path: Path, header: PairsHeader, *, mapped: bool) -> NDArray[np.void]:
    length = header.count * header.row_bytes
    if mapped and length:
        mapping = mmap.mmap(descriptor, HEADER_BYTES + length, access=mmap.ACCESS_READ)
        pairs = np.frombuffer(mapping, PAIR_DTYPE, offset=HEADER_BYTES)
    else:
        buffer = bytearray(length)
        if not read_at(descriptor, memoryview(buffer), HEADER_BYTES):
            raise DamageError(path, "ends early")
        pairs = np.frombuffer(buffer, PAIR_DTYPE)
    if zlib.crc32(pairs.view(np.uint8).data) != header.crc:
        raise DamageError(path, "is damaged")
    return pairs


def _possible(pairs: NDArray[np.void]) -> bool:
    scores = pairs["score"]
    return bool((pairs["a"] < pairs["b"]).all() and ((scores >= 0) & (scores <= 1)).all())  # NaN fails both
