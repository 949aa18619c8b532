"""64 bits for a descriptor: the signs of its projections onto 64 directions.

Mirroring a picture leaves 32 of the projections alone and changes the sign of the other 32, so the code of a feature in the
mirrored picture is known without seeing it. The directions were learnt from generated pictures (tests/learning) and lie in
`data/projection.npy` as integers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.feature_numbers import LENGTH

BITS = 64
MIRROR_BITS = np.uint64(0x00000000FFFFFFFF)
FILE = Path(__file__).with_name("data") / "projection.npy"


class Projection(NamedTuple):
    """weights: int16 (64, 128). bias: int32 (64,). Bit i, counted from the top one, is set where weights[i] . d > bias[i]."""

    weights: NDArray[np.int16]
    bias: NDArray[np.int32]


@cache
def projection() -> Projection:
    """The directions, arrays read-only. The file holds int32 (64, 129), the bias as the last column."""
    table = np.load(FILE, allow_pickle=False)
    weights, bias = (
        np.ascontiguousarray(table[:, :LENGTH], dtype=np.int16),
        np.ascontiguousarray(table[:, LENGTH], dtype=np.int32),
    )
    weights.setflags(write=False)
    bias.setflags(write=False)
    return Projection(weights, bias)


def codes_of(descriptors: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """uint64 (n,) of descriptors uint8 (n, 128), exact; the numpy form of `kernels_describe.encode`."""
    weights, bias = projection()
    sums = descriptors.astype(np.int32) @ weights.T.astype(np.int32)
    return np.packbits(sums > bias, axis=1).view(">u8").astype(np.uint64).reshape(-1)


def mirrored(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The codes, uint64 of any shape, that the same features have in the mirrored picture."""
    return codes ^ MIRROR_BITS
