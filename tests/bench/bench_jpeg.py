"""``python -m tests.bench.bench_jpeg [ROUNDS]``: a JPEG's 1/8 grey picture against ``djpeg -scale 1/8 -grayscale``.

One JSON line a figure. CPU milliseconds and their ratio inside one round, median of the rounds, the two taking turns.
24-megapixel files are made here, with noise as a sensor has it (about 0.4 byte a pixel); the sample photos of 2 megapixels and
more follow where they are.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

os.environ.setdefault("NUMBA_CACHE_DIR", tempfile.mkdtemp(prefix="imgfp-bench-"))

import numpy as np
from PIL import Image

from engine.config import Limits
from engine.decode import jpeg_kernels
from engine.decode.jpeg_dc import small_picture
from engine.decode.jpeg_header import RefusedError
from tests.support.cli import SAMPLES

WIDTH, HEIGHT = 6000, 4000
LARGE_PIXELS = 2_000_000
LIMITS = Limits()


def sensor_like(seed: int) -> Image.Image:
    """Structure at all scales, and noise that grows with the light."""
    noise = np.random.default_rng(seed)

    def layer(cells: int, height: float) -> np.ndarray:
        coarse = noise.normal(size=(cells * 2 // 3 + 2, cells + 2)).astype(np.float32)
        return np.asarray(Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)) * height

    base = sum(layer(cells, height) for cells, height in ((4, 40), (12, 25), (40, 14), (150, 8), (600, 4), (2000, 2))) + 120
    pixels = np.stack([base + layer(6, 12) + layer(60, 4) for _ in range(3)], -1)
    pixels += noise.normal(size=pixels.shape).astype(np.float32) * np.sqrt(np.clip(pixels, 1, 255)) * 0.75
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def made_files(folder: Path) -> Iterator[Path]:
    """The same picture in the usual codings."""
    image = sensor_like(5)
    for name, options in (
        ("baseline", {"quality": 95}),
        ("baseline 4:2:2, restart markers", {"quality": 93, "subsampling": "4:2:2", "restart_marker_rows": 1}),
        ("progressive", {"quality": 95, "progressive": True}),
    ):
        path = folder / f"{name}.jpg"
        image.save(path, "JPEG", **options)
        yield path


def sample_files() -> Iterator[Path]:
    """Camera files of 2 megapixels and more."""
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg"):
            with Image.open(path) as image:
                if image.size[0] * image.size[1] >= LARGE_PIXELS:
                    yield path


def _cpu_of(work: Callable[[], object], whose: int) -> float:
    before = resource.getrusage(whose)
    work()
    after = resource.getrusage(whose)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def ours(path: Path) -> None:
    """As a worker does it: a descriptor, read in pieces."""
    with open(path, "rb") as file:
        small_picture(file, LIMITS, grey=True)


def theirs(path: Path) -> None:
    """A process of its own, as it is meant to be used."""
    subprocess.run(
        ["djpeg", "-scale", "1/8", "-grayscale", "-outfile", os.devnull, str(path)], check=True, stderr=subprocess.DEVNULL
    )


def measured(path: Path, rounds: int, repeat: int = 1) -> tuple[float, float, float]:
    """Medians of (our CPU ms, djpeg's, ratio in one round). repeat: so many files a round, for small ones."""
    both = []
    for _ in range(rounds):
        mine = _cpu_of(lambda: [ours(path) for _ in range(repeat)], resource.RUSAGE_SELF) / repeat
        both.append((mine, _cpu_of(lambda: [theirs(path) for _ in range(repeat)], resource.RUSAGE_CHILDREN) / repeat))
    return median(m for m, _ in both), median(t for _, t in both), median(m / t for m, t in both)


def tell(figure: str, **values: object) -> None:
    """One JSON line."""
    print(json.dumps({"figure": figure, **values}), flush=True)


def main(rounds: int) -> None:
    """Print every figure."""
    started = time.process_time()
    assert jpeg_kernels.load()
    tell("loading the loops", cpu_s=round(time.process_time() - started, 2))
    with tempfile.TemporaryDirectory() as folder:
        for path in made_files(Path(folder)):
            mine, other, ratio = measured(path, rounds)
            size = path.stat().st_size
            tell(f"24 MP {path.stem}", bytes=size, cpu_ms=round(mine, 1), djpeg_ms=round(other, 1), ratio=round(ratio, 3))
    ratios = []
    for path in sample_files():
        try:
            small_picture(io.BytesIO(path.read_bytes()), LIMITS)
        except RefusedError as error:
            tell("sample refused", file=path.name, reason=str(error))
            continue
        ratios.append(measured(path, rounds, repeat=3)[2])
    if ratios:
        spread = [round(float(np.percentile(ratios, p)), 3) for p in (10, 50, 90)]
        tell("samples of 2 MP and more", files=len(ratios), ratio=spread[1], p10=spread[0], p90=spread[2])


if __name__ == "__main__":
    main(max(5, int(sys.argv[1])) if len(sys.argv) > 1 else 5)
