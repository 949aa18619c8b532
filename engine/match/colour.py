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


def weigh_colour(a: NDArray[np.uint8], b: NDArray[np.uint8], poses: NDArray[np.integer]) -> NDArray[np.void]:
    """Colour evidence for pairs.

    Parameters
    ----------
    a, b: uint8 (n, 192) as stored. poses: (n,), the pose of the first that equals the second.

    Returns
    -------
    `COLOUR_DTYPE` (n,).
    """
    grid_a = a.reshape(-1, 8, 8, 3).astype(np.int64)
    for pose in np.unique(poses).tolist():
        rows = poses == pose
        grid_a[rows] = posed(grid_a[rows], pose)
    grid_b = b.reshape(-1, 8, 8, 3).astype(np.int64)
    apart = np.abs(grid_a - grid_b).sum(axis=(1, 2))
    out = np.zeros(len(a), dtype=COLOUR_DTYPE)
    out["luma"] = apart[:, 0] / 64
    out["distance"] = (apart[:, 1] + apart[:, 2]) / 64
    out["chroma_a"] = np.abs(grid_a[..., 1:] - 128).sum(axis=(1, 2, 3)) / 64
    out["chroma_b"] = np.abs(grid_b[..., 1:] - 128).sum(axis=(1, 2, 3)) / 64
    return out
