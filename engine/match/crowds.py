"""Pictures whose hashes are equal: pairing all with all would make 10^9 pairs of 50,000 equal frames.

Small groups are paired in full. In a crowd, one picture after the other becomes a centre, is compared with all that are
left, and takes those that match it out; so equal frames make one pair each, with the first of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.match.exact import CROWD
from engine.match.poses import inverse
from engine.records import PAIR_DTYPE, PictureTable

ROUNDS = 64
"""Centres tried in one crowd; a crowd of pictures that all differ in spite of equal hashes is not worth more."""

Verifier = Callable[[NDArray[np.int64]], NDArray[np.void]]
"""Candidates (k, 3) to the pairs among them that pass."""


def equal_hashes(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort rows into groups of equal hashes: uint64 (n, 4) to order int64 (n,) and start int64 (groups + 1,).

    Group g consists of order[start[g]:start[g + 1]], ascending.
    """
    order = np.lexsort(hashes.T[::-1]).astype(np.int64)
    ordered = hashes[order]
    edges = np.nonzero((ordered[1:] != ordered[:-1]).any(axis=1))[0] + 1
    return order, np.concatenate([[0], edges, [len(order)]]).astype(np.int64) if len(order) else np.zeros(1, dtype=np.int64)


def candidates_within(members: NDArray[np.int64]) -> NDArray[np.int64]:
    """All pairs of a small group, in pose 0: (k, 3)."""
    i, j = np.triu_indices(len(members), 1)
    return np.column_stack([members[i], members[j], np.zeros(len(i), dtype=np.int64)])


def candidates_between(one: NDArray[np.int64], other: NDArray[np.int64], pose: int) -> NDArray[np.int64]:
    """Pairs of two groups of which the first in `pose` resembles the second: (k, 3); of crowds only those with a first member."""
    if len(one) * len(other) <= CROWD * CROWD:
        i, j = np.repeat(one, len(other)), np.tile(other, len(one))
    else:
        i = np.concatenate([np.full(len(other), one[0]), one[1:]])
        j = np.concatenate([other, np.full(len(one) - 1, other[0])])
    swap = i > j
    return np.column_stack([np.where(swap, j, i), np.where(swap, i, j), np.where(swap, inverse(pose), pose)])


def crowd_pairs(table: PictureTable, members: NDArray[np.int64], verifier: Verifier) -> NDArray[np.void]:
    """Verified pairs of a crowd: `PAIR_DTYPE`.

    What one camera took at different times cannot pair, so each second is a crowd of its own; pictures that do not tell
    are one crowd, whose first member is compared with the first of every other.
    """
    told = (table.camera[members] >= 0) & (table.moment[members] >= 0)
    camera = np.where(told, table.camera[members], -1)
    second = np.where(told, table.moment[members] // 1000, -1)
    order = np.lexsort((members, second, camera))
    edges = np.nonzero((np.diff(camera[order]) != 0) | (np.diff(second[order]) != 0))[0] + 1
    parts = np.split(members[order], edges)
    done = [np.empty(0, dtype=PAIR_DTYPE)]
    for part in parts:
        done.append(verifier(candidates_within(part)) if len(part) <= CROWD else _by_centres(part, verifier))
    firsts = np.array([part[0] for part in parts], dtype=np.int64)
    if len(firsts) > 1 and not told[order[0]]:
        done.append(verifier(candidates_between(firsts[:1], firsts[1:], 0)))
    return np.concatenate(done)


def _by_centres(members: NDArray[np.int64], verifier: Verifier) -> NDArray[np.void]:
    done = [np.empty(0, dtype=PAIR_DTYPE)]
    for _ in range(ROUNDS):
        if len(members) < 2:
            break
        centre, rest = members[0], members[1:]
        pairs = verifier(candidates_between(members[:1], rest, 0))
        done.append(pairs)
        matched = np.where(pairs["a"] == centre, pairs["b"], pairs["a"])
        members = rest[~np.isin(rest, matched)]
    return np.concatenate(done)
