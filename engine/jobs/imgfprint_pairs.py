"""Pairs by the imgfprint score, in the form of all other pairs.

Equal bytes and equal picture data keep their tiers. Whatever the score alone says is `edited` at most, so that nothing is ever
proposed for removal on its account. Flat pictures pair by their bytes only: the scheme finds any two of them alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine import imgfprint
from engine.config import MatchOptions
from engine.imgfprint import Comparison, MultiHashConfig
from engine.match.exact import CROWD, first_of_equal_bytes, identical_pairs, same_data_pairs
from engine.records import PAIR_DTYPE, PictureTable, Tier

PART_NAMES = ("score", *imgfprint.ALGORITHMS)
"""What `PAIR_DTYPE.parts` means in such a pair: the scheme's own score, and that of each algorithm."""

Pairs = NDArray[np.void]


def config_of(options: MatchOptions) -> MultiHashConfig:
    """The scheme's configuration as the options carry it."""
    return MultiHashConfig(**dict(options.scheme_config))  # type: ignore[arg-type]


def imgfprint_pairs(
    table: PictureTable,
    hashes: NDArray[np.uint64],
    known: NDArray[np.bool_],
    options: MatchOptions,
    cancelled: Callable[[], bool],
) -> Pairs:
    """All pairs at or above `options.floor`, sorted by (a, b), as `match.search` gives them.

    hashes: uint64 (n, 3, 17). known: bool (n,), which rows have hashes. Raises UsageError where they are too many, Cancelled.
    """
    first = first_of_equal_bytes(table)
    every = [identical_pairs(table, first)]
    if options.preset != "identical":
        rows = np.flatnonzero((first == np.arange(len(table))) & ~table.flat)
        exact = same_data_pairs(table, rows)
        looked_at = _by_score(table, rows[known[rows]], hashes, options, cancelled)
        already = np.isin(_numbers(looked_at, len(table)), _numbers(exact, len(table)))
        every += [exact, looked_at[~already]]
    pairs = np.concatenate(every)
    return pairs[np.lexsort((pairs["b"], pairs["a"]))]


def pairs_of_first(table: PictureTable, hashes: NDArray[np.uint64], known: NDArray[np.bool_], options: MatchOptions) -> Pairs:
    """The pairs of the first picture with all others, as `imgfprint_pairs` has them, whatever shots they are of."""
    rows = np.arange(len(table))
    identical = identical_pairs(table, first_of_equal_bytes(table))
    exact = same_data_pairs(table, rows)
    certain = np.concatenate([identical[identical["a"] == 0], exact[exact["a"] == 0]])
    others = np.setdiff1d(rows[1:], certain["b"])
    if table.flat[0] or not known[0]:
        others = others[:0]
    others = others[known[others] & ~table.flat[others]]
    _, first = np.unique(certain["b"], return_index=True)  # equal bytes come before equal data
    return np.concatenate([certain[first], _scored(np.zeros(len(others), np.int64), others, hashes, options)])


def comparison_of(table: PictureTable, hashes: NDArray[np.uint64], options: MatchOptions) -> Comparison:
    """The first two pictures of a table by the scheme's own rules."""
    exact = bool(table.bytes_id[0] >= 0 and table.bytes_id[0] == table.bytes_id[1])
    return imgfprint.compare(hashes[0], hashes[1], config_of(options), exact=exact)


def _by_score(
    table: PictureTable,
    rows: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    options: MatchOptions,
    cancelled: Callable[[], bool],
) -> Pairs:
    config, floor = config_of(options), imgfprint.score_at(options.floor)
    asked, crowd = _without_crowds(rows, hashes)
    i, j, _ = imgfprint.all_pairs(hashes[asked], config, floor, cancelled)
    a, b = np.concatenate([asked[i], crowd[:, 0]]), np.concatenate([asked[j], crowd[:, 1]])
    apart = table.shot[a] != table.shot[b]
    return _scored(a[apart], b[apart], hashes, options)


def _scored(a: NDArray[np.int64], b: NDArray[np.int64], hashes: NDArray[np.uint64], options: MatchOptions) -> Pairs:
    """These pairs, as far as they reach the floor."""
    config = config_of(options)
    bits = np.bitwise_count(hashes[a] ^ hashes[b])
    score = imgfprint.scores(bits, config)
    pairs = np.zeros(len(a), PAIR_DTYPE)
    pairs["a"], pairs["b"], pairs["tier"] = a, b, Tier.EDITED
    pairs["score"] = np.minimum(imgfprint.similarity(score), 1.0)
    pairs["box"] = (0.0, 0.0, 1.0, 1.0)
    for place, value in enumerate((score, *imgfprint.algorithm_scores(bits, config))):
        pairs["parts"][:, place] = np.rint(255 * value)
    return pairs[score >= imgfprint.score_at(options.floor)]


def _without_crowds(rows: NDArray[np.int64], hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to compare, ascending, and pairs (k, 2) of those left out with the first of their equals.

    Of pictures with the same 51 hashes the first `CROWD` are compared with everything: 50,000 equal frames make 50,000 pairs.
    """
    if not len(rows):
        return rows, np.empty((0, 2), np.int64)
    _, group = np.unique(hashes[rows].reshape(len(rows), -1), axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], group[order], side="left")
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows)) - start
    first = np.empty(len(rows), np.int64)
    first[order] = rows[order][start]
    many = rank >= CROWD
    return rows[~many], np.column_stack([first[many], rows[many]])


def _numbers(pairs: Pairs, count: int) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = pairs["a"].astype(np.int64) * count + pairs["b"]
    return numbers
