"""Pictures whose fingerprints are known, and pictures that look like photographs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def first_reference() -> Pixels:
    """V1: every formula in whole numbers, x = column, y = row."""
    y, x = np.mgrid[:256, :256]
    return np.stack([(x * x + 3 * y) % 256, (x * y + 7 * x) % 256, (5 * x + y * y) % 256], -1).astype(np.uint8)


def second_reference() -> Pixels:
    """V2: smoother than V1, as photographs are."""
    y, x = np.mgrid[:256, :256]
    red, blue = (x * y // 97 + x) % 256, (3 * y + x * x // 211) % 256
    green = ((x - 120) ** 2 // 61 + (y - 90) ** 2 // 83) % 256
    return np.stack([red, green, blue], -1).astype(np.uint8)
