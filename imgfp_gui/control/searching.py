"""Finds clusters by a part of a file or folder name: 300,000 names, in slices, so that typing never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.records import ClusterSnapshot
from imgfp_gui.control.slices import Slices

if TYPE_CHECKING:
    from engine.session import Session

CHUNK = 512  # clusters between two looks at the clock

Found = Callable[[ClusterSnapshot, str, "NDArray[np.bool_]"], None]


class Searching:
    """Keeps the names of the snapshot's clusters, one text a cluster, once somebody has searched."""

    def __init__(self, session: Session, slices: Slices) -> None:
        self._session = session
        self._slices = slices
        self._snapshot: ClusterSnapshot | None = None
        self._texts: list[str] = []
        self._newest = 0

    def find(self, text: str, snapshot: ClusterSnapshot, found: Found) -> None:
        """Look for `text`; `found` gets the snapshot, the text, and one bool a cluster. Only the newest search is answered."""
        self._newest += 1
        number, rows = self._newest, np.zeros(len(snapshot.clusters), np.bool_)
        done = lambda: found(snapshot, text, rows) if number == self._newest else None  # noqa: E731
        self._slices.run(self._work(number, text.casefold(), snapshot, rows), done)

    def _work(self, number: int, text: str, snapshot: ClusterSnapshot, rows: NDArray[np.bool_]) -> Iterator[None]:
        if number != self._newest:
            return
        if snapshot is not self._snapshot:
            self._snapshot, self._texts = None, []
            yield from self._read(number, snapshot)
        texts = self._texts
        if number != self._newest:
            return
        for start in range(0, len(rows), CHUNK * 8):
            rows[start : start + CHUNK * 8] = [text in names for names in texts[start : start + CHUNK * 8]]
            yield

    def _read(self, number: int, snapshot: ClusterSnapshot) -> Iterator[None]:
        clusters = snapshot.clusters
        for start in range(0, len(clusters), CHUNK):
            if number != self._newest:
                return
            for cluster in clusters[start : start + CHUNK]:
                joined = b"\n".join(self._session.paths(cluster.members, snapshot.library))
                self._texts.append(joined.decode("utf-8", "replace").casefold())
            yield
        self._snapshot = snapshot
