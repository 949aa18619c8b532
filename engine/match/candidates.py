"""Pairs of hashes that lie close enough in one of 8 poses to be worth a look: exact, none is missed.

The 64-bit hash finds, the 256-bit hash in the same pose confirms. Below some thousand hashes numpy compares everything with
everything; above, compiled kernels do; far above, a multi-index join (general pigeonhole over four 16-bit parts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.poses import POSES, inverse, pose_hash64, pose_hash256

NUMPY_BELOW = 2_000
"""Hashes below which loading the compiler costs more than it saves."""

INDEX_FROM = 20_000
"""Hashes from which the multi-index join beats comparing everything."""

_BLOCK = 256
_PART = 16

Radii = tuple[int, int]
"""Largest distance of the 64-bit and of the 256-bit hashes, in bits."""


CloseHashes = Callable[[NDArray[np.uint64], NDArray[np.uint64], Radii, Callable[[], bool]], NDArray[np.int32]]
"""What `close_hashes` is."""


def close_hashes(
    hash64: NDArray[np.uint64], hash256: NDArray[np.uint64], radii: Radii, cancelled: Callable[[], bool]
) -> NDArray[np.int32]:
    """All pairs of rows within both radii in one pose.

    Parameters
    ----------
    hash64: uint64 (n,). hash256: uint64 (n, 4). radii: see `Radii`. cancelled: asked at least every 100 ms.

    Returns
    -------
    int32 (k, 3), sorted: i, j with i < j, and the pose of i that resembles j as it is; a pair may be close in several poses.

    Raises
    ------
    Cancelled
    """
    found = [np.empty((0, 3), dtype=np.int32)]
    # Pose 6 (a quarter turn back) of one is pose 5 of the other: looking at pose 5 in both directions covers it. All other
    # poses undo themselves, so one direction is enough.
    for pose in range(POSES):
        if pose == 6:
            continue
        both = pose == 5
        x, wide_x = pose_hash64(hash64, pose), pose_hash256(hash256, pose)
        for pairs in _pairs(x, wide_x, hash64, hash256, both, radii):
            if cancelled():
                raise Cancelled
            if len(pairs):
                turned = pairs[:, 0] > pairs[:, 1]
                poses = np.where(turned, inverse(pose), pose)
                found.append(np.column_stack([pairs.min(axis=1), pairs.max(axis=1), poses]).astype(np.int32))
    every = np.concatenate(found)
    return every[np.lexsort((every[:, 2], every[:, 1], every[:, 0]))]


def _pairs(
    x: NDArray[np.uint64], wide_x: NDArray[np.uint64], y: NDArray[np.uint64], wide_y: NDArray[np.uint64], both: bool, radii: Radii
) -> Iterator[NDArray[np.int32]]:
    if len(x) < NUMPY_BELOW:
        return _numpy_pairs(x, wide_x, y, wide_y, both, radii)
    if len(x) < INDEX_FROM:
        return _brute_pairs(x, wide_x, y, wide_y, both, radii)
    return _index_pairs(x, wide_x, y, wide_y, both, radii)


def _numpy_pairs(
    x: NDArray[np.uint64], wide_x: NDArray[np.uint64], y: NDArray[np.uint64], wide_y: NDArray[np.uint64], both: bool, radii: Radii
) -> Iterator[NDArray[np.int32]]:
    for at in range(0, len(x), _BLOCK):
        start = 0 if both else at
        near = np.bitwise_count(x[at : at + _BLOCK, None] ^ y[None, start:]) <= radii[0]
        i, j = np.nonzero(near)
        i, j = i + at, j + start
        kept = (i != j) if both else (i < j)
        i, j = i[kept], j[kept]
        close = np.bitwise_count(wide_x[i] ^ wide_y[j]).sum(axis=1, dtype=np.int64) <= radii[1]
        yield np.column_stack([i[close], j[close]]).astype(np.int32)


def _brute_pairs(
    x: NDArray[np.uint64], wide_x: NDArray[np.uint64], y: NDArray[np.uint64], wide_y: NDArray[np.uint64], both: bool, radii: Radii
) -> Iterator[NDArray[np.int32]]:
    from engine.match.kernels import brute_range

    step = max(1, 20_000_000 // max(1, len(x)))  # some 20 ms each
    for at in range(0, len(x), step):
        limits = (np.uint64(radii[0]), np.uint64(radii[1]), at, min(at + step, len(x)))
        yield _with_room(partial(brute_range, x, wide_x, y, wide_y, both, *limits))


def _index_pairs(
    x: NDArray[np.uint64], wide_x: NDArray[np.uint64], y: NDArray[np.uint64], wide_y: NDArray[np.uint64], both: bool, radii: Radii
) -> Iterator[NDArray[np.int32]]:
    from engine.match.kernels import KEYS, bucketise, join_range

    allowed = part_radii(radii[0])
    tiles = max(64, len(x) // 2_000)
    edges = np.linspace(0, KEYS, tiles + 1).astype(np.int64)
    for part in range(4):
        if allowed[part] < 0:
            continue
        shift = np.uint64(48 - _PART * part)
        xstart, xorder, xs = bucketise(x, shift)
        ystart, yorder, ys = bucketise(y, shift)
        flips = flip_masks(int(allowed[part]))
        fixed = (xs, xstart, xorder, wide_x, ys, ystart, yorder, wide_y, both, part, allowed, flips)
        for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            limits = (np.uint64(radii[0]), np.uint64(radii[1]), first, last)
            yield _with_room(partial(join_range, *fixed, *limits))


def _with_room(kernel: Callable[[NDArray[np.int32]], int]) -> NDArray[np.int32]:
    """Run a kernel, once more with room enough if its buffer was too small."""
    out = np.empty((1 << 12, 2), dtype=np.int32)
    count = kernel(out)
    if count > len(out):
        out = np.empty((count, 2), dtype=np.int32)
        kernel(out)
    return out[:count]


def part_radii(radius: int) -> NDArray[np.int64]:
    """Bits by which each 16-bit part may differ, -1 for a part that is not needed: int64 (4,).

    If every part differed by more, the whole would differ by more than the radius.
    """
    return np.array([(radius + 1) // 4 + (part < (radius + 1) % 4) - 1 for part in range(4)], dtype=np.int64)


def flip_masks(bits: int) -> NDArray[np.int64]:
    """All differences of a 16-bit part of at most so many bits, the empty one first."""
    masks = [sum(1 << bit for bit in chosen) for count in range(bits + 1) for chosen in combinations(range(_PART), count)]
    return np.array(masks, dtype=np.int64)
