"""Pairs of pictures with features in common: how many of them agree on one turn, zoom and shift, and on which."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.local.consensus_plain import align_plain
from engine.match.local.features import COSINES, GRID, SINES, SLOTS, ZOOMS, SomeFeatures, between
from engine.match.local.loops import CONSENSUS

FEW_PAIRS = 32
"""Pairs below which numpy is quick enough."""

TILE = 4096
"""Pairs that are gone through between two looks at whether it was cancelled: some tens of milliseconds."""


def align(
    features: SomeFeatures,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    mirrored: NDArray[np.bool_],
    cancelled: Callable[[], bool],
    workers: int = 2,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How many matches agree, int64 (k,), and the map from the first to the second, float64 (k, 6) in unit coordinates.

    first, second: rows; the first asks. mirrored: the first resembles the second in a mirror. A map of no matches is zeros.

    Raises
    ------
    Cancelled
    """
    loops = CONSENSUS.loaded() if len(first) >= FEW_PAIRS else None
    if loops is None:
        some, (one, other) = between(features, first, second)
        inliers, transforms = align_plain(some, one, other, mirrored)
    else:
        inliers, transforms = np.zeros(len(first), dtype=np.int64), np.zeros((len(first), 4))
        flags = np.ascontiguousarray(mirrored, dtype=np.uint8)
        work = partial(
            _tile, loops, features, np.ascontiguousarray(first), np.ascontiguousarray(second), flags, inliers, transforms
        )
        with ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(partial(work, cancelled), range(0, len(first), TILE)):
                pass
    return inliers, to_unit(features, first, second, mirrored, transforms)


def _tile(
    loops: Any,
    features: SomeFeatures,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    mirrored: NDArray[np.uint8],
    inliers: NDArray[np.int64],
    transforms: NDArray[np.float64],
    cancelled: Callable[[], bool],
    at: int,
) -> None:
    if cancelled():
        raise Cancelled
    tile = slice(at, min(at + TILE, len(first)))
    some, (one, other) = between(features, first[tile], second[tile])  # perhaps from the disk: each once
    loops.align(
        some.codes.reshape(-1), some.points.reshape(-1), some.count, one, other, mirrored[tile], 0, len(one), ZOOMS, COSINES,
        SINES, np.empty(2 * SLOTS, dtype=np.int64), np.empty(4 * SLOTS, dtype=np.int64), np.empty(4 * SLOTS), inliers[tile],
        transforms[tile],
    )  # fmt: skip


def to_unit(
    features: SomeFeatures,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    mirrored: NDArray[np.bool_],
    transforms: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Transforms in units of `GRID` (see `kernels_consensus.align`) as maps between unit coordinates, float64 (k, 6)."""
    wide_a, high_a = shares(features, first)
    wide_b, high_b = shares(features, second)
    across = np.where(mirrored, -wide_a, wide_a)
    a, b, tx, ty = transforms.T
    tx, ty = tx / GRID, ty / GRID
    return np.stack(
        [a * across / wide_b, -b * high_a / wide_b, tx / wide_b, b * across / high_b, a * high_a / high_b, ty / high_b], axis=1
    )


def shares(features: SomeFeatures, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Width and height of detail plates in long sides: float64 (k,) each."""
    width, height = features.width[rows].astype(np.float64), features.height[rows].astype(np.float64)
    long = np.maximum(width, height)
    return width / long, height / long
