"""Do two films or documents show the same frames?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.poses import pose_hash64
from engine.records import PictureTable

NEAR_BITS = 8
"""Bits by which the hashes of one frame, stored twice, may differ."""


def films_differ(
    table: PictureTable, a: NDArray[np.integer], b: NDArray[np.integer], poses: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Pairs with another number of frames or other sampled frames: bool (k,). A film without samples equals none."""
    frames_a, frames_b = table.frames[a], table.frames[b]
    out: NDArray[np.bool_] = frames_a != frames_b
    for k in np.nonzero(~out & ((frames_a > 1) | (table.film[a] >= 0) | (table.film[b] >= 0)))[0].tolist():
        out[k] = not _same_frames(_hashes(table, int(a[k])), _hashes(table, int(b[k])), int(poses[k]))
    return out


def _hashes(table: PictureTable, row: int) -> NDArray[np.uint64]:
    film = int(table.film[row])
    data = table.films[film] if film >= 0 else b""
    return np.frombuffer(data[: len(data) // 8 * 8], dtype="<u8").astype(np.uint64)


def _same_frames(a: NDArray[np.uint64], b: NDArray[np.uint64], pose: int) -> bool:
    if not len(a) or len(a) != len(b):
        return False
    return bool((np.bitwise_count(pose_hash64(a, pose) ^ b) <= NEAR_BITS).all())
