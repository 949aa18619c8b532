"""The 64 x 64 grey plate: what verification looks at and what every hash is computed from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.grid import LUMA_WEIGHTS, rounded


def plate_of(sums: NDArray[np.int64], pixels: int) -> NDArray[np.uint8]:
    """Mean luma of each cell, gamma-encoded, rounded half up.

    Parameters
    ----------
    sums: int64 (64, 64, 3) from `grid.area_sums`. pixels: H * W of the picture they come from.

    Returns
    -------
    uint8 (64, 64).
    """
    return rounded(sums @ LUMA_WEIGHTS, 256 * pixels).astype(np.uint8)
