"""Features of pictures that never were: codes whose bits are flipped as edits flip them, places moved by a map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.local.features import SLOTS, Features
from engine.match.local.keys import MIRROR

WIDTH, HEIGHT = 192, 128
FLIPS = np.concatenate([np.linspace(0.03, 0.12, 32)] * 2)
"""Share of wrong bits after an edit, from the first bit of a code to the last."""


def packed(x: NDArray[np.int64], y: NDArray[np.int64], size: NDArray[np.int64], angle: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Bytes of points: uint8 (…, 5)."""
    return np.stack([x >> 4, (x & 15) << 4 | y >> 8, y & 255, size, angle & 255], axis=-1).astype(np.uint8)


def flipped(rng: np.random.Generator, codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same features after an edit."""
    bits = rng.random((*codes.shape, 64)) < FLIPS
    return codes ^ np.packbits(bits, axis=-1).view(">u8")[..., 0].astype(np.uint64)


def pictures(rng: np.random.Generator, count: int, features: int = SLOTS) -> Features:
    """Pictures that have nothing in common, with so many features each."""
    x, y = rng.integers(0, 4096, (count, SLOTS)), rng.integers(0, 2730, (count, SLOTS))
    points = packed(x, y, rng.integers(95, 130, (count, SLOTS)), rng.integers(0, 256, (count, SLOTS)))
    codes = rng.integers(0, 1 << 64, (count, SLOTS), dtype=np.uint64)
    points[:, features:], codes[:, features:] = 0, 0
    full = np.full(count, features, dtype=np.uint8)
    return Features(full, points, codes, np.full(count, WIDTH, dtype=np.uint8), np.full(count, HEIGHT, dtype=np.uint8))


def joined(*parts: Features) -> Features:
    """All pictures of these."""
    names = ("count", "points", "codes", "width", "height")
    return Features(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def some(features: Features, rows: NDArray[np.integer]) -> Features:
    """These rows of them."""
    return Features(*(getattr(features, name)[rows] for name in ("count", "points", "codes", "width", "height")))


def edited(rng: np.random.Generator, features: Features, *, keep: float = 0.6, mirrored: bool = False) -> Features:
    """A copy of each picture, of half the size in a frame around it: some features stay, with errors, the others are new."""
    other = pictures(rng, len(features), int(features.count.max()))
    b = features.points.astype(np.int64)
    x, y = b[..., 0] << 4 | b[..., 1] >> 4, (b[..., 1] & 15) << 8 | b[..., 2]
    codes, angle = flipped(rng, features.codes), b[..., 4]
    if mirrored:
        x, codes, angle = 4095 - x, codes ^ np.uint64(MIRROR), 128 - angle
    wobble = rng.integers(-20, 21, (2, *x.shape))
    moved = packed(
        x // 2 + 1000 + wobble[0], y // 2 + 600 + wobble[1], np.maximum(b[..., 3] - 16, 0), angle + rng.integers(-4, 5, x.shape)
    )
    stays = (rng.random(x.shape) < keep) & (np.arange(SLOTS) < features.count[:, None])
    points = np.where(stays[..., None], moved, other.points)
    return Features(other.count, points, np.where(stays, codes, other.codes), other.width, other.height)


def ranks(features: Features) -> NDArray[np.int64]:
    """An order made from content: int64 (n,)."""
    order = np.lexsort((features.codes[:, 1], features.codes[:, 0]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank
