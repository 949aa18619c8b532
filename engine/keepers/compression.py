"""Less compressed: JPEG against JPEG by the quantisation tables. A lossless file counts as more than a lossy one only if it comes
from a camera; without camera data it is most likely a copy of the lossy file, and larger for nothing."""

from __future__ import annotations

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule, by_size


def _is_camera_lossless(a: Candidate) -> bool:
    return a.lossless and a.has_camera_data


def _prefer(a: Candidate, b: Candidate) -> int:
    if a.lossless != b.lossless:
        return by_size(_is_camera_lossless(a), _is_camera_lossless(b))
    if a.lossless or a.quantisation is None or b.quantisation is None:
        return 0
    return by_size(b.quantisation, a.quantisation)


RULE = Rule(
    "compression",
    "Which one is less compressed?",
    _prefer,
    lambda a, b: "stored without loss" if a.lossless else "less compressed",
    lambda a, b: "stored with loss, the kept one is not" if b.lossless else "more compressed",
)
