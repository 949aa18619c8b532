"""Two photographs of one scene are not copies of each other: what metadata tells apart that pixels cannot.

Of what one camera took at different times, or at one time with different exposures, a pair that looks alike is one of one
moment as long as the times are near; else it is none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.records import Edit, PictureTable, Tier

MOMENT_MS = 60_000
"""Bursts, brackets and the frames of a panorama are over within a minute; what one sees again after that is another visit."""

_OF_A_MOMENT = sum(1 << edit for edit in (Edit.TURNED, Edit.CROP, Edit.ROTATED, Edit.TONE))
"""Edits that also tell how two photographs differ: nobody drew something into the second one."""


def two_exposures(table: PictureTable, a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Pairs that one camera took at different times, or at one time with different exposures (a bracket): bool (k,)."""
    comparable, first, second = _moments(table, a, b)
    other_time = first // 1000 != second // 1000
    fraction_a, fraction_b = first % 1000, second % 1000
    other_time |= (fraction_a != 0) & (fraction_b != 0) & (first != second)
    exposure_a, exposure_b = table.exposure[a], table.exposure[b]
    bracket = (exposure_a >= 0) & (exposure_b >= 0) & (exposure_a != exposure_b)
    result: NDArray[np.bool_] = comparable & (other_time | bracket)
    return result


def apart_in_time(table: PictureTable, a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Pairs that one camera took with more than a moment between them, which can be no pair by look: bool (k,)."""
    comparable, first, second = _moments(table, a, b)
    result: NDArray[np.bool_] = comparable & (np.abs(first - second) > MOMENT_MS)
    return result


def perhaps_two_exposures(table: PictureTable, a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Pairs of one camera and second of which only one side knows the fraction: a copy that lost it, or a burst: bool (k,)."""
    comparable, first, second = _moments(table, a, b)
    result: NDArray[np.bool_] = comparable & (first != second) & ~two_exposures(table, a, b)
    return result


def with_moments(table: PictureTable, pairs: NDArray[np.void]) -> NDArray[np.void]:
    """Verified pairs, of which two exposures get the tier same-moment: `PAIR_DTYPE` (k,), a copy."""
    pairs = pairs.copy()
    exposures = two_exposures(table, pairs["a"].astype(np.int64), pairs["b"].astype(np.int64))
    pairs["tier"][exposures] = Tier.SAME_MOMENT
    pairs["edits"][exposures] &= np.uint32(_OF_A_MOMENT)
    return pairs


def _moments(
    table: PictureTable, a: NDArray[np.integer], b: NDArray[np.integer]
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    first, second = table.moment[a], table.moment[b]
    one_camera = (table.camera[a] >= 0) & (table.camera[a] == table.camera[b])
    return one_camera & (first >= 0) & (second >= 0), first, second
