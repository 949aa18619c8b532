"""The memory in which the loops of the local features work, and their steps in order."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.codes import projection
from engine.fingerprint.feature_numbers import (
    CELLS,
    COLUMNS,
    DIFFERENCES,
    LAYERS,
    LENGTH,
    LONGEST,
    MOST,
    MOST_FOUND,
    MOST_TAPS,
    PATCH,
    SIGMAS,
    SINES,
    SIZES_AT,
    TAPS,
    TURN_WINDOW,
    WINDOW,
)
from engine.fingerprint.pyramid import sizes_of

POINT_BYTES = 5
_SIDE = 2 * LONGEST
_PIXELS = sum(height * width for height, width in sizes_of(LONGEST, LONGEST))


class Workspace:
    """Room for the largest plate, 4 MB of which small plates touch only the beginning; one picture at a time."""

    def __init__(self) -> None:
        self.layers = np.empty(LAYERS * _PIXELS, np.int16)
        self.differences = np.empty(DIFFERENCES * _PIXELS, np.int16)
        self.layer = np.empty(_SIDE * _SIDE, np.int16)
        self.line = np.empty(_SIDE + 2 * MOST_TAPS, np.int16)
        self.sums = np.empty(_SIDE, np.int32)
        self.taps = np.zeros((len(TAPS), MOST_TAPS), np.int64)
        for row, taps in zip(self.taps, TAPS, strict=True):
            row[: len(taps)] = taps
        self.reaches = np.array([len(taps) - 1 for taps in TAPS], np.int64)
        self.found = np.empty(MOST_FOUND * COLUMNS, np.int64)
        self.high, self.low = (np.empty(DIFFERENCES * _SIDE, np.int16) for _ in range(2))
        self.tops, self.bottoms = (np.empty(_SIDE, np.int16) for _ in range(2))
        self.marks = np.empty(_SIDE, np.uint8)
        self.keys = np.empty(MOST_FOUND, np.int64)
        self.used = np.empty(CELLS * CELLS, np.int64)
        self.chosen = np.empty(MOST, np.int64)
        self.patch, self.lengths = (np.empty(PATCH * PATCH, np.int32) for _ in range(2))
        self.turns = np.empty(PATCH * PATCH, np.float64)
        self.cells = np.empty(6 * 6 * 8, np.int64)
        self.points = np.empty((MOST, POINT_BYTES), np.uint8)
        self.descriptors = np.empty((MOST, LENGTH), np.uint8)

    def pyramid(self, loops: Any, detail: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Fill `layers` and `differences` from a plate; where the octaves lie, int64 (n, 4)."""
        octaves = octaves_of(*detail.shape)
        planes = (self.layers, self.differences, self.layer, self.line, self.sums)
        loops.pyramid(
            np.ascontiguousarray(detail).reshape(-1), octaves, len(octaves), self.taps.reshape(-1), self.reaches, *planes
        )
        return octaves

    def keypoints(self, loops: Any, octaves: NDArray[np.int64]) -> int:
        """Fill `found` and `chosen`; how many are chosen."""
        rows = (self.high, self.low, self.tops, self.bottoms, self.marks)
        choice = (SIGMAS, self.keys, self.used, self.chosen)
        count: int = loops.keypoints(self.differences, octaves, len(octaves), self.found, *rows, *choice)
        return count

    def describe(self, loops: Any, octaves: NDArray[np.int64], count: int) -> int:
        """Fill `points` and `descriptors` from the first `count` chosen keypoints; how many."""
        size_at = int(SIZES_AT[int(octaves[0, :2].max()) // 2])
        tables = (SIGMAS, SINES, TURN_WINDOW, WINDOW)
        work = (self.patch, self.lengths, self.turns, self.cells)
        out = (self.points.reshape(-1), self.descriptors.reshape(-1))
        made: int = loops.describe(self.layers, octaves, self.found, self.chosen, count, size_at, *tables, *work, *out)
        return made

    def encode(self, loops: Any, count: int, codes: NDArray[np.uint64]) -> None:
        """Codes of the first `count` descriptors into `codes`."""
        weights, bias = projection()
        loops.encode(self.descriptors.reshape(-1), count, weights.reshape(-1), bias, codes)

    def described(self, loops: Any, detail: NDArray[np.uint8]) -> int:
        """Fill `points` and `descriptors` from a plate; how many."""
        octaves = self.pyramid(loops, detail)
        return self.describe(loops, octaves, self.keypoints(loops, octaves))


def octaves_of(height: int, width: int) -> NDArray[np.int64]:
    """int64 (n, 4) for a plate of this size in px: rows, columns, where its layers and where its differences begin."""
    octaves, first, differ = [], 0, 0
    for rows, columns in sizes_of(height, width):
        octaves.append((rows, columns, first, differ))
        first += LAYERS * rows * columns
        differ += DIFFERENCES * rows * columns
    return np.array(octaves, dtype=np.int64)


_own = threading.local()


def workspace() -> Workspace:
    """The one of this thread."""
    if not hasattr(_own, "workspace"):
        _own.workspace = Workspace()
    found: Workspace = _own.workspace
    return found
