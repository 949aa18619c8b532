"""Is there anything to compare by look? Blank, black, evenly shaded and tiny pictures resemble each other by accident.

The same is asked of what is left inside a border: if that is nothing to look at, the picture is not trimmed, and its only hashes
are those of the whole frame.

Measured on pages of A4 with lines of text: one line of 24 px at 150 dpi deviates by 3.8 levels, so such a page is blank and found
by its bytes alone; from two lines, or one of 40 px, a page counts. The hashes of two such pages that begin at one place lie
within the radius in half of all cases, those of their content in none (66 pairs each of 12 kinds; the same page at half the
size: 0 to 7 bits of 64). Telling them apart is left to who looks at the pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.plate import SIDE

MIN_EDGE_PX = 16
"""A picture with a shorter side has no look worth the name (icons, 8 x 8 px bodies of metadata samples)."""

MIN_STD = 4
"""Grey levels of standard deviation over the plate below which a picture is blank."""

STEP = 2
"""Grey levels by which a cell must leave the straight line through its neighbours to count as structure."""

MIN_STRUCTURE = 16
"""Cells with structure below which a picture is only shaded: a ramp, a vignette, an empty sky."""


def is_flat(plate: NDArray[np.uint8], height: int, width: int) -> bool:
    """True when a picture of this plate and size must never match by look; exact.

    Parameters
    ----------
    plate: uint8 (64, 64). height, width: px of the pixels it was made from.
    """
    if min(height, width) < MIN_EDGE_PX:
        return True
    values = plate.astype(np.int64)
    cells = SIDE * SIDE
    variance_scaled = cells * int((values * values).sum()) - int(values.sum()) ** 2
    if variance_scaled < (MIN_STD * cells) ** 2:
        return True
    return _structure(values) < MIN_STRUCTURE


def _structure(values: NDArray[np.int64]) -> int:
    """How many cells differ from the mean of two neighbours four cells away (either direction) by more than `STEP`."""
    across = np.abs(2 * values[:, 4:-4] - values[:, :-8] - values[:, 8:]) > 2 * STEP
    down = np.abs(2 * values[4:-4] - values[:-8] - values[8:]) > 2 * STEP
    return max(int(across.sum()), int(down.sum()))
