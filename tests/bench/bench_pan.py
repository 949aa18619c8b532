"""How smoothly two 24-megapixel photos move, and how soon the next cluster is there: ``python -m tests.bench.bench_pan``.

The real window, offscreen or on the display there is (QT_QPA_PLATFORM=xcb under xvfb-run). Prints, judges nothing.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Sequence

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.records import Suggest
from imgfp_gui.compare.canvas import Canvas
from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window import MainWindow
from imgfp_gui.style import Theme
from tests.support.gallery import Gallery, Photo

FRAMES, CLUSTERS = 400, 40


class Paints(QObject):
    """Counts how often a canvas was painted."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.count = 0
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def say(name: str, value: str) -> None:
    """One line: name, figure, machine."""
    where = f"{QApplication.platformName()} {os.cpu_count()} cores {platform.machine()}"
    print(f"{name:<46} {value:<58} {where}", flush=True)


def opened(session: Gallery) -> MainWindow:
    """The window on these clusters, side by side."""
    window = MainWindow(ReviewController(session))  # type: ignore[arg-type]
    window.controller.setParent(window)
    window.resize(1280, 800)
    window.show()
    settle()
    window.controller.add_folders(["/photos"])
    session.show(session.clusters)
    settle()
    session.answer("open_folders", {})
    window.controller.start_reviewing()
    window.controller.set_mode("side")
    window.controller.select_cluster("key-0")
    settle()
    return window


def settle(seconds: float = 0.3) -> None:
    """Let the event loop do what waits."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QApplication.processEvents()
        time.sleep(0.002)


def canvases(window: MainWindow) -> list[Canvas]:
    """Those that are seen, A first."""
    return [canvas for canvas in window.findChildren(Canvas) if canvas.isVisible()]


def mouse(canvas: Canvas, kind: QEvent.Type, at: QPoint) -> None:
    """A mouse event as the window system sends it."""
    place, button = QPointF(at), Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(kind, place, QPointF(canvas.mapToGlobal(at)), pressed, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def pan(window: MainWindow, zoom: float, name: str) -> None:
    """Drag one photo about; both move."""
    viewport = window.contents.workspace.compare.viewport
    viewport.zoom_to(zoom)
    settle(1.0)
    first, second = canvases(window)[:2]
    paints, start = Paints(second), QPoint(150, 150)
    mouse(first, QEvent.Type.MouseButtonPress, start)
    gaps, begun, worked = [], time.perf_counter(), time.thread_time()
    last = begun
    for step in range(FRAMES):
        angle = step % 80
        at = start + QPoint(angle if angle < 40 else 80 - angle, step % 60) * 3
        mouse(first, QEvent.Type.MouseMove, at)
        seen = paints.count
        while paints.count == seen:
            QApplication.processEvents()
        now = time.perf_counter()
        gaps.append(1000 * (now - last))
        last = now
    spent, worked = time.perf_counter() - begun, 1000 * (time.thread_time() - worked) / FRAMES
    mouse(first, QEvent.Type.MouseButtonRelease, start)
    say(name, f"{FRAMES / spent:.0f} frames/s, p95 {p95(gaps):.1f} ms, longest {max(gaps):.1f} ms, {worked:.1f} ms CPU each")


def next_cluster(window: MainWindow) -> None:
    """Go on with the key's own command until the last cluster, previews being in memory."""
    controller, pictures = window.controller, window.pictures
    for key in [cluster.key for cluster in controller.snapshot.clusters]:
        controller.select_cluster(key)  # brings its previews into memory
        settle(0.03)
    order = [controller.queue.key_at(place) for place in range(len(controller.queue))]
    controller.select_cluster(order[0])
    settle()
    spent, worked, missing = [], 0.0, 0
    paints = [Paints(canvas) for canvas in canvases(window)]
    for _ in order[1:]:
        for paint in paints:
            paint.count = 0
        begun, cpu = time.perf_counter(), time.thread_time()
        window.action("cluster.next").trigger()
        while not all(paint.count for paint in paints):
            QApplication.processEvents()
        spent.append(1000 * (time.perf_counter() - begun))
        worked += 1000 * (time.thread_time() - cpu)
        missing += sum(pictures.get(canvas.laid.file, 512) is None for canvas in canvases(window) if canvas.laid)
        settle(0.02)
    cpu = f"{worked / len(spent):.1f} ms CPU each"
    say("next cluster, previews in memory", f"p95 {p95(spent):.1f} ms, longest {max(spent):.1f} ms, {cpu}, {missing} not there")


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty exceeds."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def main() -> int:
    """Measure."""
    app = QApplication(sys.argv)
    Theme(app, "dark")
    keep, trash = Suggest.KEEP, Suggest.REMOVE
    large = (Photo("DSC_1.jpg", 6000, 4000, 3, suggest=keep), Photo("DSC_2.jpg", 6000, 4000, 4, suggest=trash))
    turned = (Photo("DSC_1.jpg", 6000, 4000, 3, suggest=keep), Photo("DSC_2.jpg", 4000, 6000, 4, turn=90, suggest=trash))
    window = opened(Gallery(large))
    pan(window, 1.0, "pan, two of 24 MP at 1:1")
    pan(window, 2.0, "pan, two of 24 MP at 2:1")
    pan(window, 0.4, "pan, two of 24 MP at 40 %")
    window.close()
    window = opened(Gallery(turned))
    pan(window, 1.0, "pan, one of them turned, at 1:1")
    window.close()
    pairs = [(Photo(f"A{n}.jpg", 3000, 2000, n + 10), Photo(f"B{n}.jpg", 3000, 2000, n + 10)) for n in range(CLUSTERS)]
    window = opened(Gallery(*pairs))
    next_cluster(window)
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
