"""All pairs of 256-bit hashes within a radius, exactly, without comparing everything with everything.

The hash falls into 16 parts of 16 bits, each a key of buckets; see `hamming_index` for why none is missed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.frames.index import bucketise, differences
from engine.match.frames.loops import HAMMING
from engine.match.frames.near import TWIN_BELOW

PARTS, WIDTH = 16, 16

_TILE = 16_384
_ROOM = 1 << 14
_BLOCK = 256


def close_256(
    rows: NDArray[np.uint64], radius: int, cancelled: Callable[[], bool], *, threads: int = 1, loops: Any = "auto"
) -> NDArray[np.int32]:
    """Every pair within the radius: int32 (k, 3), i < j and their distance, sorted.

    Parameters
    ----------
    rows: uint64 (n, 4), best without equal ones: what they are all pairs of is all returned. radius: bits, 0..127. cancelled:
    asked many times a second. loops: None for the twin.

    Raises
    ------
    Cancelled
    """
    rows = np.ascontiguousarray(rows)
    if loops == "auto":
        loops = HAMMING.loaded() if len(rows) >= TWIN_BELOW else None
    found = [np.empty((0, 3), np.int32)]
    if loops is None:
        found += [_plain(rows, at, radius, cancelled) for at in range(0, len(rows), _BLOCK)]
    else:
        with ThreadPoolExecutor(max(1, threads)) as pool:
            for part in range(PARTS):
                found += _by_part(rows, part, radius, cancelled, pool, loops)
    pairs = np.concatenate(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def shared_radius(radius: int) -> NDArray[np.int64]:
    """Bits by which each part may differ, -1 for one that is not needed: int64 (16,)."""
    even, more = divmod(radius + 1, PARTS)
    return np.array([even + (part < more) - 1 for part in range(PARTS)], np.int64)


def _by_part(
    rows: NDArray[np.uint64], part: int, radius: int, cancelled: Callable[[], bool], pool: ThreadPoolExecutor, loops: Any
) -> list[NDArray[np.int32]]:
    may = shared_radius(radius)
    if may[part] < 0:
        return []
    shifts = np.array([48 - WIDTH * (number % 4) for number in range(PARTS)], np.int64)
    keys = ((rows[:, part // 4] >> np.uint64(shifts[part])) & np.uint64(0xFFFF)).astype(np.uint32)
    order = np.empty(len(rows), np.int32)
    start = bucketise(keys, 1 << WIDTH, order, loops)
    masks = np.array(differences(WIDTH, int(may[part])), np.int64)
    ordered = rows[order]

    def tile(first: int) -> list[NDArray[np.int32]]:
        last, room, found = min(first + _TILE, len(rows)), _ROOM, []
        while first < last and not cancelled():
            out, filled = np.empty((room, 3), np.int32), np.zeros(1, np.int64)
            stopped = loops.close_256(
                ordered, order, start, masks, len(masks), part, shifts, may, first, last, radius, out, room, filled
            )
            found.append(out[: int(filled[0])])
            room, first = room if stopped > first else 4 * room, stopped
        return found

    found = [pairs for tile_found in pool.map(tile, range(0, len(rows), _TILE)) for pairs in tile_found]
    if cancelled():
        raise Cancelled
    return found


def _plain(rows: NDArray[np.uint64], at: int, radius: int, cancelled: Callable[[], bool]) -> NDArray[np.int32]:
    if cancelled():
        raise Cancelled
    apart = np.zeros((len(rows[at : at + _BLOCK]), len(rows)), np.int64)
    for word in range(4):
        apart += np.bitwise_count(rows[at : at + _BLOCK, word][:, None] ^ rows[:, word][None])
    i, j = np.nonzero(apart <= radius)
    later = j > i + at
    i, j = i[later], j[later]
    return np.column_stack([i + at, j, apart[i, j]]).astype(np.int32)
