"""All pairs of a library, and one pair of it: the same answer either way.

Whole frames propose, local features propose what is left, the pixels decide; then come the bounds. Which of two pictures asks is
settled by content (`rank`), and everything about a pair follows from its two pictures, so that names and order change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.config import MatchOptions
from engine.match.exact import CROWD, first_of_equal_bytes, identical_pairs, same_data_pairs
from engine.match.frames.candidates import WholeFrames, every_pair, whole_frame_candidates
from engine.match.frames.centres import Crowds, crowds_of, needed_beside, with_centres
from engine.match.limits import LARGE, Limits, limits_for
from engine.match.local.candidates import FEATURES_OF_MANY, local_candidates
from engine.match.local.features import SLOTS, FeatureRows
from engine.match.local.join import STRONGEST
from engine.match.local.keys import bits_for
from engine.match.rank import ranks
from engine.match.verdict.judge import verify
from engine.match.verdict.near_miss import apart_in_time, with_moments
from engine.records import PictureTable, Tier

MOST_PAIRS = 200
"""Pairs kept for one picture, strongest first; a pair stays while it is among those of either end."""

SETTLED = 0.95
"""A pair that the whole frame shows with this score is not looked for again by local features."""

_FRAMES, _FRAMES_SEEN, _DETAILS = 0.1, 0.25, 0.65
"""Shares of a search that are done after each stage."""

HASH_BITS = 64
"""A radius with which everything is compared with everything."""

_FEW, _PART = 256, 16_384
"""Candidates from which two threads look at them, and about how many at once."""

Told = Callable[[int, int], None]
"""Is told how far a search is: pictures done, and of how many."""


def nobody(done: int, total: int) -> None:
    """Listens to no progress."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    pairs: `PAIR_DTYPE`, sorted by (a, b). crowded: how many were left out because both pictures had `MOST_PAIRS` stronger ones.
    skipped: how many possible pairs, or places in lists of equals, were not looked at because there were too many. independent:
    every pair follows from its two pictures alone, so that it would be found in any library of the same `how`. busiest: most
    pairs of one picture that local features proposed (`STRONGEST` of them are looked at) or whole frames settled (with more it
    is the centre of a crowd, `centres`).
    """

    pairs: NDArray[np.void]
    crowded: int = 0
    skipped: int = 0
    independent: bool = True
    busiest: int = 0


def find_pairs(table: PictureTable, options: MatchOptions, cancelled: Callable[[], bool]) -> NDArray[np.void]:
    """The pairs of a library; see `search`."""
    return search(table, options, cancelled).pairs


def search(
    table: PictureTable,
    options: MatchOptions,
    cancelled: Callable[[], bool],
    *,
    fresh: NDArray[np.bool_] | None = None,
    told: Told = nobody,
    threads: int = 1,
) -> Found:
    """Every pair of a library with a score at or above `options.floor`.

    Files of equal bytes are represented by the first of them, with which each of the others makes one identical pair. Pairs
    inside one shot are left out. Flat pictures pair by their bytes only. What one camera took at different times, or with
    different exposures at one time, is of one moment at most, unless its bytes or its picture data are equal.

    Parameters
    ----------
    table: the pictures, sorted by path. options: floor; the preset ``identical`` limits pairs to equal bytes; radii, where they
    are not those of `limits_for`. cancelled: asked at least every 100 ms. fresh: bool (n,); pairs by look are wanted of these
    pictures only (with all others). told: of progress. threads: that may work at once; they change nothing.

    Raises
    ------
    Cancelled
    """
    first = first_of_equal_bytes(table)
    identical = identical_pairs(table, first)
    if options.preset == "identical":
        return Found(_sorted(identical))
    found = _Search(table, options, cancelled, fresh, told, threads).done()
    told(len(table), len(table))
    return replace(found, pairs=_sorted(np.concatenate([identical, found.pairs])))


def looked_at(table: PictureTable) -> NDArray[np.int64]:
    """Rows of the pictures that are compared by look: of equal bytes the first, and nothing flat."""
    return np.nonzero((first_of_equal_bytes(table) == np.arange(len(table))) & ~table.flat)[0]


def how(table: PictureTable) -> tuple[object, ...]:
    """What of the way in which two pictures are compared depends on the library: two with equal answers compare alike."""
    rows = looked_at(table)
    count = np.minimum(np.asarray(table.frame[rows])[:, 6], SLOTS).astype(np.int64)
    many = int((count > 0).sum()) > LARGE
    return limits_for(len(rows)), many, bits_for(int(np.minimum(count, FEATURES_OF_MANY if many else SLOTS).sum()))


class _Search:
    """One search by look."""

    def __init__(
        self,
        table: PictureTable,
        options: MatchOptions,
        cancelled: Callable[[], bool],
        fresh: NDArray[np.bool_] | None,
        told: Told,
        threads: int,
    ) -> None:
        self._table, self._options, self._cancelled = table, options, cancelled
        self._fresh, self._threads, self._told = fresh, threads, told
        self._rows = looked_at(table)
        self._usable = np.zeros(len(table), np.bool_)
        self._usable[self._rows] = True
        self._exact = same_data_pairs(table, self._rows)
        self._known = np.sort(self._keys(self._exact["a"], self._exact["b"]))

    def done(self) -> Found:
        table, limits, rank = self._table, self._limits(), ranks(self._table)
        self._tell(0.0)
        frames = self._whole_frames(rank, limits)
        self._tell(_FRAMES)
        features = FeatureRows.of_table(table)
        seen, left_out = self._frames_seen(frames.candidates, features, rank)
        self._tell(_FRAMES_SEEN)
        crowds = self._crowds(seen, rank)
        details = local_candidates(
            features,
            rank,
            self._usable & ~crowds.standing_by,
            limits,
            self._cancelled,
            self._settled(seen),
            self._fresh,
            self._threads,
        )
        self._tell(_DETAILS)
        every = best_of_each(np.concatenate([seen, self._verified(details.candidates, features)]))
        kept, crowded = strongest(np.concatenate([self._exact, with_moments(table, every)]), len(table))
        skipped = frames.left_out + left_out + details.left_out + details.windowed + crowds.left_out
        independent = _largest_group(table.data_id[self._rows]) <= CROWD
        return Found(kept, crowded, skipped, independent, max(details.busiest, crowds.largest))

    def _whole_frames(self, rank: NDArray[np.int64], limits: Limits) -> WholeFrames:
        table, usable = self._table, self._usable
        if limits.radius64 >= HASH_BITS:
            return WholeFrames(every_pair(table, rank, usable), 0)
        return whole_frame_candidates(table, rank, usable, limits, self._cancelled, self._fresh, threads=self._threads)

    def _limits(self) -> Limits:
        limits, options = limits_for(len(self._rows)), self._options
        wanted = {name: value for name in ("radius64", "radius256") if (value := getattr(options, name)) is not None}
        return replace(limits, **wanted)

    def _verified(self, candidates: NDArray[np.void], features: FeatureRows) -> NDArray[np.void]:
        """Pairs of candidates that may be pairs at all: `PAIR_DTYPE`, perhaps several of one pair."""
        table = self._table
        a, b = (candidates[end].astype(np.int64) for end in ("first", "second"))
        wanted = (table.shot[a] != table.shot[b]) & ~apart_in_time(table, a, b) & ~_among(self._keys(a, b), self._known)
        parts = _parts(candidates[wanted], self._threads)
        look = partial(verify, table, features, floor=self._options.floor, cancelled=self._cancelled)
        if len(parts) == 1:
            return look(parts[0])
        with ThreadPoolExecutor(self._threads) as pool:
            return np.concatenate(list(pool.map(look, parts)))

    def _frames_seen(
        self, candidates: NDArray[np.void], features: FeatureRows, rank: NDArray[np.int64]
    ) -> tuple[NDArray[np.void], int]:
        """Pairs of whole frames, and how many were not looked at because their crowd has a centre."""
        a, b = (candidates[end].astype(np.int64) for end in ("first", "second"))
        central = with_centres(a, b, rank, STRONGEST)
        if not central.any():
            return self._verified(candidates, features), 0
        to_centres = self._verified(candidates[central], features)
        a, b, others = a[~central], b[~central], candidates[~central]
        wide = self._table.dct256
        apart = np.bitwise_count(wide[a] ^ wide[b]).sum(axis=1, dtype=np.int64)
        needed = needed_beside(self._crowds(to_centres, rank), a, b, apart, rank)
        return np.concatenate([to_centres, self._verified(others[needed], features)]), int((~needed).sum())

    @staticmethod
    def _crowds(seen: NDArray[np.void], rank: NDArray[np.int64]) -> Crowds:
        """Pictures that nearly equal frames stand for."""
        sure = seen[seen["score"] >= np.float32(SETTLED)]
        return crowds_of(sure["a"].astype(np.int64), sure["b"].astype(np.int64), rank, STRONGEST)

    def _settled(self, seen: NDArray[np.void]) -> NDArray[np.uint64]:
        sure = seen[seen["score"] >= np.float32(SETTLED)]
        return np.sort(np.concatenate([self._known, self._keys(sure["a"], sure["b"])])).astype(np.uint64)

    def _keys(self, a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.int64]:
        """A number for each pair, whichever is named first."""
        a, b = a.astype(np.int64), b.astype(np.int64)
        keys: NDArray[np.int64] = np.minimum(a, b) * len(self._table) + np.maximum(a, b)
        return keys

    def _tell(self, share: float) -> None:
        self._told(int(share * len(self._table)), len(self._table))


def compare_rows(table: PictureTable, i: int, j: int, options: MatchOptions) -> np.void | None:
    """The pair of two pictures, as `search` would report it in a library of these two in different shots.

    Parameters
    ----------
    table: the pictures. i, j: two different rows, in either order. options: as for `search`.

    Returns
    -------
    A `PAIR_DTYPE` row with a < b, or None when there is no pair at or above the floor.
    """
    a, b = min(i, j), max(i, j)
    two = _two_rows(table, a, b)
    pairs = search(two, options, lambda: False).pairs
    if not len(pairs):
        return None
    pairs["a"], pairs["b"] = a, b
    row: np.void = pairs[0]
    return row


def _two_rows(table: PictureTable, a: int, b: int) -> PictureTable:
    rows = np.array([a, b])
    columns = {name: getattr(table, name)[rows] for name in PictureTable.__slots__ if name != "films"}
    columns["shot"] = np.array([0, 1], dtype=np.int64)
    return PictureTable(**columns, films=table.films)


def best_of_each(pairs: NDArray[np.void]) -> NDArray[np.void]:
    """One row a pair: as it stands if that is the same picture, else the highest score, then the lowest pose; by (a, b)."""
    upright = (pairs["pose"] == 0) & (pairs["tier"] == Tier.SAME_PICTURE)
    order = np.lexsort((pairs["pose"], -pairs["score"], ~upright, pairs["b"], pairs["a"]))
    pairs = pairs[order]
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = (pairs["a"][1:] != pairs["a"][:-1]) | (pairs["b"][1:] != pairs["b"][:-1])
    return pairs[first]


def strongest(pairs: NDArray[np.void], count: int) -> tuple[NDArray[np.void], int]:
    """Leave out pairs for which both ends have `MOST_PAIRS` stronger ones; also how many those were."""
    ends = np.concatenate([pairs["a"], pairs["b"]]).astype(np.int64)
    if not len(pairs) or np.bincount(ends, minlength=count).max() <= MOST_PAIRS:
        return pairs, 0
    number = np.tile(np.lexsort((pairs["b"], pairs["a"], -pairs["score"])).argsort(), 2)
    order = np.lexsort((number, ends))
    start = np.searchsorted(ends[order], ends[order], side="left")
    rank = np.empty(len(ends), dtype=np.int64)
    rank[order] = np.arange(len(ends)) - start
    kept = (rank.reshape(2, -1) < MOST_PAIRS).any(axis=0)
    return pairs[kept], int((~kept).sum())


def _parts(candidates: NDArray[np.void], threads: int) -> list[NDArray[np.void]]:
    """Candidates in parts for so many threads, all of one pair in the same."""
    if threads == 1 or len(candidates) < _FEW:
        return [candidates]
    ordered = candidates[np.lexsort((candidates["second"], candidates["first"]))]
    new = np.flatnonzero((np.diff(ordered["first"]) != 0) | (np.diff(ordered["second"]) != 0)) + 1
    count = max(threads, len(candidates) // _PART)
    wanted = np.searchsorted(new, np.arange(1, count) * len(ordered) // count)
    return np.split(ordered, np.unique(new[wanted[wanted < len(new)]]))


def _largest_group(ids: NDArray[np.int64]) -> int:
    return int(np.unique(ids[ids >= 0], return_counts=True)[1].max(initial=0))


def _among(keys: NDArray[np.int64], ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(keys), np.bool_)
    found: NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)] == keys
    return found


def _sorted(pairs: NDArray[np.void]) -> NDArray[np.void]:
    return pairs[np.lexsort((pairs["b"], pairs["a"]))]
