"""Which tier a verified pair belongs to, and by which edits the two differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.poses import MIRRORED, POSES, turn_and_mirror
from engine.records import Edit, Tier

SAME_NCC = 0.95
SAME_DIFFER = 0.002
SAME_MATCH = 0.97
SAME_PLAIN = 0.99  # a shared pattern (bricks, a grid) keeps the fine detail alike while the light differs
SAME_APART = 0.03
SAME_APART_BUSY = 0.2  # a page or a screen has even ground; a disagreement there is another text sooner than compression
DRAWN_DIFFER = 0.003
DRAWN_OUTLIER = 5.0  # 995 of 1000 re-encodings and resizes stay below 4.8, 97 of 100 small dates lie above
DRAWN_PEAK = 0.15
TONE_GAIN = 0.10
TONE_OFFSET = 6.0  # grey levels
TONE_CURVE = 3.5  # grey levels
COLOUR_DISTANCE = 6.0  # levels of both chroma channels
GREY_CHROMA = 2.5
COLOURFUL_CHROMA = 6.0
SAME_STRETCH = 0.02


def edits_of(
    evidence: NDArray[np.void], colour: NDArray[np.void], poses: NDArray[np.integer], films_differ: NDArray[np.bool_]
) -> NDArray[np.uint32]:
    """Bits of `Edit` for each pair: uint32 (n,)."""
    bits = turn_bits(poses)
    gain = np.abs(np.log(np.maximum(evidence["gain"], 1e-3)))
    tone = (gain > TONE_GAIN) | (np.abs(evidence["offset"]) > TONE_OFFSET) | (evidence["curve"] > TONE_CURVE)
    # lights that a brighter copy clips stand out a little too
    limit = np.where(tone, 2.0 * DRAWN_OUTLIER, DRAWN_OUTLIER)
    outlier = (evidence["outlier"] > limit) & (evidence["peak"] > DRAWN_PEAK)
    drawn = (evidence["differ"] > DRAWN_DIFFER) | outlier
    lesser = np.minimum(colour["chroma_a"], colour["chroma_b"])
    greater = np.maximum(colour["chroma_a"], colour["chroma_b"])
    grey = (lesser < GREY_CHROMA) & (greater > COLOURFUL_CHROMA)
    recoloured = (colour["distance"] > COLOUR_DISTANCE) & ~grey
    # what is drawn in moves the tone curve too
    for edit, wanted in (
        (Edit.TONE, tone & ~(drawn & (gain <= TONE_GAIN) & (np.abs(evidence["offset"]) <= TONE_OFFSET))),
        (Edit.COLOUR, recoloured),
        (Edit.BLACK_AND_WHITE, grey),
        (Edit.OVERLAY, drawn),
        (Edit.FRAMES, films_differ),
    ):
        bits |= np.where(wanted, np.uint32(1 << edit), np.uint32(0))
    return bits


def tiers_of(
    evidence: NDArray[np.void], edits: NDArray[np.uint32], stretch: NDArray[np.float64], doubtful: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Same-picture or edited for each pair: uint8 (n,).

    Parameters
    ----------
    evidence: `EVIDENCE_DTYPE` (n,). edits: from `edits_of`. stretch: |log| of the ratio of both aspects beyond rounding.
    doubtful: bool (n,), pairs whose metadata leave open whether they are one exposure.
    """
    same = (evidence["ncc"] >= SAME_NCC) | (evidence["match"] >= 0.99)
    same &= (evidence["match"] >= SAME_MATCH) & (evidence["differ"] <= SAME_DIFFER) & (evidence["plain"] >= SAME_PLAIN)
    same &= evidence["apart"] <= SAME_APART + SAME_APART_BUSY * evidence["busy"]
    same &= (edits == 0) & (stretch <= SAME_STRETCH) & ~doubtful
    return np.where(same, np.uint8(Tier.SAME_PICTURE), np.uint8(Tier.EDITED))


def turn_bits(poses: NDArray[np.integer]) -> NDArray[np.uint32]:
    """TURNED and MIRRORED for each pose: uint32 (n,)."""
    table = np.zeros(POSES, dtype=np.uint32)
    for pose in range(POSES):
        turned = turn_and_mirror(pose)[0] != 0
        table[pose] = turned << Edit.TURNED | (pose in MIRRORED) << Edit.MIRRORED
    bits: NDArray[np.uint32] = table[poses]
    return bits
