"""The scale of similarity: 0.86 at the default line, 0.5 at the floor, monotone in the odds that a pair is the same picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.verdict.score_table import SIMILARITY, STRENGTH

TOP = 0.9999
"""Only equal bytes and equal picture data reach 1."""


def similarity(strengths: NDArray[np.float64]) -> NDArray[np.float32]:
    """Strengths on the scale, rounded to 4 decimals, at most `TOP`: float32 (k,)."""
    return np.round(np.minimum(np.interp(strengths, STRENGTH, SIMILARITY), TOP), 4).astype(np.float32)


def strength_at(similarity: float) -> float:
    """The least strength that may be as similar as this, with room for rounding."""
    return float(np.interp(similarity - 1e-4, SIMILARITY, STRENGTH))
