"""The window under load: ``python -m tests.bench.bench_window [FOLDER] [--clusters N] [--keys N]``.

First N synthetic clusters (three photos each) in the real window: opening, sorting, filtering, selecting, deciding, and memory.
Then FOLDER (real photos; a generated library without it) is scanned and reviewed while copies of it are read: latencies in the
real event loop. Prints, judges nothing. Works without a screen.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_NO_GLIB"] = "1"  # the plain dispatcher says when it wakes and when it waits
_HOME = Path(tempfile.mkdtemp(prefix="imgfp-bench-"))
for _name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "NUMBA_CACHE_DIR"):
    (_HOME / _name).mkdir(mode=0o700)
    os.environ[_name] = str(_HOME / _name)

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QSlider  # noqa: E402

from engine.jobs.settling import settle  # noqa: E402
from engine.records import ClusterState, Suggest  # noqa: E402
from imgfp_gui.controller import ClusterFilter, ReviewController  # noqa: E402
from imgfp_gui.main_window import MainWindow  # noqa: E402
from imgfp_gui.style import Theme  # noqa: E402
from tests.support.library import make_library  # noqa: E402
from tests.support.loop_meter import LoopMeter  # noqa: E402
from tests.support.scripted_session import ScriptedSession, path_of, plain_clusters, snapshot_of  # noqa: E402

COPIES = 6  # of the folder, to keep a scan running
REVIEWED = 256  # the step that counts as a preview


def say(name: str, *values: float, unit: str = "ms") -> None:
    """One line: a single value, or the distribution of several."""
    if len(values) == 1:
        print(f"{name:<42} {values[0]:9.1f} {unit}", flush=True)
        return
    ordered = sorted(values)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)]
    print(
        f"{name:<42} p50 {at[0]:7.1f}  p95 {at[1]:7.1f}  p99 {at[2]:7.1f}  max {ordered[-1]:7.1f} {unit}  n {len(ordered)}",
        flush=True,
    )


def resident_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# ------------------------------------------------------------------------------------------------------- many clusters


class Prepared(ScriptedSession):
    """Has its paths at hand, as the real session does."""

    def __init__(self, files: int) -> None:
        super().__init__()
        self.draws = False
        self._paths = [path_of(file) for file in range(files)]

    def paths(self, files: Sequence[int], library: int) -> tuple[bytes, ...]:
        known = self._paths
        return tuple([known[file] for file in files])

    def set_marks(self, marks: Mapping[bytes, Suggest | None]) -> None:
        self.marks.update(marks)  # type: ignore[arg-type]


def many_clusters(app: QApplication, count: int) -> None:
    """Everything that touches all clusters at once."""
    session = Prepared(3 * count)
    window = MainWindow(ReviewController(session))  # type: ignore[arg-type]
    controller = window.controller
    window.resize(1280, 800)
    window.show()
    meter = LoopMeter(app)
    controller.add_folders(["/photos"])
    meter.rest(300)
    with meter.aside():
        clusters = tuple(_varied(cluster, row) for row, cluster in enumerate(plain_clusters(count, members=3)))
        snapshot = snapshot_of(clusters)
        other = snapshot_of(clusters[::2], generation=2)
        settle()  # as the engine does with every library
    before = resident_mb()
    print(f"-- {count:,} clusters, {3 * count:,} photos")

    def step(name: str, act: Callable[[], object], shown: Callable[[], bool] = lambda: True) -> None:
        meter.stretches.clear()
        took = meter.until(act, shown)
        longest = max(meter.stretches, default=0.0)
        print(f"{name:<42} {took:9.1f} ms  (CPU {meter.cpu_ms:7.1f} ms, longest stretch {longest:7.1f} ms)", flush=True)
        meter.rest(100)

    step("open", lambda: session.clusters_changed.emit(snapshot), lambda: len(controller.queue) == count)
    controller.set_page("review")
    meter.rest(300)
    for sort in ("certain", "line", "space"):
        step(f"sort: {sort}", lambda sort=sort: controller.set_sort(sort))
    states = frozenset({ClusterState.PROPOSED})
    step("filter: state", lambda: controller.set_filter(ClusterFilter(states=states)))
    step("filter: none", lambda: controller.set_filter(ClusterFilter()))
    half = count // 2
    text = f"img_{3 * half:04}"
    step("filter: text, first time", lambda: controller.set_filter(ClusterFilter(text=text)), lambda: len(controller.queue) < 20)
    step("filter: text, shorter", lambda: controller.set_filter(ClusterFilter(text=text[:-1])))
    step("filter: text, gone", lambda: controller.set_filter(ClusterFilter()), lambda: len(controller.queue) == count)
    step("select in the middle", lambda: controller.select_cluster(f"key-{half}"))
    step("select the last", lambda: controller.select_cluster(controller.queue.key_at(count - 1)))
    step("next", lambda: controller.step_cluster(-1))
    step("mark", lambda: controller.mark(1, Suggest.KEEP))
    step(
        "another snapshot, half as long",
        lambda: session.clusters_changed.emit(other),
        lambda: len(controller.queue) == len(other.clusters),
    )
    again = replace(snapshot, generation=3)
    step("and the whole one again", lambda: session.clusters_changed.emit(again), lambda: len(controller.queue) == count)
    step("accept all", controller.accept_all, lambda: not controller.totals.by_state[ClusterState.PROPOSED])
    step("undo it", controller.undo, lambda: not controller.totals.decided_photos)
    say("memory before, snapshot made", before, unit="MB")
    say("memory after", resident_mb(), unit="MB")
    window.close()
    window.deleteLater()
    meter.deleteLater()
    app.processEvents()


def _varied(cluster, row: int):  # type: ignore[no-untyped-def]
    """Sizes and scores as they are: all over the place."""
    weakest = 0.86 + (row * 7919 % 1400) / 10_000
    freed = cluster.reclaimable_bytes + row * 104_729 % 40_000_000 if cluster.reclaimable_bytes else 0
    return replace(cluster, weakest=weakest, strongest=max(weakest, 0.99), reclaimable_bytes=freed)


# ------------------------------------------------------------------------------------------------------- a scan beside it


class Reviewing:
    """One window on a real library, keys in it, while another folder is read."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        from imgfp_gui.app import create

        _, self.window = create(["imgfp-gui", "--theme", "dark"])
        self.controller = self.window.controller
        self.window.resize(1280, 800)  # the screen that is not there is smaller
        self.meter = LoopMeter(app)
        self._folder = folder
        self._more = _HOME / "more"

    def begin(self) -> None:
        """Read the folder to the end, then begin with the copies."""
        controller, meter = self.controller, self.meter
        controller.add_folders([str(self._folder)])
        while controller.scanning:
            meter.rest(200)
        print(f"-- {len(controller.snapshot.clusters)} clusters reviewed while {COPIES} copies of the folder are read")
        with meter.aside():
            _copies(self._folder, self._more)
        controller.start_reviewing()
        controller.set_page("review")
        meter.rest(500)
        meter.pauses.clear()
        meter.stretches.clear()
        controller.add_folders([str(self._more)])

    def keys(self, count: int) -> None:
        """Walk and decide as a hand does: four keys a second and cluster."""
        focus, meter, controller = self.window.cluster_list, self.meter, self.controller
        focus.setFocus()
        nexts: list[float] = []
        marks: list[float] = []
        while len(nexts) < count and controller.scanning:
            place = controller.queue.position(controller.cluster.key if controller.cluster else None)
            down = place + 1 < len(controller.queue)
            key = Qt.Key.Key_Down if down else Qt.Key.Key_Home
            if not down:
                controller.select_cluster(controller.queue.key_at(0))
                meter.rest(200)
                continue
            nexts.append(meter.until(lambda key=key: QTest.keyClick(focus, key), self._previews_there))
            meter.rest(60)
            for mark in (Qt.Key.Key_P, Qt.Key.Key_U):
                said = Suggest.KEEP if mark == Qt.Key.Key_P else Suggest.UNDECIDED
                marks.append(self.meter.until(partial(QTest.keyClick, focus, mark), partial(self._holds, said)))
                meter.rest(40)
        if nexts:
            say("next cluster with previews", *nexts)
            say("key to mark", *marks)

    def slide(self, count: int) -> None:
        """Move the line as a hand does, 60 times a second."""
        slider = self.window.findChild(QSlider, "thresholdSlider")
        if slider is None:
            return
        counts: list[float] = []
        for n in range(count):
            if not self.controller.scanning:
                break
            value = 860 - 5 * (n % 20 if n // 20 % 2 == 0 else 20 - n % 20)
            if slider.value() != value:
                counts.append(
                    self.meter.until(lambda value=value: slider.setValue(value), lambda value=value: slider.value() == value)
                )
            self.meter.rest(16)
        if counts:
            say("slider to counts", *counts)

    def _holds(self, said: Suggest) -> bool:
        cluster = self.controller.cluster
        return cluster is not None and self.controller.suggest_of(cluster, self.controller.photo) is said

    def _previews_there(self) -> bool:
        cluster, pictures = self.controller.cluster, self.window.pictures
        if cluster is None:
            return True
        shown = self.controller.panes if self.controller.mode == "side" else range(len(cluster.units))
        return all(
            (image := pictures.get(cluster.units[n][0], REVIEWED)) is not None and image.width() > 0
            for n in shown
            if n < len(cluster.units)
        )

    def end(self) -> None:
        """What the loop did all the time."""
        say("own stretches", *self.meter.stretches)
        say("pauses of the event loop", *self.meter.pauses)
        say("memory", resident_mb(), unit="MB")
        self.window.close()


def _copies(folder: Path, target: Path) -> None:
    """Copies that nobody has read yet: a few more bytes at the end of each."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for copy in range(COPIES):
        for path in files:
            place = target / str(copy) / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes() + f"{copy} {path}".encode())


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_window", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--clusters", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=60)
    given = parser.parse_args(argv)
    app = QApplication([])
    Theme(app, "dark")
    try:
        if given.clusters:
            many_clusters(app, given.clusters)
        if given.keys:
            folder = given.folder or make_library(_HOME / "photos", originals=12, alone=40).root
            reviewing = Reviewing(app, folder)
            reviewing.begin()
            reviewing.keys(given.keys)
            reviewing.slide(60)
            reviewing.end()
    finally:
        shutil.rmtree(_HOME, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
