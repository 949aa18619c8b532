"""Members of groups of equal hashes, and the pairs among them: bounded, however large a group is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALL_GROUP = 24
"""Members up to which all pairs of a group are looked at; of a larger one, those with its first member and between neighbours."""

FEW_PRODUCTS = 64
"""Pairs of two groups up to which all are looked at; of larger ones, those with the first member of either."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows in groups: group g is members[start[g]:start[g + 1]], int64."""

    members: Ints
    start: Ints

    @property
    def size(self) -> Ints:
        """Members of each group."""
        return np.diff(self.start)


def pairs_within(groups: Groups, likeness: NDArray[np.uint64]) -> tuple[Ints, int]:
    """Pairs inside groups: int64 (k, 2), and how many were left out.

    likeness: uint64 (m,), one a member, in the order of which the members of a large group have neighbours.
    """
    size, start = groups.size, groups.start[:-1]
    small = (size > 1) & (size <= SMALL_GROUP)
    found = [np.empty((0, 2), np.int64)]
    for count in np.unique(size[small]).tolist():
        at = start[small & (size == count)]
        i, j = np.triu_indices(count, 1)
        found.append(np.column_stack([(at[:, None] + i).reshape(-1), (at[:, None] + j).reshape(-1)]))
    large = np.flatnonzero(size > SMALL_GROUP)
    for g in large.tolist():
        found.append(_star(int(start[g]), int(size[g]), likeness))
    places = np.concatenate(found)
    left = int((size[large] * (size[large] - 1) // 2).sum()) - sum(len(star) for star in found[len(found) - len(large) :])
    return groups.members[places], left


def _star(start: int, size: int, likeness: NDArray[np.uint64]) -> Ints:
    """Places of the first member with every other, and of members unlike it with the next two that are most like them."""
    others = np.arange(start + 1, start + size)
    found = [np.column_stack([np.full(len(others), start), others])]
    unlike = others[likeness[others] != likeness[start]]
    unlike = unlike[np.argsort(likeness[unlike], kind="stable")]
    found += [np.column_stack([unlike[:-step], unlike[step:]]) for step in (1, 2) if len(unlike) > step]
    return np.concatenate(found)


def pairs_between(groups: Groups, one: Ints, other: Ints) -> tuple[Ints, int]:
    """Pairs of members of different groups, for pairs of groups (k,): int64 (m, 2), and how many were left out."""
    left_size, right_size = groups.size[one], groups.size[other]
    product = left_size * right_size
    whole = product <= FEW_PRODUCTS
    made = np.where(whole, product, left_size + right_size - 1)
    pair = np.repeat(np.arange(len(one)), made)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(made) - made, made)
    wide, full = right_size[pair], whole[pair]
    # of a star: the first of one with all of the other, then the rest of one with the first of the other
    i = np.where(full, place // wide, np.maximum(place - wide + 1, 0))
    j = np.where(full, place % wide, np.where(place < wide, place, 0))
    rows = np.column_stack([groups.members[groups.start[one][pair] + i], groups.members[groups.start[other][pair] + j]])
    return rows, int((product - made).sum())
