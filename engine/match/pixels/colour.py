"""What two colour grids tell about each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.poses import posed

COLOUR_DTYPE = np.dtype(
    [
        ("distance", "<f8"),  # mean difference of the chroma of a block, both channels added, levels
        ("chroma_a", "<f8"),  # mean distance of a block from grey, both channels added, levels
        ("chroma_b", "<f8"),
        ("luma", "<f8"),  # mean difference of the luma of a block, levels
    ]
)


def weigh_colour(
    a: NDArray[np.uint8], b: NDArray[np.uint8], plates: tuple[NDArray[np.uint8], NDArray[np.uint8]], poses: NDArray[np.integer]
) -> NDArray[np.void]:
    """Colour evidence for pairs.

    Parameters
    ----------
    a, b: uint8 (n, 128), chroma as stored. plates: uint8 (n, 64, 64) of the same pictures, for their luma. poses: (n,), the pose
    of the first that equals the second.

    Returns
    -------
    `COLOUR_DTYPE` (n,).
    """
    grid_a, grid_b = _blocks(a, plates[0]), _blocks(b, plates[1])
    for pose in np.unique(poses).tolist():
        rows = poses == pose
        grid_a[rows] = posed(grid_a[rows], pose)
    apart = np.abs(grid_a - grid_b).sum(axis=(1, 2))
    out = np.zeros(len(a), dtype=COLOUR_DTYPE)
    out["luma"] = apart[:, 0] / 64
    out["distance"] = (apart[:, 1] + apart[:, 2]) / 64
    out["chroma_a"] = np.abs(grid_a[..., 1:] - 128).sum(axis=(1, 2, 3)) / 64
    out["chroma_b"] = np.abs(grid_b[..., 1:] - 128).sum(axis=(1, 2, 3)) / 64
    return out


def block_luma(plates: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Mean luma of 8 x 8 blocks of plates, rounded half up: uint8 (n, 64, 64) to int64 (n, 8, 8)."""
    sums: NDArray[np.int64] = plates.reshape(-1, 8, 8, 8, 8).sum(axis=(2, 4), dtype=np.int64)
    return (sums + 32) >> 6


def _blocks(chroma: NDArray[np.uint8], plates: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Y, Cb, Cr of each block: int64 (n, 8, 8, 3)."""
    grid = np.empty((len(chroma), 8, 8, 3), np.int64)
    grid[..., 0] = block_luma(plates)
    grid[..., 1:] = chroma.reshape(-1, 8, 8, 2)
    return grid
