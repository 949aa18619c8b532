"""From upright pixels to the 3 x 17 hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.imgfprint.hashes import ahash, dhash, phash
from engine.imgfprint.resize import SIDE, square

ALGORITHMS = ("ahash", "phash", "dhash")
"""Order of the hashes in records, on the wire and in the store."""

BLOCKS = 16
REGIONS = 1 + BLOCKS
"""The global region, then the 16 tiles in reading order."""

HASH_BYTES = 8 * REGIONS * len(ALGORITHMS)
CENTRE = slice(112, 144)
TILE = 64

Hashes = NDArray[np.uint64]
"""uint64 (3, 17): AHash, PHash, DHash; each of the global region, then of the tiles in reading order."""


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 (H, W, 3) upright RGB to uint8 (256, 256): all that the hashes see."""
    small = square(pixels).astype(np.uint32)
    return ((77 * small[:, :, 0] + 150 * small[:, :, 1] + 29 * small[:, :, 2]) >> 8).astype(np.uint8)


def hashes_of(plate: NDArray[np.uint8], dead_zone: float = 0.0) -> Hashes:
    """The 51 hashes of a grey plate uint8 (256, 256). dead_zone: see `phash`; above 0 they are not the scheme's own."""
    if plate.shape != (SIDE, SIDE) or plate.dtype != np.uint8:
        raise ValueError("the grey plate must be uint8 with the shape (256, 256)")
    count = SIDE // TILE
    tiles = plate.reshape(count, TILE, count, TILE).transpose(0, 2, 1, 3).reshape(BLOCKS, TILE, TILE)
    centre = plate[CENTRE, CENTRE][None]
    found = np.empty((len(ALGORITHMS), REGIONS), np.uint64)
    found[0, :1], found[0, 1:] = ahash(centre), ahash(tiles)
    found[1, :1], found[1, 1:] = phash(centre, dead_zone), phash(tiles, dead_zone)
    found[2, :1], found[2, 1:] = dhash(centre), dhash(tiles)
    return found


def fingerprint(pixels: NDArray[np.uint8]) -> Hashes:
    """The 51 hashes of an upright picture, uint8 (H, W, 3)."""
    return hashes_of(grey(pixels))


def pack(hashes: Hashes) -> bytes:
    """408 bytes, little-endian, in the order of `Hashes`."""
    return np.asarray(hashes).astype("<u8").tobytes()


def unpack(data: bytes) -> Hashes:
    """Inverse of `pack`. Raises ValueError for another length (the input is untrusted)."""
    if len(data) != HASH_BYTES:
        raise ValueError("not 51 hashes")
    return np.frombuffer(data, "<u8").astype(np.uint64).reshape(len(ALGORITHMS), REGIONS)
