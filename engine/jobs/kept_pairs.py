"""Pairs of pictures that were compared before, so that only what is new is searched: while files arrive, and from scan to scan.

A pair follows from its two pictures and from limits that depend on how many there are; where it depended on others too (a crowd,
a list that was cut), nothing is reused. What comes of it is what a search from nothing finds, to the last byte.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.jobs.picture_keys import Keys
from engine.records import PictureTable, Tier

_BY_LOOK = (Tier.SAME_PICTURE, Tier.EDITED, Tier.SAME_MOMENT)


@dataclass(frozen=True, slots=True)
class KeptPairs:
    """The outcome of a search. how: digest of options and limits. keys: of the pictures that pairs index. compared: bool (n,),
    which of them were looked at. found: all pairs."""

    how: bytes
    keys: Keys
    compared: NDArray[np.bool_]
    found: match.Found

    @property
    def usable(self) -> bool:
        """Whether its pairs would stand in any library."""
        return self.found.independent and not self.found.crowded and not self.found.skipped


@dataclass(frozen=True, slots=True)
class Reuse:
    """What need not be searched. pairs: by look, with the rows of the new library. fresh: bool (n,), pictures to be searched.

    sure: a search from nothing would find these very pairs. busiest: see `match.Found`.
    """

    pairs: NDArray[np.void]
    fresh: NDArray[np.bool_]
    sure: bool
    busiest: int


def reusable(kept: KeptPairs | None, how: bytes, keys: Keys, table: PictureTable, *, whatever: bool = False) -> Reuse | None:
    """What of a search before holds in a library with these keys; None where that is nothing.

    whatever: also of a search that depended on the whole library, or had other limits.
    """
    sure = kept is not None and kept.how == how and kept.usable
    if kept is None or not (whatever or sure):
        return None
    looked_at = match.looked_at(table)
    rows, known = _rows_now(kept, keys, looked_at)
    if not known.any():
        return None
    pairs = kept.found.pairs[np.isin(kept.found.pairs["tier"], _BY_LOOK)]
    a, b = rows[pairs["a"]], rows[pairs["b"]]
    here = (a >= 0) & (b >= 0)
    here[here] = table.shot[a[here]] != table.shot[b[here]]
    pairs, a, b = pairs[here].copy(), a[here], b[here]
    turned = a > b
    known[b[turned]] = False  # its first picture is now the second: seen from there the numbers are others
    stays = known[a] & known[b]
    pairs["a"], pairs["b"] = a, b
    fresh = np.zeros(len(keys), np.bool_)
    fresh[looked_at] = ~known[looked_at]
    return Reuse(pairs[stays], fresh, sure, kept.found.busiest)


def joined(found: match.Found, reuse: Reuse, count: int, *, whatever: bool = False) -> match.Found | None:
    """All pairs of a library of so many pictures. found: those with a fresh one, and all that need no look.

    None where they do not follow from two pictures each: then all must be searched. whatever: also then.
    """
    busiest = reuse.busiest + found.busiest
    independent = reuse.sure and found.independent and not found.crowded and not found.skipped and busiest < match.STRONGEST
    if not independent and not whatever:
        return None
    old = reuse.pairs[~np.isin(_places_of(reuse.pairs, count), _places_of(found.pairs, count))]
    certain = found.pairs["tier"] == Tier.IDENTICAL
    kept, crowded = match.strongest(np.concatenate([found.pairs[~certain], old]), count)
    pairs = np.concatenate([found.pairs[certain], kept])
    return match.Found(pairs[np.lexsort((pairs["b"], pairs["a"]))], crowded, found.skipped, independent, busiest)


def _places_of(pairs: NDArray[np.void], count: int) -> NDArray[np.int64]:
    places: NDArray[np.int64] = pairs["a"].astype(np.int64) * count + pairs["b"]
    return places


def _rows_now(kept: KeptPairs, keys: Keys, looked_at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each picture kept its row now, or -1; and which rows now were compared before."""
    rows, known = np.full(len(kept.keys), -1, np.int64), np.zeros(len(keys), np.bool_)
    old = np.flatnonzero(kept.compared)
    every = np.concatenate([kept.keys[old], keys[looked_at]])
    _, number, counts = np.unique(every.view("<u8,<u8").reshape(-1), return_inverse=True, return_counts=True)
    number = number.reshape(-1)
    before, now = number[: len(old)], number[len(old) :]
    once = np.full(len(counts), -1, np.int64)
    once[now] = looked_at
    once[np.bincount(now, minlength=len(counts)) != 1] = -1
    once[np.bincount(before, minlength=len(counts)) != 1] = -1
    rows[old] = once[before]
    known[rows[rows >= 0]] = True
    return rows, known
