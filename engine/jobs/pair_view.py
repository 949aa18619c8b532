"""Pairs of the open library as the window shows them: of two files, among some, beyond them. Any thread; touches no file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions
from engine.errors import StoreError
from engine.jobs.analysis import Analysis
from engine.jobs.weighed import with_weights
from engine.records import PART_NAMES, PairView, PictureTable, Tier, edit_labels

ANY = MatchOptions(line=0.0, floor=0.0, radius64=64, radius256=256)
"""Compares whatever it is given: the caller named the pair."""

MOST_LINKS = 1_000
MOST_RESEMBLING = 20


class PairViews:
    """The pair table of one analysis, asked by file ids. Ids that are no picture of it are in no pair."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._pairs = analysis.pairs
        # columns by themselves and of the type that is asked for: else every search would copy them first
        self._a, self._b = (analysis.pairs[name].astype(np.int64) for name in ("a", "b"))
        self._score = np.ascontiguousarray(analysis.pairs["score"])
        self._ids = analysis.pictures.ids

    def pair(self, a: int, b: int) -> PairView | None:
        """Two files, a before b: from the table, else compared now; None where that cannot be done or they are not alike."""
        rows = self._rows((a, b))
        if len(rows) != 2 or a == b:
            return None
        i, j = (int(rows[0]), int(rows[1])) if a < b else (int(rows[1]), int(rows[0]))
        start, stop = np.searchsorted(self._a, [min(i, j), min(i, j) + 1])
        at = start + int(np.searchsorted(self._b[start:stop], max(i, j)))
        if at < stop and self._b[at] == max(i, j):
            return self._view(self._pairs[at], reverse=i > j)
        try:
            found = match.compare_rows(_two(self._analysis.table, i, j), 0, 1, ANY)
        except StoreError:  # the cache was cleared, or its disk is gone, while the library is open
            return None
        if found is None or found["score"] < np.float32(MatchOptions().floor):
            return None
        return _pair_view(with_weights(np.array([found]), self._analysis.weights)[0], a, b)

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        """Pairs of the table among these files, strongest first; at most `MOST_LINKS`."""
        inside = self._rows(files)
        rows = self._rows_from(inside)
        rows = rows[_among(self._b[rows], inside)]
        return tuple(self._view(self._pairs[row]) for row in self._strongest(rows)[:MOST_LINKS])

    def resembling(self, files: Sequence[int], line: float) -> tuple[PairView, ...]:
        """Links at or above the line from these files (a) to others (b), strongest first, one for each b and at most
        `MOST_RESEMBLING`."""
        inside = self._rows(files)
        onwards = self._rows_from(inside)
        onwards = onwards[~_among(self._b[onwards], inside)]
        back = self._rows_to(inside)
        back = back[~_among(self._a[back], inside)]
        rows = np.concatenate([onwards, back])
        rows = self._strongest(rows[self._score[rows] >= np.float32(line)])
        turned = _among(self._b[rows], inside)
        others = np.where(turned, self._a[rows], self._b[rows])
        first = np.sort(np.unique(others, return_index=True)[1])[:MOST_RESEMBLING]
        return tuple(self._view(self._pairs[rows[n]], reverse=bool(turned[n])) for n in first)

    def strongest_below(self, line: float, apart: Callable[[int, int], bool]) -> PairView | None:
        """The best pair below the line whose two pictures (rows of the table) are `apart`: in no common cluster."""
        order, depth = self._by_score
        at = int(np.searchsorted(depth, -np.float32(line), side="right"))
        for row in order[at : at + MOST_LINKS].tolist():
            if apart(int(self._a[row]), int(self._b[row])):
                return self._view(self._pairs[row])
        return None

    def prepare(self) -> None:
        """Make what is made once (a lane's work), so that no caller waits for it."""
        _ = self._by_score, self._by_end

    @cached_property
    def _by_score(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows of pairs that may hold together, strongest first, and their scores, negated."""
        kept = np.flatnonzero(~self._analysis.removed)
        order = kept[np.argsort(-self._score[kept], kind="stable")]
        return order, -self._score[order]

    @cached_property
    def _by_end(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of pairs by their second picture, and that picture."""
        order = np.argsort(self._b, kind="stable")
        return order, self._b[order]

    def _rows(self, files: Sequence[int]) -> NDArray[np.int64]:
        """Rows of the picture table of these files, ascending."""
        wanted = np.unique(np.asarray(files, np.int64))
        at = np.searchsorted(self._ids, wanted)
        known = at < len(self._ids)
        known[known] = self._ids[at[known]] == wanted[known]
        return at[known]

    def _rows_from(self, pictures: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pairs that begin with one of the pictures and may hold something together."""
        rows = _ranges(*(np.searchsorted(self._a, pictures, side) for side in ("left", "right")))
        return rows[~self._analysis.removed[rows]]

    def _rows_to(self, pictures: NDArray[np.int64]) -> NDArray[np.int64]:
        order, ends = self._by_end
        rows = order[_ranges(*(np.searchsorted(ends, pictures, side) for side in ("left", "right")))]
        return rows[~self._analysis.removed[rows]]

    def _strongest(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return rows[np.argsort(-self._score[rows], kind="stable")]

    def _view(self, pair: np.void, *, reverse: bool = False) -> PairView:
        a, b = int(self._ids[pair["a"]]), int(self._ids[pair["b"]])
        return _pair_view(pair, b, a, reverse=True) if reverse else _pair_view(pair, a, b)


def _pair_view(pair: np.void, a: int, b: int, *, reverse: bool = False) -> PairView:
    left, top, right, bottom = (float(edge) for edge in pair["box"])
    pose, box = int(pair["pose"]), (left, top, right, bottom)
    if reverse:
        pose, box = match.inverse(pose), match.inverse_box(pose, box)
    turn, mirror = match.turn_and_mirror(pose)
    return PairView(
        a=a,
        b=b,
        score=round(float(pair["score"]), 4),
        tier=Tier(int(pair["tier"])),
        parts={name: round(int(value) / 255, 4) for name, value in zip(PART_NAMES, pair["parts"], strict=False)},
        edits=tuple(edit_labels(int(pair["edits"]))),
        # a report turns first and mirrors then; who mirrors first turns the other way round
        turn=-turn % 360 if mirror else turn,
        mirror=mirror,
        box=box,
    )


def _two(table: PictureTable, i: int, j: int) -> PictureTable:
    """These two pictures alone, in this order."""
    columns = {part.name: getattr(table, part.name)[[i, j]] for part in fields(PictureTable) if part.name != "films"}
    return PictureTable(**columns, films=table.films)


def _among(values: NDArray[np.integer], inside: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which values are in a sorted array."""
    if not len(inside):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = inside[np.minimum(np.searchsorted(inside, values), len(inside) - 1)] == values
    return found


def _ranges(start: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers of start[0]:stop[0], start[1]:stop[1] …"""
    return np.concatenate([np.arange(a, b) for a, b in zip(start, stop, strict=True)] or [np.empty(0, np.int64)])
