"""Loops for the tests of how loops are compiled and called."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, popcount


@inlined
def _square(x: Any) -> Any:
    return x * x


@loop
def distances(a: Any, b: Any, count: Any, out: Any) -> Any:
    """Bits in which uint64 a and b differ, uint8; the answer is their sum."""
    total = 0
    for i in range(count):
        d = np.int64(popcount(a[i] ^ b[i]))
        out[i] = d
        total += d
    return total


@loop
def scaled(rows: Any, count: Any, factor: Any, corner: Any, out: Any) -> Any:
    """float64 rows of 3 times a factor plus a corner of 3, squared."""
    for i in range(count):
        for k in range(3):
            out[i, k] = _square(rows[i, k] * factor + corner[k])
    return count
