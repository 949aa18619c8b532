"""The part that says where the content of a picture lies, and how large the plate was that its features stand on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.content_box import Box
from engine.fingerprint.plate import DETAIL, DETAIL_SHORTEST

UNIT = 65535
"""The whole side of a picture."""

TOP, BOTTOM, LEFT, RIGHT, WIDTH, HEIGHT, FEATURES = range(7)
"""Places in the part: the content box in `UNIT`ths of each side, the detail plate in px, how many features there are."""


def frame_of(box: Box, size: tuple[int, int], detail: tuple[int, int], features: int) -> NDArray[np.uint16]:
    """uint16 (8,): see the places above; the last is 0.

    Parameters
    ----------
    box: the content in px of a picture of `size`. size, detail: height and width in px. features: 0..128.
    """
    top, bottom, left, right = box
    height, width = size
    lines = [_unit(top, height), _unit(bottom, height), _unit(left, width), _unit(right, width)]
    return np.array([*lines, detail[1], detail[0], features, 0], dtype=np.uint16)


def is_possible(frame: NDArray[np.uint16], points: NDArray[np.uint8], codes: NDArray[np.uint64]) -> bool:
    """Whether these parts can belong to a picture: a box with an inside, a detail plate of a size that is made, not too many
    features and nothing behind them. Who looks things up by these numbers need not ask again.

    Parameters
    ----------
    frame: uint16 (8,). points: uint8 (features, 5). codes: uint64 (features,).
    """
    top, bottom, left, right, width, height, features, nothing = frame.tolist()
    if not (top < bottom and left < right and nothing == 0 and features <= len(codes)):
        return False
    sides = all(DETAIL_SHORTEST <= side <= DETAIL for side in (width, height))
    return sides and not points[features:].any() and not codes[features:].any()


def _unit(line: int, side: int) -> int:
    return (2 * line * UNIT + side) // (2 * side)
