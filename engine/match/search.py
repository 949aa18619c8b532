"""All pairs of a library, and one pair of it: the same answer either way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import MatchOptions
from engine.match.candidates import close_hashes
from engine.match.crowds import candidates_between, candidates_within, crowd_pairs, equal_hashes
from engine.match.exact import CROWD, first_of_equal_bytes, identical_pairs, same_data_pairs
from engine.match.near_miss import apart_in_time, with_moments
from engine.match.screen import worth_a_look
from engine.match.verify import verify
from engine.records import PictureTable

MOST_PAIRS = 200
"""Pairs kept for one picture, strongest first; a pair stays while it is among those of either end."""

Told = Callable[[int, int], None]
"""Is told how far a search is: pictures done, and of how many."""

Run = Callable[..., Any]
"""Does what `map` does, perhaps in several threads."""


def nobody(done: int, total: int) -> None:
    """Listens to no progress."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    pairs: `PAIR_DTYPE`, sorted by (a, b). crowded: how many were left out because both pictures had `MOST_PAIRS` stronger ones.
    skipped: how many lists of look-alikes were too long to be gone through. independent: every pair follows from its two
    pictures alone, so that it would be found in any library as large.
    """

    pairs: NDArray[np.void]
    crowded: int = 0
    skipped: int = 0
    independent: bool = True


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
    run: Run = map,
) -> Found:
    """Every pair of a library with a score at or above `options.floor`.

    Files of equal bytes are represented by the first of them, with which each of the others makes one identical pair. Pairs
    inside one shot are left out. Flat pictures pair by their bytes only. What one camera took at different times, or with
    different exposures at one time, is of one moment at most, unless its bytes or its picture data are equal.

    Parameters
    ----------
    table: the pictures, sorted by path. options: radii, floor; the preset ``identical`` limits pairs to equal bytes.
    cancelled: asked at least every 100 ms. fresh: bool (n,); pairs by look are wanted of these pictures only (with all others).
    told: of progress. run: does what `map` does.

    Raises
    ------
    Cancelled
    """
    first = first_of_equal_bytes(table)
    identical = identical_pairs(table, first)
    if options.preset == "identical":
        return Found(_sorted(identical))
    rows = looked_at(table)
    exact = same_data_pairs(table, rows)
    seen = _pairs_by_look(table, rows, exact, options, cancelled, fresh)
    kept, crowded = strongest(np.concatenate([exact, seen]), len(table))
    told(len(table), len(table))
    crowd = max(_largest_group(table.data_id[rows]), int(np.diff(equal_hashes(table.dct256[rows])[1]).max(initial=0)))
    return Found(_sorted(np.concatenate([identical, kept])), crowded, independent=crowd <= CROWD)


def looked_at(table: PictureTable) -> NDArray[np.int64]:
    """Rows of the pictures that are compared by look: of equal bytes the first, and nothing flat."""
    return np.nonzero((first_of_equal_bytes(table) == np.arange(len(table))) & ~table.flat)[0]


def how(table: PictureTable) -> tuple[object, ...]:
    """What of the way in which two pictures are compared depends on the library."""
    return ()


def _largest_group(ids: NDArray[np.int64]) -> int:
    return int(np.unique(ids[ids >= 0], return_counts=True)[1].max(initial=0))


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


def _pairs_by_look(
    table: PictureTable,
    rows: NDArray[np.int64],
    exact: NDArray[np.void],
    options: MatchOptions,
    cancelled: Callable[[], bool],
    fresh: NDArray[np.bool_] | None,
) -> NDArray[np.void]:
    hashes = table.dct256[rows]
    order, start = equal_hashes(hashes)
    order = rows[order]
    firsts = order[start[:-1]]
    radii = (options.radius64 or 12, options.radius256 or 90)
    close = close_hashes(table.dct64[firsts], table.dct256[firsts], radii, cancelled)
    known = np.sort(exact["a"].astype(np.int64) * len(table) + exact["b"])

    def verifier(candidates: NDArray[np.int64]) -> NDArray[np.void]:
        a, b = candidates[:, 0], candidates[:, 1]
        open_ = (table.shot[a] != table.shot[b]) & ~apart_in_time(table, a, b) & ~np.isin(a * len(table) + b, known)
        if fresh is not None:
            open_ &= fresh[a] | fresh[b]
        open_[open_] = worth_a_look(table, candidates[open_])
        return with_moments(table, verify(table, candidates[open_], options.floor, cancelled))

    sizes = np.diff(start)
    small = [candidates_within(order[start[g] : start[g + 1]]) for g in np.nonzero((sizes > 1) & (sizes <= CROWD))[0].tolist()]
    alone = (sizes[close[:, 0]] == 1) & (sizes[close[:, 1]] == 1)
    small.append(_single(firsts, close[alone]))
    for g, h, pose in close[~alone].tolist():
        small.append(candidates_between(order[start[g] : start[g + 1]], order[start[h] : start[h + 1]], pose))
    done = [verifier(np.concatenate(small))]
    for g in np.nonzero(sizes > CROWD)[0].tolist():
        done.append(crowd_pairs(table, order[start[g] : start[g + 1]], verifier))
    return np.concatenate(done)


def _single(firsts: NDArray[np.int64], close: NDArray[np.int32]) -> NDArray[np.int64]:
    """Candidates of groups of one picture each: the bulk, without a loop."""
    i, j, pose = firsts[close[:, 0]], firsts[close[:, 1]], close[:, 2].astype(np.int64)
    swap = i > j
    quarter = (pose == 5) | (pose == 6)
    back = np.where(quarter, 11 - pose, pose)
    return np.column_stack([np.where(swap, j, i), np.where(swap, i, j), np.where(swap, back, pose)])


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


def _sorted(pairs: NDArray[np.void]) -> NDArray[np.void]:
    return pairs[np.lexsort((pairs["b"], pairs["a"]))]
