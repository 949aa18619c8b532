"""Edits between pictures that do not share the frame: what was cut off, added around, turned a little, toned, drawn in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.colour import COLOUR_DTYPE, block_luma
from engine.match.placing import Placing
from engine.match.poses import inverse_box, posed
from engine.match.tiers import COLOUR_DISTANCE, COLOURFUL_CHROMA, GREY_CHROMA, turn_bits
from engine.records import Edit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUT = 0.03
"""Share of a picture from which something was cut off, or added."""

SLANT = 0.012
"""Tangent of the turn from which a picture was straightened: 0.7 degrees."""

STRETCHED = 0.03
"""|log| of the ratio of both scales."""

TONE_GAIN, TONE_OFFSET = 0.15, 8.0
"""Looser than for whole frames: the parts that are compared are never quite the same."""

DRAWN = 0.015
"""Largest connected disagreement, share of the overlap."""

SCREEN_SHARE = 0.85
"""Share of the larger picture below which a smaller one may lie in it as in a window."""

SCREEN_STEP = 2.0
"""How much larger the steps of light are along the edge of a window than beside it."""

_PLACES = 16
_GRID = 8


def reframed_bits(
    evidence: NDArray[np.void],
    placed: Placing,
    boxes: tuple[Floats, Floats],
    plates: tuple[Floats, Floats],
    colour: NDArray[np.void],
) -> NDArray[np.uint32]:
    """Bits of `Edit` for pairs (k,) that do not share the frame.

    Parameters
    ----------
    evidence: `judge.EVIDENCE_DTYPE`. boxes: content of A and of B, (k, 4) top, bottom, left, right. plates: (k, 64, 64) of A and
    of B. colour: of `colour_under`.
    """
    border, cut = _frames(placed, boxes)
    window = cut & _in_a_window(placed, plates)
    grey = (np.minimum(colour["chroma_a"], colour["chroma_b"]) < GREY_CHROMA) & (
        np.maximum(colour["chroma_a"], colour["chroma_b"]) > COLOURFUL_CHROMA
    )
    gain = np.abs(np.log(np.maximum(evidence["gain"], 1e-3)))
    bits = turn_bits(placed.pose)
    for edit, wanted in (
        (Edit.CROP, cut & ~window),
        (Edit.SCREEN, window),
        (Edit.BORDER, border),
        (Edit.ROTATED, np.abs(placed.tilt) > SLANT),
        (Edit.STRETCHED, placed.stretch > STRETCHED),
        (Edit.TONE, (gain > TONE_GAIN) | (np.abs(evidence["offset"]) > TONE_OFFSET)),
        (Edit.COLOUR, (colour["distance"] > COLOUR_DISTANCE) & ~grey),
        (Edit.BLACK_AND_WHITE, grey),
        (Edit.OVERLAY, evidence["differ"] > DRAWN),
    ):
        bits |= np.where(wanted, np.uint32(1 << edit), np.uint32(0))
    return bits


def _frames(placed: Placing, boxes: tuple[Floats, Floats]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs have a border on one side, and which do not show the same part beside it."""
    left, top, right, bottom = placed.box.T
    wide, high = right - left, bottom - top
    own = _posed_boxes(boxes[0], placed.pose)
    y0, y1, x0, x1 = boxes[1].T
    other = np.stack([left + x0 * wide, top + y0 * high, left + x1 * wide, top + y1 * high], axis=1)
    frame, whole = placed.box, np.broadcast_to(np.array([0.0, 0.0, 1.0, 1.0]), placed.box.shape)
    added_b, added_a = 1.0 - _within(frame, whole) > CUT, 1.0 - _within(whole, frame) > CUT
    border_b = added_b & (_within(other, whole) > 1.0 - CUT) & (_within(frame, other) < 1.0 - CUT)
    border_a = added_a & (_within(own, frame) > 1.0 - CUT) & (_within(whole, own) < 1.0 - CUT)
    cut = (added_a & ~border_a) | (added_b & ~border_b)
    return border_a | border_b, cut


def _posed_boxes(boxes: Floats, pose: Ints) -> Floats:
    """Top, bottom, left, right before a pose to left, top, right, bottom after it."""
    y0, y1, x0, x1 = boxes.T
    turned = pose & 4 != 0
    left, right = np.where(turned, y0, x0), np.where(turned, y1, x1)
    top, bottom = np.where(turned, x0, y0), np.where(turned, x1, y1)
    flip = pose & 2 != 0
    top, bottom = np.where(flip, 1 - bottom, top), np.where(flip, 1 - top, bottom)
    flip = pose & 1 != 0
    left, right = np.where(flip, 1 - right, left), np.where(flip, 1 - left, right)
    return np.stack([left, top, right, bottom], axis=1)


def _within(inner: Floats, outer: Floats) -> Floats:
    """Share of one box that lies within another."""
    size = np.minimum(inner[:, 2:], outer[:, 2:]) - np.maximum(inner[:, :2], outer[:, :2])
    result: Floats = np.maximum(size, 0.0).prod(axis=1) / np.maximum((inner[:, 2:] - inner[:, :2]).prod(axis=1), 1e-9)
    return result


