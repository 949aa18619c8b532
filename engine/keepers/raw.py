"""RAW over rendered: the negative holds all that its print does."""

from __future__ import annotations

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule, by_size


def _prefer(a: Candidate, b: Candidate) -> int:
    return by_size(a.raw, b.raw)


RULE = Rule(
    "raw",
    "Which one is the RAW?",
    _prefer,
    lambda a, b: "RAW against a rendered picture",
    lambda a, b: "a rendered picture, the RAW is kept",
)
