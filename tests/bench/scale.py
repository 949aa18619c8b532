"""Joins from 10^4 to 10^7 pictures: ``python -m tests.bench.scale [join|even|uneven|candidates|crowds|tens]…``. Prints.

Hashes are drawn at random, evenly and with bits that lean and hang together as those of plain pictures do; a fifth of the rows
are planted copies of others, in any pose, some bits changed. Recall is counted against comparing sampled rows with all others.
`scale_search` matches libraries as a whole. Seconds are CPU seconds of the whole process and wall
seconds; run it on a quiet machine.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import numpy as np

from engine.match.frames.candidates import whole_frame_candidates
from engine.match.frames.index import index_of, plan
from engine.match.frames.loops import HAMMING
from engine.match.frames.near import CROWD, near_pairs
from engine.match.frames.wide import close_256
from engine.match.limits import limits_for
from engine.match.poses import POSES, pose_hash64, pose_hash256
from tests.unit.match.tables import never

SAMPLED = 300
THREADS = os.cpu_count() or 1
SHARE_OF_TENS = 64

_Found = TypeVar("_Found")


def timed(name: str, work: Callable[[], _Found], told: Callable[[_Found], str]) -> _Found:
    """Run it and print a line."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{name:<56} {cpu:8.2f} s CPU {wall:8.2f} s wall, peak so far {peak:.2f} GiB; {told(found)}", flush=True)
    return found


# ------------------------------------------------------------------------------------------------ hashes


def even(count: int, seed: int = 1) -> np.ndarray:
    """Hashes of 256 bits, all bits by chance: uint64 (count, 4)."""
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def uneven(count: int, seed: int = 1) -> np.ndarray:
    """The same with bits that lean: a third of the rows are plain, which leaves half of their bits, and bits follow others."""
    rng = np.random.default_rng(seed)
    rows, masks = even(count, seed), even(count, seed + 1)
    plain = rng.random(count) < 1 / 3
    rows[plain] &= masks[plain]
    follow = even(count, seed + 2) & even(count, seed + 3)  # a quarter of the bits take the value of their neighbour
    return (rows & ~follow) | ((rows >> np.uint64(1)) & follow)


def planted(rows: np.ndarray, seed: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make every fifth row a copy of the one before in some pose: hashes of 64 and 256 bits, and the rows that are copies.

    At most 6 of the 64 and 24 of the other bits change.
    """
    rng = np.random.default_rng(seed)
    copies = np.arange(4, len(rows), 5)
    poses = rng.integers(0, POSES, len(copies))
    for pose in range(POSES):
        mine = copies[poses == pose]
        rows[mine] = pose_hash256(rows[mine - 1], pose)
    inner = (np.arange(8)[:, None] * 16 + np.arange(8)).ravel()
    outer = np.setdiff1d(np.arange(256), inner)
    for bits, times in ((inner, 6), (outer, 24)):
        for _ in range(times):
            bit = rng.choice(bits, len(copies))
            kept = rng.random(len(copies)) < 0.5
            rows[copies[kept], bit[kept] // 64] ^= np.uint64(1) << (63 - bit[kept] % 64).astype(np.uint64)
    return narrow_of(rows), rows, copies


def narrow_of(wide: np.ndarray) -> np.ndarray:
    """The 64 bits within the 256: rows and columns 0 to 7 of 16."""
    out = np.zeros(len(wide), np.uint64)
    for line in range(8):
        word = wide[:, line // 4] >> np.uint64(64 - 16 * (line % 4) - 8)
        out |= (word & np.uint64(0xFF)) << np.uint64(56 - 8 * line)
    return out


def missed(pairs: np.ndarray, asked: np.ndarray, rows: np.ndarray, radius: int, poses: int) -> tuple[int, int]:
    """Pairs of some rows that comparing with everything finds, and how many of them are not among `pairs`."""
    keys = np.sort(pairs[:, 0].astype(np.int64) << 32 | pairs[:, 1])
    found, lost = 0, 0
    for row in asked.tolist():
        near = np.zeros(len(rows), np.bool_)
        for pose in range(poses):
            turned = pose_hash64(rows[row : row + 1], pose)
            near |= np.bitwise_count(turned ^ rows) <= radius
        near[row] = False
        others = np.flatnonzero(near)
        wanted = np.minimum(others, row) << 32 | np.maximum(others, row)
        found, lost = found + len(wanted), lost + int((~np.isin(wanted, keys)).sum())
    return found, lost


# ------------------------------------------------------------------------------------------------ what is measured


def join(count: int, make: Callable[[int], np.ndarray]) -> None:
    """Hash joins of so many rows."""
    narrow, wide, _ = planted(make(count))
    order = np.argsort(narrow, kind="stable")
    narrow, wide = narrow[order], wide[order]
    asked = np.random.default_rng(3).choice(count, SAMPLED, replace=False)
    name = f"{count:>10,} {make.__name__} hashes"
    for poses in (1, POSES):
        near = timed(
            f"{name}, 64 bits, radius 8, {poses} pose{'s' * (poses > 1)}",
            lambda poses=poses: near_pairs(narrow, wide, 8, never, poses=poses, threads=THREADS),  # type: ignore[misc]
            lambda found: f"{len(found.pairs):,} pairs, {found.left_out:,} left out",
        )
        found, lost = missed(near.pairs, asked, narrow, 8, poses)
        print(f"{'':<56} {found} pairs of {SAMPLED} rows by brute force, {lost} of them missed")
    if count <= 1_000_000:
        pairs = timed(
            f"{name}, 256 bits, radius 32",
            lambda: close_256(wide, 32, never, threads=THREADS),
            lambda found: f"{len(found):,} pairs",
        )
        apart = sum(int(((np.bitwise_count(wide[row] ^ wide).sum(axis=1) <= 32).sum()) - 1) for row in asked.tolist())
        inside = np.bincount(pairs[:, :2].reshape(-1), minlength=count)[asked].sum()
        print(f"{'':<56} {apart} pairs of {SAMPLED} rows by brute force, {apart - int(inside)} of them missed")


def library(wide: np.ndarray) -> SimpleNamespace:
    """Columns of pictures with these hashes, without borders."""
    narrow = narrow_of(wide)
    frame = np.zeros((len(wide), 8), np.uint16)
    frame[:, [1, 3]] = 65535
    return SimpleNamespace(dct64=narrow, dct256=wide, trim64=narrow, trim256=wide, frame=frame, gradient=narrow)


def candidates(name: str, wide: np.ndarray, usable: np.ndarray | None = None) -> None:
    """Candidates of a library of these hashes."""
    table, count = library(wide), len(wide)
    every = np.ones(count, np.bool_) if usable is None else usable
    timed(
        f"{count:>10,} {name}",
        lambda: whole_frame_candidates(table, np.arange(count), every, limits_for(count), never, threads=THREADS),
        lambda found: f"{len(found.candidates):,} candidates, {found.left_out:,} pairs left out",
    )


def crowds() -> None:
    """Pair explosions."""
    candidates("equal frames", np.repeat(even(1), 50_000, axis=0))
    candidates("black frames, which are flat", np.zeros((1_000_000, 4), np.uint64), np.zeros(1_000_000, np.bool_))
    candidates("equal frames that count as not flat", np.repeat(even(1), 1_000_000, axis=0))
    for count in (50_000, 1_000_000):
        rng = np.random.default_rng(5)
        near = np.repeat(even(1), count, axis=0)
        for word, bit in rng.integers(0, (4, 64), (24, 2)).tolist() + [[0, 63 - b] for b in (0, 2, 3, 17, 20, 33)]:
            near[rng.random(count) < 0.2, word] ^= np.uint64(1) << np.uint64(bit)
        candidates("nearly equal frames", near)


def tens(count: int = 10_000_000) -> None:
    """10^7 hashes, the index of one part at a time on the disk; a share of the rows is asked, the time of all is computed."""
    parts, loops = plan(8, count), HAMMING.loaded()
    with tempfile.TemporaryDirectory() as folder:
        rows = np.memmap(Path(folder) / "rows", np.uint64, "w+", shape=(count,))
        rows[:] = np.sort(np.random.default_rng(6).integers(0, 2**64, count, dtype=np.uint64))
        begun = time.process_time()
        asking_s = 0.0
        for part in range(len(parts)):
            index = index_of(rows, parts, loops, only=part)
            order, ordered = (np.memmap(Path(folder) / name, kind, "w+", shape=(count,)) for name, kind in _COLUMNS)
            order[:], ordered[:] = index.order, index.ordered
            told = (index.parts, index.fields, index.start, order, ordered, index.masks, np.full(count, 2, np.uint8))
            size = count // SHARE_OF_TENS // 16
            for first in np.linspace(0, count - size, 16).astype(int).tolist():
                mark, at = time.process_time(), first
                while at < first + size:
                    counts, filled, out = np.zeros(size, np.int32), np.zeros(1, np.int64), np.empty((1 << 15, 3), np.int32)
                    at = loops.near(
                        rows, ordered, order, np.zeros(8, np.uint64), 0, 0, *told,
                        at, first + size, 8, CROWD, counts[at - first :], out, len(out), filled,
                    )  # fmt: skip
                asking_s += time.process_time() - mark
        built = time.process_time() - begun - asking_s
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    whole = built + asking_s * SHARE_OF_TENS
    name = f"{count:>10,} even hashes on disk, one pose, radius 8"
    print(f"{name}: index {built:.1f} s, 1/{SHARE_OF_TENS} of the rows {asking_s:.2f} s CPU, peak {peak:.2f} GiB;")
    print(f"{'':<10} computed, not measured: {whole:.0f} s CPU for all rows in one pose, {whole * 8 / 60:.0f} min in 8")


_COLUMNS = (("order", np.int32), ("ordered", np.uint64))


def main(wanted: list[str]) -> None:
    """What is asked for, one line each."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, {THREADS} threads")
    near_pairs(*planted(even(5_000))[:2], 8, never)  # loads the loops
    for make, name in ((even, "even"), (uneven, "uneven")):
        if name in wanted or "join" in wanted:
            for count in (10_000, 100_000, 1_000_000):
                join(count, make)
    if "candidates" in wanted:
        for count in (10_000, 100_000, 1_000_000):
            candidates("pictures, a fifth of them copies", planted(uneven(count))[1])
    if "crowds" in wanted:
        crowds()
    if "tens" in wanted:
        tens()


if __name__ == "__main__":
    main(sys.argv[1:] or ["join", "candidates", "crowds", "tens"])
