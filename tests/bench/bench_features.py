"""Cost of the local features: ``python -m tests.bench.bench_features [PICTURE…]``. Prints CPU ms a picture, judges nothing.

Without arguments generated pictures are used. Each figure is the fastest of several runs over all plates of a shape.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("NUMBA_CACHE_DIR", tempfile.mkdtemp(prefix="imgfp-bench-"))

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.fingerprint.codes import codes_of
from engine.fingerprint.features import described, features_of
from engine.fingerprint.keypoints import chosen, keypoints_of
from engine.fingerprint.loops_features import LOCAL_FEATURES
from engine.fingerprint.plate import detail_of
from engine.fingerprint.pyramid import pyramid_of
from engine.fingerprint.working import luma_of, working
from engine.fingerprint.workspace import Workspace
from tests.support.scenes import scene

SHAPES = ((512, 342), (512, 512), (512, 288))
OF_EACH = 6
REPEATS = 5

Plates = list[NDArray[np.uint8]]


def cpu_ms(work: Callable[[NDArray[np.uint8]], object], plates: Plates) -> float:
    """CPU milliseconds a plate in the fastest of the runs over all of them."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for plate in plates:
            work(plate)
        best = min(best, time.process_time() - start)
    return best * 1000 / len(plates)


def say(way: str, stage: str, size: str, value: str) -> None:
    """One line."""
    print(f"{way:<8} {stage:<14} {size:<10} {value:<24} {platform.machine()} {os.cpu_count()} cores", flush=True)


def say_stages(way: str, size: str, ends: Iterable[tuple[str, float]]) -> None:
    """One line a stage, from the times at which the stages end."""
    before = 0.0
    for stage, end in ends:
        say(way, stage, size, f"{end - before:.2f} ms")
        before = end
    say(way, "all", size, f"{before:.2f} ms")


def by_loops(size: str, plates: Plates) -> None:
    """The compiled loops, each stage together with those before it."""
    loops, work, codes = LOCAL_FEATURES.loaded(), Workspace(), np.zeros(128, np.uint64)
    if loops is None:
        say("loops", "none", size, "no compiler")
        return

    def chosen_ones(plate: NDArray[np.uint8]) -> None:
        octaves = work.pyramid(loops, plate)
        work.keypoints(loops, octaves)

    def coded(plate: NDArray[np.uint8]) -> None:
        work.encode(loops, work.described(loops, plate), codes)

    ends = [("pyramid", cpu_ms(lambda plate: work.pyramid(loops, plate), plates)), ("keypoints", cpu_ms(chosen_ones, plates))]
    ends += [("descriptors", cpu_ms(lambda plate: work.described(loops, plate), plates)), ("codes", cpu_ms(coded, plates))]
    say_stages("loops", size, ends)
    say("loops", "features_of", size, f"{cpu_ms(features_of, plates):.2f} ms")


def by_numpy(size: str, plates: Plates) -> None:
    """The numpy form."""

    def chosen_ones(plate: NDArray[np.uint8]) -> None:
        chosen(keypoints_of(pyramid_of(plate)), *plate.shape)

    def coded(plate: NDArray[np.uint8]) -> None:
        codes_of(described(plate)[1])

    ends = [("pyramid", cpu_ms(pyramid_of, plates)), ("keypoints", cpu_ms(chosen_ones, plates))]
    ends += [("descriptors", cpu_ms(described, plates)), ("codes", cpu_ms(coded, plates))]
    say_stages("numpy", size, ends)


def plates_of(names: list[str]) -> Plates:
    """Detail plates of the files, or of generated pictures."""
    if not names:
        pictures = [scene(300 + n, *shape) for shape in SHAPES for n in range(OF_EACH)]
    else:
        pictures = [np.asarray(ImageOps.exif_transpose(Image.open(Path(name))).convert("RGB")) for name in names]
    return [detail_of(luma_of(working(picture))) for picture in pictures]


def main() -> None:
    """All stages, shape by shape."""
    plates = plates_of(sys.argv[1:])
    for shape in sorted({plate.shape for plate in plates}):
        size, here = f"{shape[1]} x {shape[0]}", [plate for plate in plates if plate.shape == shape]
        by_loops(size, here)
        by_numpy(size, here)


if __name__ == "__main__":
    main()
