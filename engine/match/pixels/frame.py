"""Pairs that share the whole frame, perhaps turned or mirrored: a close look at what differs, cell by cell."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.evidence import prepare, weigh
from engine.match.poses import inverse, posed
from engine.records import PictureTable

_Scalar = TypeVar("_Scalar", bound=np.generic)
Ints = NDArray[np.int64]

BLOCK = 32
"""Pairs looked at together: some 30 ms, and few enough to stay in the cache of the processor."""


def frame_evidence(plates: NDArray[np.uint8], first: Ints, second: Ints, poses: Ints) -> NDArray[np.void]:
    """`evidence.EVIDENCE_DTYPE` (k,) of pairs of plates; the darker one is looked at first, whoever asks.

    Parameters
    ----------
    plates: uint8 (n, 64, 64). first, second: (k,) rows of them. poses: (k,), of the first that equals the second.
    """
    done = [
        _block(plates, first[at : at + BLOCK], second[at : at + BLOCK], poses[at : at + BLOCK])
        for at in range(0, max(1, len(first)), BLOCK)
    ]
    return np.concatenate(done)


def _block(plates: NDArray[np.uint8], first: Ints, second: Ints, poses: Ints) -> NDArray[np.void]:
    """Equal plates are looked at once, so that a crowd of equal frames costs next to nothing."""
    rows, where = np.unique(np.stack([first, second]), return_inverse=True)
    one, other = where.reshape(2, -1)
    some = plates[rows]
    one, other, poses = _by_content(some, one, other, poses)
    seen: dict[bytes, int] = {}
    content = np.array([seen.setdefault(plate.tobytes(), at) for at, plate in enumerate(some)], dtype=np.int64)
    asked = np.column_stack([content[one], content[other], poses]).reshape(-1, 3)
    asked, answer = np.unique(asked, axis=0, return_inverse=True)
    smoothed, normal, deviation = prepare(some)
    one, other, pose = asked.T
    evidence = weigh(
        (posed_rows(smoothed[one], pose), posed_rows(normal[one], pose), posed_rows(deviation[one], pose)),
        (smoothed[other], normal[other], deviation[other]),
    )
    return evidence[answer.reshape(-1)]


def _by_content(plates: NDArray[np.uint8], a: Ints, b: Ints, poses: Ints) -> tuple[Ints, Ints, Ints]:
    """Each pair with the darker plate (at the first cell that differs) in front, and the pose that then applies."""
    plate_a, plate_b = plates[a].reshape(len(a), -1), plates[b].reshape(len(a), -1)
    cell = np.argmax(plate_a != plate_b, axis=1)
    row = np.arange(len(a))
    swap = plate_a[row, cell] > plate_b[row, cell]
    back = np.array([inverse(pose) for pose in range(8)])
    return np.where(swap, b, a), np.where(swap, a, b), np.where(swap, back[poses], poses)


def posed_rows(values: NDArray[_Scalar], poses: Ints) -> NDArray[_Scalar]:
    """Each grid (k, side, side, …) in a pose of its own."""
    out = values.copy()
    for pose in np.unique(poses).tolist():
        rows = poses == pose
        out[rows] = posed(values[rows], pose)
    return out


def aspect_change(table: PictureTable, a: Ints, b: Ints, poses: Ints) -> NDArray[np.float64]:
    """|log| of the ratio of both aspects in pose, less what rounding to whole pixels explains: (k,)."""
    wide, high = table.width[a].astype(np.float64), table.height[a].astype(np.float64)
    turned = poses >= 4
    wide, high = np.where(turned, high, wide), np.where(turned, wide, high)
    other_wide, other_high = table.width[b].astype(np.float64), table.height[b].astype(np.float64)
    sides = np.maximum(np.stack([wide, high, other_wide, other_high]), 1.0)
    ratio = np.abs(np.log(sides[0] / sides[1] * sides[3] / sides[2]))
    result: NDArray[np.float64] = np.maximum(ratio - 1.0 / sides.min(axis=0), 0.0)
    return result
