"""How far a job is, and what went wrong with single files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that gave no or only part of a picture, in words for the user."""

    path: bytes
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. total is None while unknown; stored is what would survive a kill now; per_second in files."""

    stage: str
    done: int
    stored: int
    total: int | None
    per_second: float
    problems: int = 0
