"""Which pictures have features in common: a self-join of all codes, one key at a time.

For each key the codes are laid into buckets, slice by slice, and compared within them; every agreement is a vote of one
picture's feature for another picture. Distinct votes of a pair, as it is or mirrored, are counted at the end. Two bounds keep
the work and the memory small whatever the pictures are, neither depending on how the work is cut up: a feature is compared with
few others where more than `WINDOW` share a bucket, and a picture asks `STRONGEST` others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.local.features import SLOTS, SomeFeatures
from engine.match.local.join_plain import votes_plain
from engine.match.local.keys import Key, bits_for, key_of
from engine.match.local.loops import LOCAL

WINDOW = 256
"""Longer buckets hold what many pictures have (letters, grain, one watermark); four times as much found nothing more."""

BEYOND, BEYOND_KEYS = 4, 2
"""With how many that follow by rank a feature of a longer bucket is compared, and by how many keys: of very many pictures that
are all alike each finds its neighbours."""

STRONGEST = 200
"""Pictures that one picture asks; those with the most votes, of equal ones those next by rank."""

FEW_FEATURES = 4096
"""Features below which numpy is quick enough."""

SLICE = 1 << 23
"""Features of one slice of the buckets: 128 MB while it is gone through."""

PART = 1 << 13
"""Features of one part of a slice: they stay in the processor's cache while they are sorted and compared."""

_READ = 1 << 14
"""Pictures whose codes are read at one time."""

BUDGET = 40_000_000
"""Votes kept at one time: 320 MB, and as much again while they are counted."""

MOST_VOTES = 120_000_000
"""Votes that are gone through. Where there would be more, shorter buckets count as long."""

SIEVE = 1 << 30
"""Counters of half a byte at most: with them pairs that have too few votes are not kept where there would be too many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is joined, pictures by rank: codes uint64 (m, slots), used int64 (m,) features of each that count, fresh uint8 (m,).

    votes: that a pair needs. radius: bits within which two codes vote. keys: how many. bits: of each.
    """

    codes: NDArray[np.uint64]
    used: NDArray[np.int64]
    fresh: NDArray[np.uint8]
    votes: int
    radius: int
    keys: int
    bits: int

    @property
    def total(self) -> int:
        """Features in all."""
        return int(self.used.sum())


