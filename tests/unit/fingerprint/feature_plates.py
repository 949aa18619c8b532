"""Grey plates for tests of the local features, made of integers alone: the same on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plate = NDArray[np.uint8]


def busy(seed: int, height: int = 128, width: int = 192) -> Plate:
    """Blots of all sizes and rectangles that cover each other: uint8 (height, width)."""
    rng = np.random.default_rng(seed)
    total = np.full((height, width), 128, np.int64)
    for size in (2, 3, 5, 8, 16, 32):
        coarse = rng.integers(-12, 13, (height // size + 2, width // size + 2)) * (2 + size // 8)
        total += np.repeat(np.repeat(coarse, size, axis=0), size, axis=1)[:height, :width]
    for _ in range(14):
        top, left = int(rng.integers(0, height)), int(rng.integers(0, width))
        high, wide = int(rng.integers(4, 40)), int(rng.integers(4, 40))
        total[top : top + high, left : left + wide] += int(rng.integers(-70, 70))
    padded = np.pad(total, 1, mode="edge")
    soft = sum(padded[y : y + height, x : x + width] for y in range(3) for x in range(3)) // 9
    return np.clip(soft, 0, 255).astype(np.uint8)


def noise(seed: int, height: int, width: int) -> Plate:
    """Every pixel by chance."""
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def checkerboard(height: int, width: int, side: int = 1) -> Plate:
    """Black and white squares of so many px."""
    y, x = np.indices((height, width)) // side
    return ((y + x) % 2 * 255).astype(np.uint8)


def lines(height: int, width: int, gap: int = 16) -> Plate:
    """White lines one pixel wide, both ways."""
    plate = np.zeros((height, width), np.uint8)
    plate[::gap] = 255
    plate[:, ::gap] = 255
    return plate


SPECIAL: dict[str, Plate] = {
    "the smallest": busy(1, 16, 16),
    "the largest": busy(2, 192, 192),
    "a strip": busy(3, 16, 192),
    "an upright strip": busy(4, 192, 16),
    "odd sides": busy(5, 97, 131),
    "noise": noise(6, 192, 192),
    "black": np.zeros((128, 192), np.uint8),
    "white": np.full((128, 192), 255, np.uint8),
    "one spot": np.pad(np.full((9, 5), 255, np.uint8), ((60, 59), (90, 97))),
    "a fine checkerboard": checkerboard(192, 192),
    "a checkerboard": checkerboard(128, 192, 7),
    "lines": lines(128, 192),
    "a ramp": np.tile(np.arange(192, dtype=np.uint8), (128, 1)),
}


def resized(plate: Plate, height: int, width: int) -> Plate:
    """By area or between pixels, with Pillow."""
    return np.asarray(Image.fromarray(plate).resize((width, height), Image.Resampling.BICUBIC))
