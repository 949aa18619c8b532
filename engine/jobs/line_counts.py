"""What any line would give of one analysis, told at once from curves that are made once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.jobs.analysis import Analysis
from engine.jobs.forest import Forest
from engine.records import LineCounts

BINS = 50
MOST_KNOWN = 256  # lines whose exact bytes are remembered


class LineTeller:
    """Counts and bytes at any line. Asked from any thread; made in a lane."""

    def __init__(self, analysis: Analysis, forest: Forest) -> None:
        self._curve = match.LineCurve(forest.tree, analysis.pairs, forest.met)
        self._analysis = analysis
        self._bytes: match.BytesCurve | None = None
        self._exact: dict[float, int] = {}
        counts, _ = np.histogram(np.ascontiguousarray(analysis.pairs["score"]), bins=BINS, range=(0.5, 1.0))
        self.histogram: tuple[int, ...] = tuple(counts.tolist())

    def prepare(self) -> None:
        """Make the curve of bytes, for which joins are made anew; until then no line tells of bytes."""
        if self._bytes is None:
            self._bytes = match.BytesCurve(self._analysis.merges.node, self._analysis.pairs, _shot_bytes(self._analysis))

    def at(self, line: float) -> LineCounts:
        """Clusters, photos and bytes at a line; the bytes as the rules say where they were asked at this line, else about."""
        clusters, photos = self._curve.at(line)
        exact, curve = self._exact.get(line), self._bytes
        about = curve.at(line) if curve is not None else 0
        return LineCounts(clusters, photos, about if exact is None else exact, about=exact is None)

    def learn(self, line: float, freed: int, *, fresh: bool) -> None:
        """The rules were asked at this line. fresh: what was learnt before no longer holds (the user marked something)."""
        known = {} if fresh or len(self._exact) >= MOST_KNOWN else self._exact
        self._exact = {**known, line: freed}


def _shot_bytes(analysis: Analysis) -> NDArray[np.int64]:
    """Bytes of the whole shot of each picture, companions included."""
    table, pictures = analysis.library.table, analysis.pictures.ids
    every, of = table.sizes, table.files["shot"]
    inside = np.flatnonzero(of >= 0)
    whole = np.zeros(len(analysis.library.shots), np.int64)
    np.add.at(whole, of[inside], every[inside])
    shot = of[pictures]
    return np.where(shot >= 0, whole[shot], every[pictures]) if len(whole) else every[pictures]
