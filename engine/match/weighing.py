"""Scores of known pairs where parts count more or less than usual, without looking at a picture again.

What counts more moves a pair by as much as it agrees better or worse than pairs at the line usually do: so a weight parts good
pairs from bad ones, and does not just lift or lower them all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.rescore import PARTS, PartColumns, Weighing, rescored
from engine.match.scale import TOP, similarity
from engine.match.score_table import SIMILARITY, STRENGTH
from engine.records import PART_NAMES, Tier, Weights

COUNTS = {"structure": 1.0, "detail": 0.6, "colour": 1.5, "hash": 0.3}
"""Strength that a part is worth from 0 to 1: as in `strength`; colour and the whole frame, which count there in another form, by
what parts re-coloured pictures and crops from plain copies."""

USUAL = {"structure": 0.85, "detail": 0.5, "colour": 0.93, "hash": 0.8}
"""Of pairs at the line: a pair that has just this is moved by no weight."""

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
