"""What the imgfprint scheme and a related model cost, and which edits the scheme finds again.

``OPENBLAS_NUM_THREADS=1 python -m tests.bench.bench_schemes [--photos FOLDER] [--pictures 20000]``: workers have one thread, and
more would only spin here. Times are CPU time. Without photographs the edits are made of 40 generated scenes, which are no
photographs: their figures say little.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine import imgfprint
from engine.embedding import ModelSpec
from engine.imgfprint import Hashes, MultiHashConfig
from engine.jobs.inference import ModelProcess
from tests.support.onnx_file import mean_colour
from tests.support.scenes import scene

LINES = (0.90, 0.80, 0.75, 0.65)
Edit = Callable[[Image.Image], Image.Image]


def _jpeg(quality: int) -> Edit:
    def edit(image: Image.Image) -> Image.Image:
        data = io.BytesIO()
        image.save(data, "JPEG", quality=quality)
        return Image.open(data).convert("RGB")

    return edit


def _crop(left: float, top: float, right: float, bottom: float) -> Edit:
    def edit(image: Image.Image) -> Image.Image:
        width, height = image.size
        return image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))

    return edit


EDITS: dict[str, Edit] = {
    "JPEG q75": _jpeg(75),
    "JPEG q30": _jpeg(30),
    "half size": lambda image: image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS),
    "quarter size": lambda image: image.resize((image.width // 4, image.height // 4), Image.Resampling.LANCZOS),
    "black and white": lambda image: image.convert("L").convert("RGB"),
    "brighter by 20 %": lambda image: image.point(lambda value: min(255, round(value * 1.2))),
    "white border 4 %": lambda image: ImageOps.expand(image, round(0.04 * image.width), "white"),
    "crop 2 % a side": _crop(0.02, 0.02, 0.98, 0.98),
    "crop 5 % a side": _crop(0.05, 0.05, 0.95, 0.95),
    "crop 10 % a side": _crop(0.10, 0.10, 0.90, 0.90),
    "crop 10 % off two sides": _crop(0.10, 0.10, 1.0, 1.0),
    "turned by 5 degrees": lambda image: image.rotate(5, Image.Resampling.BICUBIC),
    "turned by 90 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "mirrored": ImageOps.mirror,
}


def main() -> None:
    """Print it all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--pictures", type=int, default=20_000)
    options = parser.parse_args()
    photos = _photos(options.photos)
    print(f"{len(photos)} pictures")
    hashes = _costs(photos)
    _edits(photos, hashes)
    _pairs(options.pictures)
    _related()


def _photos(folder: Path | None) -> list[NDArray[np.uint8]]:
    if folder is None:
        return [scene(number, 1024, 683) for number in range(40)]
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            with Image.open(path) as image:
                found.append(np.asarray(ImageOps.exif_transpose(image).convert("RGB")))
        except (OSError, ValueError):
            continue
    return [pixels for pixels in found if min(pixels.shape[:2]) >= 256 and pixels.std() > 8]


def _costs(photos: list[NDArray[np.uint8]]) -> list[Hashes]:
    ms, hashes = [], []
    for pixels in photos:
        started = time.process_time()
        hashes.append(imgfprint.fingerprint(pixels))
        ms.append(1000 * (time.process_time() - started))
    size = statistics.median(pixels.size / 3e6 for pixels in photos)
    print(f"fingerprint from pixels, median: {statistics.median(ms):.1f} ms at {size:.1f} MP")
    plate = imgfprint.grey(photos[0])
    started = time.process_time()
    for _ in range(200):
        imgfprint.hashes_of(plate)
    print(f"51 hashes of a grey plate: {5 * (time.process_time() - started):.2f} ms")
    started = time.process_time()
    for n in range(20_000):
        imgfprint.compare(hashes[n % len(hashes)], hashes[(n + 1) % len(hashes)])
    print(f"one pair alone: {1e9 * (time.process_time() - started) / 20_000:,.0f} ns")
    return hashes


def _edits(photos: list[NDArray[np.uint8]], hashes: list[Hashes]) -> None:
    config = MultiHashConfig()
    unrelated = imgfprint.scores(
        np.array([np.bitwise_count(a ^ b) for n, a in enumerate(hashes) for b in hashes[:n]]).reshape(-1, 3, 17), config
    )
    if len(unrelated):
        print(f"{len(unrelated):,} unrelated pairs: mean {unrelated.mean():.3f}, largest {unrelated.max():.3f}")
    print(f"{'edit':<26}{'mean':>7}{'least':>7}" + "".join(f"{line:>8.2f}" for line in LINES))
    for name, edit in EDITS.items():
        found = np.array([_score(own, edit(Image.fromarray(pixels))) for pixels, own in zip(photos, hashes, strict=True)])
        shares = "".join(f"{100 * (found >= line).mean():>6.0f} %" for line in LINES)
        print(f"{name:<26}{found.mean():>7.3f}{found.min():>7.3f}{shares}")


def _score(own: Hashes, edited: Image.Image) -> float:
    return imgfprint.compare(own, imgfprint.fingerprint(np.asarray(edited))).score


def _pairs(count: int) -> None:
    hashes = np.random.default_rng(1).integers(0, 2**64, (count, 3, 17), dtype=np.uint64)
    hashes[count // 2] = hashes[0]
    started = time.process_time()
    first, _, _ = imgfprint.all_pairs(hashes, MultiHashConfig(), imgfprint.score_at(0.5))
    spent, pairs = time.process_time() - started, count * (count - 1) / 2
    print(f"every pair of {count:,}: {spent:.1f} s, {pairs / spent / 1e6:.1f} million a second; found {len(first)} of 1")


def _related() -> None:
    with tempfile.TemporaryDirectory() as folder:
        spec = ModelSpec(bytes(mean_colour(Path(folder) / "m.onnx", side=224)))
        started = time.monotonic()
        with ModelProcess(spec, lambda: False) as model:
            print(f"model process up: {1000 * (time.monotonic() - started):.0f} ms")
            squares = np.zeros((model.batch, model.edge, model.edge, 3), np.uint8)
            started = time.monotonic()
            for _ in range(20):
                model.embed(squares)
            each = 1000 * (time.monotonic() - started) / 20 / model.batch
            print(f"a model that does nearly nothing, batches of {model.batch}: {each:.2f} ms a picture (wall)")


if __name__ == "__main__":
    main()
