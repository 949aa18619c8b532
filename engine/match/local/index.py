"""Find one picture among all of a library by its local features, in a fraction of a second.

The index has a few keys (see `local_keys`), each with all features sorted by bucket; a feature is looked up under its own key and
under every key that differs from it in one bit, so that two keys find what would else take a dozen. Votes, matches and the map
they agree on are those of the search of the whole library (`local`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.limits import LARGE, Limits
from engine.match.local.candidates import FEATURES_OF_MANY, RADIUS, RADIUS_OF_MANY, SMALLEST_AREA, area, as_candidates
from engine.match.local.consensus import align
from engine.match.local.features import SLOTS, Features
from engine.match.local.index_plain import fill_plain, look_up_plain
from engine.match.local.join import STRONGEST, counted
from engine.match.local.keys import Key, bits_for, key_of
from engine.match.local.loops import INDEX

KEYS = 2
"""Keys of an index: each costs four bytes a feature."""

WINDOW = 1024
"""Features of a bucket from which it is passed by: what so many have says nothing."""

Asker = tuple[NDArray[np.uint8], NDArray[np.uint64], int, int]
"""Points uint8 (f, 5), codes uint64 (f,), width and height of the detail plate of a picture that is looked for."""


class LocalIndex:
    """The features of n pictures by key. What it holds never changes; `to_arrays` may be kept in files and mapped again."""

    def __init__(self, features: Features, bits: int, tables: tuple[tuple[NDArray[np.uint32], NDArray[np.uint32]], ...]) -> None:
        """bits: of a key. tables: start and entries of each key; see `kernels_index.fill`."""
        self._features, self._bits, self._tables = features, bits, tables
        self._slots = _slots(len(features))

    @staticmethod
    def build(features: Features, usable: NDArray[np.bool_], cancelled: Callable[[], bool], workers: int = 2) -> LocalIndex:
        """Of all usable pictures, bool (n,).

        Raises
        ------
        Cancelled
        """
        slots = _slots(len(features))
        used = np.where(usable, np.minimum(features.count, slots), 0).astype(np.uint8)
        bits = bits_for(int(used.sum(dtype=np.int64)))
        with ThreadPoolExecutor(workers) as pool:
            tables = tuple(pool.map(partial(_filled, features, used, slots, bits, cancelled), range(KEYS)))
        return LocalIndex(features, bits, tables)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """What to keep beside the features: a few flat arrays by name."""
        arrays: dict[str, NDArray[Any]] = {"bits": np.array([self._bits], dtype=np.int64)}
        for number, (start, entries) in enumerate(self._tables):
            arrays[f"start{number}"], arrays[f"entries{number}"] = start, entries
        return arrays

    @staticmethod
    def from_arrays(features: Features, arrays: Mapping[str, NDArray[Any]]) -> LocalIndex:
        """Of what `to_arrays` gave, perhaps mapped from files, and the same features.

        Raises
        ------
        ValueError
            If they do not belong together.
        """
        bits = int(arrays["bits"][0])
        tables = tuple((arrays[f"start{number}"], arrays[f"entries{number}"]) for number in range(KEYS))
        limit = len(features) * _slots(len(features))
        for start, entries in tables:
            if len(start) != (1 << (bits - 1)) + 2 or int(start[-1]) != len(entries) or len(entries) > limit:
                raise ValueError("not an index of these features")
        return LocalIndex(features, bits, tables)

    def query(
        self,
        points: NDArray[np.uint8],
        codes: NDArray[np.uint64],
        size: tuple[int, int],
        limits: Limits,
        cancelled: Callable[[], bool],
    ) -> NDArray[np.void]:
        """Pictures that have something of this one in them: `CANDIDATE_DTYPE`, most votes first.

        The picture asks, whatever its content; `first` of a candidate is n, as if it were one more row. Its features may stand
        in the library too.

        Parameters
        ----------
        points: uint8 (f, 5). codes: uint64 (f,). size: width and height of the detail plate. limits: votes and inliers that a
        candidate needs.

        Raises
        ------
        Cancelled
        """
        votes = counted(self._votes(codes, cancelled), limits.votes)
        order = np.lexsort((votes.mirrored, votes.second, -votes.votes))[:STRONGEST]
        rows = votes.second[order]
        near, with_asker = _beside(self._features, rows, (points, codes, *size))
        number = np.arange(len(rows), dtype=np.int64)
        inliers, maps = align(with_asker, np.full(len(rows), near, dtype=np.int64), number, votes.mirrored[order], cancelled, 1)
        kept = np.nonzero((inliers >= limits.inliers) & (np.abs(area(maps)) > SMALLEST_AREA))[0]
        asker = np.full(len(kept), len(self._features), dtype=np.int64)
        return as_candidates(asker, rows[kept], votes.votes[order][kept], inliers[kept], maps[kept])

    def _votes(self, codes: NDArray[np.uint64], cancelled: Callable[[], bool]) -> NDArray[np.uint64]:
        codes = np.ascontiguousarray(codes[:SLOTS], dtype=np.uint64)
        radius = RADIUS_OF_MANY if len(self._features) > LARGE else RADIUS
        found = []
        for number, (start, entries) in enumerate(self._tables):
            if cancelled():
                raise Cancelled
            key = key_of(number, self._bits)
            found.append(_look_up(self._features.codes, self._slots, codes, key, start, entries, radius))
        return np.concatenate(found)


def _slots(count: int) -> int:
    """Features of a picture that an index of so many pictures holds."""
    return FEATURES_OF_MANY if count > LARGE else SLOTS


def _filled(
    features: Features, used: NDArray[np.uint8], slots: int, bits: int, cancelled: Callable[[], bool], number: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    if cancelled():
        raise Cancelled
    key = key_of(number, bits)
    loops = INDEX.loaded()
    if loops is None:
        return fill_plain(features.codes, used, slots, key)
    start = np.zeros((1 << key.buckets) + 2, dtype=np.uint32)
    entries = np.empty(int(used.sum(dtype=np.int64)), dtype=np.uint32)
    loops.fill(features.codes.reshape(-1), used, slots, 0, len(used), key.words, key.shift, start, entries)
    return start, entries


def _look_up(
    library: NDArray[np.uint64],
    slots: int,
    codes: NDArray[np.uint64],
    key: Key,
    start: NDArray[np.uint32],
    entries: NDArray[np.uint32],
    radius: int,
) -> NDArray[np.uint64]:
    held = np.array([1 << at for at in range(64) if key.mask >> at & 1], dtype=np.uint64)
    flips = np.concatenate([np.zeros(1, dtype=np.uint64), held])
    loops = INDEX.loaded()
    if loops is None:
        return look_up_plain(codes, library, slots, key, start, entries, flips, radius, WINDOW)
    out = np.empty(1 << 14, dtype=np.uint64)
    while True:
        found = loops.look_up(
            codes, len(codes), library.reshape(-1), len(library), slots, key.words, key.shift, start, entries, len(entries),
            flips, len(flips), radius, WINDOW, out, len(out),
        )  # fmt: skip
        if found <= len(out):
            return out[:found]
        out = np.empty(found, dtype=np.uint64)


def _beside(features: Features, rows: NDArray[np.int64], asker: Asker) -> tuple[int, Features]:
    """The features of these rows, and after them those of the picture that asks; and its place."""
    points, codes, width, height = asker
    n, count = len(rows), min(len(codes), SLOTS)
    more_points, more_codes = np.zeros((n + 1, SLOTS, 5), dtype=np.uint8), np.zeros((n + 1, SLOTS), dtype=np.uint64)
    more_points[:n], more_codes[:n] = features.points[rows], features.codes[rows]
    more_points[n, :count], more_codes[n, :count] = points[:count], codes[:count]
    return n, Features(
        np.append(features.count[rows], np.uint8(count)),
        more_points,
        more_codes,
        np.append(features.width[rows], np.uint8(width)),
        np.append(features.height[rows], np.uint8(height)),
    )
