"""Largest connected area of marked cells, for many small grids at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def largest_region(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Cells of the largest area connected along edges, for each grid: bool (n, h, w) to int64 (n,)."""
    n, height, width = marked.shape
    sizes = np.zeros(n, dtype=np.int64)
    some = np.nonzero(marked.any(axis=(1, 2)))[0]
    if not len(some):
        return sizes
    mask = marked[some]
    # each cell starts with a number of its own and takes over the largest one it can reach
    labels = np.zeros((len(some), height + 2, width + 2), dtype=np.int32)
    inner = labels[:, 1:-1, 1:-1]
    inner[...] = np.arange(1, height * width + 1, dtype=np.int32).reshape(height, width) * mask
    while True:
        reached = np.maximum(
            np.maximum(labels[:, :-2, 1:-1], labels[:, 2:, 1:-1]), np.maximum(labels[:, 1:-1, :-2], labels[:, 1:-1, 2:])
        )
        reached = np.maximum(reached, inner) * mask
        if np.array_equal(reached, inner):
            break
        inner[...] = reached
    for row, grid in zip(some, inner, strict=True):
        sizes[row] = np.bincount(grid[grid > 0]).max()
    return sizes
