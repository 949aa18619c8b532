"""A library of any size that no disk holds: consistent hashes, plates and features for planted copies, nothing for other pairs.

A thousand real fingerprints of generated scenes are the stock. A picture is one of them with its 8 x 8 blocks in another order
(told by its number), from which plate, hashes and colour follow; its codes resemble those of others as often as codes of
photographs do. Every fifth picture is a copy of the one before: turned, with noise, or a crop of its middle half.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fingerprint import fingerprint
from engine.fingerprint.dct import BASIS, HAIR
from engine.match.poses import LEFT_RIGHT, TOP_BOTTOM, posed
from tests.support.scenes import scene
from tests.unit.match.tables import UNKNOWN

STOCK = 300
EVERY = 5
MARK = 16
"""Features of a watermark."""

LOOKS, ALIKE = 40_000, 18
"""What corners and blobs look like, and the share of features, in hundredths, that resemble one of those closely."""

WRONG = 1 << 20
"""Ways in which they do not."""

NOISE, TURN, CROP = range(3)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mixed(values: np.ndarray) -> np.ndarray:
    """Numbers to numbers without a pattern (splitmix64): uint64."""
    with np.errstate(over="ignore"):
        z = values.astype(np.uint64) * _GOLDEN + _GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class Library:
    """So many pictures. family: int64 (n,), the number that a picture and its copy share. kind: of copies, -1 for others.

    crowd: "" for planted copies alone; "equal": all show one picture, to the last bit; "near": all show it with its own noise;
    "mark": the planted library, and all pictures have the same `MARK` strongest features, at one place, as by a watermark.
    """

    def __init__(self, count: int, crowd: str = "") -> None:
        prints = [fingerprint(scene(seed, 240, 180)) for seed in range(STOCK)]
        self._plates = np.array([p.plate for p in prints])
        rng = np.random.default_rng(1)
        self._looks = rng.integers(0, 1 << 64, LOOKS, dtype=np.uint64)
        self._wrong = np.packbits(rng.random((WRONG, 64)) < 0.04, axis=-1).view(">u8")[..., 0].astype(np.uint64)
        self.count = count
        rows = np.arange(count)
        self.copy = rows % EVERY == EVERY - 1
        self.family = np.where(self.copy, rows - 1, rows)
        self.kind = np.where(self.copy, rows // EVERY % 3, -1)
        self.crowd = crowd
        if crowd in ("equal", "near"):
            self.family[:] = 0
            self.copy[:] = crowd == "near"
            self.kind[:] = NOISE if crowd == "near" else -1

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
        codes = self._strangers(mixed(family[:, None] * np.uint64(128) + slot))
        if self.crowd == "mark":
            codes[:, :MARK] = mixed(slot[:MARK])
        chance = mixed(rows[:, None].astype(np.uint64) * np.uint64(128) + slot) if self.crowd else codes
        flips = np.uint64(1) << (chance % np.uint64(61)) | np.uint64(1) << (chance % np.uint64(53))
        changed = self.copy[rows][:, None] & (chance % np.uint64(3) == 0)
        if self.crowd == "mark":
            changed[:, :MARK] = chance[:, :MARK] % np.uint64(3) == 0
        codes[changed] ^= flips[changed]
        codes[~self._there(rows)] = 0
        return codes

    def _strangers(self, chance: np.ndarray) -> np.ndarray:
        """Codes from even numbers: one in a million pairs lies within 8 bits, as of unrelated photographs."""
        share = (chance >> np.uint64(40)).astype(np.float64) / (1 << 24)
        look = (LOOKS * share**1.5).astype(np.int64)
        alike = mixed(chance) % np.uint64(100) < ALIKE
        return np.where(alike, self._looks[look] ^ self._wrong[chance % np.uint64(WRONG)], mixed(chance + np.uint64(1)))

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
        if self.crowd == "mark":
            place = np.arange(MARK) * 9
            x[:, :MARK], y[:, :MARK], angle[:, :MARK] = 3000 + place, 3600 - place // 2, place
        return x, y, np.where(cropped, size + 16, size), np.where(turned, (angle + 128) & 255, angle)

    def hashes(self, plates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of 64 bits, uint64 (k,), and of 256, uint64 (k, 4)."""
        basis = BASIS.astype(np.float32)
        bits = (basis @ plates.astype(np.float32) @ basis.T).reshape(-1, 256) > HAIR
        inner = bits.reshape(-1, 16, 16)[:, :8, :8].reshape(-1, 64)
        narrow, wide = (np.packbits(part, axis=1).view(">u8").astype(np.uint64) for part in (inner, bits))
        return narrow.reshape(-1), wide

    def parts(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """All parts of the fingerprints of these pictures, by name."""
        plates = self.plates(rows)
        narrow, wide = self.hashes(plates)
        frame = np.zeros((len(rows), 8), np.uint16)
        frame[:] = (0, 65535, 0, 65535, 192, 192, 0, 0)
        frame[:, 6] = self.counts(rows)
        return {
            "dct64": narrow, "dct256": wide, "gradient": mixed(self.family[rows]), "trim64": narrow, "trim256": wide,
            "frame": frame, "colour": np.full((len(rows), 128), 128, np.uint8), "plate": plates, "points": self.points(rows),
            "codes": self.codes(rows),
        }  # fmt: skip

    def facts(self) -> dict[str, np.ndarray]:
        """Columns of a `PictureTable` that are no fingerprints: nothing is known of any picture."""
        columns: dict[str, Any] = {name: np.full(self.count, value, dtype=dtype) for name, (dtype, value) in UNKNOWN.items()}
        columns |= {"width": np.full(self.count, 300, np.int32), "height": np.full(self.count, 300, np.int32)}
        return columns | {"shot": np.arange(self.count, dtype=np.int64), "flat": np.zeros(self.count, np.bool_)}

    def planted(self) -> np.ndarray:
        """Rows of copies: int64; each is one of the row before."""
        return np.flatnonzero(self.copy)
