"""Opens the real window on a library, walks through its screens and leaves a picture of each.

``python -m tests.support.tour OUT [FOLDER…]``.
Works without a screen. Without a folder a small library is generated. The pictures of the guide are made with it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QMessageBox

from tests.support.library import make_library
from tests.support.pauses import PauseMeter

PATIENCE_S = 900


class Tour:
    """One walk through one window. Every wait ends by itself after `PATIENCE_S`, with an error."""

    def __init__(self, out: Path, theme: str) -> None:
        from imgfp_gui.app import create

        self._out = out
        self._out.mkdir(parents=True, exist_ok=True)
        self._app, self._window = create(["imgfp-gui", "--theme", theme])
        self._meter = PauseMeter(self._window)
        self._taken = 0

    def walk(self, folders: Sequence[str]) -> None:
        """Visit every screen in turn."""
        window, controller = self._window, self._window.controller
        self._shoot("start")
        controller.add_folders(folders)
        self._wait(lambda: bool(controller.snapshot.clusters) or not controller.scanning, controller.clusters_changed)
        self._shoot("first-clusters")
        self._wait(lambda: not controller.scanning, controller.working_changed)
        self._shoot("review")
        self._largest()
        self._shoot("largest-cluster")
        self._drag()
        self._shoot("looser")
        controller.set_line(0.86)
        self._wait(lambda: controller.snapshot.line == controller.line, controller.clusters_changed)
        window.action("problems.show").trigger()
        self._shoot("problems")
        window.action("problems.show").trigger()
        if window.action("actions.apply").isEnabled():
            window.action("actions.apply").trigger()
            self._shoot("before-a-move")
            box = window.findChild(QMessageBox, "applyDialog")
            if box is not None:
                box.reject()
        window.close()
        print(f"{self._taken} pictures in {self._out}; longest pause of the event loop {self._meter.longest_ms:.0f} ms")

    def _largest(self) -> None:
        controller = self._window.controller
        clusters = controller.snapshot.clusters
        if clusters:
            controller.select_cluster(max(clusters, key=lambda cluster: len(cluster.members)).key)

    def _drag(self) -> None:
        """Move the line step by step, with the event loop running, as a hand does."""
        controller = self._window.controller
        for step in range(86, 59, -1):
            controller.set_line(step / 100)
            self._app.processEvents()
        self._wait(lambda: controller.snapshot.line == controller.line, controller.clusters_changed)

    def _shoot(self, name: str) -> None:
        """Wait until all pictures on screen are there, then take the window (and a dialog over it)."""
        self._settle()
        self._wait(lambda: not self._window.pictures.waiting, self._window.pictures.arrived)
        self._settle()
        with self._meter.aside():
            self._taken += 1
            shot = self._window.grab()
            box = self._window.findChild(QMessageBox, "applyDialog")
            if box is not None and box.isVisible():
                shot = box.grab()
            shot.save(str(self._out / f"{self._taken:02}-{name}.png"))

    def _settle(self) -> None:
        for _ in range(5):
            self._app.processEvents()

    def _wait(self, reached: Callable[[], bool], changes: SignalInstance) -> None:
        """Run the event loop until `reached`, looking whenever `changes` speaks."""
        if reached():
            return
        loop = QEventLoop()
        late = QTimer(singleShot=True, interval=PATIENCE_S * 1000)
        late.timeout.connect(loop.quit)
        late.start()
        link = changes.connect(lambda *_: loop.quit() if reached() else None)
        loop.exec()
        changes.disconnect(link)
        if not reached():
            raise TimeoutError(f"the window did not get there within {PATIENCE_S} s")


def main(argv: Sequence[str] | None = None) -> int:
    """Walk, and leave pictures in the folder named."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.tour", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    given = parser.parse_args(argv)
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="imgfp-tour-") as spare:
        folders = given.folders
        if not folders:
            make_library(Path(spare) / "Photos", originals=6, alone=8)
            folders = [str(Path(spare) / "Photos")]
        Tour(given.out, given.theme).walk(folders)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
