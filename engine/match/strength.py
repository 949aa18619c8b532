"""One number from the evidence for a pair: how sure it is that both show the same picture.

Correlation, plus local agreement everywhere in the overlap, minus connected disagreement, plus or minus what colour says. The
agreement matters most: without it two windows of one program, or two pictures under one watermark, pass every other test.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SUPPORT_WEIGHT = 0.6
DIFFER_WEIGHT = 0.5

FEW = 8
"""With fewer features on either side support says nothing."""

UNKNOWN = 0.3
"""What it counts as then."""

TINT_WEIGHT = 0.4
TINT_EXPECTED, TINT_ENOUGH = 0.7, 0.9
"""Correlation of colour that copies have; no more is gained beyond the second."""

TEMPLATE = 0.1
"""What a pair must have more where both share the frame exactly: screens, pages and captions of one layout do."""

IN_PLACE = 0.03
"""Share of a side by which corners are off at most in such a pair."""

LARGE, SMALL = 0.5, 0.08
"""The overlap must cover this share of one picture and of the other."""

NONE = -1.0
"""Strength of a pair whose overlap is too small."""


def strengths(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """-1 … 1.6, larger is surer: float64 (k,). evidence: `judge.EVIDENCE_DTYPE`."""
    tint = np.minimum(evidence["tint"], TINT_ENOUGH) - TINT_EXPECTED
    found = evidence["ncc"] + SUPPORT_WEIGHT * agreement(evidence) - DIFFER_WEIGHT * evidence["differ"]
    found += TINT_WEIGHT * evidence["tinted"] * tint - np.where(evidence["off_frame"] < IN_PLACE, TEMPLATE, 0.0)
    return np.where(covers(evidence), found, NONE)


def agreement(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """Share of the features in the overlap that agree, the lesser of both directions; `UNKNOWN` where there are few: (k,)."""
    known = np.minimum(evidence["n_first"], evidence["n_second"]) >= FEW
    return np.where(known, np.minimum(evidence["share_first"], evidence["share_second"]), UNKNOWN)


def covers(evidence: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the overlap is most of one picture and enough of the other: bool (k,)."""
    share_a, share_b = evidence["share_a"], evidence["share_b"]
    result: NDArray[np.bool_] = (np.maximum(share_a, share_b) > LARGE) & (np.minimum(share_a, share_b) > SMALL)
    return result


def could_reach(evidence: NDArray[np.void], least: float) -> NDArray[np.bool_]:
    """What may still be as strong as `least` when support and colour, not looked at yet, are at their best: bool (k,)."""
    most = evidence["ncc"] + SUPPORT_WEIGHT - DIFFER_WEIGHT * evidence["differ"] + TINT_WEIGHT * (TINT_ENOUGH - TINT_EXPECTED)
    result: NDArray[np.bool_] = covers(evidence) & (most >= least)
    return result
