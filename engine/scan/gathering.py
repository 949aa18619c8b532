"""Files as they are met, kept as cheaply as can be: bare stat results for a moment, then rows of numbers."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from itertools import islice
from os import stat_result
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from engine.records import STAT_DTYPE, FoundFiles, StatFacts
from engine.records.found_files import outcome_number, stat_columns

_FLUSH = 2048  # stat results held at once: objects that the garbage collector has to look at
_NOTHING = SimpleNamespace(st_size=0, st_mtime_ns=0, st_ctime_ns=0, st_dev=0, st_ino=0, st_mode=0)
_values_of = operator.attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_dev", "st_ino", "st_mode")


class Gathering:
    """What a walk has met so far; `found` puts it in the order of the raw paths."""

    def __init__(self) -> None:
        self._paths: list[bytes] = []
        self._waiting: list[stat_result | SimpleNamespace] = []
        self._rows: list[NDArray[np.void]] = []
        self._odd: dict[int, StatFacts] = {}
        self._outcomes: dict[int, int] = {}
        self._roots: list[tuple[int, int]] = []  # from this place on: this root

    def __len__(self) -> int:
        return len(self._paths)

    def add(self, path: bytes, root: int, facts: stat_result | None, code: str | None = None) -> None:
        """One file with the code of its outcome (None: to be looked at); without facts where it could not be looked up."""
        if code is not None:
            self._outcomes[len(self._paths)] = outcome_number(code)
        self.add_all([path], root, [_NOTHING if facts is None else facts])

    def add_all(self, paths: Sequence[bytes], root: int, facts: Sequence[stat_result | SimpleNamespace]) -> None:
        """Files that are all to be looked at."""
        if not self._roots or self._roots[-1][1] != root:
            self._roots.append((len(self._paths), root))
        self._paths += paths
        self._waiting += facts
        if len(self._waiting) >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        rows, odd = stat_columns(self._waiting, _values_of)
        start = len(self._paths) - len(rows)
        self._odd.update((start + place, facts) for place, facts in odd.items())
        self._rows.append(rows)
        self._waiting.clear()

    def found(self) -> FoundFiles:
        """All of them by raw path. Nothing may be added afterwards."""
        self._flush()
        count = len(self._paths)
        outcome, root = np.zeros(count, np.uint8), np.zeros(count, np.int32)
        outcome[list(self._outcomes)] = list(self._outcomes.values())
        for start, number in self._roots:
            root[start:] = number
        stats = np.concatenate(self._rows) if self._rows else np.empty(0, STAT_DTYPE)
        self._rows.clear()
        if all(map(operator.lt, self._paths, islice(self._paths, 1, None))):
            return FoundFiles(self._paths, stats, outcome, root, self._odd)
        order = sorted(range(count), key=self._paths.__getitem__)
        paths = [self._paths[place] for place in order]
        odd = {new: self._odd[old] for new, old in enumerate(order) if old in self._odd} if self._odd else {}
        return FoundFiles(paths, stats[order], outcome[order], root[order], odd)
