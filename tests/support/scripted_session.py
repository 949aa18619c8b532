"""A session that says what a test tells it to, for states of the window that cannot be made with real files."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.records import Cluster, ClusterSnapshot, FileView, ImageReply, Suggest, Tier, Verdict
from tests.support.scenes import scene


@cache
def _picture(seed: int, *, upright: bool) -> NDArray[np.uint8]:
    return scene(seed, 120, 180) if upright else scene(seed, 180, 120)


class ScriptedSession(QObject):
    """Has the door's signals and methods; notes every call in `calls`, answers when the test calls `say_…`."""

    progress_changed = Signal(object)
    problem_found = Signal(object)
    clusters_changed = Signal(object)
    image_ready = Signal(object)
    scan_finished = Signal(object)
    answered = Signal(int, object)
    failed = Signal(int, object)
    changed = Signal(object)
    noted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, ...]] = []
        self.draws = True
        self._tokens = itertools.count(1)

    def open_folders(self, folders: Any, options: Any = None) -> int:
        return self._note("open_folders", tuple(folders), options)

    def pause(self, paused: bool = True) -> None:
        self._note("pause", paused)

    def cancel(self) -> None:
        self._note("cancel")

    def close(self) -> None:
        self._note("close")

    def set_line(self, line: float) -> None:
        self._note("set_line", line)

    def line_counts(self, line: float) -> tuple[int, int]:
        return round(100 * (1 - line)), round(250 * (1 - line))

    def score_histogram(self) -> tuple[int, ...]:
        return tuple(int(3000 * abs(np.sin(n / 3)) * n / 50) for n in range(50))

    def file(self, file_id: int) -> FileView:
        name = f"/photos/Export/IMG_{file_id:04}{' a very long name of a picture' if file_id % 7 == 3 else ''}.jpg"
        return FileView(file_id, name, name.encode(), 3_400_000 - 7000 * file_id, 0, "ok", None, "jpeg", 6000, 4000, None)

    def request_image(self, file_id: int, edge: int) -> int:
        token = self._note("request_image", file_id, edge)
        if self.draws:
            pixels = _picture(file_id // 4, upright=file_id % 5 == 4)
            self.image_ready.emit(ImageReply(token, file_id, edge, pixels, (pixels.shape[1], pixels.shape[0])))
        return token

    def apply_suggestions(self, clusters: Any, destination: bytes | None = None) -> int:
        return self._note("apply_suggestions", tuple(clusters), destination)

    def undo(self, run: str | None = None) -> int:
        return self._note("undo", run)

    def make_sample(self, folder: str) -> int:
        return self._note("make_sample", folder)

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """Arguments of every call of this name."""
        return [call[2:] for call in self.calls if call[0] == name]

    def last_token(self, name: str) -> int:
        """Token of the last call of this name."""
        return next(call[1] for call in reversed(self.calls) if call[0] == name)

    def _note(self, name: str, *arguments: Any) -> int:
        token = next(self._tokens)
        self.calls.append((name, token, *arguments))
        return token


def some_clusters(
    count: int, *, members: int = 4, generation: int = 1, line: float = 0.86, final: bool = True
) -> ClusterSnapshot:
    """A snapshot of plain clusters; file numbers run on from cluster to cluster."""
    clusters = tuple(_cluster(number, members) for number in range(count))
    freed = sum(cluster.reclaimable_bytes for cluster in clusters)
    return ClusterSnapshot(generation, line, clusters, count * members, freed, True)


def _cluster(number: int, members: int) -> Cluster:
    files = tuple(range(number * members, (number + 1) * members))
    decided = number % 3 != 2
    verdicts = tuple(
        Verdict(
            file,
            Suggest.UNDECIDED if not decided else Suggest.KEEP if place == 0 else Suggest.REMOVE,
            "no rule prefers one" if not decided else "more pixels (24 MP against 3 MP)" if place == 0 else "smaller copy",
            Tier.SAME_PICTURE,
        )
        for place, file in enumerate(files)
    )
    freed = 2_600_000 * (members - 1) if decided else 0
    tier = Tier(number % 4)
    return Cluster(f"key-{number}", files, tier, 0.9 + number % 9 / 100, 0.99, verdicts, freed)
