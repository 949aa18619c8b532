"""Two pictures beside each other: tiers, edits, the pair table and what matching reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Tier(IntEnum):
    """How close two files are, strictest first."""

    IDENTICAL = 0
    SAME_DATA = 1
    SAME_PICTURE = 2
    EDITED = 3
    SAME_MOMENT = 4

    @property
    def label(self) -> str:
        """The name used in reports: ``identical`` … ``same-moment``."""
        return self.name.lower().replace("_", "-")

    @staticmethod
    def from_label(label: str) -> Tier:
        """Inverse of `label`; raises ValueError."""
        for tier in Tier:
            if tier.label == label:
                return tier
        raise ValueError(f"unknown tier {label!r}")


class Edit(IntEnum):
    """Bit numbers of `PAIR_DTYPE.edits`; the report's name is `label`."""

    TURNED = 0
    MIRRORED = 1
    CROP = 2
    TONE = 3
    COLOUR = 4
    BLACK_AND_WHITE = 5
    OVERLAY = 6
    BORDER = 7
    FRAMES = 8
    ROTATED = 9
    STRETCHED = 10
    BLUR = 11
    SCREEN = 12

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", "-")


def edit_labels(bits: int) -> list[str]:
    """Names of the set bits, in bit order."""
    return [edit.label for edit in Edit if bits >> edit & 1]


PAIR_PROVISIONAL = 1


PAIR_DIFFERENT = 2  # decided: never cluster again


PAIR_KEEP_ALL = 4  # decided: the same picture, all wanted


PART_NAMES = ("structure", "hash", "edges", "colour", "detail", "overlap")
"""Meaning of the first entries of `PAIR_DTYPE.parts`: similarity per part, 0..255."""


PAIR_DTYPE = np.dtype(
    [
        ("a", "<u4"),
        ("b", "<u4"),
        ("score", "<f4"),
        ("parts", "u1", (8,)),
        ("tier", "u1"),
        ("pose", "u1"),
        ("flags", "<u2"),
        ("edits", "<u4"),
        ("box", "<f4", (4,)),
    ]
)
"""A scored pair. a < b are indices into the `PictureTable` the pair was made from; score 0..1, rounded to 4 decimals when
reported; pose p = 4 t + 2 y + x: B is A transposed if t, then mirrored top-bottom if y, then left-right if x; box is the
part of A that B shows (left, top, right, bottom), fractions of A after turn and mirror, may reach outside 0..1."""


class Rows(Protocol):
    """What an array (n, …) of bytes is as far as its first axis goes; rows may be read from the disk when they are asked for."""

    def __len__(self) -> int:
        """How many rows."""

    def __getitem__(self, place: Any, /) -> Any:
        """One row for a number, rows for an array of numbers or a slice."""


@dataclass(frozen=True, slots=True)
class PictureTable:
    """The pictures that matching sees, one row a picture, **sorted by raw path bytes**; all arrays read-only, first axis n.

    dct64 uint64 (n,) · dct256 uint64 (n, 4) · gradient uint64 (n,) · trim64 uint64 (n,) · trim256 uint64 (n, 4) · frame uint16
    (n, 8) · colour uint8 (n, 128) · plate uint8 (n, 64, 64) · points uint8 (n, 128, 5) · codes uint64 (n, 128): the parts of
    `fingerprint.Prints`. The last four may be no arrays but rows that are read when asked for (6 KB a picture): ask for many at
    once, and for each once.
    bytes_id, data_id int64 (n,): equal ids mean equal whole-file digests / equal picture data; -1 unknown.
    variant int64 (n,): equal ids mean equal declared orientation *and* colour profile. orientation uint8 (n,): EXIF 1..8.
    width, height int32 (n,): px as displayed. frames int32 (n,). film int64 (n,): place of the frame hashes in `films`, -1 for a
    still.
    moment int64 (n,): capture time in ms since 1970 as the camera wrote it, -1 unknown (sub-second included where known).
    camera int64 (n,): equal ids mean equal make, model and serial; -1 unknown. exposure int64 (n,): likewise for exposure.
    shot int64 (n,): equal ids mean one shot; every picture has an id (a picture alone has one of its own).
    flat bool (n,): never matches by look. partial bool (n,). raw bool (n,).
    """

    dct64: NDArray[np.uint64]
    dct256: NDArray[np.uint64]
    gradient: NDArray[np.uint64]
    trim64: NDArray[np.uint64]
    trim256: NDArray[np.uint64]
    frame: NDArray[np.uint16]
    colour: Rows
    plate: Rows
    points: Rows
    codes: Rows
    bytes_id: NDArray[np.int64]
    data_id: NDArray[np.int64]
    variant: NDArray[np.int64]
    orientation: NDArray[np.uint8]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    frames: NDArray[np.int32]
    film: NDArray[np.int64]
    moment: NDArray[np.int64]
    camera: NDArray[np.int64]
    exposure: NDArray[np.int64]
    shot: NDArray[np.int64]
    flat: NDArray[np.bool_]
    partial: NDArray[np.bool_]
    raw: NDArray[np.bool_]
    films: tuple[bytes, ...] = ()

    def __len__(self) -> int:
        return len(self.dct64)


@dataclass(frozen=True, slots=True)
class Merges:
    """The list of joins of one pair table: clusters at any line are the joins with score >= line.

    score float32 (m,) descending; left, right uint32 (m,): node indices joined (any representative of each side).
    node int64 (n,): the node (shot or group of equal bytes) of each picture.
    """

    score: NDArray[np.float32]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    node: NDArray[np.int64]
