"""Golden fingerprints: ``python -m tests.golden.fingerprints`` writes fingerprints.json anew.

A change there makes the stored fingerprints of users worthless: raise the version of the part in engine/fingerprint/parts.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint import PROFILE, Prints, fingerprint, frame_hash

PATH = Path(__file__).with_suffix(".json")

Picture = NDArray[np.uint8]


def integers(seed: int, count: int) -> NDArray[np.uint32]:
    """Pseudo-random 16-bit numbers from a linear congruential generator, integers only: the same on every system."""
    state, out = seed & 0xFFFFFFFF, np.empty(count, dtype=np.uint32)
    for i in range(count):
        state = (1664525 * state + 1013904223) & 0xFFFFFFFF
        out[i] = state >> 16
    return out


def cloudy(seed: int, height: int, width: int) -> Picture:
    """Structure at every scale: sums of random grids, each enlarged by repetition and blurred by running sums of integers."""
    total = np.zeros((height, width, 3), dtype=np.int64)
    for level, cells in enumerate((3, 6, 12, 24, 48)):
        grid = integers(seed + 977 * level, cells * cells * 3).astype(np.int64).reshape(cells, cells, 3) >> (4 + level)
        rows, columns = np.arange(height) * cells // height, np.arange(width) * cells // width
        total += grid[rows][:, columns]
    for axis, size in ((0, height), (1, width)):
        for _ in range(2):
            step = max(1, size // 40)
            total = sum(np.roll(total, k, axis) for k in range(step)) // step
    low, high = total.min(), total.max()
    return ((total - low) * 255 // max(1, high - low)).astype(np.uint8)


def ramp(height: int, width: int) -> Picture:
    """Even shading from left to right and top to bottom."""
    grey = (np.arange(height)[:, None] * 90 // height + np.arange(width)[None] * 120 // width + 20).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def flag(height: int, width: int) -> Picture:
    """Three bands: symmetric, most coefficients are 0."""
    out = np.zeros((height, width, 3), dtype=np.uint8)
    out[: height // 3] = (200, 30, 40)
    out[height // 3 : 2 * height // 3] = (250, 250, 250)
    out[2 * height // 3 :] = (30, 60, 180)
    return out


def grain(height: int, width: int) -> Picture:
    """Noise of full contrast in every pixel."""
    return (integers(7, height * width * 3) >> 8).astype(np.uint8).reshape(height, width, 3)


def framed(pixels: Picture, top: int, bottom: int, left: int, right: int, level: int) -> Picture:
    """Inside a border of one grey."""
    return np.pad(pixels, ((top, bottom), (left, right), (0, 0)), constant_values=level)


PICTURES: dict[str, Callable[[], Picture]] = {
    "cloudy 300 x 200": lambda: cloudy(1, 200, 300),
    "cloudy 450 x 301": lambda: cloudy(2, 301, 450),
    "cloudy, upright 161 x 240": lambda: cloudy(3, 240, 161),
    "one step to a cell 64 x 64": lambda: cloudy(4, 64, 64),
    "smaller than the plate 40 x 23": lambda: cloudy(5, 23, 40),
    "panorama 901 x 33": lambda: cloudy(6, 33, 901),
    "grain 130 x 97": lambda: grain(97, 130),
    "ramp 128 x 96": lambda: ramp(96, 128),
    "flag 90 x 60": lambda: flag(60, 90),
    "white 20 x 20": lambda: np.full((20, 20, 3), 255, dtype=np.uint8),
    "one pixel": lambda: np.array([[[10, 20, 30]]], dtype=np.uint8),
    "icon 12 x 12": lambda: grain(12, 12),
    "larger than the working size 1100 x 733": lambda: cloudy(7, 733, 1100),
    "white border": lambda: framed(cloudy(8, 180, 270), 15, 15, 15, 15, 255),
    "letterbox": lambda: framed(cloudy(9, 170, 300), 65, 65, 0, 0, 0),
    "polaroid": lambda: framed(cloudy(10, 200, 200), 16, 60, 16, 16, 240),
    "border round nothing": lambda: framed(np.full((120, 180, 3), 90, dtype=np.uint8), 20, 20, 20, 20, 255),
    "turned": lambda: np.rot90(cloudy(1, 200, 300)),
    "mirrored": lambda: cloudy(1, 200, 300)[:, ::-1],
    "small strip 300 x 20": lambda: cloudy(11, 20, 300),
    "long strip 4000 x 30": lambda: cloudy(12, 30, 4000),
    "grain 640 x 400": lambda: grain(400, 640),
}


def _digest(values: NDArray[np.generic]) -> str:
    return hashlib.blake2s(values.tobytes()).hexdigest()


def as_hex(prints: Prints, pixels: Picture) -> dict[str, Any]:
    """A fingerprint as it stands in the golden file."""
    hashes = ("dct64", "dct256", "gradient", "trim64", "trim256")
    return {
        **{name: "".join(f"{int(word):016x}" for word in getattr(prints, name)) for name in hashes},
        "frame": prints.frame.tolist(),
        **{name: _digest(getattr(prints, name)) for name in ("colour", "plate", "points", "codes")},
        "flat": prints.flat,
        "film frame": frame_hash(pixels).hex(),
    }


def compute() -> dict[str, Any]:
    """What the golden file must say."""
    pictures = {name: make() for name, make in PICTURES.items()}
    return {"profile": PROFILE, "pictures": {name: as_hex(fingerprint(pixels), pixels) for name, pixels in pictures.items()}}


if __name__ == "__main__":
    PATH.write_text(json.dumps(compute(), indent=1) + "\n", encoding="utf-8")
