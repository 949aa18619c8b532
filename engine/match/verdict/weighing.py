"""Scores of known pairs where parts count more or less than usual, without looking at a picture again.

What counts more moves a pair by as much as it agrees better or worse than pairs at the line usually do: so a weight parts good
pairs from bad ones, and does not just lift or lower them all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.verdict.rescore import PARTS, PartColumns, Weighing, rescored
from engine.match.verdict.scale import TOP, similarity
from engine.match.verdict.score_table import SIMILARITY, STRENGTH
from engine.records import PART_NAMES, Tier, Weights

COUNTS = {"structure": 3.0, "detail": 1.2, "colour": 8.0, "hash": 1.5}
"""Strength that the whole range of a part is worth. Twice the weight is to part, at the default line, what is alike but for this:
black-and-white and toned versions have a colour of 0.83 to 0.87 where copies have 0.99, crops a whole frame of 0 to 0.5 where
copies have 0.95 (copies and edits of the sample pictures, whose scores are about 0.99 all the same)."""

USUAL = {"structure": 0.92, "detail": 0.6, "colour": 0.95, "hash": 0.8}
"""Between the two: a pair that has just this is moved by no weight."""

_LOW, _HIGH = STRENGTH[0], STRENGTH[-1]
_STEPS = 65_535


def weighing_columns(pairs: NDArray[np.void]) -> PartColumns:
    """The parts of pairs beside each other, their stored strength in the two that have no name (high byte, low byte).

    pairs: `PAIR_DTYPE` (e,) with the scores as they were found. Made once for all weights.
    """
    columns = np.ascontiguousarray(pairs["parts"].T)
    strength = np.interp(pairs["score"].astype(np.float64), SIMILARITY, STRENGTH)
    steps = np.rint((strength - _LOW) / (_HIGH - _LOW) * _STEPS).astype(np.int64)
    columns[PARTS - 2], columns[PARTS - 1] = steps >> 8, steps & 255
    return PartColumns(columns)


def weighed_scores(pairs: NDArray[np.void], weights: Weights, columns: PartColumns | None = None) -> NDArray[np.float32]:
    """The scores that pairs have with these weights.

    Parameters
    ----------
    pairs: `PAIR_DTYPE` (e,) with the scores as they were found. columns: of `weighing_columns`, where they are known.

    Returns
    -------
    float32 (e,), rounded to 4 decimals. Pairs of equal bytes, of equal data and those as sure as a look can make them stay as
    they are, and pairs of the tier ``same-picture`` never rise: by no weight a pair becomes a reason to remove a photo.
    """
    stored = np.ascontiguousarray(pairs["score"])
    if weights.usual or not len(pairs):
        return stored
    found = rescored(weighing_columns(pairs) if columns is None else columns, _weighing(weights)).score
    found = np.where(pairs["tier"] == Tier.SAME_PICTURE, np.minimum(found, stored), found)
    return np.where((pairs["tier"] <= Tier.SAME_DATA) | (stored >= np.float32(TOP)), stored, found)


def _weighing(weights: Weights) -> Weighing:
    """strength = as stored + the sum of (weight - 1) * what the part is worth * (part - usual)."""
    step = (_HIGH - _LOW) * 255.0 / _STEPS
    found, constant = np.zeros(PARTS), _LOW
    found[PARTS - 2], found[PARTS - 1] = 256.0 * step, step
    for name, weight in weights.told().items():
        more = (weight - 1.0) * COUNTS[name]
        found[PART_NAMES.index(name)] = more
        constant -= more * USUAL[name]
    return Weighing.of(found.tolist(), constant, similarity, (_LOW, _HIGH))
