"""The binary format: header pages of column files and pair tables, byte order, versions. Nothing else.

A header is one page of 4,096 bytes, little-endian, ending in a CRC-32 of all before. Magic and version keep their places.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import StoreNewer
from engine.store.files import DamageError

HEADER_BYTES = 4096
FORMAT_VERSION = 1
COLUMN_MAGIC = b"IMGFPCOL"
PAIRS_MAGIC = b"IMGFPPRS"
SEGMENT_ROWS = 16_384
"""Rows a column file: 64 MiB of the largest part, sparse until written; 35 files for 100,000 pictures."""

MAX_SEGMENT_ROWS = 1 << 20
MAX_ROW_BYTES = 1 << 24

_START = struct.Struct("<8sI")  # magic, version: the same in every version
_COLUMN = struct.Struct("<8sIIIIII16s32s32sQ")
_PAIRS = struct.Struct("<8sIII16s32s32sQI")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")


@dataclass(frozen=True, slots=True)
class PartSpec:
    """What the store must know of one fingerprint part. shape: of one picture. version: rises when a bit may change."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    version: int

    @property
    def little(self) -> np.dtype[np.generic]:
        """The dtype as stored: little-endian."""
        return self.dtype.newbyteorder("<")

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def digest(self) -> bytes:
        """16 bytes that stand for dtype and shape."""
        return dtype_digest(self.little, self.shape)


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """The first page of a column file. segment: its number within the part; file_bytes: its whole length."""

    part: str
    part_version: int
    row_bytes: int
    capacity: int
    segment: int
    dtype_digest: bytes
    profile: str

    @property
    def file_bytes(self) -> int:
        """Length of the file, header included."""
        return HEADER_BYTES + self.capacity * self.row_bytes

    def pack(self) -> bytes:
        """The page."""
        return _page(
            _COLUMN.pack(
                COLUMN_MAGIC,
                FORMAT_VERSION,
                HEADER_BYTES,
                self.row_bytes,
                self.capacity,
                self.segment,
                self.part_version,
                self.dtype_digest,
                self.part.encode(),
                self.profile.encode(),
                self.file_bytes,
            )
        )

    def check(self, page: bytes, path: Path, size: int) -> None:
        """That `page` is this header, in a file of the right `size`. Raises DamageError, StoreNewer."""
        _check_page(page, COLUMN_MAGIC, path)
        if page != self.pack():
            raise DamageError(path, "was made for other data")
        if size != self.file_bytes:
            raise DamageError(path, "has the wrong length")


@dataclass(frozen=True, slots=True)
class PairsHeader:
    """The first page of a pair table. key: 32 bytes given by the caller; crc: CRC-32 of all rows."""

    row_bytes: int
    dtype_digest: bytes
    profile: str
    key: bytes
    count: int
    crc: int

    def pack(self) -> bytes:
        """The page."""
        digest, profile = self.dtype_digest, self.profile.encode()
        return _page(
            _PAIRS.pack(
                PAIRS_MAGIC, FORMAT_VERSION, HEADER_BYTES, self.row_bytes, digest, profile, self.key, self.count, self.crc
            )
        )

    @classmethod
    def unpack(cls, page: bytes, path: Path) -> PairsHeader:
        """Inverse of `pack`. Raises DamageError, StoreNewer."""
        _check_page(page, PAIRS_MAGIC, path)
        _, _, _, row_bytes, digest, profile, key, count, crc = _PAIRS.unpack_from(page)
        return cls(row_bytes, digest, profile.rstrip(b"\0").decode("ascii", "replace"), key, count, crc)


def dtype_digest(dtype: np.dtype[np.generic], shape: tuple[int, ...] = ()) -> bytes:
    """16 bytes that change with byte order, field names, offsets, sizes or shape."""
    return hashlib.blake2b(f"{dtype.descr}{dtype.itemsize}{shape}".encode(), digest_size=16).digest()


def check_name(name: str) -> str:
    """`name`, when it may be part of a file name of ours. Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a profile or part")
    return name


def _page(start: bytes) -> bytes:
    body = start.ljust(HEADER_BYTES - 4, b"\0")
    return body + struct.pack("<I", zlib.crc32(body))


def check_newer(page: bytes, magic: bytes) -> None:
    """Refuse a sound header of a version after ours. Raises StoreNewer."""
    if _is_sound(page, magic) and _START.unpack_from(page)[1] > FORMAT_VERSION:
        raise StoreNewer(
            "The cache was written by a newer version of imgfp and was left as it is.",
            hint="Use that version, or another cache folder.",
        )


def _is_sound(page: bytes, magic: bytes) -> bool:
    whole = len(page) == HEADER_BYTES and page.startswith(magic)
    return whole and zlib.crc32(page[:-4]) == struct.unpack("<I", page[-4:])[0]


def _check_page(page: bytes, magic: bytes, path: Path) -> None:
    if not _is_sound(page, magic):
        raise DamageError(path, "has no sound header")
    check_newer(page, magic)
    if _START.unpack_from(page)[1] < FORMAT_VERSION:
        raise DamageError(path, "has a format that is not known")
