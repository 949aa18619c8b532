"""Which model of the user's, and how pictures are handed to it."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass

from engine.wire import SQUARE_MOST

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
DEFAULT_EDGE = 224
_SHA256 = re.compile(r"[0-9a-f]{64}")

Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model file and its input. Values out of range raise ValueError.

    path: raw bytes. sha256: of the file in hex, None where the user pinned none. edge: px a side, 0: as the model says, else
    `DEFAULT_EDGE`. mean, std: of red, green, blue, brightness 0..1; what the model gets is (pixel - mean) / std. The defaults
    are those of CLIP.
    """

    path: bytes
    sha256: str | None = None
    edge: int = 0
    mean: Three = CLIP_MEAN
    std: Three = CLIP_STD

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("the model has no name")
        if self.sha256 is not None and not _SHA256.fullmatch(self.sha256):
            raise ValueError("sha256 must be 64 digits 0-9 a-f")
        if isinstance(self.edge, bool) or not isinstance(self.edge, int) or not 0 <= self.edge <= SQUARE_MOST:
            raise ValueError(f"edge must be a whole number from 0 to {SQUARE_MOST}")
        for name, least in (("mean", -1e3), ("std", 1e-6)):
            values = getattr(self, name)
            if len(values) != 3 or not all(math.isfinite(value) and least <= value <= 1e3 for value in values):
                raise ValueError(f"{name} must be three numbers")


def model_id(sha256: str, edge: int, mean: Three, std: Three) -> bytes:
    """32 bytes that stand for all that a vector follows from: the model's bytes and what is done with pixels before."""
    return hashlib.sha256(f"imgfp related 1 {sha256} {edge} {mean!r} {std!r}".encode()).digest()
