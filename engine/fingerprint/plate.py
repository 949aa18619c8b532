"""Small grey plates: what every hash and every feature is computed from, and what a pair is judged by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.area import area_resize, fitted

SIDE = 64
"""Cells along each side of the square plate; the aspect of the picture is ignored."""

DETAIL = 192
"""Long side in px of the plate for local features: they must survive in copies as small as that."""

DETAIL_SHORTEST = 16
"""No side of it is shorter; only that of a picture without a look worth the name is enlarged."""


def plate_of(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mean luma of 64 x 64 cells, rounded half up: uint8 (H, W) to uint8 (64, 64)."""
    return area_resize(luma, SIDE, SIDE)


def detail_of(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same with the long side at most 192 px and the aspect kept, never enlarged: uint8 (H, W) to uint8 (h, w)."""
    height, width = luma.shape
    return area_resize(luma, *fitted(height, width, DETAIL, DETAIL_SHORTEST))
