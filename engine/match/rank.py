"""Which of two pictures asks and which one answers: settled by what they show, so that no name and no order changes a pair."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.records import PictureTable

_WORDS = 4096 // 8
_BLOCK = 4096
_WEIGHTS = np.arange(1, 2 * _WORDS, 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
"""Odd numbers without a pattern: a sum of products modulo 2^64 is the same in any order of addition."""


def ranks(table: PictureTable) -> NDArray[np.int64]:
    """The place of each picture when all are sorted by content: int64 (n,), each number once.

    By the hashes of the whole frame; of equal ones by plates and codes; pictures that agree in all of it by row.
    """
    wide, trim = np.asarray(table.dct256[:]), np.asarray(table.trim256[:])
    columns = [table.gradient, table.dct64, *trim.T[::-1], *wide.T[::-1]]
    order = np.lexsort([np.asarray(column[:]) for column in columns])
    equal = np.ones(max(0, len(order) - 1), dtype=np.bool_)
    for column in (table.dct64, table.gradient, wide, trim):
        values = np.asarray(column[:])[order]
        same = values[1:] == values[:-1]
        equal &= same.all(axis=1) if same.ndim > 1 else same
    order = _ties_settled(table, order, equal)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _ties_settled(table: PictureTable, order: NDArray[np.int64], equal: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The order, with runs of equal hashes sorted by plates and codes. equal: bool (n - 1,), neighbours that agree."""
    tied = np.zeros(len(order), np.bool_)
    tied[:-1] |= equal
    tied[1:] |= equal
    places = np.flatnonzero(tied)
    if not len(places):
        return order
    run = np.concatenate([[0], np.cumsum(~equal)])[places]
    rows = order[places]
    digest = _digests(table.plate, rows) ^ (_digests(table.codes, rows) << np.uint64(1))
    order[places] = rows[np.lexsort((rows, digest, run))]
    return order


def _digests(part: Any, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for the bytes of each of these rows: uint64 (k,)."""
    found = np.empty(len(rows), np.uint64)
    for at in range(0, len(rows), _BLOCK):
        block = np.ascontiguousarray(part[rows[at : at + _BLOCK]])
        words = block.reshape(len(block), -1).view(np.uint8).view("<u8")
        found[at : at + _BLOCK] = (words * _WEIGHTS[: words.shape[1]]).sum(axis=1, dtype=np.uint64)
    return found