def _in_a_window(placed: Placing, plates: tuple[Floats, Floats]) -> NDArray[np.bool_]:
    """Pairs of which one lies in the other as in a window: light steps along its edge as it does not beside it."""
    k = len(placed.pose)
    inside_a = placed.box
    inside_b = np.array([inverse_box(0, tuple(box)) for box in placed.box.tolist()]).reshape(k, 4)
    a_larger = (inside_a[:, 2:] - inside_a[:, :2]).prod(axis=1) < 1.0
    box = np.where(a_larger[:, None], inside_a, inside_b)
    larger = plates[1].copy()
    for pose in np.unique(placed.pose).tolist():
        rows = a_larger & (placed.pose == pose)
        larger[rows] = posed(plates[0][rows], pose)
    share = (np.minimum(box[:, 2:], 1.0) - np.maximum(box[:, :2], 0.0)).prod(axis=1)
    found: NDArray[np.bool_] = (share < SCREEN_SHARE) & (_edge_step(larger, box) > SCREEN_STEP)
    return found


def _edge_step(plates: Floats, box: Floats) -> Floats:
    """Median over the sides of a box, where they lie inside, of the steps of light across them against those further in."""
    cells = box * 64.0 - 0.5
    along = (np.arange(_PLACES) + 0.5) / _PLACES
    ratios = []
    for side in range(4):
        axis, sign = side % 2, 1.0 if side < 2 else -1.0  # left, top, right, bottom; inwards
        edge = cells[:, side]
        other = 1 - axis
        low, high = np.maximum(cells[:, other], 0.0), np.minimum(cells[:, other + 2], 63.0)
        track = low[:, None] + along * (high - low)[:, None]
        steps = []
        for deep in (0.0, 3.0, 5.0, 7.0):
            place = edge + sign * deep
            pair = [_level(plates, (place + sign * way)[:, None], track, axis) for way in (-1.0, 1.0)]
            steps.append(np.abs(pair[0] - pair[1]).mean(axis=1))
        ratio = (steps[0] + 2.0) / (np.mean(steps[1:], axis=0) + 2.0)
        ratios.append(np.where((edge > 1.0) & (edge < 62.0), ratio, np.nan))
    known = np.stack(ratios)
    none = np.isnan(known).all(axis=0)
    known[:, none] = 0.0
    result: Floats = np.nanmedian(known, axis=0)
    return result


def _level(plates: Floats, place: Floats, track: Floats, axis: int) -> Floats:
    """The plate at places across (k, 1) and along (k, n), linearly."""
    x, y = (place + 0.0 * track, track) if axis == 0 else (track, place + 0.0 * track)
    x, y = np.clip(x, 0.0, 62.999), np.clip(y, 0.0, 62.999)
    i, j = y.astype(np.int64), x.astype(np.int64)
    fy, fx = y - i, x - j
    row = np.arange(len(plates))[:, None]
    top = plates[row, i, j] * (1 - fx) + plates[row, i, j + 1] * fx
    low = plates[row, i + 1, j] * (1 - fx) + plates[row, i + 1, j + 1] * fx
    result: Floats = top * (1 - fy) + low * fy
    return result


def colour_under(
    maps: Floats, plates: tuple[NDArray[np.uint8], NDArray[np.uint8]], chroma: tuple[NDArray[np.uint8], NDArray[np.uint8]]
) -> NDArray[np.void]:
    """`colour.COLOUR_DTYPE` (k,) of what both show: blocks of A against B where a map (k, 6) finds them."""
    place = (np.arange(_GRID) + 0.5) / _GRID
    u, v = (
        np.broadcast_to(place[None, :], (_GRID, _GRID)).reshape(-1),
        np.broadcast_to(place[:, None], (_GRID, _GRID)).reshape(-1),
    )
    m = maps[:, :, None]
    x, y = m[:, 0] * u + m[:, 1] * v + m[:, 2], m[:, 3] * u + m[:, 4] * v + m[:, 5]
    inside = (x > 0) & (x < 1) & (y > 0) & (y < 1)
    one = _layers(plates[0], chroma[0]).reshape(-1, _GRID * _GRID, 3)
    other = _interpolated(_layers(plates[1], chroma[1]), x * _GRID - 0.5, y * _GRID - 0.5)
    count = np.maximum(inside.sum(axis=1), 1)

    def mean(values: Floats) -> Floats:
        result: Floats = (values * inside).sum(axis=1) / count
        return result

    out = np.zeros(len(maps), dtype=COLOUR_DTYPE)
    apart = np.abs(one - other)
    out["luma"], out["distance"] = mean(apart[..., 0]), mean(apart[..., 1] + apart[..., 2])
    out["chroma_a"] = mean(np.abs(one[..., 1:] - 128.0).sum(axis=2))
    out["chroma_b"] = mean(np.abs(other[..., 1:] - 128.0).sum(axis=2))
    return out


def _layers(plates: NDArray[np.uint8], chroma: NDArray[np.uint8]) -> Floats:
    luma = block_luma(plates).reshape(-1, _GRID, _GRID, 1).astype(np.float64)
    return np.concatenate([luma, chroma.reshape(-1, _GRID, _GRID, 2).astype(np.float64)], axis=3)


def _interpolated(grid: Floats, x: Floats, y: Floats) -> Floats:
    x, y = np.clip(x, 0.0, _GRID - 1.001), np.clip(y, 0.0, _GRID - 1.001)
    i, j = y.astype(np.int64), x.astype(np.int64)
    fy, fx = (y - i)[..., None], (x - j)[..., None]
    row = np.arange(len(grid))[:, None]
    top = grid[row, i, j] * (1 - fx) + grid[row, i, j + 1] * fx
    low = grid[row, i + 1, j] * (1 - fx) + grid[row, i + 1, j + 1] * fx
    result: Floats = top * (1 - fy) + low * fy
    return result
