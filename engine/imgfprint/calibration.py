"""The scheme's score on the similarity scale of reports: about 0 for unrelated pictures, 1 for the same one.

Unrelated pictures score 0.53 in the mean and up to 0.64, so the score itself must not be shown as a percentage. Made for the
default weights; with others the scale is only monotone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SCORES = (0.53, 0.65, 0.75, 1.0)
"""Mean of unrelated pairs; above every one of 31,125; where nearly all re-encoded and resized copies are; equal."""

SIMILARITIES = (0.0, 0.50, 0.86, 1.0)
"""0.50 is where reports end below, 0.86 the default line."""


def similarity(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores 0..1 to similarities 0..1, monotone."""
    return np.interp(score, SCORES, SIMILARITIES)


def score_at(similarity_line: float) -> float:
    """The score whose similarity this is; the lowest one for 0."""
    return float(np.interp(similarity_line, SIMILARITIES, SCORES))
