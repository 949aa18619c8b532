"""What every keeper rule offers. A rule sees two candidates and nothing else: no files, no store, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.keepers.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to prefer a picture.

    name: as in a rules file. question: what it asks, for the window. prefer(a, b): 1 for a, -1 for b, 0 no opinion;
    antisymmetric, and what it prefers strictly is transitive. better(a, b), worse(a, b): the reason, as seen from an a that is
    preferred to b, or from one that b is preferred to; one line without a full stop, never empty.
    """

    name: str
    question: str
    prefer: Callable[[Candidate, Candidate], int]
    better: Callable[[Candidate, Candidate], str]
    worse: Callable[[Candidate, Candidate], str]


def by_size(a: int, b: int) -> int:
    """1 if a is larger, -1 if b is, else 0."""
    return (a > b) - (a < b)
