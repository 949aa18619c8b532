"""A scan in which nothing changed: ``python -m tests.bench.bench_warm [FILES [ROUNDS]]``, one JSON line a figure.

To read so many photos first would take an hour, so the files are empty of pictures and a library is saved that says they were
read. What is timed is real: start, walk, comparison with the saved library, clusters, report. ``find -printf`` with what a stat
tells is the measure.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from engine import fingerprint
from engine.config import ScanOptions
from engine.jobs.analysis import analyse
from engine.jobs.saved_library import save_library
from engine.jobs.searching import table_key
from engine.jobs.table import matching_of
from engine.jobs.walked import library_of
from engine.jobs.workspace import part_specs
from engine.records import PictureFacts
from engine.scan import walk
from engine.store import FingerprintStore
from engine.volumes import Volumes
from tests.bench.bench_open import A_FOLDER, Nothing, pairs_of


def make_files(root: Path, count: int) -> None:
    """So many files of different sizes, in folders as cameras make them."""
    for number in range(count):
        folder = root / f"{number // A_FOLDER:05d}"
        if not number % A_FOLDER:
            folder.mkdir(parents=True)
        (folder / f"IMG_{number:07d}.jpg").write_bytes(b"%07d" % number)


def save(photos: Path, cache: Path) -> None:
    """A library that says that all of them were read."""
    with FingerprintStore.open(cache, fingerprint.PROFILE, part_specs()) as store:
        met = walk([os.fsencode(photos)], cancelled=lambda: False, on_progress=lambda done: None)
        library, rng = library_of(store, Volumes(), met, []), np.random.default_rng(1)
        table, count = library.table, len(library.files)
        table.set_facts(0, PictureFacts("ok", format="jpeg", kind="picture", width=6000, height=4000, frames=1, make="Maker"))
        for column in table.facts.values():
            column[1:] = column[0]
        table.facts["blake3"][:, :32], table.facts["blake3"][:, 32] = rng.integers(0, 256, (count, 32), np.uint8), 1
        table.facts["taken"][:] = 63_000_000_000 + np.arange(count) * 60
        table.files["known"][:], table.files["row"][:] = True, np.arange(count)
        table.files["status"][:], table.files["code"][:] = table.facts["status"], table.facts["code"]
        library.final, options = True, ScanOptions().match
        library.matching = matching_of(library.pictures())
        store.put_pairs(table_key(library.matching, options), pairs_of(count)[::10])
        analyse(library, store, Nothing(), options)
        assert save_library(store, library)


def cpu_of(command: list[str], environment: dict[str, str]) -> float:
    """Processor time of a command and its children, in s."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Warm scans and `find` in turn."""
    count, rounds = (int(n) for n in (*sys.argv[1:], *("100000", "5")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        home, photos = Path(folder), Path(folder) / "photos"
        make_files(photos, count)
        save(photos, home / "cache")
        environment = {**os.environ, "IMGFP_CACHE_DIR": str(home / "cache"), "IMGFP_DATA_DIR": str(home / "data")}
        command = [sys.executable, "-m", "engine", "scan", str(photos), "--json", str(home / "r.json"), "--progress", "none"]
        find = ["find", str(photos), "-printf", "%p %s %T@ %C@ %D %i %m\n"]
        warm, found = [], []
        for _ in range(rounds):
            warm.append(cpu_of(command, environment))
            found.append(cpu_of(find, environment))
        stats = json.loads((home / "r.json").read_bytes())["stats"]
        assert (stats["computed"], stats["cached"]) == (0, count), stats
        say("warm scan", count, statistics.median(warm), stats["peak_rss_bytes"])
        say("find", count, statistics.median(found), 0)


def say(what: str, files: int, cpu: float, peak: int) -> None:
    """One figure."""
    print(
        json.dumps({"bench": "warm", "what": what, "files": files, "cpu_s": round(cpu, 2), "peak_mb": peak // 1_000_000}),
        flush=True,
    )


if __name__ == "__main__":
    main()
