"""Every pair of a library at or above a score, by looking at every pair: the scheme has no index that misses nothing.

Rows are compared in blocks that fit the processor's cache. PHash and DHash, which weigh most, come first, with what AHash could
add at best; only pairs that could reach the floor so are looked at in full. The answer is that of `score.scores` for each pair.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled, UsageError
from engine.imgfprint.config import MultiHashConfig
from engine.imgfprint.fingerprint import REGIONS
from engine.imgfprint.score import BITS, scores

MOST_PICTURES = 50_000
"""Pictures that may be compared in this way: 1.25 billion pairs, a minute or two. The time grows with the square."""

ROWS, COLUMNS = 32, 2048
ROUNDING = 1e-5
"""Bounds are computed in float32; whoever comes so near to the floor is scored in full."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""first and second (first < second), ascending, and the score of each."""


def all_pairs(
    hashes: NDArray[np.uint64], config: MultiHashConfig, floor: float, cancelled: Callable[[], bool] = lambda: False
) -> Pairs:
    """hashes: uint64 (n, 3, 17). Raises UsageError for more than `MOST_PICTURES`, Cancelled (asked every few ms)."""
    count = len(hashes)
    if count > MOST_PICTURES:
        raise UsageError(
            f"The imgfprint scheme compares every picture with every other, {MOST_PICTURES:,} at most; here are {count:,}.",
            hint="Scan fewer folders at a time, or without --scheme.",
        )
    columns = np.ascontiguousarray(hashes.transpose(1, 2, 0))
    block = _Block(columns, config, floor)
    found: list[Pairs] = []
    for top in range(0, count, ROWS):
        for left in range(top, count, COLUMNS):
            if cancelled():
                raise Cancelled
            rows, others = slice(top, min(top + ROWS, count)), slice(left, min(left + COLUMNS, count))
            i, j = np.nonzero(block.possible(rows, others))
            i, j = i + top, j + left
            i, j = i[i < j], j[i < j]
            if len(i):
                score = scores(np.bitwise_count(hashes[i] ^ hashes[j]), config)
                kept = score >= floor
                found.append((i[kept], j[kept], score[kept]))
    first, second, score = (np.concatenate([one[n] for one in found] or [np.empty(0)]) for n in range(3))
    order = np.lexsort((second, first))
    return first[order].astype(np.int64), second[order].astype(np.int64), score[order]


class _Block:
    """Which pairs of a block could reach the floor. Its scratch is used again: new memory costs more than a step."""

    def __init__(self, columns: NDArray[np.uint64], config: MultiHashConfig, floor: float) -> None:
        self._columns = columns
        self._config = config
        self._floor = np.float32(floor - ROUNDING)
        self._words = np.empty((ROWS, COLUMNS), np.uint64)
        self._bits = np.empty((ROWS, COLUMNS), np.uint8)

    def possible(self, rows: slice, others: slice) -> NDArray[np.bool_]:
        """If the tiles of AHash were equal: bool (rows, others)."""
        config = self._config
        bound = self._weighed(0, config.ahash_weight, None, rows, others)
        for algorithm, weight in ((1, config.phash_weight), (2, config.dhash_weight)):
            bound += self._weighed(algorithm, weight, self._tiles(algorithm, rows, others), rows, others)
        return bound >= self._floor

    def _tiles(self, algorithm: int, rows: slice, others: slice) -> NDArray[np.float32]:
        """How alike the tiles of one algorithm are, 0..1."""
        config = self._config
        shape = (rows.stop - rows.start, others.stop - others.start)
        total, count, near = np.zeros(shape, np.uint16), np.zeros(shape, np.uint8), np.empty(shape, np.bool_)
        for tile in range(1, REGIONS):
            bits = self._apart(algorithm, tile, rows, others)
            np.less_equal(bits, np.uint8(config.block_distance_threshold), out=near)
            bits *= near
            total += bits
            count += near
        tiles = total.astype(np.float32)
        tiles /= np.maximum(count, 1)
        np.subtract(np.float32(1), tiles * np.float32(1 / BITS), out=tiles)
        tiles *= count >= max(1, config.min_blocks)
        return tiles

    def _weighed(
        self, algorithm: int, weight: float, tiles: NDArray[np.float32] | None, rows: slice, others: slice
    ) -> NDArray[np.float32]:
        """What one algorithm adds to the score. tiles: how alike its tiles are, None: equal."""
        config = self._config
        mixed = self._apart(algorithm, 0, rows, others) * np.float32(-config.global_weight / BITS)
        mixed += np.float32(config.global_weight)
        mixed += np.float32(config.block_weight) if tiles is None else np.float32(config.block_weight) * tiles
        np.minimum(mixed, np.float32(1), out=mixed)
        mixed *= np.float32(weight)
        return mixed

    def _apart(self, algorithm: int, region: int, rows: slice, others: slice) -> NDArray[np.uint8]:
        """Distances of one region, uint8 (rows, others); good until the next call."""
        one, other = self._columns[algorithm, region, rows, None], self._columns[algorithm, region, None, others]
        words = self._words[: one.shape[0], : other.shape[1]]
        bits = self._bits[: one.shape[0], : other.shape[1]]
        np.bitwise_xor(one, other, out=words)
        np.bitwise_count(words, out=bits)
        return bits
