"""Speed of fingerprints, verification and search: ``python -m tests.bench.bench_match [ROWS…]``. Prints, judges nothing."""

from __future__ import annotations

import itertools
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("NUMBA_CACHE_DIR", tempfile.mkdtemp(prefix="imgfp-bench-"))

import numpy as np

from engine.config import MatchOptions
from engine.fingerprint import LOOPS, PARTS, fingerprint
from engine.fingerprint.dct import BASIS, HAIR
from engine.match import clusters_at, merge_list, search
from engine.records import PictureTable
from tests.unit.match.tables import UNKNOWN, never


def say(name: str, size: str, value: str) -> None:
    """One line: name, size, figure, machine."""
    print(f"{name:<28} {size:<24} {value:<44} {platform.machine()} {os.cpu_count()} cores", flush=True)


def cpu_seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """CPU seconds of the fastest run."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def say_rate(name: str, count: int, work: Callable[[], object]) -> None:
    """One line for work on so many pairs."""
    say(name, f"{count:,} pairs", f"{count / cpu_seconds(work, 2):,.0f} pairs per CPU second")


def plates(count: int, seed: int) -> np.ndarray:
    """Plates of 1/f noise: uint8 (count, 64, 64)."""
    rng = np.random.default_rng(seed)
    y, x = np.fft.fftfreq(64)[:, None], np.fft.rfftfreq(64)[None, :]
    amplitude = np.maximum(np.hypot(y, x), 1 / 64) ** -1.3
    out = np.empty((count, 64, 64), dtype=np.uint8)
    for at in range(0, count, 1000):
        n = min(1000, count - at)
        field = np.fft.irfft2(amplitude * np.exp(2j * np.pi * rng.random((n, 64, 33))), s=(64, 64))
        low, high = field.min(axis=(1, 2), keepdims=True), field.max(axis=(1, 2), keepdims=True)
        out[at : at + n] = 255 * (field - low) / (high - low)
    return out


def table(count: int, copies: int) -> PictureTable:
    """A library of originals with so many noisy copies each."""
    originals = plates(-(-count // (copies + 1)), 5)
    rng = np.random.default_rng(6)
    every = np.repeat(originals, copies + 1, axis=0)[:count]
    for at in range(0, count, 4096):
        part = every[at : at + 4096].astype(np.int16)
        every[at : at + 4096] = np.clip(part + rng.normal(0, 1.5, part.shape).round(), 0, 255)
    bits = np.empty((count, 256), dtype=bool)
    for at in range(0, count, 4096):
        part = BASIS.astype(np.float64) @ every[at : at + 4096] @ BASIS.T.astype(np.float64)
        bits[at : at + 4096] = part.reshape(-1, 256) > HAIR
    low = bits.reshape(-1, 16, 16)[:, :8, :8].reshape(-1, 64)
    columns = {name: np.full(count, value, dtype=dtype) for name, (dtype, value) in UNKNOWN.items()}
    hash64 = np.packbits(low, axis=1).view(">u8").astype(np.uint64).reshape(-1)
    hash256 = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
    return PictureTable(
        dct64=hash64,
        dct256=hash256,
        gradient=np.zeros(count, dtype=np.uint64),
        trim64=hash64,
        trim256=hash256,
        frame=np.tile(np.array([0, 65535, 0, 65535, 192, 128, 0, 0], np.uint16), (count, 1)),
        colour=np.full((count, 128), 128, dtype=np.uint8),
        plate=every,
        points=np.zeros((count, 128, 5), dtype=np.uint8),
        codes=np.zeros((count, 128), dtype=np.uint64),
        width=np.full(count, 300, dtype=np.int32),
        height=np.full(count, 200, dtype=np.int32),
        shot=np.arange(count, dtype=np.int64),
        flat=np.zeros(count, dtype=bool),
        **columns,
    )


def _steps(pixels: np.ndarray) -> list[float]:
    """CPU ms of one fingerprint: all but the local features, then these."""
    seen = [time.process_time()]
    fingerprint(pixels, lambda step: seen.append(time.process_time()))
    return [1e3 * (b - a) for a, b in itertools.pairwise(seen)]


def main(sizes: list[int]) -> None:
    """Everything, one line each."""
    for group in LOOPS:
        group.loaded()
    for width, height in ((160, 107), (750, 500), (6000, 4000)):
        pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
        steps = np.array([_steps(pixels) for _ in range(8)]).min(axis=0)
        say("fingerprint", f"{width} x {height}", f"{steps[0]:.2f} ms CPU, local features of noise {steps[1]:.2f} ms more")
    say("fingerprint", "in the store", f"{sum(part.size_bytes for part in PARTS.values())} bytes a picture")
    search(table(2500, 1), MatchOptions(), never)  # compiles
    for count in sizes:
        library = table(count, 4 if count < 20_000 else 1)
        start, cpu = time.perf_counter(), time.process_time()
        found = search(library, MatchOptions(), never)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        say("search", f"{count:,} pictures", f"{seconds:.2f} s, {cpu:.2f} s CPU, {len(found.pairs):,} pairs")
        clusters_at(merge_list(library, found.pairs), 0.86)  # compiles
        start = time.perf_counter()
        merges = merge_list(library, found.pairs)
        joined = time.perf_counter()
        clusters = clusters_at(merges, 0.86)
        now = time.perf_counter()
        say(
            "merge list, clusters at a line",
            f"{count:,} pictures",
            f"{1e3 * (joined - start):.0f} ms, {1e3 * (now - joined):.0f} ms, {len(clusters):,}",
        )


if __name__ == "__main__":
    main([int(arg.replace(",", "")) for arg in sys.argv[1:]] or [600, 5_000, 100_000])
