"""How alike two fingerprints are: the scheme's blend of 3 x 17 Hamming distances.

Tile i is compared with tile i only, and tiles that differ too much are left out of the mean: a shifted crop is invisible, and one
equal tile can lift unrelated pictures. docs/develop/imgfprint.md says what that costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.imgfprint.config import MultiHashConfig, clamped_threshold
from engine.imgfprint.fingerprint import Hashes

Floats = NDArray[np.float64]
BITS = 64


@dataclass(frozen=True, slots=True)
class Comparison:
    """score 0..1. exact: equal bytes, which makes the score 1 whatever the weights. distance: bits 0..64, of the three global
    hashes by the algorithms' weights. ahash, phash, dhash: the score of each algorithm."""

    score: float
    exact: bool
    distance: int
    ahash: float
    phash: float
    dhash: float

    def is_similar(self, threshold: float) -> bool:
        """At or above the threshold, taken into 0..1; never for NaN."""
        return self.score >= clamped_threshold(threshold)


DEFAULT = MultiHashConfig()


def compare(a: Hashes, b: Hashes, config: MultiHashConfig = DEFAULT, *, exact: bool = False) -> Comparison:
    """Two fingerprints. exact: their files have equal bytes."""
    apart = np.bitwise_count(a ^ b).tolist()
    first, second, third = (_of_one(row, config) for row in apart)
    if exact:
        return Comparison(1.0, True, 0, first, second, third)
    score = config.ahash_weight * first + config.phash_weight * second + config.dhash_weight * third
    return Comparison(min(1.0, score), False, distance([row[0] for row in apart], config), first, second, third)


def _of_one(apart: list[int], config: MultiHashConfig) -> float:
    """As `_of_algorithm` for one pair, in the same order of operations: the centre, then the tiles."""
    near = [bits for bits in apart[1:] if bits <= config.block_distance_threshold]
    tiles = 1.0 - sum(near) / (float(BITS) * len(near)) if len(near) >= max(1, config.min_blocks) else 0.0
    return min(1.0, config.global_weight * (1.0 - apart[0] / float(BITS)) + config.block_weight * tiles)


def scores(apart: NDArray[np.uint8], config: MultiHashConfig) -> Floats:
    """Distances uint8 (n, 3, 17) in bits to scores float64 (n,), 0..1."""
    first, second, third = algorithm_scores(apart, config)
    mixed: Floats = config.ahash_weight * first + config.phash_weight * second + config.dhash_weight * third
    return np.minimum(1.0, mixed)


def algorithm_scores(apart: NDArray[np.uint8], config: MultiHashConfig) -> tuple[Floats, Floats, Floats]:
    """The same of AHash, PHash and DHash alone."""
    first, second, third = (_of_algorithm(apart[:, n], config) for n in range(3))
    return first, second, third


def _of_algorithm(apart: NDArray[np.uint8], config: MultiHashConfig) -> Floats:
    """Distances uint8 (n, 17), the centre first."""
    near = apart[:, 1:] <= config.block_distance_threshold
    count = near.sum(axis=1)
    tiles = 1.0 - (apart[:, 1:] * near).sum(axis=1, dtype=np.int64) / (float(BITS) * np.maximum(count, 1))
    tiles = np.where(count >= max(1, config.min_blocks), tiles, 0.0)
    return np.minimum(1.0, config.global_weight * (1.0 - apart[:, 0] / float(BITS)) + config.block_weight * tiles)


def distance(centres: Sequence[int], config: MultiHashConfig = DEFAULT) -> int:
    """Distances of the three global hashes as one, rounded down; 0 where no algorithm has a weight."""
    weights = config.algorithm_weights
    whole = sum(weights)
    return int(sum(weight * int(bits) for weight, bits in zip(weights, centres, strict=True)) / whole + 1e-9) if whole else 0


def coarse_key(hash64: int, bits: int) -> int:
    """The highest bits of a global hash: a bucket for indexes outside. Equal pictures often have different keys (10 to 60 %
    of edited copies do), so it must not be the only way to find candidates. bits: 1..64, else ValueError."""
    if not 1 <= bits <= BITS:
        raise ValueError("a coarse key has 1 to 64 bits")
    return int(hash64) >> (BITS - bits)
