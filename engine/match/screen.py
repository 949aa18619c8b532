"""A first glance at candidates that costs next to nothing: is light where light is?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.colour import block_luma
from engine.match.poses import posed
from engine.records import PictureTable

EVEN_LEVELS = 2
"""Grey levels of deviation of an 8 x 8 layout below which it says nothing."""

_CHUNK = 2048


def worth_a_look(table: PictureTable, candidates: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Candidates whose 8 x 8 luma layouts correlate by 0.6 at least, or are too even to tell: bool (k,).

    Nearly half of the accidental neighbours of graphics fail; of 10,000 edits by tone, colour or small overlays none did.
    All in integers, and the same for either order of a pair.

    Parameters
    ----------
    table: the pictures. candidates: int64 (k, 3), rows i and j and the pose of i that resembles j.
    """
    kept = np.empty(len(candidates), dtype=bool)
    for at in range(0, len(candidates), _CHUNK):
        kept[at : at + _CHUNK] = _correlate(table, candidates[at : at + _CHUNK])
    return kept


def _correlate(table: PictureTable, candidates: NDArray[np.int64]) -> NDArray[np.bool_]:
    rows, where = np.unique(candidates[:, :2], return_inverse=True)
    luma = block_luma(table.plate[rows])  # perhaps from the disk: each row once
    x, y = where.reshape(-1, 2).T
    a = luma[x]
    b = luma[y].reshape(-1, 64)
    for pose in np.unique(candidates[:, 2]).tolist():
        rows = candidates[:, 2] == pose
        a[rows] = posed(a[rows], pose)
    a = a.reshape(-1, 64)
    sum_a, sum_b = a.sum(axis=1), b.sum(axis=1)
    ab = 64 * (a * b).sum(axis=1) - sum_a * sum_b
    aa = 64 * (a * a).sum(axis=1) - sum_a * sum_a
    bb = 64 * (b * b).sum(axis=1) - sum_b * sum_b
    even = np.minimum(aa, bb) < (64 * EVEN_LEVELS) ** 2
    # ab >= 0.6 * sqrt(aa * bb), squared; the largest product stays below 2^61
    alike = (ab > 0) & (25 * ab * ab >= 9 * aa * bb)
    result: NDArray[np.bool_] = even | alike
    return result
