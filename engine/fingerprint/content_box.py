"""Where the content of a picture is: lines of one colour are cut off its four sides until nothing moves.

It finds white, black and coloured borders, letterboxes and polaroid frames. It also cuts clear skies, which does no harm: the
whole frame is kept beside the content. It does not find blurred backgrounds and windows of programs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.area import area_resize, fitted

LONGEST = 256
"""Long side in px of what is looked at: enough to place an edge, and compression leaves no speckles in it."""

LINE_STD = 7
"""Grey levels of standard deviation below which a line is of one colour."""

KEPT = 5
"""A fifth of each side stays whatever it is."""

MIN_LEFT = 8
"""Px of the shorter side of the content; less is no picture."""

Box = tuple[int, int, int, int]
"""Top, bottom, left, right in px; bottom and right are the first line beyond."""


def content_box(luma: NDArray[np.uint8]) -> Box:
    """The content of a picture, the whole of it where less than 3 in 100 of its area would go.

    Parameters
    ----------
    luma: uint8 (H, W), at most a few hundred px a side.

    Returns
    -------
    Px of `luma`, rounded inwards: no cut line is left in it.
    """
    height, width = luma.shape
    small = area_resize(luma, *fitted(height, width, LONGEST, 1))
    top, bottom, left, right = _cut(small)
    tall, wide = small.shape
    box = -(-top * height // tall), bottom * height // tall, -(-left * width // wide), right * width // wide
    inner = (box[1] - box[0], box[3] - box[2])
    if 100 * inner[0] * inner[1] < 97 * height * width and min(inner) > MIN_LEFT:
        return box
    return 0, height, 0, width


def _cut(grey: NDArray[np.uint8]) -> Box:
    """What is left when no outermost line is of one colour any more; all of it where every line in one direction is: then there
    is nothing inside the border, or stripes, and a rest of them would be taken for content."""
    values = grey.astype(np.int64)
    both = np.stack([values, values * values])
    across = _running(both)  # (2, height, width + 1): sums of a row from the left
    down = _running(both.transpose(0, 2, 1))  # (2, width, height + 1): sums of a column from the top
    top, left = 0, 0
    bottom, right = grey.shape
    while True:
        before = top, bottom, left, right
        rows = _inwards(across[..., right] - across[..., left], right - left, top, bottom)
        if rows is None:
            return 0, grey.shape[0], 0, grey.shape[1]
        top, bottom = rows
        columns = _inwards(down[..., bottom] - down[..., top], bottom - top, left, right)
        if columns is None:
            return 0, grey.shape[0], 0, grey.shape[1]
        left, right = columns
        if before == (top, bottom, left, right):
            return before


def _running(values: NDArray[np.int64]) -> NDArray[np.int64]:
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.int64)
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def _inwards(sums: NDArray[np.int64], length: int, low: int, high: int) -> tuple[int, int] | None:
    """The lines low .. high without those of one colour at either end, None if all are. sums: of values and of squares."""
    total, squares = sums
    plain = length * squares - total * total < LINE_STD * LINE_STD * length * length
    least = max(1, len(plain) // KEPT)
    structure = np.flatnonzero(~plain[low:high]) + low
    if not len(structure):
        return None
    low = max(low, min(int(structure[0]), high - least))
    return low, min(high, max(int(structure[-1]) + 1, low + least))
