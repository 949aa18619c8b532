"""Candidates by local features: crops, turned, framed and mirrored copies, pictures inside other pictures.

Codes vote for pairs (`local_join`), the features of each pair are matched, and what enough matches agree on is the map of a
candidate (`consensus`). Nothing here decides that two pictures are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.match.candidate import CANDIDATE_DTYPE, LOCAL
from engine.match.limits import LARGE, Limits
from engine.match.local.consensus import align
from engine.match.local.features import SLOTS, SomeFeatures
from engine.match.local.join import STRONGEST, Refused, Votes, asked_of, join, place_among

KEYS = 8
"""Keys by which codes are joined. Twice as many find a thousandth more pairs."""

RADIUS, RADIUS_OF_MANY = 10, 8
"""Bits within which two features vote, up to `LARGE` pictures and beyond."""

FEATURES_OF_MANY = 64
"""Features of a picture, strongest first, that are joined beyond `LARGE` pictures."""

MOST_PAIRS, MOST_PAIRS_EACH = 2_000_000, 2
"""Pairs that are looked at in all: so many, and for each picture so many more."""

SMALLEST_AREA = 1e-3
"""Maps that make less than this of an area of 1 are of no use."""


@dataclass(frozen=True, slots=True)
class LocalFound:
    """candidates: `CANDIDATE_DTYPE`, by rank of the first, then of the second; one as they are, one mirrored at most.

    left_out: pairs with enough votes that were not looked at because one of the two had too many with more. windowed: features
    that were not compared with all that share a key with them, because too many do.
    busiest: most pairs of one picture that were looked at, on either side.
    """

    candidates: NDArray[np.void]
    left_out: int = 0
    windowed: int = 0
    busiest: int = 0


def local_candidates(
    features: SomeFeatures,
    rank: NDArray[np.int64],
    usable: NDArray[np.bool_],
    limits: Limits,
    cancelled: Callable[[], bool],
    settled: NDArray[np.uint64] | None = None,
    fresh: NDArray[np.bool_] | None = None,
    workers: int = 2,
) -> LocalFound:
    """Pairs of pictures whose features agree on a map; the same for any order of the rows and any number of workers.

    Parameters
    ----------
    features: of n pictures. rank: int64 (n,), an order made from content; of two pictures the one of lower rank asks. usable:
    bool (n,), the others are left out. limits: votes and inliers that a candidate needs. settled: sorted uint64, first * n +
    second of pairs (either way round) that need not be looked at. fresh: bool (n,); pairs are wanted with at least one of these
    only.
    cancelled: asked a few times a second.

    Raises
    ------
    Cancelled
    """
    order = np.argsort(rank, kind="stable")
    rows = order[usable[order] & (features.count[order] > 0)].astype(np.int64)
    many = len(rows) > LARGE
    asked = asked_of(
        features,
        rows,
        fresh,
        votes=limits.votes,
        radius=RADIUS_OF_MANY if many else RADIUS,
        keys=KEYS,
        most=FEATURES_OF_MANY if many else SLOTS,
    )
    votes = fewest(
        join(asked, cancelled, _settled(settled, rows, len(features)), workers), MOST_PAIRS + MOST_PAIRS_EACH * len(rows)
    )
    first, second = rows[votes.first], rows[votes.second]
    inliers, maps = align(features, first, second, votes.mirrored, cancelled, workers)
    kept = np.nonzero((inliers >= limits.inliers) & (np.abs(area(maps)) > SMALLEST_AREA))[0]
    return LocalFound(
        as_candidates(first[kept], second[kept], votes.votes[kept], inliers[kept], maps[kept]),
        votes.left_out,
        votes.windowed,
        max(int(np.bincount(ends, minlength=1).max()) for ends in (votes.first, votes.second)),
    )


def as_candidates(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    votes: NDArray[np.int64],
    inliers: NDArray[np.int64],
    maps: NDArray[np.float64],
) -> NDArray[np.void]:
    """Columns of k candidates as `CANDIDATE_DTYPE`."""
    found = np.zeros(len(first), dtype=CANDIDATE_DTYPE)
    found["first"], found["second"], found["source"] = first, second, LOCAL
    found["votes"], found["inliers"], found["map"] = votes, inliers, maps
    return found


def area(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much maps (k, 6) enlarge an area, negative where they mirror."""
    grown: NDArray[np.float64] = maps[:, 0] * maps[:, 4] - maps[:, 1] * maps[:, 3]
    return grown


def fewest(votes: Votes, most: int) -> Votes:
    """As many pairs as may be looked at: those that are among the strongest of both pictures, of as many as fit."""
    apart = votes.second - votes.first
    place = np.maximum(
        place_among(votes.first, votes.votes, apart, votes.mirrored),
        place_among(votes.second, votes.votes, apart, votes.mirrored),
    )
    within = np.cumsum(np.bincount(place, minlength=1)[:STRONGEST])
    depth = max(1, int(np.searchsorted(within, most, side="right")))
    kept = votes.kept(place < min(depth, STRONGEST))
    return Votes(kept.first, kept.second, kept.mirrored, kept.votes, votes.windowed, votes.left_out + len(votes) - len(kept))


def _settled(settled: NDArray[np.uint64] | None, rows: NDArray[np.int64], count: int) -> Refused:
    """What tells settled pairs from ranks."""

    def told(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
        if settled is None or len(settled) == 0:
            return np.zeros(len(first), dtype=bool)
        a, b = rows[first].astype(np.uint64), rows[second].astype(np.uint64)
        n = np.uint64(count)
        return _among(a * n + b, settled) | _among(b * n + a, settled)

    return told


def _among(keys: NDArray[np.uint64], ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[at] == keys
    return found
