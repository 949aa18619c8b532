"""SQUARE: a picture as models take it, all of it in a small square, the aspect ignored.

Each axis is averaged by area where it shrinks and interpolated where it grows, in float64 by matrices of our own: no library's
resize, so that an upgrade changes no vector.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.wire import SQUARE_MOST
from engine.worker.loop import Reply, Request
from engine.worker.probe import LoneError, lone
from engine.worker.small import pixels_of

GROUP = 16
CHUNK_COLUMNS = 8192


def square_of(request: Request) -> Reply:
    """`request.edge` x `request.edge` px, red green blue, row by row. Raises DecodeError; ValueError for an edge out of range."""
    if not 1 <= request.edge <= SQUARE_MOST:
        raise ValueError("no such square")
    try:
        pixels = pixels_of(request, 2 * request.edge)
    except LoneError:
        return lone()
    return Reply({}, squared(pixels, request.edge).tobytes())


def squared(pixels: NDArray[np.uint8], edge: int) -> NDArray[np.uint8]:
    """uint8 (H, W, 3), any size, to uint8 (edge, edge, 3), rounded once."""
    height, width, _ = pixels.shape
    rows = _along_first(pixels.reshape(height, width * 3), edge)
    columns = np.ascontiguousarray(rows.reshape(edge, width, 3).transpose(1, 0, 2)).reshape(width, -1)
    small = _along_first(columns, edge).reshape(edge, edge, 3).transpose(1, 0, 2)
    return np.ascontiguousarray(np.floor(np.clip(small, 0, 255) + 0.5)).astype(np.uint8)


def _along_first(rows: NDArray[Any], edge: int) -> NDArray[np.float64]:
    """(n, m) to float64 (edge, m), a few outputs at a time: each sees only the rows around it."""
    weights = _weights(len(rows), edge)
    out = np.empty((edge, rows.shape[1]))
    for start in range(0, edge, GROUP):
        group = weights[start : start + GROUP]
        used = np.flatnonzero(group.any(axis=0))
        low, high = int(used[0]), int(used[-1]) + 1
        for left in range(0, rows.shape[1], CHUNK_COLUMNS):
            band = rows[low:high, left : left + CHUNK_COLUMNS].astype(np.float64)
            out[start : start + GROUP, left : left + CHUNK_COLUMNS] = group[:, low:high] @ band
    return out


def _weights(size: int, edge: int) -> NDArray[np.float64]:
    """float64 (edge, size): what of each of `size` px goes into each of `edge`; rows add up to 1."""
    if size >= edge:
        bounds = np.arange(edge + 1) * (size / edge)
        left, right = bounds[:-1, None], bounds[1:, None]
        pixel = np.arange(size)[None]
        shares: NDArray[np.float64] = np.maximum(0.0, np.minimum(right, pixel + 1) - np.maximum(left, pixel)) * (edge / size)
        return shares
    centres = np.clip((np.arange(edge) + 0.5) * (size / edge) - 0.5, 0, size - 1)
    near: NDArray[np.float64] = np.maximum(0.0, 1.0 - np.abs(centres[:, None] - np.arange(size)[None]))
    return near
