"""A whole cold scan against ``djpeg -scale 1/8 -grayscale`` over the same JPEGs: CPU seconds of all processes, and memory.

``python -m tests.bench.bench_scan LIBRARY [--rounds 5] [--workers 2] [--quick]``; LIBRARY as `tests.bench.library` makes it.
Each round runs both, in turn first, on files that lie in the system's memory; the ratio is taken within the round. The scan
begins without any fingerprint and ends with the written report; loops that are compiled once in a lifetime are there. Says also
how many pairs of files that show the same picture lie in one cluster.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from tests.bench.measure import Cost, Home, djpeg, jpegs, read_through, run, tell, temporary_home


def main() -> int:
    """Measure and tell; exit status 1 when a scan failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_scan")
    parser.add_argument("library", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="measure the quick scan, too")
    options = parser.parse_args()
    photos = options.library / "photos"
    read_through(photos)
    folder, home = temporary_home()
    with folder:
        home.warm(options.library)
        kinds = {"full": ("--workers", str(options.workers))}
        if options.quick:
            kinds["quick"] = (*kinds["full"], "--quick")
        rounds = [_round(photos, home, kinds, options.library, bool(number % 2)) for number in range(options.rounds)]
    _tell(options.library, jpegs(photos), rounds, list(kinds))
    return 1 if any(cost.code for costs, _ in rounds for cost in costs.values()) else 0


def _round(
    photos: Path, home: Home, kinds: dict[str, tuple[str, ...]], library: Path, scan_first: bool
) -> tuple[dict[str, Cost], float]:
    """Costs of each kind of scan, and the CPU seconds of djpeg."""
    files = jpegs(photos)
    reference = 0.0 if scan_first else djpeg(files)
    costs = {}
    for name, words in kinds.items():
        report = library / f"report-{name}.json"
        costs[name] = run(home.scan_command(photos, "--json", str(report), *words), home.fresh())
    return costs, reference or djpeg(files)


def _tell(library: Path, files: list[Path], rounds: list[tuple[dict[str, Cost], float]], kinds: list[str]) -> None:
    bench = f"scan {library.name}"
    tell(
        bench, "djpeg 1/8 grey over the JPEGs", statistics.median(reference for _, reference in rounds), "CPU s", files=len(files)
    )
    for kind in kinds:
        costs = [costs[kind] for costs, _ in rounds]
        ratios = [costs[kind].cpu_s / reference for costs, reference in rounds]
        tell(bench, f"{kind} scan", statistics.median(cost.cpu_s for cost in costs), "CPU s", wall=costs[-1].wall_s)
        tell(bench, f"{kind} scan / djpeg", statistics.median(ratios), "x", rounds=[round(ratio, 3) for ratio in ratios])
        tell(bench, f"{kind} scan, parent at most", max(cost.parent_mib for cost in costs), "MiB")
        found, wanted = recall(library / f"report-{kind}.json", library / "photos", library / "truth.json")
        tell(bench, f"{kind} scan, recall of same-picture pairs", found / max(1, wanted), "share", pairs=wanted)
        tell(bench, f"{kind} scan, worker at most", max(cost.child_mib for cost in costs), "MiB")


def recall(report: Path, photos: Path, truth: Path) -> tuple[int, int]:
    """(pairs of files that show the same picture and lie in one cluster, all such pairs)."""
    told = json.loads(report.read_text(encoding="utf-8"))
    names = {file["id"]: file["path"] for file in told["files"]}
    place: dict[str, int] = {}
    for number, cluster in enumerate(told["clusters"]):
        for member in cluster["members"]:
            place[names[member["file"] if isinstance(member, dict) else member]] = number
    found = wanted = 0
    for picture in json.loads(truth.read_text(encoding="utf-8")):
        same = [str(photos / name) for name in picture["same"]]
        for at, first in enumerate(same):
            for second in same[at + 1 :]:
                wanted += 1
                found += first in place and place[first] == place.get(second)
    return found, wanted


if __name__ == "__main__":
    raise SystemExit(main())
