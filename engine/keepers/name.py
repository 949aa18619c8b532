"""Cleaner name: without the marks that copying leaves behind, such as " copy", "(1)" or "~"."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule, by_size

# Copy of IMG_1, Kopie von IMG_1 · IMG_1 copy 2, IMG_1 - Kopie · IMG_1 (1), IMG_1(1) · IMG_1~2 · IMG_0001-2, but not 2024-05-12
_MARKS = re.compile(
    r"""
      ^ (?: copy | kopie | copie | copia ) (?: [ ] \(\d+\) )? [ _] (?: of | von | de | di ) [ _]
    | [ _.-]+ (?: copy | copie | copia | kopie | kopia | duplicate ) (?: [ _-]? \d{1,3} )? (?= $ | [ ._(-] )
    | [ _]? \( \d{1,3} \)
    | ~ \d{0,3}
    | (?<! [-.]\d ) (?<! [-.]\d\d ) (?<= [^-.\s] ) - [1-9]\d? $
    """,
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=1 << 14)
def copy_marks(name: bytes) -> int:
    """How many marks of copying a file's base name bears."""
    text = name.decode("utf-8", "replace")
    stem, dot, suffix = text.rpartition(".")
    return len(_MARKS.findall(stem if dot and stem else text)) + (suffix.count("~") if dot and stem else 0)


def _prefer(a: Candidate, b: Candidate) -> int:
    return by_size(copy_marks(b.name), copy_marks(a.name))


RULE = Rule(
    "name",
    "Which name is cleaner?",
    _prefer,
    lambda a, b: "cleaner name",
    lambda a, b: "its name looks like that of a copy",
)
