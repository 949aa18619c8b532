"""Walk and compare beside ``find``: ``python -m tests.bench.bench_walk [FILES] [FOLDER]``. One JSON line a figure.

Makes FILES (100,000) small files, 500 a folder, below FOLDER (else the system's temporary one), walks them and compares what it
met with an earlier walk; in the same round ``find FOLDER -printf '%s %T@\\n'`` and a bare `os.scandir` with a stat of each.
CPU seconds, user and system; the ratio of each round, and their median.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from engine.records import FoundFiles
from engine.records.found_files import same_state
from engine.scan import walk

ROUNDS = 7
FOLDER_FILES = 500


def make(folder: Path, count: int) -> None:
    """The files; names as cameras give them, in the order of no file system."""
    for number in range(count):
        event = number // FOLDER_FILES
        place = folder / f"20{event % 25:02d}" / f"20{event % 25:02d}-{event % 12 + 1:02d} event {event}"
        if number % FOLDER_FILES == 0:
            place.mkdir(parents=True)
        (place / f"IMG_{number * 7919 % 1_000_003:07d}.jpg").write_bytes(bytes(number % 50))


def find(folder: Path) -> float:
    """CPU seconds of find."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["find", str(folder), "-printf", r"%s %T@\n"], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def scandir(folder: Path) -> float:
    """CPU seconds of the least that Python can do."""
    start = time.process_time()
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return time.process_time() - start


def walk_and_compare(folder: Path, before: FoundFiles) -> float:
    """CPU seconds until it is known that every file is as it was."""
    start = time.process_time()
    found = walk([os.fsencode(folder)]).files
    assert found.paths == before.paths and not found.odd and bool(same_state(found.stats, before.stats).all())
    return time.process_time() - start


def main(count: int, folder: Path) -> None:
    """All rounds."""
    make(folder, count)
    before = walk([os.fsencode(folder)]).files
    ratios, bare = [], []
    for _ in range(ROUNDS):
        reference = find(folder)
        ratios.append(walk_and_compare(folder, before) / reference)
        bare.append(scandir(folder) / reference)
        say("find", count, reference / count * 1e6, "us/file")
    say("walk and compare / find", count, median(ratios), "x", rounds=[round(ratio, 2) for ratio in ratios])
    say("scandir and stat / find", count, median(bare), "x", rounds=[round(ratio, 2) for ratio in bare])


def say(figure: str, files: int, value: float, unit: str, **more: object) -> None:
    """One line."""
    print(
        json.dumps({"bench": "walk", "figure": figure, "files": files, "value": round(value, 3), "unit": unit} | more), flush=True
    )


if __name__ == "__main__":
    wanted = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="imgfp-bench-", dir=sys.argv[2] if len(sys.argv) > 2 else None) as made:
        main(wanted, Path(made))
