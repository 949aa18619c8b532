"""Where which colour is: mean luma and chroma on an 8 x 8 grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.grid import LUMA_WEIGHTS, rounded

GRID = 8

# full-range BT.601 in 256ths, as in JPEG; each row of the chroma adds up to 0
_CB = np.array([-43, -85, 128], dtype=np.int64)
_CR = np.array([128, -107, -21], dtype=np.int64)


def colour_of(sums: NDArray[np.int64], pixels: int) -> NDArray[np.uint8]:
    """Mean Y, Cb and Cr of 8 x 8 blocks.

    Parameters
    ----------
    sums: int64 (64, 64, 3) from `grid.area_sums`. pixels: H * W of the picture they come from.

    Returns
    -------
    uint8 (192,): block by block in reading order, Y, Cb, Cr of each; Cb and Cr are 128 where there is no colour.
    """
    blocks = sums.reshape(GRID, GRID, GRID, GRID, 3).sum(axis=(1, 3))
    whole = 64 * 256 * pixels
    luma = rounded(blocks @ LUMA_WEIGHTS, whole)
    blue = rounded(blocks @ _CB + 128 * whole, whole)
    red = rounded(blocks @ _CR + 128 * whole, whole)
    return np.minimum(np.stack([luma, blue, red], axis=-1), 255).astype(np.uint8).reshape(-1)
