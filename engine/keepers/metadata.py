"""Richer metadata: capture time, camera, GPS, rating, keywords, then how many keywords and sidecars. A comment does not count."""

from __future__ import annotations

from engine.keepers.candidate import METADATA_KINDS, Candidate
from engine.keepers.rule import Rule


def _richness(a: Candidate) -> tuple[int, int, int]:
    return len(a.metadata), a.keywords, a.sidecars


def _prefer(a: Candidate, b: Candidate) -> int:
    one, other = _richness(a), _richness(b)
    return (one > other) - (one < other)


def _more(a: Candidate, b: Candidate) -> str:
    extra = [kind for kind in METADATA_KINDS if kind in a.metadata - b.metadata]
    if len(a.metadata) > len(b.metadata):
        return ", ".join(extra)
    return f"keywords: {a.keywords} against {b.keywords}" if a.keywords != b.keywords else "a sidecar"


RULE = Rule(
    "metadata",
    "Which one has the richer metadata?",
    _prefer,
    lambda a, b: f"richer metadata ({_more(a, b)})",
    lambda a, b: f"less metadata (the kept one has {_more(b, a)})",
)
