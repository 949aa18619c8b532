"""A protected folder wins: what lies in it always stays, and is asked first."""

from __future__ import annotations

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule, by_size


def _prefer(a: Candidate, b: Candidate) -> int:
    return by_size(a.protected, b.protected)


RULE = Rule(
    "protected",
    "Which one lies in a protected folder?",
    _prefer,
    lambda a, b: "in a protected folder",
    lambda a, b: "the kept one is in a protected folder",
)
