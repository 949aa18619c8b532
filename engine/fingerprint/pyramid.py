"""Ever more blurred layers of a grey plate and their differences, in exact integers: where blobs of each size stand out.

The plate is doubled first; each octave has half the size of the one before. This is the numpy form of `kernels_pyramid`, which
gives the same integers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.feature_numbers import DIFFERENCES, GREY, LAYERS, PER_OCTAVE, SHORTEST, TAP_BITS, TAPS


@dataclass(frozen=True, slots=True)
class Octave:
    """One octave: layers int16 (6, h, w), 128ths of a grey level around mid-grey; differences int16 (5, h, w) of neighbours."""

    layers: NDArray[np.int16]
    differences: NDArray[np.int16]


def sizes_of(height: int, width: int) -> list[tuple[int, int]]:
    """Rows and columns of every octave of a plate of this size in px, the first of them doubled."""
    sizes = [(2 * height, 2 * width)]
    while min(sizes[-1]) > 2 * SHORTEST - 2:
        sizes.append(((sizes[-1][0] + 1) // 2, (sizes[-1][1] + 1) // 2))
    return sizes


def pyramid_of(detail: NDArray[np.uint8]) -> list[Octave]:
    """All octaves of a plate uint8 (h, w), sides from 16 px."""
    octaves: list[Octave] = []
    first = _blurred(_doubled(detail), 0)
    for _ in sizes_of(*detail.shape):
        layers = np.empty((LAYERS, *first.shape), np.int16)
        layers[0] = first
        for layer in range(1, LAYERS):
            layers[layer] = _blurred(layers[layer - 1], layer)
        octaves.append(Octave(layers, layers[1:] - layers[:DIFFERENCES]))
        first = _halved(layers[PER_OCTAVE])
    return octaves


def _doubled(detail: NDArray[np.uint8]) -> NDArray[np.int16]:
    """int16 (2h, 2w): twice the size, bilinear, pixel centres kept; exact, as sixteenths of a grey level are 8 units."""
    wide = _doubled_rows(_doubled_rows(detail.astype(np.int16)).T).T
    result: NDArray[np.int16] = (wide - 128 * 16) * np.int16(GREY // 16)
    return result


def _doubled_rows(rows: NDArray[np.int16]) -> NDArray[np.int16]:
    """Between any two rows two others, at a quarter of the way from each: four times as bright."""
    above, below = np.concatenate([rows[:1], rows[:-1]]), np.concatenate([rows[1:], rows[-1:]])
    result = np.empty((2 * len(rows), rows.shape[1]), np.int16)
    result[0::2] = 3 * rows + above
    result[1::2] = 3 * rows + below
    return result


def _halved(layer: NDArray[np.int16]) -> NDArray[np.int16]:
    """Means of 2 x 2 pixels, so that a mirrored plate has the mirrored pyramid; the last row or column may be alone."""
    height, width = layer.shape
    wide = np.pad(layer.astype(np.int32), ((0, height % 2), (0, width % 2)), mode="edge")
    sums = wide[0::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 0::2] + wide[1::2, 1::2]
    result: NDArray[np.int16] = ((sums + 2) >> 2).astype(np.int16)
    return result


def _blurred(layer: NDArray[np.int16], step: int) -> NDArray[np.int16]:
    """`layer` blurred by `TAPS[step]`, edges reflected, rounded once along the rows and once along the columns."""
    return _blurred_rows(_blurred_rows(layer.T, step).T, step)


def _blurred_rows(rows: NDArray[np.int16], step: int) -> NDArray[np.int16]:
    taps = TAPS[step]
    reach, count = len(taps) - 1, len(rows)
    padded = np.pad(rows.astype(np.int32), ((reach, reach), (0, 0)), mode="reflect")
    sums = padded[reach : reach + count] * np.int32(taps[0])
    for away in range(1, reach + 1):
        pair = padded[reach - away : reach - away + count] + padded[reach + away : reach + away + count]
        sums += pair * np.int32(taps[away])
    result: NDArray[np.int16] = ((sums + (1 << TAP_BITS - 1)) >> TAP_BITS).astype(np.int16)
    return result
