"""Where which colour is: mean chroma on an 8 x 8 grid. Its luma follows from the plate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.area import area_sums

GRID = 8

# full-range BT.601 in 256ths, as in JPEG; each column adds up to 0
_CHROMA = np.array([[-43, 128], [-85, -107], [128, -21]], dtype=np.int64)


def colour_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mean Cb and Cr of 8 x 8 blocks, rounded half up.

    Parameters
    ----------
    pixels: uint8 (H, W, 3), a picture in its working size; only read.

    Returns
    -------
    uint8 (128,): block by block in reading order, Cb and Cr of each; 128 where there is no colour.
    """
    sums = area_sums(pixels, GRID, GRID).astype(np.int64)
    whole = 256 * pixels.shape[0] * pixels.shape[1]
    means = (sums.reshape(-1, 3) @ _CHROMA + (128 * whole + whole // 2)) // whole
    colour: NDArray[np.uint8] = np.minimum(means, 255).astype(np.uint8).reshape(-1)
    return colour
