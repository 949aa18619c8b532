"""The first pass by thumbnails: ``python -m tests.bench.bench_quick [FILES] [FOLDER…]``. One JSON line a figure.

FILES: 10,000 unless said otherwise, camera-like JPEGs of 480 x 320 px with an EXIF thumbnail of 160 x 120, one in twenty a copy
(the bodies are small on purpose: the quick pass does not read them). FOLDER: libraries to be looked at as well.
CPU is that of all processes, start and report included; wall time depends on what else the machine does.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.support.cli import COMMAND, ROOT, private_environment
from tests.support.thumbnails import camera_file

SIZE = (480, 320)
COPY_OF_TWENTY = 19


def say(figure: str, files: int, value: float, unit: str, **more: Any) -> None:
    """One line."""
    print(
        json.dumps({"bench": "quick", "figure": figure, "files": files, "value": round(value, 3), "unit": unit} | more),
        flush=True,
    )


def picture(number: int) -> Image.Image:
    """Something that no other number looks like."""
    rng = np.random.default_rng(number)
    coarse = Image.fromarray(rng.integers(0, 256, (8, 12, 3), np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)
    fine = Image.fromarray(rng.integers(0, 256, (32, 48, 3), np.uint8)).resize(SIZE, Image.Resampling.BILINEAR)
    return Image.blend(coarse, fine, 0.25)


def make(folder: Path, count: int) -> None:
    """The library of this bench."""

    def one(number: int) -> None:
        copied = number % 20 == COPY_OF_TWENTY
        path = folder / f"{number // 500:03}" / f"IMG_{number:05}.jpg"
        camera_file(path, picture(number - 1 if copied else number), quality=60 if copied else 85)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(count)))


def scanned(home: Path, folder: Path, *more: str) -> tuple[dict[str, Any], float, float]:
    """Report, CPU seconds and wall seconds of one cold scan by the command line; kernels were compiled before."""
    forget(home)
    environment = {**os.environ, **private_environment(home)}
    out = home / "report.json"
    before, started = _cpu(), time.monotonic()
    subprocess.run([*COMMAND, "scan", str(folder), "--json", str(out), *more], env=environment, cwd=ROOT, check=True, stdout=2)
    return json.loads(out.read_bytes()), _cpu() - before, time.monotonic() - started


def forget(home: Path) -> None:
    """Everything that an earlier run left but the compiled kernels."""
    for place in [*home.glob("*"), *home.glob("cache/*")]:
        if place.name not in ("cache", "kernels"):
            shutil.rmtree(place) if place.is_dir() else place.unlink()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def quick_scan(home: Path, folder: Path, name: str) -> None:
    """What ``imgfp scan --quick`` costs a file."""
    report, cpu, wall = scanned(home, folder, "--quick")
    files, pairs = len(report["files"]), len(report["pairs"])
    say(f"{name}: quick scan, all in", files, cpu / files * 1000, "CPU ms/file", cpu_s=round(cpu, 2), wall_s=round(wall, 2))
    say(f"{name}: quick scan, matched", files, pairs, "pairs", clusters=len(report["clusters"]))


FIRST = """
import json, sys, time
from pathlib import Path
from engine.jobs.vitals import cpu_seconds
from PySide6.QtCore import QCoreApplication
from engine.config import ScanOptions
from engine.session import Session
app = QCoreApplication([])
session = Session()
begun, seen, stage = time.monotonic(), {}, ""
def look(snapshot):
    now = round(time.monotonic() - begun, 2)
    if snapshot.clusters and "first" not in seen:
        children = [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
        used = time.process_time() + sum(cpu_seconds(pid) or 0.0 for pid in children)
        seen["first"] = (now, len(snapshot.clusters), round(used, 2), round(time.process_time(), 2))
    if snapshot.provisional:
        seen["last"] = (now, len(snapshot.clusters), snapshot.provisional)
def progress(now):
    if now.stage == "read" and "read" not in seen:
        seen["read"] = round(time.monotonic() - begun, 2)
        session.cancel()
session.clusters_changed.connect(look)
session.progress_changed.connect(progress)
session.answered.connect(lambda token, report: app.quit())
session.failed.connect(lambda token, error: (seen.setdefault("failed", str(error)), app.quit()))
session.open_folders([sys.argv[1]], ScanOptions(first_look=True))
app.exec()
session.close()
print(json.dumps(seen))
"""


def first_clusters(home: Path, folder: Path, files: int) -> None:
    """When the window's session has something to show, from the moment the folder was chosen."""
    forget(home)
    environment = {**os.environ, **private_environment(home)}
    before = _cpu()
    done = subprocess.run(
        [sys.executable, "-c", FIRST, str(folder)], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    seen = json.loads(done.stdout)
    if "first" in seen:
        wall, clusters, used, own = seen["first"]
        say(
            "first look: first clusters",
            files,
            wall,
            "s wall",
            clusters=clusters,
            cpu_s=used,
            parent_cpu_s=own,
            load=os.getloadavg()[0],
        )
    say("first look: all thumbnails seen", files, seen.get("last", [0])[0], "s wall", seen=seen, cpu_s=round(_cpu() - before, 2))


def main(argv: list[str]) -> int:
    """Everything in one round."""
    count = int(argv[0]) if argv else 10_000
    with tempfile.TemporaryDirectory(prefix="imgfp-bench-quick-") as name:
        home, folder = Path(name) / "home", Path(name) / "library"
        make(Path(name) / "small", 40)
        scanned(home, Path(name) / "small", "--quick")  # compiles the kernels of matching
        make(folder, count)
        quick_scan(home, folder, "thumbnails")
        first_clusters(home, folder, count)
        for given in argv[1:]:
            quick_scan(home, Path(given), Path(given).name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
