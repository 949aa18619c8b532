"""The self-join of codes in numpy: the same votes as by `kernels_local`, for small libraries and where there are no loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.local.keys import Key, bucket_of, key_of, straight

if TYPE_CHECKING:
    from engine.match.local.join import Asked


def votes_plain(
    asked: Asked, window: int, beyond: tuple[int, int], cancelled: Callable[[], bool]
) -> tuple[NDArray[np.uint64], int]:
    """Votes, one word each and perhaps several of the same, and how many features lie in long buckets; see `join_parts`.

    beyond: how many are compared there, and by how many keys.
    """
    codes, rank, feature = _flat(asked)
    found, windowed = [np.empty(0, dtype=np.uint64)], 0
    earlier: list[tuple[Key, NDArray[np.bool_]]] = []
    for number in range(asked.keys):
        if cancelled():
            raise Cancelled
        key = key_of(number, asked.bits)
        records, cut, whole = _by_key(asked, key, earlier, codes, rank, feature, window, beyond[0] if number < beyond[1] else 0)
        earlier.append((key, whole))
        found.append(records)
        windowed += cut
    return np.concatenate(found), windowed


def _flat(asked: Asked) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Codes, ranks of their pictures and their numbers there, by rank."""
    used = np.arange(asked.codes.shape[1]) < asked.used[:, None]
    rank, feature = np.nonzero(used)
    return asked.codes[rank, feature], rank, feature


def _by_key(
    asked: Asked,
    key: Key,
    earlier: list[tuple[Key, NDArray[np.bool_]]],
    codes: NDArray[np.uint64],
    rank: NDArray[np.int64],
    feature: NDArray[np.int64],
    window: int,
    beyond: int,
) -> tuple[NDArray[np.uint64], int, NDArray[np.bool_]]:
    """Votes by one key, how many features lie in long buckets, and whether each feature's bucket was gone through as a whole.

    earlier: keys and, by feature in the order given, the last of these answers.
    """
    turned, mirrored = straight(codes, key)
    bucket = bucket_of(turned, key)
    order = np.argsort(bucket, kind="stable")
    turned, mirrored, bucket, rank, feature = turned[order], mirrored[order], bucket[order], rank[order], feature[order]
    edges = np.nonzero(np.append(True, bucket[1:] != bucket[:-1]))[0]
    sizes = np.diff(np.append(edges, len(bucket)))
    end = np.repeat(edges + sizes, sizes)  # of each feature's bucket
    reachable = _asked_at_all(asked, edges, rank)[np.repeat(np.arange(len(edges)), sizes)]
    long = np.repeat(sizes > window, sizes)
    windowed = int((reachable & long).sum())
    end = np.where(long, np.minimum(end, np.arange(len(end)) + 1 + beyond), end)
    found = [np.empty(0, dtype=np.uint64)]
    for step in range(1, max(window, beyond + 1)):
        i = np.nonzero(np.arange(len(end)) + step < end)[0]
        apart = turned[i] ^ turned[i + step]
        near = (np.bitwise_count(apart) <= asked.radius) & ((apart & np.uint64(key.mask)) == 0)
        i = i[near]
        a, b = rank[i], rank[i + step]
        wanted = (a != b) & ((asked.fresh[a] != 0) | (asked.fresh[b] != 0))
        wanted &= ~_met_before(apart[near], order[i], earlier)
        i, a, b = i[wanted], a[wanted], b[wanted]
        turn = mirrored[i] ^ mirrored[i + step]
        found.append((a << 36 | b << 8 | turn.astype(np.int64) << 7 | feature[i]).astype(np.uint64))
    whole = np.empty(len(order), dtype=bool)
    whole[order] = ~long
    return np.concatenate(found), windowed, whole


def _met_before(
    apart: NDArray[np.uint64], feature: NDArray[np.int64], earlier: list[tuple[Key, NDArray[np.bool_]]]
) -> NDArray[np.bool_]:
    met = np.zeros(len(apart), dtype=bool)
    for key, whole in earlier:
        met |= ((apart & np.uint64(key.mask)) == 0) & whole[feature]
    return met


def _asked_at_all(asked: Asked, edges: NDArray[np.int64], rank: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Buckets with a feature of a fresh picture: bool (edges,). The loops do not look at others."""
    return np.add.reduceat(asked.fresh[rank].astype(np.int64), edges) > 0
