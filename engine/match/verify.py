"""Candidates become scored pairs: both plates are looked at in every pose in question, and the best one counts.

A pair's outcome depends on the two pictures alone: which of them is aligned to which is decided by the plates, never by
row numbers, so the order of the files and the rest of the library change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.fingerprint.gradient import gradients
from engine.match.colour import weigh_colour
from engine.match.evidence import prepare, weigh
from engine.match.films import films_differ
from engine.match.near_miss import perhaps_two_exposures
from engine.match.poses import inverse, pose_hash256, posed
from engine.match.score import similarity, strength
from engine.match.tiers import edits_of, tiers_of
from engine.records import PAIR_DTYPE, PictureTable, Tier

_Scalar = TypeVar("_Scalar", bound=np.generic)

BLOCK = 32
"""Pairs looked at together: some 30 ms, and few enough to stay in the cache of the processor."""

_WHOLE = np.array([0.0, 0.0, 1.0, 1.0], dtype=np.float32)


def verify(table: PictureTable, candidates: NDArray[np.integer], floor: float, cancelled: Callable[[], bool]) -> NDArray[np.void]:
    """Scored pairs of candidates.

    Parameters
    ----------
    table: the pictures. candidates: (k, 3) rows i < j and the pose of i that resembles j; a pair may stand in several poses.
    floor: pairs below this score are left out. cancelled: asked for every block.

    Returns
    -------
    `PAIR_DTYPE` (m,), one for each pair that passes, sorted by (a, b).

    Raises
    ------
    Cancelled
    """
    order = np.lexsort((candidates[:, 2], candidates[:, 1], candidates[:, 0]))
    candidates = candidates[order]
    done = [np.empty(0, dtype=PAIR_DTYPE)]
    for at in range(0, len(candidates), BLOCK):
        if cancelled():
            raise Cancelled
        done.append(_block(table, candidates[at : at + BLOCK].astype(np.int64), floor))
    return _best_pose(np.concatenate(done))


def _block(table: PictureTable, candidates: NDArray[np.int64], floor: float) -> NDArray[np.void]:
    a, b, poses = candidates.T
    rows, where = np.unique(candidates[:, :2], return_inverse=True)
    x, y = where.reshape(-1, 2).T
    plates, colours = table.plate[rows], table.colour[rows]  # perhaps from the disk: each once
    x, y, asked = _by_content(plates, x, y, poses)
    first, second = rows[x], rows[y]
    evidence = _evidence(plates, x, y, asked)
    colour = weigh_colour(colours[x], colours[y], (plates[x], plates[y]), asked)
    stretch = _stretch(table, a, b, poses)
    score = similarity(strength(evidence, colour, stretch))
    kept = score >= np.float32(floor)
    a, b, poses, first, second, asked, x = (values[kept] for values in (a, b, poses, first, second, asked, x))
    evidence, colour, stretch = evidence[kept], colour[kept], stretch[kept]
    edits = edits_of(evidence, colour, poses, films_differ(table, a, b, poses))
    out = np.zeros(len(a), dtype=PAIR_DTYPE)
    out["a"], out["b"], out["pose"], out["score"] = a, b, poses, score[kept]
    out["edits"] = edits
    out["tier"] = tiers_of(evidence, edits, stretch, perhaps_two_exposures(table, a, b))
    out["box"] = _WHOLE
    out["parts"][:, 0] = _part(evidence["match"])
    out["parts"][:, 1] = _part(1.0 - _hash_distance(table, first, second, asked) / 128.0)
    out["parts"][:, 2] = _part(1.0 - _edge_distance(plates[x], table.gradient[second], asked) / 32.0)
    out["parts"][:, 3] = _part(1.0 - (colour["distance"] + colour["luma"]) / 128.0)
    return out


def _evidence(
    plates: NDArray[np.uint8], first: NDArray[np.int64], second: NDArray[np.int64], poses: NDArray[np.int64]
) -> NDArray[np.void]:
    """Evidence of pairs of plates; equal plates are looked at once, so that a crowd of equal frames costs next to nothing."""
    seen: dict[bytes, int] = {}
    content = np.array([seen.setdefault(plate.tobytes(), at) for at, plate in enumerate(plates)], dtype=np.int64)
    asked = np.column_stack([content[first], content[second], poses])
    asked, answer = np.unique(asked, axis=0, return_inverse=True)
    smoothed, normal, deviation = prepare(plates)
    one, other, pose = asked.T
    evidence = weigh(
        (_posed_rows(smoothed[one], pose), _posed_rows(normal[one], pose), _posed_rows(deviation[one], pose)),
        (smoothed[other], normal[other], deviation[other]),
    )
    return evidence[answer.reshape(-1)]


def _by_content(
    plates: NDArray[np.uint8], a: NDArray[np.int64], b: NDArray[np.int64], poses: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each pair with the darker plate (at the first cell that differs) in front, and the pose that then applies."""
    plate_a, plate_b = plates[a].reshape(len(a), -1), plates[b].reshape(len(a), -1)
    cell = np.argmax(plate_a != plate_b, axis=1)
    row = np.arange(len(a))
    swap = plate_a[row, cell] > plate_b[row, cell]
    back = np.array([inverse(pose) for pose in range(8)])
    return np.where(swap, b, a), np.where(swap, a, b), np.where(swap, back[poses], poses)


