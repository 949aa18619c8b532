"""What everything is computed from: a picture of at most 512 px, and the grey of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.area import area_resize, fitted

LONGEST = 512
"""Long side in px of the working size; what a scaled decoder leaves away beyond it changes next to nothing."""

SHORTEST = 16
"""No side becomes shorter than this."""


def working(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture in its working size: itself where its long side is at most 512 px, else the exact area average of that size.

    Parameters
    ----------
    pixels: uint8 (H, W, 3), sRGB, upright, any size from 1 x 1 px; only read.

    Raises
    ------
    ValueError: another shape or dtype, or no pixels.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or pixels.size == 0:
        raise ValueError("pixels must be uint8 with the shape (height, width, 3)")
    height, width, _ = pixels.shape
    if max(height, width) <= LONGEST:
        return np.ascontiguousarray(pixels)
    small = fitted(height, width, LONGEST, 1)
    return area_resize(pixels, *(max(side, min(SHORTEST, whole)) for side, whole in zip(small, (height, width), strict=True)))


def luma_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Brightness of each pixel, gamma-encoded, rounded half up: uint8 (H, W, 3) to uint8 (H, W)."""
    luma = pixels[..., 1] * np.uint16(150)
    luma += pixels[..., 0] * np.uint16(77)
    luma += pixels[..., 2] * np.uint16(29)
    luma += np.uint16(128)
    luma >>= np.uint16(8)
    return luma.astype(np.uint8)
