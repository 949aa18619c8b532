"""One number from the evidence for a pair: how sure it is that both show the same picture.

Correlation, plus local agreement everywhere in the overlap, minus connected disagreement, plus or minus what colour says. The
agreement matters most: without it two windows of one program, or two pictures under one watermark, pass every other test.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SUPPORT_WEIGHT = 0.79
DIFFER_WEIGHT = 0.84

FEW = 8
"""With fewer features on either side support says nothing."""

UNKNOWN = 0.28
"""What it counts as then."""

TINT_WEIGHT = 0.69
TINT_EXPECTED, TINT_ENOUGH = 1.13, 0.9
"""Correlation of colour from which nothing is taken off pictures that have colours; no more is gained beyond the second…"""

TINT_SURE, SURE_FROM, SURE_TO = 0.23, 0.85, 0.97
"""… but for pictures of many colours, all of which agree: what that is worth, and the correlation from which and to which."""

PAGE, PAGE_FROM, PAGE_TO = 1.3, 0.11, 0.15
"""What two pages or screens must have more that do not agree nearly everywhere, and the even ground that makes a page of a
picture (`page.grounds`): two pages of one layout differ in their words alone."""

WORDS, SAME_WORDS = 0.95, 0.985
"""Correlation of two such pages, and of copies of one."""

COLOUR_TELLS = 0.5
"""Share of it that is forgiven pages of many colours, all of which agree."""

TEMPLATE, PLAIN_TEMPLATE = 0.33, 0.67
"""What a pair must have more where both share the frame and yet differ, as screens, pages and captions of one layout do, and what
on top of it where few features tell of the content."""

ENOUGH = 100
"""Features from which the second is nothing."""

IN_PLACE, ELSEWHERE = 0.07, 0.19
"""Share of a side by which corners are off in such a pair, and in one that shares no frame."""

UNLIKE, ALIKE = 0.825, 0.98
"""Correlation of pairs that differ, and of pairs that do not: two screens of one program have 0.88 at most."""

LARGE, SMALL = 0.5, 0.08
"""The overlap must cover this share of one picture and of the other."""

NONE = -1.0
"""Strength of a pair whose overlap is too small."""


def strengths(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """-1 … 1.7, larger is surer: float64 (k,). evidence: `judge.EVIDENCE_DTYPE`."""
    tint = np.minimum(evidence["tint"], TINT_ENOUGH) - TINT_EXPECTED
    sure = np.clip((evidence["tint"] - SURE_FROM) / (SURE_TO - SURE_FROM), 0.0, 1.0)
    found = evidence["ncc"] + SUPPORT_WEIGHT * agreement(evidence) - DIFFER_WEIGHT * evidence["differ"]
    tinted = evidence["tinted"]
    colourful = tinted * tinted
    found += TINT_WEIGHT * tinted * tint + TINT_SURE * colourful * colourful * sure
    found -= _template(evidence) + _page(evidence)
    return np.where(covers(evidence), found, NONE)


def _template(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """What is taken off for sharing a frame, less and less for pairs that share more: (k,)."""
    features = np.minimum(np.minimum(evidence["n_first"], evidence["n_second"]), ENOUGH) / ENOUGH
    in_place = np.clip((ELSEWHERE - evidence["off_frame"]) / (ELSEWHERE - IN_PLACE), 0.0, 1.0)
    unlike = np.clip((ALIKE - evidence["ncc"]) / (ALIKE - UNLIKE), 0.0, 1.0)
    result: NDArray[np.float64] = in_place * unlike * (TEMPLATE + PLAIN_TEMPLATE * (1.0 - features))
    return result


def _page(evidence: NDArray[np.void]) -> NDArray[np.float64]:
    """What is taken off two pages or screens that do not agree nearly everywhere: (k,)."""
    page = np.clip((evidence["page"] - PAGE_FROM) / (PAGE_TO - PAGE_FROM), 0.0, 1.0)
    unlike = np.clip((SAME_WORDS - evidence["ncc"]) / (SAME_WORDS - WORDS), 0.0, 1.0)
    coloured = evidence["tinted"] * evidence["tinted"] * np.clip((evidence["tint"] - SURE_FROM) / 0.1, 0.0, 1.0)
    result: NDArray[np.float64] = PAGE * page * unlike * (1.0 - COLOUR_TELLS * coloured)
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
    most = (
        evidence["ncc"]
        + SUPPORT_WEIGHT
        - DIFFER_WEIGHT * evidence["differ"]
        + max(TINT_WEIGHT * (TINT_ENOUGH - TINT_EXPECTED) + TINT_SURE, 0.0)
    )
    result: NDArray[np.bool_] = covers(evidence) & (most >= least)
    return result
