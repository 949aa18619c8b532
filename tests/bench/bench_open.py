"""A library of a million photos opened again: ``python -m tests.bench.bench_open [PHOTOS]``, one JSON line a figure.

The library is made up, in columns; it is saved, and its pairs are, as a scan saves them. What is timed is the way from the
folders to the first snapshot of clusters: reading and checking the saved file, the pair table, the joins, judging what is shown
first. No photo is looked at.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from engine import fingerprint
from engine.config import ScanOptions
from engine.jobs.analysis import analyse
from engine.jobs.file_table import FileTable
from engine.jobs.library import Files, Library
from engine.jobs.looking import Looking
from engine.jobs.reopening import show_saved
from engine.jobs.saved_library import save_library
from engine.jobs.searching import table_key
from engine.jobs.table import matching_of
from engine.jobs.workspace import part_specs
from engine.keepers import RuleOrder
from engine.records import PAIR_DTYPE, PictureFacts, Tier
from engine.records.found_files import STAT_DTYPE
from engine.store import FingerprintStore

ROOT = b"/photos"
A_FOLDER = 500  # photos


class Nothing:
    """A user who decided nothing, and protects nothing."""

    def flags(self, digests: object, pairs: np.ndarray) -> np.ndarray:
        """See `Decisions.flags`."""
        return np.zeros(len(pairs), np.uint16)

    def beside(self, folders: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """See `ProtectedFolders.beside`."""
        return folders


def library_of(count: int) -> Library:
    """So many photos, each of its own content."""
    rng = np.random.default_rng(1)
    paths = [b"%s/%05d/IMG_%07d.jpg" % (ROOT, number // A_FOLDER, number) for number in range(count)]
    stats = np.zeros(count, STAT_DTYPE)
    stats["size"], stats["inode"] = rng.integers(1_000_000, 9_000_000, count), np.arange(count)
    table = FileTable(paths, stats)
    table.set_facts(0, PictureFacts("ok", format="jpeg", kind="picture", width=6000, height=4000, frames=1, make="Maker"))
    for column in table.facts.values():
        column[1:] = column[0]
    table.facts["blake3"][:, :32], table.facts["blake3"][:, 32] = rng.integers(0, 256, (count, 32), np.uint8), 1
    table.facts["taken"][:] = 63_000_000_000 + np.arange(count) * 60
    table.files["known"][:], table.files["row"][:] = True, np.arange(count)
    table.files["status"][:] = table.facts["status"]
    return Library((ROOT,), Files(table), final=True)


def pairs_of(count: int) -> np.ndarray:
    """Every fifth photo resembles the one after it."""
    rng = np.random.default_rng(2)
    pairs = np.zeros(count // 5, PAIR_DTYPE)
    pairs["a"] = np.arange(len(pairs)) * 5
    pairs["b"] = pairs["a"] + 1
    pairs["score"] = np.round(rng.uniform(0.7, 1.0, len(pairs)), 4)
    pairs["tier"] = np.where(pairs["score"] > 0.9, Tier.SAME_PICTURE, Tier.EDITED)
    pairs["box"] = (0, 0, 1, 1)
    return pairs


def main() -> None:
    """Make, save, open three times."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    options = ScanOptions()
    with tempfile.TemporaryDirectory() as folder, FingerprintStore.open(Path(folder), fingerprint.PROFILE, part_specs()) as store:
        library = library_of(count)
        library.matching = matching_of(library.pictures())
        store.put_pairs(table_key(library.matching, options.match), pairs_of(count))
        analyse(library, store, Nothing(), options.match)
        started = time.perf_counter()
        assert save_library(store, library)
        size = sum(path.stat().st_size for path in Path(folder).glob("libraries/*"))
        say("saved", count, seconds=time.perf_counter() - started, bytes_a_file=size / count)
        del library
        for _ in range(3):
            reopened(store, options, count)


def reopened(store: FingerprintStore, options: ScanOptions, count: int) -> None:
    """The first snapshot, and the last."""
    times: list[tuple[float, float, int]] = []
    start, cpu = time.perf_counter(), time.process_time()

    def told(snapshot: object) -> None:
        times.append((time.perf_counter() - start, time.process_time() - cpu, len(snapshot.clusters)))

    looking = Looking(RuleOrder(), Nothing(), told)
    assert show_saved(store, [ROOT], options, Nothing(), looking, 1)
    for name, (seconds, used, clusters) in (("first", times[0]), ("all", times[-1])):
        say(f"{name} clusters shown", count, seconds=seconds, cpu=used, clusters=clusters)


def say(what: str, files: int, **figures: float) -> None:
    """One figure."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {"bench": "open", "what": what, "files": files, **{k: round(v, 3) for k, v in figures.items()}, "peak_mb": peak}
        )
    )


if __name__ == "__main__":
    main()
