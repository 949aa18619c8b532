"""Pairs of hashes that lie close in one of 8 poses: exact, but of rows with very many neighbours only the nearest.

A pair is met by the first part of the index that brings it together. What a row meets by one part in one pose is bounded, so that
50,000 frames that nearly agree make some hundred thousand pairs and not 10^9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.frames.index import Index, Part, differences, index_of, keys_of, plan
from engine.match.frames.loops import HAMMING
from engine.match.poses import POSES, TRANSPOSED, pose_hash64, pose_hash256

CROWD = 64
"""Neighbours of a row, by one part in one pose, beyond which only the nearest count."""

FEW = 3
"""How many those are."""

STOP = 256
"""Neighbours among which the nearest are looked for."""

CENTRES = 64
"""Rows of a crowd that are paired with every neighbour, so that the others hang together by them."""

TWIN_BELOW = 600
"""Rows below which numpy is faster than loading loops."""

_TILE = 16_384
_ROOM = 1 << 15  # pairs of a tile before it is asked again; more than TOGETHER rows can have
_BLOCK = 512

Pairs = NDArray[np.int32]
Ask = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Near:
    """pairs: int32 (k, 2), i < j, sorted, each once. left_out: how many at least were not followed because of a crowd."""

    pairs: Pairs
    left_out: int


def near_pairs(
    hashes: NDArray[np.uint64],
    wide: NDArray[np.uint64],
    radius: int,
    cancelled: Ask,
    *,
    poses: int = POSES,
    fresh: NDArray[np.bool_] | None = None,
    threads: int = 1,
    loops: Any = "auto",
) -> Near:
    """Pairs of rows whose hashes are within a radius in one of the poses; the answer does not depend on `threads` or `loops`.

    Parameters
    ----------
    hashes: uint64 (n,). wide: uint64 (n, 4), tells which of a crowd are nearest. radius: bits, 0..63. cancelled: asked for every
    tile. poses: 1 or 8. fresh: bool (n,), only pairs with such a row; None: all. loops: None for the twin.

    Raises
    ------
    Cancelled
    """
    count = len(hashes)
    if loops == "auto":
        loops = HAMMING.loaded() if count >= TWIN_BELOW else None
    search = _Search(hashes, wide, radius, fresh, loops, poses)
    found, left, event = [np.empty((0, 2), np.int32)], 0, Event()
    with ThreadPoolExecutor(max(1, threads)) as pool:
        for pairs, out in _in_turn(pool, search.tasks(), event, 2 * threads):
            if cancelled():
                event.set()
                raise Cancelled
            found.append(pairs)
            left += out
    if search.crowded.any():
        found.append(_stars(search))
    return Near(_distinct(np.concatenate(found)), left)


def _in_turn(pool: ThreadPoolExecutor, tasks: Iterator[Callable[[], Any]], event: Event, ahead: int) -> Iterator[Any]:
    """Answers of tasks in their order, a few of them under way at a time."""

    def run(task: Callable[[], Any]) -> Any:
        return None if event.is_set() else task()

    waiting: list[Any] = []
    for task in tasks:
        waiting.append(pool.submit(run, task))
        if len(waiting) > ahead:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


class _Search:
    """What all tiles of one search share."""

    def __init__(
        self, hashes: NDArray[np.uint64], wide: NDArray[np.uint64], radius: int, fresh: NDArray[np.bool_] | None, loops: Any,
        poses: int,
    ) -> None:  # fmt: skip
        self.hashes, self.wide = np.ascontiguousarray(hashes), np.ascontiguousarray(wide)
        self.count, self.radius, self.poses, self.loops = len(hashes), radius, poses, loops
        self.turned = pose_hash64(self.hashes, TRANSPOSED)
        self.wide_turned = pose_hash256(self.wide, TRANSPOSED)
        self.flip, self.wide_flip = mirrored_bits()
        self.fresh = np.full(self.count, 2, np.uint8) if fresh is None else fresh.astype(np.uint8)
        self.crowded = np.zeros(self.count, np.bool_)
        self.parts = plan(radius, max(self.count, 1))

    def tasks(self) -> Iterator[Callable[[], tuple[Pairs, int]]]:
        """Tiles, to be run in any order."""
        if self.loops is None:
            blocks = range(0, self.count, _BLOCK)
            yield from (partial(self._plain, at, pose) for pose in range(self.poses) for at in blocks)
            return
        index = index_of(self.hashes, self.parts, self.loops)
        turned = index_of(self.turned, self.parts, self.loops) if self.poses > TRANSPOSED else index
        for part in range(len(self.parts)):
            for pose in range(self.poses):
                asking = turned if pose & TRANSPOSED else index
                rows, ordered = asking.rows(part, self.count), asking.ordered[part * self.count : (part + 1) * self.count]
                if not self.fresh.all():
                    chosen = self.fresh[rows] != 0
                    rows, ordered = rows[chosen], ordered[chosen]
                for at in range(0, len(rows), _TILE):
                    yield partial(self._tile, index, rows, ordered, part, pose, at)

    def _tile(
        self, index: Index, rows: NDArray[np.int32], ordered: NDArray[np.uint64], part: int, pose: int, at: int
    ) -> tuple[Pairs, int]:
        end = min(at + _TILE, len(rows))
        told = (index.parts, index.fields, index.start, index.order, index.ordered, index.masks, self.fresh)
        found, crowd = [], []
        while at < end:
            counts, filled, out = np.zeros(end - at, np.int32), np.zeros(1, np.int64), np.empty((_ROOM, 3), np.int32)
            stopped = self.loops.near(
                self.hashes, ordered, rows, self.flip, pose, part, *told, at, end, self.radius, CROWD, counts, out, _ROOM, filled
            )
            over = counts > CROWD
            pairs = out[: int(filled[0])]
            found.append(pairs[~over[pairs[:, 2]], :2])
            crowd.append(rows[at:end][over])
            at = stopped
        many = np.concatenate(crowd)
        if not len(many):
            return np.concatenate(found), 0
        self.crowded[many] = True
        left, hits, few = np.zeros(1, np.int64), np.empty(STOP, np.int64), np.empty((len(many) * FEW, 2), np.int32)
        kept = self.loops.nearest(
            self.hashes, self.turned, self.flip, self.wide, self.wide_turned, self.wide_flip, pose, part, *told,
            many, len(many), self.radius, FEW, STOP, hits, few, left,
        )  # fmt: skip
        return np.concatenate([*found, few[:kept]]), int(left[0])

    def _plain(self, at: int, pose: int) -> tuple[Pairs, int]:
        """Rows at..at + `_BLOCK` in one pose against all, in numpy; the twin of `_tile` over all parts."""
        asking = pose_hash64(self.hashes[at : at + _BLOCK], pose)
        i, j = np.nonzero(np.bitwise_count(asking[:, None] ^ self.hashes[None]) <= self.radius)
        rows = i + at
        met = (rows != j) & (self.fresh[rows] != 0)
        i, j, rows = i[met], j[met], rows[met]
        apart = asking[i] ^ self.hashes[j]
        part = np.full(len(i), -1)
        change = np.zeros(len(i), np.int64)
        later = j > rows
        shift = 64
        for number, (width, may) in enumerate(self.parts):
            shift -= width
            field = np.array([shift, (1 << width) - 1], np.uint64)
            here = (part < 0) & (np.bitwise_count(keys_of(apart, field)) <= may)
            part[here] = number
            change[here] = keys_of(apart, field)[here]
            if pose < TRANSPOSED:
                one, other = keys_of(self.hashes[rows], field), keys_of(self.hashes[j], field)
                later[here] = ((other > one) | ((other == one) & (j > rows)))[here]
        later = np.where(self.fresh[rows] == 2, later, (j > rows) | (self.fresh[j] == 0))
        rows, j, part, change = rows[later], j[later], part[later], change[later]
        return self._bounded(rows, j, part, change, pose)

    def _bounded(
        self, i: NDArray[np.int64], j: NDArray[np.int64], part: NDArray[np.int64], change: NDArray[np.int64], pose: int
    ) -> tuple[Pairs, int]:
        """Of a row with more than `CROWD` hits by one part, the nearest of the first `STOP`."""
        order = np.lexsort((j, _places(change, part, self.parts), part, i))
        i, j, part = i[order], j[order], part[order]
        visit = i * len(self.parts) + part
        _, start, size = np.unique(visit, return_index=True, return_counts=True)
        many = np.repeat(size > CROWD, size)
        place = np.arange(len(visit)) - np.repeat(start, size)
        kept = np.column_stack([i, j])[~many].astype(np.int32)
        if not many.any():
            return kept, 0
        self.crowded[i[many]] = True
        left = int(np.minimum(size[size > CROWD], STOP + 1).sum())
        first = many & (place < STOP)
        i, j, visit = i[first], j[first], visit[first]
        turned = pose_hash256(self.wide[i], pose)
        far = np.bitwise_count(turned ^ self.wide[j]).sum(axis=1, dtype=np.int64)
        order = np.lexsort((j, far, visit))
        i, j, visit = i[order], j[order], visit[order]
        _, start, size = np.unique(visit, return_index=True, return_counts=True)
        near = np.arange(len(visit)) - np.repeat(start, size) < FEW
        few = np.column_stack([i, j])[near].astype(np.int32)
        return np.concatenate([kept, few]), left - len(few)


def mirrored_bits() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """What the mirroring of each pose flips in the hashes of 64 and 256 bits: uint64 (8,), (8, 4)."""
    nothing, wide = np.zeros(1, np.uint64), np.zeros((1, 4), np.uint64)
    narrow = np.concatenate([pose_hash64(nothing, pose) for pose in range(POSES)])
    return narrow, np.concatenate([pose_hash256(wide, pose) for pose in range(POSES)])


def _places(change: NDArray[np.int64], part: NDArray[np.int64], parts: tuple[Part, ...]) -> NDArray[np.int64]:
    """The place of each difference of a key among `differences` of its part."""
    out = np.zeros(len(change), np.int64)
    for number, (width, may) in enumerate(parts):
        known = np.array(differences(width, may), np.int64)
        rising = np.argsort(known)
        here = part == number
        out[here] = rising[np.searchsorted(known[rising], change[here])]
    return out


def _stars(search: _Search) -> Pairs:
    """A few rows of crowds with everything near them that has no such row yet."""
    open_ = np.ones(search.count, np.bool_)
    made = [np.empty((0, 2), np.int32)]
    for _ in range(CENTRES):
        waiting = np.flatnonzero(search.crowded & open_)
        if not len(waiting):
            break
        centre = int(waiting[0])
        close = np.flatnonzero((np.bitwise_count(search.hashes ^ search.hashes[centre]) <= search.radius) & open_)
        open_[close] = False
        rows = close[close != centre]
        made.append(np.column_stack([np.full(len(rows), centre), rows]).astype(np.int32))
    return np.concatenate(made)


def _distinct(pairs: Pairs) -> Pairs:
    low, high = pairs.min(axis=1).astype(np.int64), pairs.max(axis=1).astype(np.int64)
    keys = np.unique(low << 32 | high)
    return np.column_stack([keys >> 32, keys & 0xFFFFFFFF]).astype(np.int32)
