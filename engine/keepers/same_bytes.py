"""Last of all, between equal bytes only: the first by path. Either could go, so any fixed choice will do."""

from __future__ import annotations

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule


def _prefer(a: Candidate, b: Candidate) -> int:
    if a.blake3 is None or a.blake3 != b.blake3:
        return 0
    return (a.paths < b.paths) - (a.paths > b.paths)


RULE = Rule("same-bytes", "Same bytes: which comes first by path?", _prefer, lambda a, b: "same bytes", lambda a, b: "same bytes")
