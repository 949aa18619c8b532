"""More pixels: of two versions of one picture the larger holds more."""

from __future__ import annotations

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule, by_size


def _prefer(a: Candidate, b: Candidate) -> int:
    return by_size(a.pixels, b.pixels) if a.pixels and b.pixels else 0


def _sizes(a: Candidate, b: Candidate) -> str:
    for digits in (0, 1, 2):
        one, other = f"{a.pixels / 1e6:.{digits}f}", f"{b.pixels / 1e6:.{digits}f}"
        if one != other and float(one) and float(other):
            return f"{one} MP against {other} MP"
    return f"{a.pixels:,} against {b.pixels:,}"


RULE = Rule(
    "pixels",
    "Which one has more pixels?",
    _prefer,
    lambda a, b: f"more pixels ({_sizes(a, b)})",
    lambda a, b: f"fewer pixels ({_sizes(a, b)})",
)
