"""A session that says what a test tells it to, for states of the window that cannot be made with real files.

It keeps what it is told (marks, clusters set aside, protected folders, decisions) as the real one does, and lays it over the
clusters of `show`; everything that takes time is answered when the test says so.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.records import (
    ApplyCheck,
    Cluster,
    ClusterColumns,
    ClusterSnapshot,
    ClusterState,
    FileView,
    FolderView,
    ImageReply,
    LineCounts,
    PairView,
    ReadingStatistics,
    Suggest,
    Tier,
    Verdict,
    Weights,
)
from imgfp_gui.control.judging import judge
from tests.support.scenes import scene

SIZE = 3_400_000  # bytes of a photo


@cache
def _picture(seed: int, *, upright: bool) -> NDArray[np.uint8]:
    """Pixels as the screen takes them."""
    rgb = scene(seed, 120, 180) if upright else scene(seed, 180, 120)
    pixels = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = rgb[..., ::-1]
    pixels.setflags(write=False)
    return pixels


class ScriptedSession(QObject):
    """Has the door's signals and methods; notes every call in `calls`, answers when the test emits `answered`."""

    progress_changed = Signal(object)
    problem_found = Signal(object)
    clusters_changed = Signal(object)
    image_ready = Signal(object)
    scan_finished = Signal(object)
    answered = Signal(int, object)
    failed = Signal(int, object)
    noted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, ...]] = []
        self.draws = True
        self.marks: dict[bytes, Suggest] = {}
        self.aside: set[str] = set()
        self.told = 0
        self.library = 0
        self.first_id = 0  # file ids begin here: after `read_again` they are others
        self.history_entries: list[dict[str, Any]] = []
        self.other_files: dict[bytes, FileView] = {}
        self.facts: dict[int, dict[str, Any]] = {}  # what differs from the plain facts of a file, by id
        self.pairs: dict[tuple[int, int], PairView | None] = {}  # in place of the plain pair
        self._protected: tuple[bytes, ...] = ()
        self._shown: tuple[Cluster, ...] = ()
        self.generation = 0
        self.reading = ReadingStatistics()
        self._tokens = itertools.count(1)
        self._home = Path(tempfile.mkdtemp(prefix="window-", dir=os.environ.get("XDG_RUNTIME_DIR")))  # gone with the test's home

    # ------------------------------------------------------------------------------------------------ looking

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

    def set_weights(self, weights: Weights) -> None:
        self._note("set_weights", weights)

    def doctor(self, display: str) -> int:
        return self._note("doctor", display)

    def line_counts(self, line: float) -> LineCounts:
        return LineCounts(round(100 * (1 - line)), round(250 * (1 - line)), round(1e9 * (1 - line)))

    def score_histogram(self) -> tuple[int, ...]:
        return tuple(int(3000 * abs(np.sin(n / 3)) * n / 50) for n in range(50))

    def file(self, file_id: int) -> FileView:
        path = path_of(file_id - self.first_id)
        below = any(path.startswith(folder + b"/") for folder in self._protected)
        name, size = path.decode(), size_of(file_id - self.first_id)
        plain = FileView(file_id, name, path, size, 0, "ok", None, "jpeg", 6000, 4000, None, protected=below)
        return replace(plain, **self.facts.get(file_id, {}))

    def file_at(self, path: bytes) -> FileView | None:
        number = path.rpartition(b"IMG_")[2][:4]
        return self.other_files.get(path) or (
            self.file(int(number)) if number.isdigit() and path_of(int(number)) == path else None
        )

    def paths(self, files: Sequence[int], library: int) -> tuple[bytes, ...]:
        return tuple(path_of(file - self.first_id) if library == self.library else b"" for file in files)

    def pair(self, a: int, b: int) -> PairView | None:
        parts = {"structure": 0.98, "edges": 0.96, "colour": 0.91}
        plain = PairView(a, b, 0.95, Tier.SAME_PICTURE, parts, ()) if a != b else None
        return self.pairs.get((a, b), plain)

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        return tuple(pair for a, b in itertools.pairwise(files) if (pair := self.pair(a, b)))

    def resembles(self, files: Sequence[int]) -> tuple[PairView, ...]:
        return ()

    def closest_pair(self) -> PairView | None:
        return replace(self.pair(0, 1), score=0.79) if self.library else None  # type: ignore[type-var]

    def folders(self) -> int:
        return self._note("folders")

    def set_protected(self, folders: tuple[bytes, ...]) -> None:
        self._protected = tuple(folders)
        self._note("set_protected", self._protected)

    def protected(self) -> tuple[bytes, ...]:
        return self._protected

    def request_image(self, file_id: int, edge: int, *, ahead: bool = False) -> int:
        token = self._note("request_image", file_id, edge)
        if self.draws:
            pixels = _picture(file_id // 4, upright=file_id % 5 == 4)
            self.image_ready.emit(ImageReply(token, file_id, edge, pixels, (pixels.shape[1], pixels.shape[0])))
        return token

    def drop_ahead(self) -> None:
        self._note("drop_ahead")

    def make_sample(self, folder: str) -> int:
        return self._note("make_sample", folder)

    def present(self, folders: Sequence[str]) -> int:
        return self._note("present", tuple(folders))

    def window_folder(self) -> Path:
        return self._home

    # ------------------------------------------------------------------------------------------------ deciding

    def set_marks(self, marks: Mapping[bytes, Suggest | None]) -> None:
        self.told += 1
        for path, said in marks.items():
            if said is None:
                self.marks.pop(path, None)
            else:
                self.marks[path] = said
        self._note("set_marks", dict(marks))

    def set_aside(self, key: str, aside: bool) -> None:
        self.told += 1
        (self.aside.add if aside else self.aside.discard)(key)
        self._note("set_aside", key, aside)

    def remember(self, key: str, choice: str) -> int:
        return self._note("remember", key, choice)

    def take_back(self, decision: str) -> int:
        return self._note("take_back", decision)

    # ------------------------------------------------------------------------------------------------ acting

    def check_apply(self, paths: Sequence[bytes], destination: bytes | None) -> int:
        return self._note("check_apply", tuple(paths), destination)

    def apply_checked(self, check: int, *, confirmed: bool = False) -> int:
        return self._note("apply_checked", check, confirmed)

    def undo(self, run: str | None = None) -> int:
        return self._note("undo", run)

    def store(self, what: str) -> int:
        return self._note("store", what)

    def set_pace(self, *, whole_cpu: bool | None = None, pause_on_battery: bool | None = None) -> None:
        self._note("set_pace", whole_cpu, pause_on_battery)

    def watch(self, on: bool) -> None:
        self._note("watch", on)

    def statistics(self) -> ReadingStatistics:
        return self.reading

    def history(self) -> int:
        return self._note("history")

    def lost_copies(self, run: str) -> int:
        return self._note("lost_copies", run)

    def retry(self, paths: Sequence[bytes]) -> int:
        return self._note("retry", tuple(paths))

    # ------------------------------------------------------------------------------------------------ for the test

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """Arguments of every call of this name."""
        return [call[2:] for call in self.calls if call[0] == name]

    def last_token(self, name: str) -> int:
        """Token of the last call of this name."""
        return next(call[1] for call in reversed(self.calls) if call[0] == name)

    def answer(self, name: str, value: Any) -> None:
        """Answer the last call of this name."""
        self.answered.emit(self.last_token(name), value)

    def show(self, clusters: Sequence[Cluster], *, line: float = 0.86, final: bool = True) -> ClusterSnapshot:
        """Emit a snapshot of these clusters with everything laid over that was told until now."""
        snapshot = self.snapshot(clusters, line=line, final=final)
        self.clusters_changed.emit(snapshot)
        return snapshot

    def snapshot(self, clusters: Sequence[Cluster], *, line: float = 0.86, final: bool = True) -> ClusterSnapshot:
        """What `show` emits."""
        self.generation += 1
        laid = [self._overlaid(cluster) for cluster in clusters]
        made = snapshot_of(laid, generation=self.generation, line=line, final=final, library=self.library, marks=self.told)
        sizes = [sum(self.file(file).size for file in self._going(cluster)) for cluster in laid]
        return replace(made, columns=replace(made.columns, going_bytes=np.array(sizes, np.int64)))

    def read_again(self) -> None:
        """The library is another one now: the same files have other numbers."""
        self.library += 1
        self.first_id += 1000

    def check(self, **values: Any) -> ApplyCheck:
        """An answer of `check_apply` about the photos that were asked for."""
        photos = len(self.called("check_apply")[-1][0])
        plain = ApplyCheck(1, photos, photos, 0, photos * SIZE, 0, (), (), (), (), (), ())
        return replace(plain, **values)

    def _overlaid(self, cluster: Cluster) -> Cluster:
        marks = {file: self.marks[path] for file in cluster.members if (path := path_of(file - self.first_id)) in self.marks}
        aside = cluster.key in self.aside
        if not marks:
            return replace(cluster, state=ClusterState.ASIDE) if aside else cluster
        judged = judge(cluster, marks, aside=aside)
        held = {file: verdict for unit, verdict in zip(cluster.units, judged.verdicts, strict=True) for file in unit}
        verdicts = tuple(replace(held[file], file=file) for file in cluster.members)
        freed = sum(self.file(v.file).size for v in verdicts if v.suggest is Suggest.REMOVE)
        return replace(cluster, verdicts=verdicts, proposals=cluster.verdicts, state=judged.state, reclaimable_bytes=freed)

    def _going(self, cluster: Cluster) -> list[int]:
        marked = {v.file for v in cluster.verdicts if v.source == "user" and v.suggest is Suggest.REMOVE}
        return [file for unit in cluster.units for file in unit if unit[0] in marked]

    def _note(self, name: str, *arguments: Any) -> int:
        token = next(self._tokens)
        self.calls.append((name, token, *arguments))
        return token


def path_of(file_id: int) -> bytes:
    """Where a file of the script lies."""
    long = " a very long name of a picture" if file_id % 7 == 3 else ""
    return f"/photos/{'Export' if file_id % 2 else 'Camera'}/IMG_{file_id:04}{long}.jpg".encode()


def size_of(file_id: int) -> int:
    """Bytes of a file of the script."""
    return SIZE - 7000 * (file_id % 400)


def folder_views() -> tuple[FolderView, ...]:
    """An answer of `folders`."""
    return (
        FolderView("/photos", b"/photos", -1, 60),
        FolderView("/photos/Camera", b"/photos/Camera", 0, 40),
        FolderView("/photos/Export", b"/photos/Export", 0, 20),
    )


def some_clusters(
    count: int, *, members: int = 4, generation: int = 1, line: float = 0.86, final: bool = True, library: int = 0
) -> ClusterSnapshot:
    """A snapshot of plain clusters; file numbers run on from cluster to cluster."""
    made = plain_clusters(count, members=members)
    return snapshot_of(made, generation=generation, line=line, final=final, library=library)


def plain_clusters(count: int, *, members: int = 4) -> tuple[Cluster, ...]:
    """Every third without a proposal, the others keep the first photo and propose to remove the rest."""
    return tuple(_cluster(number, members) for number in range(count))


def snapshot_of(
    clusters: Sequence[Cluster], *, generation: int = 1, line: float = 0.86, final: bool = True, library: int = 0, marks: int = 0
) -> ClusterSnapshot:
    """Clusters with their columns, as the engine makes them."""
    columns = columns_of(clusters)
    photos, freed = int(columns.units.sum()), int(columns.reclaimable.sum())
    return ClusterSnapshot(generation, line, tuple(clusters), photos, freed, final, columns, library, marks)


def columns_of(clusters: Sequence[Cluster]) -> ClusterColumns:
    """The same as arrays."""
    sizes = np.array([len(cluster.members) for cluster in clusters], np.int64)
    files = np.array([file for cluster in clusters for file in cluster.members], np.int64)
    row_of_file = np.full(int(files.max()) + 1 if len(files) else 0, -1, np.int32)
    row_of_file[files] = np.repeat(np.arange(len(clusters)), sizes)
    marked = [{v.file for v in c.verdicts if v.source == "user" and v.suggest is Suggest.REMOVE} for c in clusters]
    going = [[unit for unit in c.units if unit[0] in mine] if mine else [] for c, mine in zip(clusters, marked, strict=True)]
    return ClusterColumns(
        tier=np.array([cluster.tier for cluster in clusters], np.uint8),
        state=np.array([cluster.state for cluster in clusters], np.uint8),
        units=np.array([len(cluster.units) for cluster in clusters], np.int32),
        weakest=np.array([cluster.weakest for cluster in clusters], np.float32),
        strongest=np.array([cluster.strongest for cluster in clusters], np.float32),
        reclaimable=np.array([cluster.reclaimable_bytes for cluster in clusters], np.int64),
        row_of_file=row_of_file,
        row_of_key={cluster.key: row for row, cluster in enumerate(clusters)},
        going=np.array([len(units) for units in going], np.int32),
        going_bytes=np.array([sum(size_of(file) for unit in units for file in unit) for units in going], np.int64),
    )


def _cluster(number: int, members: int) -> Cluster:
    files = tuple(range(number * members, (number + 1) * members))
    proposed = number % 3 != 2
    verdicts = tuple(
        Verdict(
            file,
            Suggest.UNDECIDED if not proposed else Suggest.KEEP if place == 0 else Suggest.REMOVE,
            "no rule prefers one" if not proposed else "more pixels (24 MP against 3 MP)" if place == 0 else "smaller copy",
            Tier.SAME_PICTURE,
        )
        for place, file in enumerate(files)
    )
    freed = sum(size_of(file) for file in files[1:]) if proposed else 0
    return Cluster(
        f"key-{number}",
        files,
        Tier(number % 4),
        0.9 + number % 9 / 100,
        0.99,
        verdicts,
        freed,
        nests=(files,),
        units=tuple((file,) for file in files),
        state=ClusterState.PROPOSED if proposed else ClusterState.UNDECIDED,
    )
