"""Local features of the pictures of a library, as they lie on the disk, and what their small numbers stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.records import PictureTable
from engine.records.pairs import Rows

Ends = tuple[NDArray[np.int64], NDArray[np.int64]]

SLOTS = 128
"""Features a picture has room for."""

GRID = 4096
"""Units of a place and of a size in one long side of the detail plate."""

SIZE_STEPS = 16
"""Steps of a size byte in an octave."""

ANGLES = 256
"""Units of an angle in one turn."""

MIDDLE = 255
"""Place of 1.0 in `ZOOMS`."""

_DETAIL_WIDTH, _DETAIL_HEIGHT, _COUNT = 4, 5, 6

# Rounded to 26 (15) bits far from any half, so that every platform's own functions give the same table.
ZOOMS: NDArray[np.float64] = np.array(
    [round(2.0 ** (step / SIZE_STEPS) * (1 << 26)) / (1 << 26) for step in range(-MIDDLE, MIDDLE + 1)]
)
"""2 ** (step / 16) for steps -255 … 255; entry `MIDDLE` + size byte is a size in units of `GRID`: float64 (511,)."""

COSINES: NDArray[np.float64] = np.array(
    [round(math.cos(2 * math.pi * k / ANGLES) * (1 << 15)) / (1 << 15) for k in range(ANGLES)]
)
"""Of the angles of a byte: float64 (256,), multiples of 2 ** -15."""

SINES: NDArray[np.float64] = np.roll(COSINES, ANGLES // 4)
"""Likewise: float64 (256,)."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of n pictures; arrays may be maps of files.

    count uint8 (n,): features, 0 … 128. points uint8 (n, 128, 5): strongest first; bytes x >> 4, (x & 15) << 4 | y >> 8, y & 255,
    size, angle; x and y in 4096ths of the long side of the detail plate, size 2 ** (byte / 16) of them, angle in 256ths of a
    turn.
    codes uint64 (n, 128). width, height uint8 (n,): of the detail plate, px.
    """

    count: NDArray[np.uint8]
    points: NDArray[np.uint8]
    codes: NDArray[np.uint64]
    width: NDArray[np.uint8]
    height: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.count)

    @staticmethod
    def of(frame: NDArray[np.uint16], points: NDArray[np.uint8], codes: NDArray[np.uint64]) -> Features:
        """From the parts of fingerprints: frame uint16 (n, 8), points uint8 (n, 128, 5), codes uint64 (n, 128)."""
        frame = np.asarray(frame)
        return Features(
            count=np.ascontiguousarray(np.minimum(frame[:, _COUNT], SLOTS), dtype=np.uint8),
            points=np.ascontiguousarray(points, dtype=np.uint8),
            codes=np.ascontiguousarray(codes, dtype=np.uint64),
            width=np.ascontiguousarray(np.clip(frame[:, _DETAIL_WIDTH], 1, 255), dtype=np.uint8),
            height=np.ascontiguousarray(np.clip(frame[:, _DETAIL_HEIGHT], 1, 255), dtype=np.uint8),
        )

    def some(self, rows: NDArray[np.int64]) -> Features:
        """Those of these rows."""
        return Features(self.count[rows], self.points[rows], self.codes[rows], self.width[rows], self.height[rows])

    @staticmethod
    def from_table(table: PictureTable, rows: NDArray[np.integer] | None = None) -> Features:
        """Of these rows of a table, in their order; None for all, and then maps stay maps."""
        if rows is None:
            return Features.of(table.frame, _whole(table.points), _whole(table.codes))
        return Features.of(table.frame[rows], table.points[rows], table.codes[rows])


def _whole(column: Rows) -> NDArray[Any]:
    found: NDArray[Any] = column if isinstance(column, np.ndarray) else column[:]
    return found


class SomeFeatures(Protocol):
    """Features of n pictures of which some can be had at a time: `Features`, or `FeatureRows` that lie on the disk."""

    @property
    def count(self) -> NDArray[np.uint8]: ...
    @property
    def width(self) -> NDArray[np.uint8]: ...
    @property
    def height(self) -> NDArray[np.uint8]: ...
    @property
    def codes(self) -> Rows: ...
    def __len__(self) -> int: ...
    def some(self, rows: NDArray[np.int64]) -> Features: ...


@dataclass(frozen=True, slots=True)
class FeatureRows:
    """As `Features`, with points and codes read when they are asked for: a million pictures' take 1.7 GB."""

    count: NDArray[np.uint8]
    points: Rows
    codes: Rows
    width: NDArray[np.uint8]
    height: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.count)

    def some(self, rows: NDArray[np.int64]) -> Features:
        """Those of these rows, in memory."""
        points = np.ascontiguousarray(self.points[rows], dtype=np.uint8)
        codes = np.ascontiguousarray(self.codes[rows], dtype=np.uint64)
        return Features(self.count[rows], points, codes, self.width[rows], self.height[rows])

    @staticmethod
    def of_table(table: PictureTable) -> FeatureRows:
        """Of all pictures of a table."""
        small = Features.of(table.frame[:], _NO_POINTS, _NO_CODES)
        return FeatureRows(small.count, table.points, table.codes, small.width, small.height)


_NO_POINTS, _NO_CODES = np.empty((0, SLOTS, 5), dtype=np.uint8), np.empty((0, SLOTS), dtype=np.uint64)


def between(features: SomeFeatures, first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[Features, Ends]:
    """The features that pairs need, each row once, and the places of both ends among them."""
    rows, where = np.unique(np.concatenate([first, second]), return_inverse=True)
    one, other = np.split(where.reshape(-1).astype(np.int64), 2)
    return features.some(rows), (one, other)


@dataclass(frozen=True, slots=True)
class Places:
    """What points stand for: x, y float64 in units of `GRID`, size int64 (the byte), angle int64 (the byte)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    size: NDArray[np.int64]
    angle: NDArray[np.int64]


def places_of(points: NDArray[np.uint8]) -> Places:
    """Unpack uint8 (…, 5); the loops do the same on the fly."""
    b = points.astype(np.int64)
    x = (b[..., 0] << 4) | (b[..., 1] >> 4)
    y = ((b[..., 1] & 15) << 8) | b[..., 2]
    return Places(x.astype(np.float64), y.astype(np.float64), b[..., 3], b[..., 4])
