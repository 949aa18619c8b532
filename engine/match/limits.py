"""How far a search looks, by the number of pictures: false candidates grow with the square of it, true ones with itself."""

from __future__ import annotations

from dataclasses import dataclass

SMALL, LARGE = 20_000, 200_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a candidate needs.

    radius64, radius256: bits by which the hashes of two whole frames may differ in the best pose. votes: features that must
    vote for a picture, inliers: matches that must agree on one map.
    """

    radius64: int
    radius256: int
    votes: int
    inliers: int


_BY_NUMBER = (
    (SMALL, Limits(radius64=12, radius256=90, votes=2, inliers=3)),
    (LARGE, Limits(radius64=10, radius256=90, votes=3, inliers=4)),
)
_BEYOND = Limits(radius64=8, radius256=90, votes=4, inliers=5)


def limits_for(count: int) -> Limits:
    """The limits for a library of so many pictures; the tighter ones cost a thousandth of the true pairs at most."""
    return next((limits for most, limits in _BY_NUMBER if count <= most), _BEYOND)
