"""What moves under a slider, in the engine: ``python -m tests.bench.bench_tuning [PAIRS…]``. Prints, judges nothing.

Families of 2 to 14 pictures, every pair of which is known, with scores from 0.5 to 1; a tenth of the pairs lead elsewhere.
Figures are CPU milliseconds, the median of several runs.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable

import numpy as np

from engine.match.clusters.also import also_resembles
from engine.match.clusters.curve import LineCurve
from engine.match.clusters.joins import joins_of
from engine.match.clusters.tree import labels_at, meeting, tree_of
from engine.match.verdict.rescore import PartColumns, Weighing, rescored
from engine.match.verdict.weighing import weighed_scores, weighing_columns
from engine.records import PAIR_DTYPE, Merges, Weights

LINES = (0.86, 0.9, 0.62, 0.75, 0.99, 0.5, 0.86)


def say(name: str, value: str) -> None:
    """One line: name, figure, machine."""
    print(f"{name:<58} {value:<34} {platform.machine()} {os.cpu_count()} cores", flush=True)


def cpu_ms(work: Callable[[], object], repeats: int = 5) -> float:
    """Median CPU milliseconds."""
    took = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        took.append(1e3 * (time.process_time() - begun))
    return float(np.median(took))


def table(count: int) -> tuple[np.ndarray, int]:
    """A pair table of about so many pairs, sorted, and how many pictures there are."""
    rng = np.random.default_rng(7)
    families = count // 33
    size = rng.integers(2, 15, families)
    start = np.concatenate([[0], np.cumsum(size)])
    both = []
    for members in range(2, 15):
        at = start[:-1][size == members]
        i, j = np.triu_indices(members, 1)
        both.append(np.column_stack([(at[:, None] + i).ravel(), (at[:, None] + j).ravel()]))
    links = rng.integers(0, start[-1], (count // 10, 2))
    every = np.sort(np.concatenate([*both, links[links[:, 0] != links[:, 1]]]), axis=1)
    every = np.unique(every[:, 0].astype(np.int64) << 32 | every[:, 1])
    out = np.zeros(len(every), PAIR_DTYPE)
    out["a"], out["b"] = every >> 32, every & 0xFFFFFFFF
    out["score"] = np.round(0.5 + 0.5 * rng.random(len(every)) ** 0.5, 4)
    out["parts"] = rng.integers(0, 256, (len(every), 8))
    out["tier"] = 3
    return out, int(start[-1])


def curve(strength: np.ndarray) -> np.ndarray:
    """Any rising one."""
    return np.round(np.interp(strength, (-1.0, 0.3, 0.8, 1.3, 2.0), (0.0, 0.2, 0.6, 0.95, 0.9999)), 4).astype(np.float32)


def measure(count: int) -> None:
    """All figures for so many pairs."""
    pairs, pictures = table(count)
    name = f"{len(pairs):,} pairs, {pictures:,} pictures: "
    node = np.arange(pictures)
    equal = np.zeros(len(pairs), np.bool_)
    a, b, score = pairs["a"].astype(np.int64), pairs["b"].astype(np.int64), np.ascontiguousarray(pairs["score"])
    left, right, made = joins_of(node, a, b, score, equal)
    say(name + "list of joins", f"{cpu_ms(lambda: joins_of(node, a, b, score, equal), 3):.0f} ms, {len(left):,} joins")
    merges = Merges(score=made, left=left, right=right, node=node)
    tree = tree_of(merges)
    say(name + "its tree", f"{cpu_ms(lambda: tree_of(merges), 3):.0f} ms")
    line_curve = LineCurve(tree, pairs, meeting(tree, a, b))
    say(name + "threshold moved: counts", f"{cpu_ms(lambda: [line_curve.at(line) for line in LINES]) / len(LINES):.4f} ms")
    took = [cpu_ms(lambda at=line: labels_at(tree, merges, at)) for line in LINES]
    say(name + "threshold moved: cluster of every picture", f"{np.median(took):.1f} ms, at most {max(took):.1f}")
    parts = PartColumns.of(pairs)
    say(name + "parts by columns, once", f"{cpu_ms(lambda: PartColumns.of(pairs), 3):.0f} ms")
    weighing = Weighing.of((0.6, 0.4, 0.3, 0.2, -0.2), 0.1, curve)
    say(name + "new weights: scores and histogram", f"{cpu_ms(lambda: rescored(parts, weighing).histogram()):.1f} ms")
    columns, weights = weighing_columns(pairs), Weights(colour=1.6, hash=0.4)
    say(name + "weights of the window: scores", f"{cpu_ms(lambda: weighed_scores(pairs, weights, columns)):.1f} ms")
    members = np.flatnonzero(labels_at(tree, merges, 0.86) == labels_at(tree, merges, 0.86).max())
    took = [cpu_ms(lambda: also_resembles(pairs, members, 0.86, pictures))]
    say(name + "what a cluster also resembles", f"{took[0]:.1f} ms")


def main(sizes: list[int]) -> None:
    """Everything, one line each."""
    measure(100_000)  # loads the loops
    for size in sizes:
        measure(size)


if __name__ == "__main__":
    main([int(arg.replace(",", "")) for arg in sys.argv[1:]] or [1_000_000, 10_000_000])
