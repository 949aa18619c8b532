"""Earlier capture date: where two versions disagree, the later one was most likely stamped by an editor."""

from __future__ import annotations

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule


def _prefer(a: Candidate, b: Candidate) -> int:
    if a.taken is None or b.taken is None:
        return 0  # a date known on one side only is a matter of metadata
    return (a.taken < b.taken) - (a.taken > b.taken)


def _dates(a: Candidate, b: Candidate) -> str:
    one, other = (a.taken or "").replace("T", " "), (b.taken or "").replace("T", " ")
    return f"{one[:10]} against {other[:10]}" if one[:10] != other[:10] else f"{one} against {other[11:]}"


RULE = Rule(
    "capture-date",
    "Which one was taken earlier?",
    _prefer,
    lambda a, b: f"earlier capture date ({_dates(a, b)})",
    lambda a, b: f"later capture date ({_dates(a, b)})",
)
