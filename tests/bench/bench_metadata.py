"""Speed of the metadata reader: ``python -m tests.bench.bench_metadata [FOLDER] [ROUNDS]``. JSON lines; judges nothing.

FOLDER: pictures to read (default: the shared samples, else files made on the spot). Ratios against exiftool need it installed;
both are measured in CPU seconds within one round, and the median of the rounds is told.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from engine.config import Limits
from engine.formats import FORMATS, HEAD_BYTES, RAW, sniff
from engine.metadata import read_metadata
from tests.oracle import exiftool
from tests.unit.metadata.files import raw_tiff
from tests.unit.metadata.made import made_files

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
LIMITS = Limits()
RAW_BYTES = 100_000_000


def say(name: str, value: float, unit: str, **more: object) -> None:
    """One figure."""
    line = {"bench": "metadata", "name": name, "value": round(value, 4), "unit": unit, **more}
    print(json.dumps({**line, "machine": f"{platform.machine()} {os.cpu_count()} cores"}), flush=True)


def read_one(path: Path) -> str | None:
    """All that the worker reads of a file before it decodes."""
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
        format = sniff(head, os.fsencode(path))
        if format is not None:
            read_metadata(file, os.fstat(file.fileno()).st_size, format, LIMITS, head)
        return format


def our_seconds(paths: Sequence[Path], times: int) -> float:
    """CPU seconds a pass over all files."""
    start = time.process_time()
    for _ in range(times):
        for path in paths:
            read_one(path)
    return (time.process_time() - start) / times


def their_seconds(paths: Sequence[Path], times: int) -> float:
    """CPU seconds a pass of one batch run of exiftool that is asked for the same fields, every file `times` times."""
    with tempfile.NamedTemporaryFile("w", suffix=".args") as arguments:
        wanted = ["-fast2", "-n", "-json", *(f"-{tag}" for tag in exiftool.TAGS)]
        arguments.write("\n".join([*wanted, *(str(path) for path in paths for _ in range(times))]) + "\n")
        arguments.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([str(exiftool.COMMAND), "-config", "", "-@", arguments.name], capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / times


def library(paths: Sequence[Path], rounds: int, times: int = 4) -> None:
    """A pass over all files, ours and exiftool's."""
    our_seconds(paths, 1)
    ratios, mine = [], []
    for _ in range(rounds):
        mine.append(our_seconds(paths, times))
        if exiftool.COMMAND is not None:
            ratios.append(their_seconds(paths, times) / mine[-1])
    say("library", 1000 * statistics.median(mine) / len(paths), "CPU ms a file", files=len(paths), rounds=rounds)
    if ratios:
        say("library against exiftool", statistics.median(ratios), "times less CPU", lowest=round(min(ratios), 2), rounds=rounds)


def by_format(paths: Sequence[Path], rounds: int) -> None:
    """CPU ms a file of each format, the median of the rounds."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        groups.setdefault(read_one(path) or "unknown", []).append(path)
    for format, members in sorted(groups.items(), key=lambda group: -len(group[1])):
        found = statistics.median(our_seconds(members, 5) for _ in range(rounds))
        say("format", 1000 * found / len(members), "CPU ms a file", format=format, files=len(members))


def large_raw(paths: Sequence[Path], rounds: int) -> None:
    """A RAW with a hole up to 100 MB behind it: time, and memory that was taken in between."""
    with tempfile.TemporaryDirectory() as folder:
        for format, path in sorted({read_one(path): path for path in paths if _is_raw(path)}.items(), key=str):
            large = Path(folder) / f"large{path.suffix}"
            large.write_bytes(path.read_bytes())
            os.truncate(large, RAW_BYTES)
            found = statistics.median(our_seconds([large], 20) for _ in range(rounds))
            tracemalloc.start()
            read_one(large)
            extra = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            say("RAW of 100 MB", 1000 * found, "CPU ms", format=format, extra_bytes=extra)


def _is_raw(path: Path) -> bool:
    format = read_one(path)
    return format is not None and FORMATS[format].kind == RAW


def made(folder: Path) -> Path:
    """The files of the tests, where there are no samples."""
    for name, data in {**made_files(), "more.nef": raw_tiff()[0]}.items():
        (folder / name).write_bytes(data)
    return folder


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(arguments[0]) if arguments else SAMPLES if SAMPLES.is_dir() else made(Path(spare))
        rounds = int(arguments[1]) if len(arguments) > 1 else 5
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        library(paths, rounds)
        by_format(paths, rounds)
        large_raw(paths, rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
