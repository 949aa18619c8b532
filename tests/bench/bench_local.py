"""Candidates by local features in libraries of any size: ``python -m tests.bench.bench_local [--query] [PHOTOS…]``.

Prints, judges nothing. The library is made of codes alone. Codes of strangers come together about as often as those of
photographs do (of random pairs a few in a million within 10 of 64 bits); every 50th feature is one of a few that very many
pictures have, and one photo in ten is a copy that kept 60 % of its features, whose bits are wrong as edits make them: 3 % of the
strongest to 12 % of the weakest.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time

os.environ.setdefault("NUMBA_CACHE_DIR", tempfile.mkdtemp(prefix="imgfp-bench-"))

import numpy as np
from numpy.typing import NDArray

from engine.match.limits import limits_for
from engine.match.local.candidates import local_candidates
from engine.match.local.features import SLOTS, Features
from engine.match.local.index import LocalIndex
from tests.bench.measure import tell
from tests.unit.match.made_features import HEIGHT, WIDTH, flipped, packed

WORDS = 4000
"""Looks that features share, some more often than others."""

BLOCK = 2000
COPIES = 0.1


def never() -> bool:
    return False


def words(rng: np.random.Generator) -> NDArray[np.uint64]:
    """What corners and blobs look like."""
    return rng.integers(0, 1 << 64, WORDS, dtype=np.uint64)


def strangers(rng: np.random.Generator, looks: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """Codes (count, 128): each resembles a look, some closely, most hardly."""
    number = (WORDS * rng.random((count, SLOTS)) ** 1.5).astype(np.int64)
    loose = rng.beta(5, 1.4, (count, SLOTS, 1)) * 0.5
    bits = rng.random((count, SLOTS, 64), dtype=np.float32) < loose
    wrong = np.packbits(bits, axis=-1).view(">u8")[..., 0].astype(np.uint64)
    codes: NDArray[np.uint64] = looks[number] ^ wrong
    return codes


def library(count: int, features: int, seed: int = 1) -> tuple[Features, NDArray[np.int64]]:
    """Features of `count` pictures, and the pairs (k, 2) of originals and copies among them."""
    rng = np.random.default_rng(seed)
    looks = words(rng)
    codes = np.empty((count, SLOTS), dtype=np.uint64)
    points = np.empty((count, SLOTS, 5), dtype=np.uint8)
    originals = count - int(COPIES * count)
    for at in range(0, originals, BLOCK):
        part = slice(at, min(at + BLOCK, originals))
        n = part.stop - at
        codes[part] = strangers(rng, looks, n)
        common = rng.random((n, SLOTS)) < 0.02
        codes[part] = np.where(common, looks[rng.integers(0, 40, (n, SLOTS))], codes[part])
        x, y = rng.integers(0, 4096, (n, SLOTS)), rng.integers(0, 2730, (n, SLOTS))
        points[part] = packed(x, y, rng.integers(95, 130, (n, SLOTS)), rng.integers(0, 256, (n, SLOTS)))
    source = rng.permutation(originals)[: count - originals]
    for at in range(0, len(source), BLOCK):
        part = slice(originals + at, min(originals + at + BLOCK, count))
        stays = rng.random((part.stop - part.start, SLOTS)) < 0.6
        old = source[at : at + BLOCK]
        codes[part] = np.where(stays, flipped(rng, codes[old]), strangers(rng, looks, len(old)))
        points[part] = points[old]
    count_, full = np.full(count, features, dtype=np.uint8), np.full(count, WIDTH, dtype=np.uint8)
    planted = np.stack([source, np.arange(originals, count)], axis=1)
    return Features(count_, points, codes, full, np.full(count, HEIGHT, dtype=np.uint8)), planted


def peak_mib() -> float:
    """The most resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def coincidence(features: Features) -> float:
    """Share of pairs of codes of different pictures within 10 bits."""
    codes = features.codes[:300, :64]
    near = 0
    for k in range(len(codes) - 1):
        near += int((np.bitwise_count(codes[k][:, None] ^ codes[k + 1 :].reshape(1, -1)) <= 10).sum())
    return near / (64 * 64 * 300 * 299 / 2)


def measure(count: int, features: int = SLOTS) -> None:
    """One library: seconds, memory beyond that of the library, recall of what was planted, candidates."""
    made, planted = library(count, features)
    rank = np.random.default_rng(3).permutation(count).astype(np.int64)
    usable = np.ones(count, dtype=bool)
    where = {"photos": count, "features": features}
    tell("local", "pairs of strangers within 10 bits", 1e6 * coincidence(made), "per million", **where)
    before = peak_mib()
    wall, cpu = time.perf_counter(), time.process_time()
    found = local_candidates(made, rank, usable, limits_for(count), never)
    tell("local", "wall", time.perf_counter() - wall, "s", **where)
    tell("local", "CPU", time.process_time() - cpu, "s", **where)
    tell("local", "memory beyond the library", peak_mib() - before, "MiB", **where)
    pairs = np.sort(np.stack([found.candidates["first"], found.candidates["second"]], axis=1).astype(np.int64), axis=1)
    keys = np.unique(pairs[:, 0] * count + pairs[:, 1])
    wanted = np.sort(planted, axis=1)
    tell("local", "planted pairs found", float(np.isin(wanted[:, 0] * count + wanted[:, 1], keys).mean()), "share", **where)
    tell("local", "candidates", (len(keys) - len(planted)) / count, "a photo", **where)
    tell("local", "left out", found.left_out, "pairs", **where)
    tell("local", "features in long buckets", found.windowed / (8 * features * count), "share", **where)


def measure_queries(count: int, queries: int = 200) -> None:
    """One library, and pictures that are looked for in it: copies of some of its pictures that kept half of their features."""
    made, _ = library(count, SLOTS)
    rng = np.random.default_rng(4)
    where = {"photos": count}
    wall, cpu = time.perf_counter(), time.process_time()
    index = LocalIndex.build(made, np.ones(count, dtype=bool), never)
    tell("local", "index made, wall", time.perf_counter() - wall, "s", **where)
    tell("local", "index made, CPU", time.process_time() - cpu, "s", **where)
    tell("local", "index", sum(array.nbytes for array in index.to_arrays().values()) / count, "bytes a photo", **where)
    looks, found, cpus, walls = words(np.random.default_rng(1)), 0, [], []
    for row in rng.integers(0, count, queries).tolist():
        stays = rng.random(SLOTS) < 0.5
        codes = np.where(stays, flipped(rng, made.codes[row]), strangers(rng, looks, 1)[0])
        wall, cpu = time.perf_counter(), time.process_time()
        answer = index.query(made.points[row], codes, (WIDTH, HEIGHT), limits_for(count), never)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        found += row in answer["second"]
    tell("local", "query, p95, wall", 1e3 * float(np.percentile(walls, 95)), "ms", **where)
    tell("local", "query, p95, CPU", 1e3 * float(np.percentile(cpus, 95)), "ms", **where)
    tell("local", "queries answered", found / queries, "share", **where)


if __name__ == "__main__":
    work = measure_queries if "--query" in sys.argv else measure
    for number in [int(arg.replace(",", "")) for arg in sys.argv[1:] if arg != "--query"] or [10_000, 100_000]:
        work(number)
