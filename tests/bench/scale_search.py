"""The whole search of made-up libraries: ``python -m tests.bench.scale_search COUNT [--plain] [--crowd equal|near|black|mark]``.

The library (`scale_library`) is written into column files, as a scan writes them, and searched by the process that searches in
the product; ``--plain`` takes the local features away. ``--keep FOLDER`` writes the files there, and finds them there the next
time. Printed: wall and CPU seconds of that process, its largest memory, wall seconds by stage, what it answered, and the share of
planted copies that were found. A crowd of black pictures is one of flat ones.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from engine import fingerprint
from engine.config import MatchOptions
from engine.jobs.kernel_start import environment
from engine.jobs.search_apart import search_command
from engine.records import PAIR_DTYPE
from engine.searcher import Task
from engine.store import PartSpec
from engine.store.columns import MEMORY_ROWS, Columns
from engine.store.place import ColumnPlace
from tests.bench.scale_library import CROP, NOISE, TURN, Library

CAPACITY, BLOCK = 1 << 16, 1 << 13
PROFILE = "bench"
STAGES = ("hashes", "whole frames seen", "local features", "details seen and the end")


def written(library: Library, folder: Path) -> None:
    """Write the fingerprints of a library as column files, where they are not there yet."""
    done = folder / "done"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    columns = Columns(folder, PROFILE, _specs(), CAPACITY, mapped=True)
    for at in range(0, library.count, BLOCK):
        rows = np.arange(at, min(at + BLOCK, library.count))
        parts = library.parts(rows)
        packed = [np.ascontiguousarray(parts[name]).reshape(len(rows), -1).view(np.uint8) for name in fingerprint.PARTS]
        columns.write(rows, np.concatenate(packed, axis=1))
    columns.close()
    done.touch()


def without_features(folder: Path, plain: Path, count: int) -> None:
    """The same files, but for the number of features."""
    if (plain / "done").exists():
        return
    plain.mkdir(exist_ok=True)
    for file in folder.glob("*.col"):
        shutil.copy(file, plain)
    frames = {"frame": _specs()["frame"]}
    columns = Columns(plain, PROFILE, frames, CAPACITY, mapped=True)
    rows = np.arange(count)
    values = columns.gather(rows, "frame").copy()
    values[:, 6] = 0
    columns.write(rows, np.ascontiguousarray(values).view(np.uint8).reshape(count, -1))
    columns.close()
    (plain / "done").touch()


def searched(task: Task) -> tuple[np.ndarray, dict[str, float], dict[str, int]]:
    """The pairs, figures of the process, and its last word."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        task.write(given)
        given.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(
            search_command(), stdin=given, stdout=answer, stderr=subprocess.PIPE, env={**os.environ, **environment()}, cwd="/"
        )
        assert process.stderr is not None
        told: list[tuple[float, dict[str, int]]] = []
        for line in process.stderr:
            try:
                told.append((time.perf_counter() - begun, json.loads(line)))
            except ValueError:
                sys.stderr.write(line.decode())
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        if status:
            raise SystemExit(f"the search failed: {told[-1:]}")
        answer.seek(0)
        pairs = np.frombuffer(answer.read(), PAIR_DTYPE)
    figures = {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "peak_gib": used.ru_maxrss / 1024**2}
    marks = [(at, said["done"] / max(1, said["total"])) for at, said in told if "done" in said]
    ends = [next((at for at, share in marks if share >= least - 1e-4), wall) for least in (0.1, 0.25, 0.65)]
    begin = marks[0][0] if marks else 0.0
    figures["start_s"] = begin
    for name, first, last in zip(STAGES, [begin, *ends], [*ends, wall], strict=True):
        figures[name] = last - first
    return pairs, figures, told[-1][1]


def _specs() -> dict[str, PartSpec]:
    return {name: PartSpec(part.dtype, part.shape, part.version) for name, part in fingerprint.PARTS.items()}


def _recall(library: Library, pairs: np.ndarray) -> None:
    keys = np.sort(pairs["a"].astype(np.int64) << 32 | pairs["b"])
    for kind, of in ((NOISE, "with noise"), (TURN, "turned"), (CROP, "cropped")):
        copies = np.flatnonzero(library.kind == kind)
        print(f"    {np.isin((copies - 1) << 32 | copies, keys).mean():.4f} of the copies {of}")
    print(f"    {int((library.family[pairs['a']] != library.family[pairs['b']]).sum())} pairs of different pictures")


def _bound_together(count: int, pairs: np.ndarray) -> int:
    """How many groups the pictures make that hang together by pairs."""
    label = np.arange(count)
    a, b = pairs["a"].astype(np.int64), pairs["b"].astype(np.int64)
    while True:
        low = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, a, low)
        np.minimum.at(label, b, low)
        label = label[label]
        if (label == before).all():
            return len(np.unique(label))


def main() -> None:
    """One library, one search."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--plain", action="store_true", help="without local features")
    parser.add_argument("--crowd", choices=("equal", "near", "black", "mark"), default="")
    parser.add_argument("--keep", type=Path, help="folder for the column files")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only-write", action="store_true")
    asked = parser.parse_args()
    library = Library(asked.count, "equal" if asked.crowd == "black" else asked.crowd)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.keep or Path(temporary)) / f"{asked.crowd or 'planted'}-{asked.count}"
        written(library, folder)
        if asked.plain:
            plain = folder.with_name(folder.name + "-plain")
            without_features(folder, plain, asked.count)
            folder = plain
        if asked.only_write:
            return
        facts = library.facts()
        facts["flat"][:] = asked.crowd == "black"
        task = Task(
            MatchOptions(),
            (ColumnPlace(str(folder), PROFILE, CAPACITY, True, MEMORY_ROWS),),
            np.zeros(asked.count, np.uint8),
            np.arange(asked.count),
            {},
            facts,
            threads=asked.threads,
        )
        pairs, figures, said = searched(task)
    name = f"{asked.count:,} pictures, {asked.crowd or 'planted copies'}, {'without' if asked.plain else 'with'} local features"
    print(f"{name}: {json.dumps({key: round(value, 2) for key, value in figures.items()})}\n    {json.dumps(said)}")
    if asked.crowd in ("", "mark"):
        _recall(library, pairs)
    else:
        print(f"    {_bound_together(asked.count, pairs)} groups that hang together")


if __name__ == "__main__":
    main()
