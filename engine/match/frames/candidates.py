"""Candidates of the whole frame: pictures whose hashes agree as they are, turned or mirrored, with or without a border.

64 bits of the frame and of the content box propose, 256 bits in the best of all poses confirm. Equal hashes are grouped before
they are paired, and crowds are bounded: the answer says how much was left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.match.candidate import CANDIDATE_DTYPE, WHOLE_FRAME
from engine.match.frames.equal import Groups, Ints, pairs_between, pairs_within
from engine.match.frames.loops import HAMMING
from engine.match.frames.near import TWIN_BELOW, mirrored_bits, near_pairs
from engine.match.limits import Limits
from engine.match.poses import POSES, TRANSPOSED, pose_hash256, pose_map

UNITS = 65535.0
"""Of a side, in which the content box is stored."""

_CHUNK = 1 << 14


class FrameColumns(Protocol):
    """What of a `PictureTable` is read; first axis n."""

    @property
    def dct64(self) -> NDArray[np.uint64]: ...
    @property
    def dct256(self) -> NDArray[np.uint64]: ...
    @property
    def trim64(self) -> NDArray[np.uint64]: ...
    @property
    def trim256(self) -> NDArray[np.uint64]: ...
    @property
    def gradient(self) -> NDArray[np.uint64]: ...
    @property
    def frame(self) -> NDArray[np.uint16]: ...


@dataclass(frozen=True, slots=True)
class WholeFrames:
    """candidates: `CANDIDATE_DTYPE` (k,), each pair once, ordered by rank. left_out: pairs in crowds that were not followed."""

    candidates: NDArray[np.void]
    left_out: int


def whole_frame_candidates(
    table: FrameColumns,
    rank: Ints,
    usable: NDArray[np.bool_],
    limits: Limits,
    cancelled: Callable[[], bool],
    fresh: NDArray[np.bool_] | None = None,
    *,
    threads: int = 1,
    loops: Any = "auto",
) -> WholeFrames:
    """Pairs of usable rows whose hashes are within both radii; the same for every number of threads.

    Parameters
    ----------
    table: the pictures. rank: int64 (n,), of two pictures the one of lower rank asks. usable: bool (n,), rows that may pair by
    look (not flat, one of each that have equal bytes). limits: `limits.limits_for`. cancelled: asked many times a second.
    fresh: bool (n,), only pairs with such a row; None: all.

    Raises
    ------
    Cancelled
    """
    if loops == "auto":
        loops = HAMMING.loaded() if int(usable.sum()) >= TWIN_BELOW else None
    narrow, wide, groups, likeness = _distinct_hashes(table, rank, usable)
    asking = None if fresh is None else np.maximum.reduceat(fresh[groups.members], groups.start[:-1]) if len(narrow) else None
    near = near_pairs(narrow, wide, limits.radius64, cancelled, fresh=asking, threads=threads, loops=loops)
    within, left_within = pairs_within(groups, likeness)
    between, left_between = pairs_between(groups, near.pairs[:, 0].astype(np.int64), near.pairs[:, 1].astype(np.int64))
    pairs = np.concatenate([within, between])
    if fresh is not None:
        pairs = pairs[fresh[pairs[:, 0]] | fresh[pairs[:, 1]]]
    first, second = _asking_first(pairs, rank)
    told = best_poses(table, first, second, loops)
    close = (told >> 8) <= limits.radius256
    found = _candidates(table, first[close], second[close], told[close])
    return WholeFrames(found, near.left_out + left_within + left_between)


def every_pair(table: FrameColumns, rank: Ints, usable: NDArray[np.bool_]) -> NDArray[np.void]:
    """Every pair of usable rows in its best pose, however far apart: for a handful of pictures that somebody named."""
    rows = np.flatnonzero(usable)
    i, j = np.triu_indices(len(rows), 1)
    first, second = _asking_first(np.column_stack([rows[i], rows[j]]), rank)
    return _candidates(table, first, second, best_poses(table, first, second))


def _distinct_hashes(
    table: FrameColumns, rank: Ints, usable: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], Groups, NDArray[np.uint64]]:
    """Each hash once, sorted, of frames and trimmed frames, who has it (lowest rank first), and gradients of the members."""
    rows = np.flatnonzero(usable)
    other = rows[trimmed_rows(table, rows)]
    member = np.concatenate([rows, other])
    narrow = np.concatenate([table.dct64[rows], table.trim64[other]])
    order = np.argsort(narrow, kind="stable")
    alike = narrow[order[1:]] == narrow[order[:-1]]
    tied = np.zeros(len(order), np.bool_)
    tied[1:] |= alike
    tied[:-1] |= alike
    places = np.flatnonzero(tied)
    wide = np.concatenate([table.dct256[rows], table.trim256[other]])
    some = order[places]
    order[places] = some[np.lexsort((rank[member[some]], *wide[some].T[::-1], narrow[some]))]
    member, narrow, wide = member[order], narrow[order], wide[order]
    fresh = np.ones(len(member), np.bool_)
    fresh[1:] = (narrow[1:] != narrow[:-1]) | (wide[1:] != wide[:-1]).any(axis=1)
    begin = np.flatnonzero(fresh)
    start = np.append(begin, len(member)).astype(np.int64)
    return narrow[begin], np.ascontiguousarray(wide[begin]), Groups(member, start), table.gradient[member]


def trimmed_rows(table: FrameColumns, rows: Ints) -> NDArray[np.bool_]:
    """Which of some rows have a content box of their own: bool (k,)."""
    apart: NDArray[np.bool_] = (table.trim64[rows] != table.dct64[rows]) | (table.trim256[rows] != table.dct256[rows]).any(axis=1)
    return apart


def _asking_first(pairs: Ints, rank: Ints) -> tuple[Ints, Ints]:
    """Each pair of different rows once, the one of lower rank first, sorted by rank."""
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    low, high = np.sort(rank[pairs], axis=1).T
    keys = np.unique(low << 32 | high)
    row_of = np.empty(len(rank), np.int64)
    row_of[rank] = np.arange(len(rank))
    return row_of[keys >> 32], row_of[keys & 0xFFFFFFFF]


def best_poses(table: FrameColumns, first: Ints, second: Ints, loops: Any = None) -> Ints:
    """The least 256-bit distance of pairs over frame and trimmed frame of either and all poses: int64 (k,).

    distance << 8 | trimmed first << 4 | trimmed second << 3 | pose of the first; of equal distances the least number.
    """
    rows, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    wide = np.ascontiguousarray(np.stack([table.dct256[rows], table.trim256[rows]], axis=1))
    turned = pose_hash256(wide.reshape(-1, 4), TRANSPOSED).reshape(-1, 2, 4)
    trimmed = trimmed_rows(table, rows)
    one, other = np.split(places.reshape(-1).astype(np.int64), 2)
    flip = mirrored_bits()[1]
    if loops is None:
        return _best_plain(wide, turned, flip, trimmed, one, other)
    told = np.empty(len(first), np.int64)
    loops.best_poses(wide, turned, flip, trimmed.astype(np.uint8), one, other, len(first), told)
    return told


def _best_plain(
    wide: NDArray[np.uint64],
    turned: NDArray[np.uint64],
    flip: NDArray[np.uint64],
    trimmed: NDArray[np.bool_],
    first: Ints,
    second: Ints,
) -> Ints:
    """Twin of `kernels_hamming.best_poses`."""
    told = np.full(len(first), np.int64(1) << 40)
    for at in range(0, len(first), _CHUNK):
        i, j = first[at : at + _CHUNK], second[at : at + _CHUNK]
        for kind in range(4 * POSES):
            pose, of_first, of_second = kind & 7, kind >> 4, kind >> 3 & 1
            x = (turned if pose & TRANSPOSED else wide)[i, of_first] ^ flip[pose]
            apart = np.bitwise_count(x ^ wide[j, of_second]).sum(axis=1, dtype=np.int64)
            there = (trimmed[i] | (of_first == 0)) & (trimmed[j] | (of_second == 0))
            best = told[at : at + _CHUNK]
            best[there] = np.minimum(best, apart << 8 | kind)[there]
    return told


def _candidates(table: FrameColumns, first: Ints, second: Ints, told: Ints) -> NDArray[np.void]:
    """`CANDIDATE_DTYPE` rows, with the map that lays the content of the first in its pose over that of the second."""
    out = np.zeros(len(first), CANDIDATE_DTYPE)
    out["first"], out["second"], out["source"], out["pose"] = first, second, WHOLE_FRAME, told & 7
    # columns: scale x, skew, x of 0; skew, scale y, y of 0
    maps = np.array([pose_map(pose) for pose in range(POSES)], np.float64)[told & 7]
    into = _boxes(table, first, (told >> 4 & 1).astype(np.bool_))
    upon = _boxes(table, second, (told >> 3 & 1).astype(np.bool_))
    wide, high, left, top = into
    maps[:, 0::3] /= wide[:, None]
    maps[:, 1::3] /= high[:, None]
    maps[:, 2::3] -= maps[:, 0::3] * left[:, None] + maps[:, 1::3] * top[:, None]
    wide, high, left, top = upon
    maps[:, :3] *= wide[:, None]
    maps[:, 3:] *= high[:, None]
    maps[:, 2] += left
    maps[:, 5] += top
    out["map"] = maps
    return out


def _boxes(table: FrameColumns, rows: Ints, trimmed: NDArray[np.bool_]) -> tuple[NDArray[np.float64], ...]:
    """Width, height, left and top of the content box of trimmed rows, of the whole frame of others; in sides."""
    top, bottom, left, right = table.frame[rows, :4].astype(np.float64).T / UNITS
    wide = np.where(trimmed, np.maximum(right - left, 1.0 / UNITS), 1.0)
    high = np.where(trimmed, np.maximum(bottom - top, 1.0 / UNITS), 1.0)
    return wide, high, np.where(trimmed, left, 0.0), np.where(trimmed, top, 0.0)
