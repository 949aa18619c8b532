"""A library of any size that no disk holds: consistent hashes, plates and features for planted copies, nothing for other pairs.

A thousand real fingerprints of generated scenes are the stock. A picture is one of them with its 8 x 8 blocks in another order
(told by its number), from which plate, hashes and colour follow; its codes are the stock's mixed with its number, so that
unrelated pictures agree by chance alone. Every fifth picture is a copy of the one before: turned, with noise, or a crop of
its middle half. Plates and features are made when they are asked for. Codes are even, those of photographs are a little less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.fingerprint import fingerprint
from engine.fingerprint.dct import BASIS, HAIR
from engine.match.poses import LEFT_RIGHT, TOP_BOTTOM, posed
from engine.records import PictureTable
from tests.support.scenes import scene
from tests.unit.match.tables import UNKNOWN

STOCK = 300
EVERY = 5
BLOCK = 4096
NOISE, TURN, CROP = range(3)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mixed(values: np.ndarray) -> np.ndarray:
    """Numbers to numbers without a pattern (splitmix64): uint64."""
    with np.errstate(over="ignore"):
        z = values.astype(np.uint64) * _GOLDEN + _GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class Made:
    """Rows that are made when they are asked for: what a map of a file is to matching."""

    def __init__(self, count: int, make: Callable[[np.ndarray], np.ndarray]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        """How many."""
        return self._count

    def __getitem__(self, place: Any, /) -> Any:
        """One row for a number, rows for an array of numbers or a slice."""
        rows = np.arange(self._count)[place]
        return self._make(np.atleast_1d(rows)) if rows.ndim else self._make(rows[None])[0]


class Library:
    """So many pictures. family: int64 (n,), the number that a picture and its copy share. kind: of copies, -1 for others."""

    def __init__(self, count: int) -> None:
        prints = [fingerprint(scene(seed, 240, 180)) for seed in range(STOCK)]
        self._plates, self._codes, self._points = (
            np.array([getattr(p, name) for p in prints]) for name in ("plate", "codes", "points")
        )
        self.count = count
        rows = np.arange(count)
        self.copy = rows % EVERY == EVERY - 1
        self.family = np.where(self.copy, rows - 1, rows)
        self.kind = np.where(self.copy, rows // EVERY % 3, -1)

    def plates(self, rows: np.ndarray) -> np.ndarray:
        """uint8 (k, 64, 64)."""
        family = self.family[rows]
        stock = (
            self._plates[mixed(family) % np.uint64(STOCK)].reshape(-1, 8, 8, 8, 8).transpose(0, 1, 3, 2, 4).reshape(-1, 64, 8, 8)
        )
        order = np.argsort(mixed(family[:, None].astype(np.uint64) * np.uint64(64) + np.arange(64, dtype=np.uint64)), axis=1)
        plates = np.take_along_axis(stock, order[:, :, None, None], axis=1)
        plates = plates.reshape(-1, 8, 8, 8, 8).transpose(0, 1, 3, 2, 4).reshape(-1, 64, 64)
        noisy, turned, cropped = (self.kind[rows] == kind for kind in (NOISE, TURN, CROP))
        grain = mixed(rows[noisy][:, None] * 4096 + np.arange(4096)).reshape(-1, 64, 64) % np.uint64(7)
        plates[noisy] = np.clip(plates[noisy].astype(np.int16) + grain.astype(np.int16) - 3, 0, 255)
        plates[turned] = posed(plates[turned], TOP_BOTTOM | LEFT_RIGHT)
        plates[cropped] = plates[cropped][:, 16:48, 16:48].repeat(2, axis=1).repeat(2, axis=2)
        return plates

    def codes(self, rows: np.ndarray) -> np.ndarray:
        """uint64 (k, 128): of a copy those of its original with two of the bits changed in every third."""
        family = self.family[rows].astype(np.uint64)
        slot = np.arange(128, dtype=np.uint64)
        codes = mixed(family[:, None] * np.uint64(128) + slot)
        flips = np.uint64(1) << (codes % np.uint64(61)) | np.uint64(1) << (codes % np.uint64(53))
        changed = self.copy[rows][:, None] & (codes % np.uint64(3) == 0)
        codes[changed] ^= flips[changed]
        codes[~self._there(rows)] = 0
        return codes

    def points(self, rows: np.ndarray) -> np.ndarray:
        """uint8 (k, 128, 5): places by chance, of copies where their map puts them."""
        x, y, size, angle = self._places(rows)
        points = np.stack([x >> 4, (x & 15) << 4 | y >> 8, y & 255, size, angle], axis=2).astype(np.uint8)
        points[~self._there(rows)] = 0
        return points

    def counts(self, rows: np.ndarray) -> np.ndarray:
        """Features of each: int64 (k,). They fill the slots from the front, so of crops only a run of them is there."""
        return self._there(rows).sum(axis=1)

    def _there(self, rows: np.ndarray) -> np.ndarray:
        crop = self.kind[rows] == CROP
        return np.arange(128)[None] < np.where(crop, 40, 128)[:, None]

    def _places(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        family = self.family[rows].astype(np.uint64)
        chance = mixed(mixed(family[:, None] * np.uint64(128) + np.arange(128, dtype=np.uint64)))
        x, y = (chance & np.uint64(4095)).astype(np.int64), (chance >> np.uint64(12) & np.uint64(4095)).astype(np.int64)
        first = np.arange(128) < 40  # these lie in the middle, where crops see them
        x, y = np.where(first, 1024 + x // 2, x) * 4000 // 4096, np.where(first, 1024 + y // 2, y) * 4000 // 4096
        size, angle = (
            (chance >> np.uint64(24) & np.uint64(31)).astype(np.int64) + 96,
            (chance >> np.uint64(32) & np.uint64(255)).astype(np.int64),
        )
        turned, cropped = (self.kind[rows][:, None] == kind for kind in (TURN, CROP))
        x, y = np.where(turned, 4095 - x, x), np.where(turned, 4095 - y, y)
        x, y = np.where(cropped, np.clip(2 * x - 2048, 0, 4095), x), np.where(cropped, np.clip(2 * y - 2048, 0, 4095), y)
        return x, y, np.where(cropped, size + 16, size), np.where(turned, (angle + 128) & 255, angle)

    def table(self) -> PictureTable:
        """Columns; plates, colours, points and codes are made when asked for."""
        count = self.count
        bits = np.empty((count, 256), np.bool_)
        basis = BASIS.astype(np.float32)
        for at in range(0, count, BLOCK):
            plates = self.plates(np.arange(at, min(at + BLOCK, count))).astype(np.float32)
            bits[at : at + BLOCK] = (basis @ plates @ basis.T).reshape(-1, 256) > HAIR
        narrow = (
            np.packbits(bits.reshape(-1, 16, 16)[:, :8, :8].reshape(-1, 64), axis=1).view(">u8").astype(np.uint64).reshape(-1)
        )
        wide = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
        frame = np.zeros((count, 8), np.uint16)
        frame[:] = (0, 65535, 0, 65535, 192, 192, 0, 0)
        frame[:, 6] = self.counts(np.arange(count))
        colours = np.full((1, 128), 128, np.uint8)
        columns: dict[str, Any] = {name: np.full(count, value, dtype=dtype) for name, (dtype, value) in UNKNOWN.items()}
        columns |= {"width": np.full(count, 300, np.int32), "height": np.full(count, 300, np.int32)}
        columns |= {"shot": np.arange(count, dtype=np.int64), "flat": np.zeros(count, np.bool_)}
        return PictureTable(
            dct64=narrow, dct256=wide, trim64=narrow, trim256=wide, frame=frame, gradient=mixed(self.family),
            colour=Made(count, lambda rows: np.repeat(colours, len(rows), axis=0)), plate=Made(count, self.plates),
            points=Made(count, self.points), codes=Made(count, self.codes), **columns,
        )  # fmt: skip

    def planted(self) -> np.ndarray:
        """Rows of copies: int64; each is one of the row before."""
        return np.flatnonzero(self.copy)
