"""Bounds for what was counted: of a rate from few events, of a mean over originals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95


def upper_bound(events: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """One-sided Clopper-Pearson: the largest rate at which so few events are still seen in 1 - confidence of all tries.

    For no event this is the rule of three, about 3 / trials.
    """
    if trials <= 0 or events >= trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(200):
        middle = math.sqrt(low * high) if low > 0 and high / low > 4 else (low + high) / 2
        if _at_most(events, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return high


def _at_most(events: int, trials: int, rate: float) -> float:
    """Probability of at most so many events: the binomial distribution, summed from its logarithms."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    total = 0.0
    for k in range(events + 1):
        ways = math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        total += math.exp(ways + k * log_rate + (trials - k) * log_rest)
    return min(1.0, total)


def interval(hits: NDArray[np.bool_], seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """95 % interval of the mean recall over originals: bootstrap by original, as edits of one photograph are not independent.

    hits: bool (originals, edits).
    """
    of_each = hits.mean(axis=1)
    drawn = np.random.default_rng(seed).integers(0, len(of_each), (rounds, len(of_each)))
    low, high = np.quantile(of_each[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def limit_at_rate(unrelated: NDArray[np.int64], pairs: int, rate: float) -> int:
    """The widest limit with at most `rate` false pairs: last bin of a histogram of distances, int64 (bins,); -1 if none is."""
    allowed = np.cumsum(unrelated) <= rate * pairs
    return int(np.argmin(allowed)) - 1 if not allowed.all() else len(unrelated) - 1
