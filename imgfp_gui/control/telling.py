"""Tells the views about a change of many clusters: sums a few times a second while it goes on, the clusters once at its end."""

from __future__ import annotations

import time
from collections.abc import Sequence

from imgfp_gui.control.looking import Looking
from imgfp_gui.control.signals import ControllerSignals

OFTEN_S = 0.1


class Telling:
    """One change."""

    def __init__(self, signals: ControllerSignals, looking: Looking) -> None:
        self._signals = signals
        self._looking = looking
        self._keys: set[str] = set()
        self._last = time.perf_counter()

    def add(self, rows: Sequence[int]) -> None:
        """These rows of the snapshot in force stand otherwise."""
        clusters = self._looking.snapshot.clusters
        self._keys.update([clusters[row].key for row in rows])
        now = time.perf_counter()
        if now - self._last > OFTEN_S:
            self._last = now
            self._signals.totals_changed.emit(self._looking.book.totals)

    def end(self) -> None:
        """That was all."""
        self._signals.verdicts_changed.emit(frozenset(self._keys))
        self._signals.totals_changed.emit(self._looking.book.totals)
        self._signals.undo_changed.emit()
