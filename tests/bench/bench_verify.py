"""Pairs a CPU second of verification, part by part: ``python -m tests.bench.bench_verify [--pairs N]``. Judges nothing."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable

import numpy as np

from engine.match.candidate import CANDIDATE_DTYPE, LOCAL
from engine.match.local.features import Features
from engine.match.pixels import overlap
from engine.match.pixels.frame import frame_evidence
from engine.match.pixels.loops import VERIFY
from engine.match.poses import pose_map
from engine.match.verdict.described import described
from engine.match.verdict.judge import evidence_of, verify
from tests.support.scenes import scene
from tests.unit.match.tables import never, table_of

ORIGINALS = 24


def say_rate(name: str, count: int, work: Callable[[], object], repeats: int = 3) -> None:
    """One line: pairs per CPU second of the fastest run."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    rate, each = count / best, best / count * 1e3
    print(f"{name:<42} {count:>8,} pairs {rate:>10,.0f} a CPU second {each:>8.3f} ms {platform.machine()} {os.cpu_count()} cores")


def main() -> None:
    """Scenes and crops of them; true candidates, false ones, pairs that share the frame."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=2_000)
    count = parser.parse_args().pairs
    rng = np.random.default_rng(1)
    pictures = [scene(seed, 640, 480) for seed in range(ORIGINALS)]
    table = table_of([*pictures, *(pixels[40:440, 60:620] for pixels in pictures)])
    features = Features.from_table(table)
    crop = np.array([640 / 560, 0, -60 / 560, 0, 480 / 400, -40 / 400])
    first = rng.integers(0, ORIGINALS, count)
    true, false, whole = first + ORIGINALS, (first + 1 + rng.integers(0, ORIGINALS - 1, count)) % ORIGINALS, first
    maps = crop + rng.normal(0, 0.01, (count, 6))
    here = np.array(pose_map(0)) + rng.normal(0, 0.02, (count, 6))
    steps = np.full(count, 6)
    boxes = np.tile([0.0, 1.0, 0.0, 1.0], (len(table), 1))
    plates = np.asarray(table.plate[:])
    few = slice(0, min(count, 200))
    if VERIFY.loaded() is not None:
        overlap.look(plates, boxes, first[few], true[few], steps[few], maps[few])
        say_rate("look, loop, right", count, lambda: overlap.look(plates, boxes, first, true, steps, maps))
        say_rate("look, loop, wrong", count, lambda: overlap.look(plates, boxes, first, false, steps, here))
    say_rate(
        "look, numpy, right", 200, lambda: overlap.look_by_numpy(plates, boxes, first[few], true[few], steps[few], maps[few]), 1
    )
    right, wrong = _asked(first, true, maps), _asked(first, false, here)
    evidence = evidence_of(table, features, right)
    say_rate("evidence with support, right", count, lambda: evidence_of(table, features, right))
    say_rate("evidence with support, wrong", count, lambda: evidence_of(table, features, wrong))
    say_rate("verify, wrong", count, lambda: verify(table, features, wrong, 0.5, never))
    say_rate("described, crops", count, lambda: described(table, evidence))
    grain = rng.integers(-2, 3, (count, 64, 64))
    copies = np.concatenate([plates[whole], np.clip(plates[whole] + grain, 0, 255).astype(np.uint8)])
    each = np.arange(count)
    say_rate("frame evidence, copies", count, lambda: frame_evidence(copies, each, each + count, np.zeros(count, np.int64)))


def _asked(first: np.ndarray, second: np.ndarray, maps: np.ndarray) -> np.ndarray:
    out = np.zeros(len(first), CANDIDATE_DTYPE)
    out["first"], out["second"], out["map"], out["source"] = first, second, maps, LOCAL
    return out


if __name__ == "__main__":
    main()
