"""Does every part of an overlap agree, or only a frame around different content?

Two features agree when a map lays one on the other and their codes are alike. A feature counts if the other picture could show it
(inside, not too small there), and only as many of the strongest count as the other side can answer: a crop has many fine features
that the whole picture did not keep. What counts is supported if an agreeing feature lies nearby. Two windows of one program, one
watermark, one caption leave most features without support.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.local.features import SLOTS, ZOOMS, SomeFeatures, between
from engine.match.local.loops import SUPPORT
from engine.match.local.support_plain import support_plain

SUPPORT_DTYPE = np.dtype([("n_first", "u2"), ("share_first", "f8"), ("n_second", "u2"), ("share_second", "f8"), ("agree", "u2")])
"""n_first, n_second: features of either picture that count. share_first, share_second: how many of them are supported, 0 … 1; 0
if none counts. agree: features of the first that have an agreeing one."""

FEW_PAIRS = 32
"""Pairs below which numpy is quick enough."""


def support(
    features: SomeFeatures, first: NDArray[np.int64], second: NDArray[np.int64], maps: NDArray[np.float64]
) -> NDArray[np.void]:
    """Support of k overlaps: `SUPPORT_DTYPE` (k,). A map without an area has none.

    Parameters
    ----------
    first, second: int64 (k,), rows. maps: float64 (k, 6), unit coordinates of the first to those of the second.
    """
    first, second = np.ascontiguousarray(first, dtype=np.int64), np.ascontiguousarray(second, dtype=np.int64)
    maps = np.ascontiguousarray(maps, dtype=np.float64).reshape(-1, 6)
    if not len(first):
        return np.zeros(0, dtype=SUPPORT_DTYPE)
    some, (first, second) = between(features, first, second)  # perhaps from the disk: each once
    loops = SUPPORT.loaded() if SUPPORT.is_loaded or len(first) >= FEW_PAIRS else None
    if loops is None:
        counts, near = support_plain(some, first, second, maps)
    else:
        counts, near = np.zeros((len(first), 3), dtype=np.int64), np.zeros((len(first), 2), dtype=np.int64)
        loops.support(
            some.codes.reshape(-1), some.points.reshape(-1), some.count, some.width, some.height,
            first, second, maps, 0, len(first), ZOOMS, np.empty(4 * SLOTS), np.empty(2 * SLOTS, dtype=np.int64),
            np.empty(4 * SLOTS, dtype=np.uint8), counts, near,
        )  # fmt: skip
    found = np.zeros(len(first), dtype=SUPPORT_DTYPE)
    found["n_first"], found["n_second"], found["agree"] = counts.T
    found["share_first"] = near[:, 0] / np.maximum(1, counts[:, 0])
    found["share_second"] = near[:, 1] / np.maximum(1, counts[:, 1])
    return found