def _posed_rows(values: NDArray[_Scalar], poses: NDArray[np.int64]) -> NDArray[_Scalar]:
    out = values.copy()
    for pose in np.unique(poses).tolist():
        rows = poses == pose
        out[rows] = posed(values[rows], pose)
    return out


def _stretch(table: PictureTable, a: NDArray[np.int64], b: NDArray[np.int64], poses: NDArray[np.int64]) -> NDArray[np.float64]:
    """|log| of the ratio of both aspects in pose, less what rounding to whole pixels explains."""
    wide, high = table.width[a].astype(np.float64), table.height[a].astype(np.float64)
    turned = poses >= 4
    wide, high = np.where(turned, high, wide), np.where(turned, wide, high)
    other_wide, other_high = table.width[b].astype(np.float64), table.height[b].astype(np.float64)
    sides = np.maximum(np.stack([wide, high, other_wide, other_high]), 1.0)
    ratio = np.abs(np.log(sides[0] / sides[1] * sides[3] / sides[2]))
    result: NDArray[np.float64] = np.maximum(ratio - 1.0 / sides.min(axis=0), 0.0)
    return result


def _hash_distance(
    table: PictureTable, a: NDArray[np.int64], b: NDArray[np.int64], poses: NDArray[np.int64]
) -> NDArray[np.int64]:
    out = np.zeros(len(a), dtype=np.int64)
    for pose in np.unique(poses).tolist():
        rows = poses == pose
        apart = pose_hash256(table.dct256[a[rows]], pose) ^ table.dct256[b[rows]]
        out[rows] = np.bitwise_count(apart).sum(axis=1, dtype=np.int64)
    return out


def _edge_distance(plates: NDArray[np.uint8], gradient: NDArray[np.uint64], poses: NDArray[np.int64]) -> NDArray[np.int64]:
    # a turned picture's gradient hash follows from its plate, not from the stored one
    turned = _posed_rows(plates, poses)
    result: NDArray[np.int64] = np.bitwise_count(gradients(turned) ^ gradient).astype(np.int64)
    return result


def _part(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.rint(np.clip(values, 0.0, 1.0) * 255.0).astype(np.uint8)


def _best_pose(pairs: NDArray[np.void]) -> NDArray[np.void]:
    """One row a pair: as it stands if that is the same picture, else the highest score, then the lowest pose."""
    upright = (pairs["pose"] == 0) & (pairs["tier"] == Tier.SAME_PICTURE)
    order = np.lexsort((pairs["pose"], -pairs["score"], ~upright, pairs["b"], pairs["a"]))
    pairs = pairs[order]
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs["a"][1:] != pairs["a"][:-1]) | (pairs["b"][1:] != pairs["b"][:-1])
    return pairs[fresh]
