"""Other programs beside ours on the same library: CPU seconds of all processes, and how many same-picture pairs each finds.

``python -m tests.bench.bench_peers LIBRARY [--venvs /tmp/peers] [--rounds 5] [--only NAME …]``. Each Python program runs in a
venv of its own below --venvs (imagehash with pillow-heif and rawpy, czkawka, imagededup without torch, difpy), findimagedupes and
jdupes are Debian's. All begin without what they remember of earlier runs; each round runs all of them, one after the other.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.bench.measure import ROOT, Cost, Home, djpeg, jpegs, read_through, run, tell, temporary_home

SCRIPTS = {
    "imagehash": "imagehash_all",
    "czkawka": "czkawka_binding",
    "imagededup": "imagededup_phash",
    "difpy": "difpy_similar",
}
TOOLS = {"findimagedupes": ("findimagedupes", "-R", "--"), "jdupes": ("jdupes", "-r", "-q", "--")}
OURS = {"imgfp": (), "imgfp --quick": ("--quick",)}
Groups = list[list[str]]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one program. groups: of paths that it calls alike."""

    cost: Cost
    groups: Groups


class Arena:
    """A library and where programs may leave things."""

    def __init__(self, library: Path, venvs: Path, folder: Path, home: Home) -> None:
        self.photos = library / "photos"
        self._venvs = venvs
        self._folder = folder
        self._home = home
        self._out = folder / "out"

    def run(self, name: str) -> Run:
        """One program over the library, as if for the first time."""
        if name in OURS:
            report = self._folder / "report.json"  # of its own: it is not written over what another program left
            words = ("--json", str(report), "--workers", "2", *OURS[name])
            return Run(run(self._home.scan_command(self.photos, *words), self._home.fresh()), _of_report(report))
        with tempfile.TemporaryDirectory(dir=self._folder) as own:
            env = {"HOME": own, "XDG_CACHE_HOME": own, "XDG_CONFIG_HOME": own}
            if name in TOOLS:
                cost = run([*TOOLS[name], str(self.photos)], env, output=self._out)
                text = self._out.read_text(encoding="utf-8", errors="replace")
                return Run(cost, _of_lines(text) if name == "findimagedupes" else _of_blocks(text))
            script = ROOT / "tests/bench/peers" / f"{SCRIPTS[name]}.py"
            cost = run([str(self._venvs / name / "bin/python"), str(script), str(self.photos)], env, output=self._out)
            return Run(cost, json.loads(self._out.read_text(encoding="utf-8") or "[]"))


def _of_report(path: Path) -> Groups:
    told = json.loads(path.read_text(encoding="utf-8"))
    names = {file["id"]: file["path"] for file in told["files"]}
    return [[names[member["file"]] for member in cluster["members"]] for cluster in told["clusters"]]


def _of_lines(text: str) -> Groups:
    return [line.split() for line in text.splitlines() if line.strip()]


def _of_blocks(text: str) -> Groups:
    return [block.splitlines() for block in text.split("\n\n") if block.strip()]


def same_pairs(library: Path, suffixes: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """Pairs of files that show the same picture: copies, exports, files saved again. suffixes: only pairs of such files."""
    photos, pairs = library / "photos", set()
    for picture in json.loads((library / "truth.json").read_text(encoding="utf-8")):
        names = [name for name in picture["same"] if not suffixes or name.lower().endswith(suffixes)]
        pairs |= {_pair(str(photos / a), str(photos / b)) for a, b in combinations(names, 2)}
    return pairs


def found_pairs(groups: Iterable[Iterable[str]]) -> Iterator[tuple[str, str]]:
    """All pairs of files in one group."""
    for group in groups:
        for a, b in combinations(group, 2):
            yield _pair(a, b)


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def main() -> None:
    """Run them all, tell figures as JSON lines, then the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_peers")
    parser.add_argument("library", type=Path)
    parser.add_argument("--venvs", type=Path, default=Path("/tmp/peers"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=[*OURS, *SCRIPTS, *TOOLS], default=[*OURS, *SCRIPTS, *TOOLS])
    options = parser.parse_args()
    read_through(options.library / "photos")
    folder, home = temporary_home()
    with folder:
        home.warm(options.library)
        arena = Arena(options.library.resolve(), options.venvs, Path(folder.name), home)
        reference, runs = [], {name: list[Run]() for name in options.only}
        for _ in range(options.rounds):
            reference.append(djpeg(jpegs(arena.photos)))
            for name in options.only:
                runs[name].append(arena.run(name))
    _tell(options.library, reference, runs)


def _tell(library: Path, reference: list[float], runs: dict[str, list[Run]]) -> None:
    bench, wanted = f"peers {library.name}", same_pairs(library.resolve())
    tell(bench, "djpeg 1/8 grey", statistics.median(reference), "CPU s")
    lines = [
        "| program | CPU s | x djpeg 1/8 | x ours | largest process, MiB | same-picture pairs found |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    ours = [run.cost.cpu_s for run in runs.get("imgfp", [])]
    for name, all_runs in runs.items():
        cpu = [run.cost.cpu_s for run in all_runs]
        to_djpeg = statistics.median(own / other for own, other in zip(cpu, reference, strict=True))
        to_ours = statistics.median(own / other for own, other in zip(cpu, ours, strict=True)) if ours else 0.0
        memory = max(max(run.cost.parent_mib, run.cost.child_mib) for run in all_runs)
        found = len(wanted & set(found_pairs(all_runs[-1].groups)))
        tell(bench, f"{name}, CPU", statistics.median(cpu), "CPU s", code=all_runs[-1].cost.code)
        tell(bench, f"{name} / djpeg", to_djpeg, "x")
        tell(bench, f"{name} / imgfp", to_ours, "x")
        tell(bench, f"{name}, recall", found / max(1, len(wanted)), "share", pairs=len(wanted))
        lines.append(
            f"| {name} | {statistics.median(cpu):.1f} | {to_djpeg:.2f} | {to_ours:.1f} | {memory:.0f} "
            f"| {found} of {len(wanted)} |"
        )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
