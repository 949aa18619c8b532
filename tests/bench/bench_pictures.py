"""Pictures for the screen: ``python -m tests.bench.bench_pictures [PHOTO] [N]``: first and second request of every step for
copies of one photo (default: a generated one of 24 megapixels), alone and beside a scan. Prints, judges nothing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QCoreApplication, QObject, Qt

from engine.records import ImageReply
from engine.session import Session
from tests.support.scenes import scene

STEPS = (128, 256, 1024, 0)
TICK_S = 0.001


class Ticker(threading.Thread):
    """A Python thread that wants to run every millisecond: how long others kept it from doing so."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.gaps: list[float] = []
        self._ended = threading.Event()

    def run(self) -> None:
        last = time.perf_counter()
        while not self._ended.is_set():
            time.sleep(TICK_S)
            now = time.perf_counter()
            self.gaps.append(now - last - TICK_S)
            last = now

    def stop(self) -> str:
        self._ended.set()
        self.join()
        gaps = np.array(self.gaps) * 1000
        return f"p50 {np.percentile(gaps, 50):.1f}  p99 {np.percentile(gaps, 99):.1f}  max {gaps.max():.1f} ms"


class Asker(QObject):
    """Asks for one picture and waits for it in the event loop, as a window does."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reply: ImageReply | None = None
        session.image_ready.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def _take(self, reply: ImageReply) -> None:
        self._reply = reply

    def milliseconds(self, file: int, edge: int) -> float:
        self._reply = None
        start = time.perf_counter()
        self._session.request_image(file, edge)
        while self._reply is None:
            QCoreApplication.processEvents()
            time.sleep(0.0002)
        assert self._reply.pixels is not None, self._reply.error
        assert int(self._reply.pixels[0, 0, 3]) == 255
        return (time.perf_counter() - start) * 1000


def finished(session: Session, folder: Path) -> None:
    """Scan a folder to its end."""
    done: list[object] = []
    session.scan_finished.connect(done.append)
    session.open_folders([str(folder)])
    while not done:
        QCoreApplication.processEvents()
        time.sleep(0.01)


def say(name: str, what: str, values: list[float]) -> None:
    p50, p95 = np.percentile(values, [50, 95])
    print(f"{name:<14} {what:<24} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   n {len(values)}", flush=True)


def measure(name: str, files: range, folder: Path) -> None:
    """First request (decoded), second (memory), and first of the next start (disk)."""
    for round_, label in ((0, "first request"), (1, "next start")):
        session = Session()
        finished(session, folder)
        asker = Asker(session)
        asker.milliseconds(files[-1] + 1, 512)  # the worker stands
        asker.milliseconds(files[-1] + 1, 0)
        for edge in STEPS:
            edge_files = files if edge else files[:4]
            say(name, f"{label}, {edge or 'full'}", [asker.milliseconds(n, edge) for n in edge_files])
            if round_ == 0:
                say(name, f"again, {edge or 'full'}", [asker.milliseconds(n, edge) for n in edge_files])
        if round_ == 0:
            ticker = Ticker()
            ticker.start()
            for n in files[4:8]:
                asker.milliseconds(n, 0)
            print(f"{name:<14} another thread during 4 in full: {ticker.stop()}", flush=True)
        session.close()


def beside_a_scan(files: range, folder: Path, busy: Path) -> None:
    """The same while another session scans a folder of its own with all its workers."""
    scanner = Session()
    ended = threading.Event()
    scanner.scan_finished.connect(lambda _: ended.set(), Qt.ConnectionType.DirectConnection)
    scanner.open_folders([str(busy)])
    session = Session()
    finished(session, folder)
    asker = Asker(session)
    asker.milliseconds(files[-1] + 1, 512)
    for edge in STEPS:
        edge_files = files if edge else files[:4]
        say("beside a scan", f"stored or first, {edge or 'full'}", [asker.milliseconds(n, edge) for n in edge_files])
        say("beside a scan", f"again, {edge or 'full'}", [asker.milliseconds(n, edge) for n in edge_files])
    print(f"beside a scan  the scan {'had ended: too few files' if ended.is_set() else 'was still running'}", flush=True)
    session.close()
    scanner.close()


def library(folder: Path, photo: Path, copies: int) -> Path:
    """A folder of copies that differ in their last bytes."""
    folder.mkdir()
    for number in range(copies):
        (folder / f"{number:04}.jpg").write_bytes(photo.read_bytes() + b"%d" % number)
    return folder


def main() -> None:
    """Run everything."""
    home = Path(tempfile.mkdtemp(prefix="imgfp-bench-"))
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(home / name)
    app = QCoreApplication([])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    photo = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "photo.jpg"
    if len(sys.argv) < 2:
        Image.fromarray(scene(1, 6000, 4000)).save(photo, quality=90)
    with Image.open(photo) as image:
        width, height = image.size
    print(f"{photo.name}: {width} x {height} px, {photo.stat().st_size:,} bytes; {platform.machine()}, {os.cpu_count()} cores")
    few, many = library(home / "few", photo, count + 1), library(home / "many", photo, 300)
    measure("alone", range(count), few)
    beside_a_scan(range(count), few, many)
    app.quit()
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
