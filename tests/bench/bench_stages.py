"""What the steps of reading cost: CPU milliseconds a file by stage, for large camera files, small exports and each other format.

``python -m tests.bench.bench_stages LIBRARY [--most 60]``; LIBRARY as `tests.bench.library` makes it. Files lie in the
system's memory and go through one worker, as in a scan; what this process does for a file (opening, asking, checking) counts as
``parent``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

STAGES = ("open", "metadata", "decode", "fingerprint", "features", "digest")
LARGE, SMALL = 9_000_000, 1_000_000
"""Bytes: camera files of 24 MP are larger than the first, exports of 2 MP smaller than the second."""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_stages")
    parser.add_argument("library", type=Path)
    parser.add_argument("--most", type=int, default=60, help="files of a kind")
    options = parser.parse_args()
    os.environ.setdefault("IMGFP_CACHE_DIR", tempfile.mkdtemp(prefix="imgfp-bench-"))
    kinds: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((options.library / "photos").rglob("*")):
        if path.is_file():
            kinds[_kind(path)].append(path)
    for kind, files in sorted(kinds.items()):
        _measure(kind, files[: options.most])


def _kind(path: Path) -> str:
    suffix, size = path.suffix.lower().lstrip("."), path.stat().st_size
    if suffix != "jpg":
        return suffix
    return "jpeg 24 MP" if size > LARGE else "jpeg 2 MP" if size < SMALL else "jpeg 12 to 21 MP"


def _measure(kind: str, files: list[Path]) -> None:
    from engine.config import Limits
    from engine.jobs.kernel_start import COMPILE
    from engine.jobs.pools import FileJob, FileResult, Kind, Workers
    from tests.bench.measure import tell

    results: list[FileResult] = []
    with Workers(1, Limits(), kernels=COMPILE) as pool:
        for path in (*files[:2], *files):  # the first ones bring everything into memory
            pool.submit(FileJob(Kind.FINGERPRINT, os.fsencode(path), path.stat().st_size))
            if len(results) == 2:
                begun = time.process_time()
            results.append(_waited(pool))
        parent = 1000 * (time.process_time() - begun) / max(1, len(files) - 1)
    bench = f"stages {kind}"
    measured = results[2:]
    for stage in STAGES:
        tell(bench, stage, statistics.median(result.stages.get(stage, 0.0) for result in measured), "CPU ms", files=len(files))
    beside = [sum(ms for stage, ms in result.stages.items() if stage != "decode") for result in measured]
    tell(bench, "parent", parent, "CPU ms")
    tell(bench, "all beside decode", statistics.median(beside) + parent, "CPU ms")
    tell(bench, "all", statistics.median(sum(result.stages.values()) for result in measured) + parent, "CPU ms")


def _waited(pool):  # type: ignore[no-untyped-def]
    while (result := pool.next_result(1.0)) is None:
        pass
    return result


if __name__ == "__main__":
    main()
