"""Peak memory of a scan at two sizes: ``python -m tests.bench.bench_memory [FEW MANY]``, one JSON line a figure.

Photos are small JPEGs of noise, so that what grows is what the program keeps of a file and not what a decoder needs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image

A_FOLDER = 500


def make_photos(root: Path, count: int) -> None:
    """So many different JPEGs of 320 x 240."""
    rng = np.random.default_rng(1)
    for number in range(count):
        folder = root / f"{number // A_FOLDER:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        cells = rng.integers(0, 255, (9, 12, 3), dtype=np.uint8)
        Image.fromarray(cells).resize((320, 240), Image.Resampling.BICUBIC).save(folder / f"{number:06d}.jpg", quality=80)


class Peaks(threading.Thread):
    """Looks at the resident size of a process and of its children while they live: largest of each, in MB."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.parent = self.child = self.together = 0.0
        self._process = process

    def run(self) -> None:
        """Until the process is gone."""
        while (own := resident(self._process)) is not None:
            children = [size for child in children_of(self._process) if (size := resident(child)) is not None]
            self.parent, self.child = max(self.parent, own), max(self.child, *children, 0.0)
            self.together = max(self.together, own + sum(children))
            time.sleep(0.02)


def resident(process: int) -> float | None:
    """MB, None where the process is gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 if Path(f"/proc/{process}/exe").exists() else None
    except (OSError, IndexError):
        return None


def children_of(process: int) -> list[int]:
    """Processes that it started."""
    try:
        return [int(n) for task in Path(f"/proc/{process}/task").iterdir() for n in (task / "children").read_text().split()]
    except OSError:
        return []


def scan(photos: Path, home: Path) -> Peaks:
    """One scan by the command line."""
    environment = {**os.environ, "IMGFP_CACHE_DIR": str(home / "cache"), "IMGFP_DATA_DIR": str(home / "data")}
    command = [sys.executable, "-m", "engine", "scan", str(photos), "--json", str(home / "report.json"), "--progress", "none"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        peaks = Peaks(process.pid)
        peaks.start()
        process.wait()
    peaks.join()
    assert process.returncode == 0
    return peaks


def main() -> None:
    """First and second scan at each size."""
    for count in [int(number) for number in sys.argv[1:]] or [1_000, 20_000]:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            make_photos(home / "photos", count)
            for which in ("first", "second"):
                peaks = scan(home / "photos", home)
                figures = {"parent_mb": peaks.parent, "worker_mb": peaks.child, "together_mb": peaks.together}
                told = {name: round(value, 1) for name, value in figures.items()}
                print(json.dumps({"bench": "memory", "what": f"{which} scan", "files": count, **told}), flush=True)


if __name__ == "__main__":
    main()
