"""``python -m tests.bench.robustness OUT FOLDER… [--edits all|quick|WORD,WORD] [--originals N] [--generated N] [--jobs 2]
[--peers] [--engine] [--slices 4] [--dump EVIDENCE.npy] [--near-misses] [--line 0.86] [--details]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from tests.bench.robustness import measure
from tests.bench.robustness.corpus import Family, families
from tests.bench.robustness.edits import chosen
from tests.bench.robustness.originals import generated, originals_of
from tests.bench.robustness.peer_run import compared
from tests.bench.robustness.product import merged, searched, sliced


def main() -> None:
    """Make, measure, print."""
    args = _arguments()
    edits = chosen(args.edits)
    parts: dict[str, list[Family]] = {}
    if args.folders:
        parts["photographs"] = families(args.out, originals_of(args.folders, args.originals), edits, args.jobs)
    if args.generated:
        parts["generated"] = families(args.out, generated(args.out, args.generated), edits, args.jobs)
    for kind, some in parts.items():
        print(f"{kind}: {len(some)} originals, {sum(len(one.names) for one in some):,} files, {len(edits)} edits")
    columns = _peers(args, parts) if args.peers else []
    if args.engine:
        columns += _engine(args, parts)
    if columns:
        print(measure.groups_table([edit.name for edit in edits], columns))
        if args.details:
            print(measure.edits_table([edit.name for edit in edits], columns))
    if args.dump:
        from tests.bench.robustness.evidence import dump

        dump([one for some in parts.values() for one in some], args.dump)
    if args.near_misses:
        from tests.bench.robustness.near_misses import told

        print(told(args.out / "near", args.folders, args.line))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.robustness", description=__doc__)
    parser.add_argument("out", type=Path, help="where the corpus is kept: some 20 MB an original")
    parser.add_argument("folders", type=Path, nargs="*", help="photographs, no two of one scene")
    parser.add_argument("--edits", default="all")
    parser.add_argument("--originals", type=int)
    parser.add_argument("--generated", type=int, default=0, help="so many generated pictures, in columns of their own")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", action="store_true", help="the product")
    parser.add_argument("--slices", type=int, default=4, help="libraries over which the edits of each original are spread")
    parser.add_argument("--peers", action="store_true", help="other programs' schemes")
    parser.add_argument("--dump", type=Path, help="evidence of candidate pairs, for learning what it is worth")
    parser.add_argument("--near-misses", action="store_true")
    parser.add_argument("--line", type=float, default=measure.DEFAULT)
    parser.add_argument("--details", action="store_true", help="recall of each edit, and what was missed")
    return parser.parse_args()


def _peers(args: argparse.Namespace, parts: dict[str, list[Family]]) -> list[measure.Column]:
    columns = []
    for kind, some in parts.items():
        results = compared(args.out, some, args.jobs)
        print(f"\n{kind}\n{measure.peers_table(some[0].names[1:], results)}")
        wanted = ("gradient hash 256", "PDQ 256, best", "imgfprint")
        columns += [
            measure.Column(f"{one.scheme.name[:8]}@1e-6", one.hits) for one in results if one.scheme.name.startswith(wanted)
        ]
        best = np.max([[one.hits[:, place].mean() for place in range(one.hits.shape[1])] for one in results], axis=0)
        print(f"best scheme of each edit: {best.mean():.3f}")
    return columns


def _engine(args: argparse.Namespace, parts: dict[str, list[Family]]) -> list[measure.Column]:
    columns = []
    for kind, some in parts.items():
        results = [searched(each) for each in sliced(some, args.slices)]
        measured = merged(some, results)
        print(f"\n{kind}, {len(results)} libraries of {len(results[0].library.member):,} files: {measured.seconds:.0f} s CPU")
        print(measure.false_table(measured))
        for text in measure.look_at(args.out / kind, measured, args.line):
            print("false:", text)
        for text in measure.missed(measured, args.line) if args.details else ():
            print("missed:", text)
        columns += [measure.Column(f"{kind[:6]} {line}", measured.scores >= np.float32(line)) for line in (args.line, 0.5)]
    return columns


if __name__ == "__main__":
    main()
