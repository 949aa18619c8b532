"""From evidence to one similarity: 1 for the same picture, about 0 for unrelated ones, whatever else is in the library."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOP = 0.9999
"""Only equal bytes and equal picture data reach 1."""

PLAIN_BELOW = 0.3
"""Share of detail below which a picture is called plain: few shapes on an even ground agree by accident sooner."""

_STRENGTH = (-1.0, 0.30, 0.60, 0.70, 0.76, 0.82, 0.87, 0.91, 0.95, 0.98, 1.0)
_SCORE = (0.0, 0.02, 0.15, 0.32, 0.50, 0.70, 0.86, 0.95, 0.98, 0.995, TOP)
"""Measured: tests/bench/match_quality.py prints both sides of each line."""


def strength(evidence: NDArray[np.void], colour: NDArray[np.void], stretch: NDArray[np.float64]) -> NDArray[np.float64]:
    """How sure it is that two pictures are one: 1 at most, float64 (n,).

    Parameters
    ----------
    evidence: `EVIDENCE_DTYPE` (n,). colour: `COLOUR_DTYPE` (n,). stretch: |log| of the ratio of both aspects, (n,).
    """
    plain = np.clip((PLAIN_BELOW - evidence["busy"]) / PLAIN_BELOW, 0.0, 1.0)
    lost = (1.0 - evidence["match"]) * (1.0 + 2.0 * plain) + evidence["differ"]
    # another text in the same layout, another face in the same place: disagreement wherever there is structure
    lost += np.maximum(evidence["common"] - 0.12, 0.0) + 0.5 * np.maximum(evidence["apart"] - 0.2, 0.0)
    # a plain picture has few shapes; each of them must agree, and so must its tone and its colour
    gain = np.abs(np.log(np.maximum(evidence["gain"], 1e-3)))
    drawn = np.where(evidence["peak"] > 0.2, np.clip(0.04 * (evidence["outlier"] - 5.0), 0.0, 0.5), 0.0)
    lost += plain * (1.5 * np.maximum(evidence["apart"] - 0.06, 0.0) + 0.2 * np.maximum(evidence["shape"] - 1.2, 0.0) + drawn)
    lost += plain * (0.004 * colour["distance"] + 0.10 * gain + 0.002 * np.abs(evidence["offset"]))
    lost += 0.10 * stretch
    result: NDArray[np.float64] = 1.0 - lost
    return result


def similarity(strengths: NDArray[np.float64]) -> NDArray[np.float32]:
    """The calibrated scale, rounded to 4 decimals, at most `TOP`: float32 (n,)."""
    return np.round(np.interp(strengths, _STRENGTH, _SCORE), 4).astype(np.float32)
