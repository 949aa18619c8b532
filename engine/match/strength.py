"""One number from the evidence for a pair: how sure it is that both show the same picture.

Correlation, plus local agreement everywhere in the overlap, minus connected disagreement, plus or minus what colour says. The
agreement matters most: without it two windows of one program, or two pictures under one watermark, pass every other test.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SUPPORT_WEIGHT = 0.6
DIFFER_WEIGHT = 0.4

FEW = 8
"""With fewer features on either side support says nothing."""

UNKNOWN = 0.1
"""What it counts as then."""

TINT_WEIGHT = 0.6
TINT_EXPECTED, TINT_ENOUGH = 0.7, 0.9
"""Correlation of colour that copies have; no more is gained beyond the second."""

TEMPLATE, PLAIN_TEMPLATE = 0.35, 0.4
"""What a pair must have more where both share the frame and yet differ, as screens, pages and captions of one layout do, and what
on top of it where few features tell of the content."""

ENOUGH = 100
"""Features from which the second is nothing."""

IN_PLACE, ELSEWHERE = 0.05, 0.15
"""Share of a side by which corners are off in such a pair, and in one that shares no frame."""

UNLIKE, ALIKE = 0.85, 0.97
"""Correlation of pairs that differ, and of pairs that do not: two screens of one program have 0.88 at most."""

LARGE, SMALL = 0.5, 0.08
"""The overlap must cover this share of one picture and of the other."""

NONE = -1.0
"""Strength of a pair whose overlap is too small."""


def strengths(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """-1 … 1.7, larger is surer: float64 (k,). evidence: `judge.EVIDENCE_DTYPE`."""
    tint = np.minimum(evidence["tint"], TINT_ENOUGH) - TINT_EXPECTED
    found = evidence["ncc"] + SUPPORT_WEIGHT * agreement(evidence) - DIFFER_WEIGHT * evidence["differ"]
    found += TINT_WEIGHT * evidence["tinted"] * tint - _template(evidence)
    return np.where(covers(evidence), found, NONE)


def _template(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """What is taken off for sharing a frame, less and less for pairs that share more: (k,)."""
    features = np.minimum(np.minimum(evidence["n_first"], evidence["n_second"]), ENOUGH) / ENOUGH
    in_place = np.clip((ELSEWHERE - evidence["off_frame"]) / (ELSEWHERE - IN_PLACE), 0.0, 1.0)
    unlike = np.clip((ALIKE - evidence["ncc"]) / (ALIKE - UNLIKE), 0.0, 1.0)
    result: NDArray[np.float64] = in_place * unlike * (TEMPLATE + PLAIN_TEMPLATE * (1.0 - features))
    return result


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
