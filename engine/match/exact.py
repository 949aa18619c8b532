"""Pairs that need no look: equal bytes, and equal picture data."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.match.poses import between_orientations
from engine.match.verdict.scale import TOP
from engine.match.verdict.tiers import turn_bits
from engine.records import PAIR_DTYPE, PART_NAMES, PictureTable, Tier

CROWD = 64
"""Members from which a group of equals is paired with its first member only: 50,000 equal frames make 50,000 pairs."""


def first_of_equal_bytes(table: PictureTable) -> NDArray[np.int64]:
    """For each picture the lowest row with the same bytes, itself when there is none: int64 (n,)."""
    rows = np.arange(len(table), dtype=np.int64)
    known = np.nonzero(table.bytes_id >= 0)[0]
    _, first, member = np.unique(table.bytes_id[known], return_index=True, return_inverse=True)
    rows[known] = known[first[member]]
    return rows


def identical_pairs(table: PictureTable, first: NDArray[np.int64]) -> NDArray[np.void]:
    """One pair of each further file with the first of its bytes, pairs inside a shot left out: `PAIR_DTYPE`, unsorted."""
    others = np.nonzero(first != np.arange(len(first)))[0]
    others = others[table.shot[others] != table.shot[first[others]]]
    return certain_pairs(first[others], others, Tier.IDENTICAL)


def same_data_pairs(table: PictureTable, rows: NDArray[np.int64]) -> NDArray[np.void]:
    """Pairs of equal picture data among rows, ascending: `PAIR_DTYPE`, unsorted, pairs inside a shot left out.

    Equal displayed orientation and profile make `same-data`; another orientation makes `edited` with its turn, which is
    certain too. Equal data under another profile look different, so they are left to be looked at.
    """
    same: list[tuple[int, int]] = []
    turned: list[tuple[int, int, int]] = []
    for group in _groups(table.data_id[rows], rows):
        for i, j in _pairs_of(group):
            if table.shot[i] == table.shot[j]:
                continue
            if table.variant[i] == table.variant[j]:
                same.append((i, j))
                continue
            pose = between_orientations(int(table.orientation[i]), int(table.orientation[j]))
            if pose:
                turned.append((i, j, pose))
    alike = np.array(same, dtype=np.int64).reshape(-1, 2)
    other = np.array(turned, dtype=np.int64).reshape(-1, 3)
    edited = certain_pairs(other[:, 0], other[:, 1], Tier.EDITED)
    edited["score"] = TOP
    edited["pose"] = other[:, 2]
    edited["edits"] = turn_bits(other[:, 2])
    return np.concatenate([certain_pairs(alike[:, 0], alike[:, 1], Tier.SAME_DATA), edited])


def certain_pairs(a: NDArray[np.int64], b: NDArray[np.int64], tier: Tier) -> NDArray[np.void]:
    """Pairs with score 1 and full parts: `PAIR_DTYPE` (k,)."""
    out = np.zeros(len(a), dtype=PAIR_DTYPE)
    out["a"], out["b"], out["tier"], out["score"] = a, b, tier, 1.0
    out["parts"][:, : len(PART_NAMES)] = 255
    out["box"] = (0.0, 0.0, 1.0, 1.0)
    return out


def _groups(ids: NDArray[np.int64], rows: NDArray[np.int64]) -> Iterator[list[int]]:
    """Rows of equal known ids, where there are at least two."""
    known = ids >= 0
    ids, rows = ids[known], rows[known]
    order = np.argsort(ids, kind="stable")
    edges = np.nonzero(np.diff(ids[order]))[0] + 1
    for group in np.split(rows[order], edges):
        if len(group) > 1:
            yield group.tolist()


def _pairs_of(group: list[int]) -> Iterator[tuple[int, int]]:
    centres = group if len(group) <= CROWD else group[:1]
    for at, i in enumerate(centres):
        for j in group[at + 1 :]:
            yield i, j
