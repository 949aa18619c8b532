"""The index of a library's features in numpy: the same as by the loops of `kernels_index`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.local.features import SLOTS
from engine.match.local.keys import MIRROR, Key, bucket_of, straight


def fill_plain(
    codes: NDArray[np.uint64], used: NDArray[np.uint8], slots: int, key: Key
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """start uint32 (buckets + 2,) and entries uint32 of all features; see `kernels_index.fill`."""
    row, feature = np.nonzero(np.arange(SLOTS) < used[:, None])
    buckets = bucket_of(straight(codes[row, feature], key)[0], key).astype(np.int64)
    order = np.argsort(buckets, kind="stable")
    start = np.zeros((1 << key.buckets) + 2, dtype=np.uint32)
    start[1:-1] = np.cumsum(np.bincount(buckets, minlength=1 << key.buckets))
    start[-1] = start[-2]
    return start, (row * slots + feature)[order].astype(np.uint32)


def look_up_plain(
    asked: NDArray[np.uint64],
    codes: NDArray[np.uint64],
    slots: int,
    key: Key,
    start: NDArray[np.uint32],
    entries: NDArray[np.uint32],
    flips: NDArray[np.uint64],
    radius: int,
    window: int,
) -> NDArray[np.uint64]:
    """Votes of one picture's features; see `kernels_index.look_up`."""
    both = asked[:, None] ^ np.array([0, MIRROR], dtype=np.uint64)
    buckets = bucket_of(straight(both[..., None] ^ flips, key)[0], key).astype(np.int64).reshape(-1)
    low = start[buckets].astype(np.int64)
    size = np.minimum(start[buckets + 1].astype(np.int64), len(entries)) - low
    size[(size > window) | (size < 0)] = 0
    probe = np.repeat(np.arange(len(buckets)), size)
    entry = entries[low[probe] + np.arange(len(probe)) - np.repeat(np.cumsum(size) - size, size)].astype(np.int64)
    sound = entry < len(codes) * slots
    probe, entry = probe[sound], entry[sound]
    row, feature = entry // slots, entry % slots
    near = np.bitwise_count(np.repeat(both.reshape(-1), len(flips))[probe] ^ codes[row, feature]) <= radius
    number = probe[near] // len(flips)
    votes: NDArray[np.uint64] = (row[near] << 8 | (number & 1) << 7 | number >> 1).astype(np.uint64)
    return votes
