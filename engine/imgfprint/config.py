"""What of the score may be chosen, with the scheme's own names and defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

MOST_BLOCKS = 16
MOST_BITS = 64
WEIGHTS = ("ahash_weight", "phash_weight", "dhash_weight", "global_weight", "block_weight")


@dataclass(frozen=True, slots=True)
class MultiHashConfig:
    """Weights 0..1 that need not add up to 1, and which tiles count. Values out of range, and NaN, raise ValueError.

    ahash_weight, phash_weight, dhash_weight: share of each algorithm. global_weight, block_weight: share of the centre and of the
    tiles inside each. block_distance_threshold: the largest distance in bits, 0..64, at which a tile counts; the mean is
    over those that count. min_blocks: so many of the 16 tiles must count, or the tiles give 0; 0 is the scheme's own
    rule (one is enough), which a single tile equal by accident deceives.
    """

    ahash_weight: float = 0.10
    phash_weight: float = 0.60
    dhash_weight: float = 0.30
    global_weight: float = 0.40
    block_weight: float = 0.60
    block_distance_threshold: int = 32
    min_blocks: int = 0

    def __post_init__(self) -> None:
        for name in WEIGHTS:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 <= value <= 1.0:  # NaN fails as well
                raise ValueError(f"{name} must lie between 0 and 1")
        for name, most in (("block_distance_threshold", MOST_BITS), ("min_blocks", MOST_BLOCKS)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
                raise ValueError(f"{name} must be a whole number from 0 to {most}")

    @property
    def algorithm_weights(self) -> tuple[float, float, float]:
        """Of AHash, PHash, DHash: the order of `Hashes`."""
        return self.ahash_weight, self.phash_weight, self.dhash_weight

    def told(self) -> dict[str, float]:
        """Every field by its name, in order: for reports and keys."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def clamped_threshold(threshold: float) -> float:
    """Into 0..1 as `is_similar` takes it. NaN stays NaN: nothing is similar to that degree."""
    return threshold if math.isnan(threshold) else min(1.0, max(0.0, threshold))