@dataclass(frozen=True, slots=True)
class Votes:
    """Pairs with enough votes: ranks first < second int64 (k,), mirrored bool (k,), votes int64 (k,), sorted by the first three.

    windowed: features that were not compared with all others of their bucket. left_out: pairs beyond `STRONGEST`.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    mirrored: NDArray[np.bool_]
    votes: NDArray[np.int64]
    windowed: int = 0
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.first)

    def kept(self, which: NDArray[Any]) -> Votes:
        """The pairs that these numbers or flags stand for."""
        return replace(
            self, first=self.first[which], second=self.second[which], mirrored=self.mirrored[which], votes=self.votes[which]
        )


Refused = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]
"""Ranks of askers and asked to the pairs that are not wanted."""


def asked_of(
    features: SomeFeatures,
    rows: NDArray[np.int64],
    fresh: NDArray[np.bool_] | None,
    *,
    votes: int,
    radius: int,
    keys: int,
    most: int = SLOTS,
) -> Asked:
    """Rows by rank; of each its `most` strongest features; fresh bool (n,) by row, None for all."""
    used = np.minimum(features.count[rows], most).astype(np.int64)
    new = np.ones(len(rows), dtype=np.uint8) if fresh is None else fresh[rows].astype(np.uint8)
    codes = np.empty((len(rows), most), dtype=np.uint64)
    along = np.argsort(rows)  # as they lie on the disk
    for at in range(0, len(rows), _READ):
        part = along[at : at + _READ]
        codes[part] = features.codes[rows[part]][:, :most]
    return Asked(codes, used, new, votes, radius, keys, bits_for(int(used.sum())))


def join(asked: Asked, cancelled: Callable[[], bool], refused: Refused, workers: int = 2, budget: int = BUDGET) -> Votes:
    """All pairs of pictures with enough votes; the same for any number of workers and any budget.

    refused: pairs that are not wanted are taken out before the strongest of each picture are chosen.

    Raises
    ------
    Cancelled
    """
    if asked.total < 2 or len(asked.used) < 2:
        return counted(np.empty(0, dtype=np.uint64), 1)
    loops = LOCAL.loaded() if asked.total >= FEW_FEATURES else None
    if loops is None:
        records, windowed = votes_plain(asked, WINDOW, (BEYOND, BEYOND_KEYS), cancelled)
        return replace(strongest(_without(counted(records, asked.votes), refused)), windowed=windowed)
    with ThreadPoolExecutor(workers) as pool:
        return _Join(asked, loops, pool, workers, cancelled, refused).done(budget)


class _TooMany(Exception):
    """More votes than memory is meant to hold; about so many."""

    def __init__(self, expected: int) -> None:
        super().__init__(expected)
        self.expected = expected


class _Join:
    """One join by the loops."""

    def __init__(
        self, asked: Asked, loops: Any, pool: ThreadPoolExecutor, workers: int, cancelled: Callable[[], bool], refused: Refused
    ) -> None:
        self._asked, self._loops, self._pool, self._cancelled, self._refused = asked, loops, pool, cancelled, refused
        self._inner, self._edges = _cut_up(asked, workers)
        self._codes = asked.codes.reshape(-1)
        self._keys = [key_of(number, asked.bits) for number in range(asked.keys)]
        self._words = np.array([key.words for key in self._keys])
        self._long = np.zeros(asked.keys << max(0, self._keys[0].buckets - 3), dtype=np.uint8)
        self._sieve, self._room = np.zeros(1, dtype=np.uint8), 0
        self._window = WINDOW

    def done(self, budget: int) -> Votes:
        """Everything at once if it fits, else through a sieve, else in several groups of askers."""
        groups = 1
        while True:
            try:
                found = [self._group(group, groups, budget) for group in range(groups)]
            except _TooMany as many:
                expected = many.expected * groups
                if self._room == 0:
                    self._fill_sieve(min(SIEVE, 1 << (4 * expected).bit_length()))
                elif expected > MOST_VOTES and self._window > BEYOND:
                    self._window = max(BEYOND, self._window * MOST_VOTES // (2 * expected))
                    self._long[:] = 0
                else:
                    groups = max(2 * groups, -(-expected // budget))
                continue
            whole = _joined(found)
            return whole.kept(np.lexsort((whole.mirrored, whole.second, whole.first)))

    def _group(self, group: int, groups: int, budget: int) -> Votes:
        """The pairs that the pictures of one group ask for. Raises `_TooMany` with how many votes there would be."""
        kept: list[NDArray[np.uint64]] = []
        held = windowed = 0
        slices = self._asked.keys * (len(self._edges) - 1)
        for number in range(self._asked.keys):
            for records, cut in self._key(number, group, groups, count_only=False):
                kept.append(records)
                held += len(records)
                windowed += cut
                if held > budget and len(self._asked.used) > groups:
                    raise _TooMany(held * slices // len(kept))
        records = np.concatenate(kept)
        kept.clear()
        found = strongest(_without(counted(records, self._asked.votes), self._refused))
        return replace(found, windowed=windowed)

    def _fill_sieve(self, room: int) -> None:
        self._room, self._sieve = room, np.zeros(room // 2, dtype=np.uint8)
        for number in range(self._asked.keys):
            for _ in self._key(number, 0, 1, count_only=True):
                pass

    def _key(self, number: int, group: int, groups: int, *, count_only: bool) -> Iterator[tuple[NDArray[np.uint64], int]]:
        """Votes by one key, and how many features reached their window: one for each slice."""
        asked = self._asked
        key = self._keys[number]
        marks = np.full(1 << max(0, key.buckets - 3), 255, dtype=np.uint8)
        if not asked.fresh.all():
            marks[:] = 0
            self._loops.mark(*self._library(key), marks)
        work = partial(self._slice, number, marks, group, groups, count_only)
        yield from self._pool.map(work, self._edges[:-1], self._edges[1:])

    def _library(self, key: Key) -> tuple[Any, ...]:
        asked = self._asked
        return self._codes, asked.codes.shape[1], asked.used, asked.fresh, len(asked.used), key.words, key.shift

    def _slice(
        self, number: int, marks: NDArray[np.uint8], group: int, groups: int, count_only: bool, first: int, last: int
    ) -> tuple[NDArray[np.uint64], int]:
        if self._cancelled():
            raise Cancelled
        asked, key = self._asked, self._keys[number]
        library = (*self._library(key), self._inner, first, last, marks)
        starts = np.empty(last - first + 1, dtype=np.int64)
        total = self._loops.count_parts(*library, starts)
        straight, who = np.empty(total, dtype=np.uint64), np.empty(total, dtype=np.uint64)
        self._loops.scatter(*library, starts.copy(), straight, who)
        largest = int(np.diff(starts).max(initial=0))
        scratch = (
            np.empty((1 << self._inner) + 1, dtype=np.int64),
            np.empty(largest, dtype=np.uint64),
            np.empty(largest, dtype=np.uint64),
        )
        out, cut = np.empty(0 if count_only else total // 4 + 1024, dtype=np.uint64), np.zeros(1, dtype=np.int64)
        while True:
            found = self._loops.join_parts(
                straight, who, starts, first, last, self._words, number, key.shift, self._inner, asked.radius, self._window,
                BEYOND if number < BEYOND_KEYS else 0, self._long, group, groups, asked.fresh, self._sieve, self._room,
                int(count_only), asked.votes, *scratch, out, len(out), cut,
            )  # fmt: skip
            if found <= len(out):
                return out[:found].copy(), int(cut[0])
            out, cut = np.empty(found, dtype=np.uint64), np.zeros(1, dtype=np.int64)


def _cut_up(asked: Asked, workers: int) -> tuple[int, list[int]]:
    """How many bits of a bucket's number lie within a part, and the parts at which slices begin and end.

    Three bits at least: slices must not share a byte of a bit a bucket.
    """
    buckets = key_of(0, asked.bits).buckets
    outer = min(buckets - 3, max(workers - 1, asked.total // PART).bit_length())
    slices = min(1 << outer, max(workers, -(-asked.total // SLICE)))
    return buckets - outer, [(1 << outer) * k // slices for k in range(slices + 1)]


def counted(records: NDArray[np.uint64], votes: int) -> Votes:
    """Pairs with at least so many different votes, from words of a vote each (see `kernels_local.join_parts`)."""
    ordered = np.sort(records)
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    pairs = ordered[new] >> np.uint64(7)
    edges = np.nonzero(np.append(True, pairs[1:] != pairs[:-1]) if len(pairs) else np.empty(0, dtype=bool))[0]
    number = np.diff(np.append(edges, len(pairs)))
    pairs, number = pairs[edges[number >= votes]], number[number >= votes]
    return Votes(
        first=(pairs >> np.uint64(29)).astype(np.int64),
        second=((pairs >> np.uint64(1)) & np.uint64((1 << 28) - 1)).astype(np.int64),
        mirrored=(pairs & np.uint64(1)) != 0,
        votes=number.astype(np.int64),
    )


def strongest(found: Votes) -> Votes:
    """The `STRONGEST` of each asker; the others are counted."""
    kept = place_among(found.first, found.votes, found.second - found.first, found.mirrored) < STRONGEST
    return replace(found.kept(kept), left_out=found.left_out + int(len(kept) - kept.sum()))


def place_among(
    of: NDArray[np.int64], votes: NDArray[np.int64], apart: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Place of each pair among those of its picture: by votes, then by how far the two are apart in rank. int64 (k,) from 0."""
    order = np.lexsort((mirrored, apart, -votes, of))
    ordered = of[order]
    edges = np.nonzero(np.append(True, ordered[1:] != ordered[:-1]) if len(order) else np.empty(0, dtype=bool))[0]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(edges, np.diff(np.append(edges, len(order))))
    return place


def _without(found: Votes, refused: Refused) -> Votes:
    return found.kept(~refused(found.first, found.second))


def _joined(found: list[Votes]) -> Votes:
    return Votes(
        first=np.concatenate([one.first for one in found]),
        second=np.concatenate([one.second for one in found]),
        mirrored=np.concatenate([one.mirrored for one in found]),
        votes=np.concatenate([one.votes for one in found]),
        windowed=sum(one.windowed for one in found),
        left_out=sum(one.left_out for one in found),
    )
