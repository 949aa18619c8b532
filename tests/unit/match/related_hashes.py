"""Made-up hashes of pictures that are turned, mirrored and changed copies of each other."""

from __future__ import annotations

import numpy as np

from engine.match.poses import pose_hash256


def related_hashes(seed: int, count: int, flips: int) -> tuple[np.ndarray, np.ndarray]:
    """Random hashes, most of them another one in some pose with some bits flipped; the 64 bits are part of the 256."""
    rng = np.random.default_rng(seed)
    wide = rng.integers(0, 2**64, (count, 4), dtype=np.uint64)
    for row in range(1, count):
        if rng.random() < 0.7:
            wide[row] = pose_hash256(wide[[rng.integers(0, row)]], int(rng.integers(0, 8)))[0]
            for bit in rng.integers(0, 256, rng.integers(0, flips + 1)).tolist():
                wide[row, bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    bits = np.unpackbits(wide.astype(">u8").view(np.uint8).reshape(count, 32), axis=1).reshape(count, 16, 16)[:, :8, :8]
    narrow = np.packbits(bits.reshape(count, 64), axis=1).view(">u8").astype(np.uint64).reshape(count)
    return narrow, wide
