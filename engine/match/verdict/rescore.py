"""Other weights for pairs that are known: scores, how they are spread, and how many stand at any line, in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.match.clusters.loops import JOINS

PARTS = 8
"""Entries of `PAIR_DTYPE.parts`."""

PLACES = 4096
"""Steps of strength that a score is looked up for."""

BINS = 256
"""Of the histogram, over scores 0..1."""

_SHIFT = 16
_TWIN_BELOW = 20_000
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class PartColumns:
    """The parts of all pairs, one part after the other: uint8 (8, e), contiguous. Made once from a pair table."""

    values: NDArray[np.uint8]

    @staticmethod
    def of(pairs: NDArray[np.void]) -> PartColumns:
        """pairs: `PAIR_DTYPE` (e,)."""
        return PartColumns(np.ascontiguousarray(pairs["parts"].T))

    def __len__(self) -> int:
        """How many pairs."""
        return int(self.values.shape[1])


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weights as whole numbers, and the score of every step of strength.

    weights: int64 (9,), one a part and a constant; their sum with parts 0..255, shifted right by 16 bits, is a place in `table`.
    table: float32 (4096,), rising.
    """

    weights: NDArray[np.int64]
    table: NDArray[np.float32]

    @staticmethod
    def of(
        weights: Sequence[float],
        constant: float,
        curve: Callable[[NDArray[np.float64]], NDArray[np.float32]],
        span: tuple[float, float] = (-1.0, 2.0),
    ) -> Weighing:
        """strength = constant + the sum of weight * part / 255; score = curve(strength).

        Parameters
        ----------
        weights: 8 at most, of the parts in their order. curve: strengths to scores, rising. span: strengths beyond which the
        score is that of the end; 4096 steps lie between them.
        """
        low, high = span
        unit = PLACES * (1 << _SHIFT) / (high - low)
        whole = np.zeros(PARTS + 1, np.int64)
        whole[: len(weights)] = np.rint(np.asarray(weights, np.float64) / 255.0 * unit).astype(np.int64)
        whole[PARTS] = round((constant - low) * unit)
        middles: NDArray[np.float64] = low + (np.arange(PLACES, dtype=np.float64) + 0.5) * ((high - low) / PLACES)
        return Weighing(whole, np.maximum.accumulate(np.ascontiguousarray(curve(middles), np.float32)))


@dataclass(frozen=True, slots=True)
class Rescored:
    """score: float32 (e,), of each pair. counts: int64 (4096,), pairs of each entry of `table`, float32 (4096,), rising."""

    score: NDArray[np.float32]
    counts: NDArray[np.int64]
    table: NDArray[np.float32]

    def histogram(self) -> NDArray[np.int64]:
        """Pairs by score in 256 bins from 0 to 1: int64 (256,)."""
        bins = np.clip((self.table.astype(np.float64) * BINS).astype(np.int64), 0, BINS - 1)
        # whole numbers below 2^53: exact as floats
        return np.bincount(bins, weights=self.counts, minlength=BINS).astype(np.int64)

    def at_least(self, line: float) -> int:
        """Pairs at or above a line, compared at 4 decimals."""
        return int(self.counts[np.searchsorted(self.table.astype(np.float64), line - 5e-5) :].sum())


def rescored(parts: PartColumns, weighing: Weighing, loops: Any = "auto") -> Rescored:
    """The scores of all pairs. loops: None for the twin, which gives the same bits."""
    count = len(parts)
    if loops == "auto":
        loops = JOINS.loaded() if count >= _TWIN_BELOW else None
    score, counts = np.empty(count, np.float32), np.zeros(PLACES, np.int64)
    if loops is not None:
        flat = parts.values.reshape(-1)
        loops.rescore(flat, count, weighing.weights, _SHIFT, PLACES - 1, weighing.table, score, counts)
        return Rescored(score, counts, weighing.table)
    for at in range(0, count, _CHUNK):
        block = parts.values[:, at : at + _CHUNK].astype(np.int64)
        total = (block * weighing.weights[:PARTS, None]).sum(axis=0) + weighing.weights[PARTS]
        place = np.clip(total >> _SHIFT, 0, PLACES - 1)
        score[at : at + _CHUNK] = weighing.table[place]
        counts += np.bincount(place, minlength=PLACES)
    return Rescored(score, counts, weighing.table)
