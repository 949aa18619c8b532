"""Edits between pictures that do not share the frame: what was cut off, added around, turned a little, toned, drawn in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.colour import COLOUR_DTYPE, block_luma
from engine.match.pixels.placing import CUT, Placing, posed_boxes, within
from engine.match.poses import inverse_box, posed
from engine.match.verdict.tiers import COLOURFUL_CHROMA, GREY_CHROMA, turn_bits
from engine.records import Edit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLANT = 0.012
"""Tangent of the turn from which a picture was straightened: 0.7 degrees."""

STRETCHED = 0.03
"""|log| of the ratio of both scales."""

TONE_GAIN, TONE_OFFSET = 0.15, 8.0
"""Looser than for whole frames: the parts that are compared are never quite the same."""

OTHER_COLOUR = 10.0
"""Levels of both chroma channels: the blocks that are compared are not quite the same either."""

DRAWN = 0.015
"""Largest connected disagreement, share of the overlap."""

SCREEN_SHARE = 0.85
"""Share of the larger picture below which a smaller one may lie in it as in a window."""

SCREEN_STEP = 2.0
"""How much larger the steps of light are along the edge of a window than beside it."""

AT_THE_EDGE = 0.02
"""Share of a side by which what was put into a picture misses the picture's own edge."""

EVEN = 6.0
"""Grey levels by which an even ground strays."""

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
    window, bar = _surroundings(placed, plates)
    window, border = window & cut & ~bar, border | (bar & cut)
    cut &= ~(window | bar)
    grey = (np.minimum(colour["chroma_a"], colour["chroma_b"]) < GREY_CHROMA) & (
        np.maximum(colour["chroma_a"], colour["chroma_b"]) > COLOURFUL_CHROMA
    )
    gain = np.abs(np.log(np.maximum(evidence["gain"], 1e-3)))
    bits = turn_bits(placed.pose)
    for edit, wanted in (
        (Edit.CROP, cut),
        (Edit.SCREEN, window),
        (Edit.BORDER, border),
        (Edit.ROTATED, np.abs(placed.tilt) > SLANT),
        (Edit.STRETCHED, placed.stretch > STRETCHED),
        (Edit.TONE, (gain > TONE_GAIN) | (np.abs(evidence["offset"]) > TONE_OFFSET)),
        (Edit.COLOUR, (colour["distance"] > OTHER_COLOUR) & ~grey),
        (Edit.BLACK_AND_WHITE, grey),
        (Edit.OVERLAY, evidence["differ"] > DRAWN),
    ):
        bits |= np.where(wanted, np.uint32(1 << edit), np.uint32(0))
    return bits


def _frames(placed: Placing, boxes: tuple[Floats, Floats]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs have a border on one side, and which do not show the same part beside it."""
    left, top, right, bottom = placed.box.T
    wide, high = right - left, bottom - top
    own = posed_boxes(boxes[0], placed.pose)
    y0, y1, x0, x1 = boxes[1].T
    other = np.stack([left + x0 * wide, top + y0 * high, left + x1 * wide, top + y1 * high], axis=1)
    frame, whole = placed.box, np.broadcast_to(np.array([0.0, 0.0, 1.0, 1.0]), placed.box.shape)
    added_b, added_a = 1.0 - within(frame, whole) > CUT, 1.0 - within(whole, frame) > CUT
    border_b = added_b & (within(other, whole) > 1.0 - CUT) & (within(frame, other) < 1.0 - CUT)
    border_a = added_a & (within(own, frame) > 1.0 - CUT) & (within(whole, own) < 1.0 - CUT)
    cut = (added_a & ~border_a) | (added_b & ~border_b)
    return border_a | border_b, cut


def _surroundings(placed: Placing, plates: tuple[Floats, Floats]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pairs of which one lies in the other as in a window, and of which one has a bar or an even ground around it.

    Light steps along the edge of what was put there as it does not beside it.
    """
    k = len(placed.pose)
    inside_a = placed.box
    inside_b = np.array([inverse_box(0, tuple(box)) for box in placed.box.tolist()]).reshape(k, 4)
    a_larger = (inside_a[:, 2:] - inside_a[:, :2]).prod(axis=1) < 1.0
    box = np.where(a_larger[:, None], inside_a, inside_b)
    larger = plates[1].copy()
    for pose in np.unique(placed.pose).tolist():
        rows = a_larger & (placed.pose == pose)
        larger[rows] = posed(plates[0][rows], pose)
    seam = _edge_step(larger, box) > SCREEN_STEP
    share = (np.minimum(box[:, 2:], 1.0) - np.maximum(box[:, :2], 0.0)).prod(axis=1)
    free = np.stack([box[:, 0], box[:, 1], 1.0 - box[:, 2], 1.0 - box[:, 3]], axis=1) > AT_THE_EDGE
    bar = seam & (free.sum(axis=1) == 1)
    even = seam & (_unevenness(larger, box) < EVEN)
    return seam & (share < SCREEN_SHARE), bar | even


def _unevenness(plates: Floats, box: Floats) -> Floats:
    """Mean distance from the median, grey levels, of what lies outside a box: (k,)."""
    place = (np.arange(64) + 0.5) / 64
    across = (place > box[:, 0:1] - AT_THE_EDGE) & (place < box[:, 2:3] + AT_THE_EDGE)
    down = (place > box[:, 1:2] - AT_THE_EDGE) & (place < box[:, 3:4] + AT_THE_EDGE)
    outside = np.where(down[:, :, None] & across[:, None, :], np.nan, plates).reshape(len(plates), -1)
    outside[np.isnan(outside).all(axis=1)] = 0.0
    result: Floats = np.nanmean(np.abs(outside - np.nanmedian(outside, axis=1, keepdims=True)), axis=1)
    return result


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
    maps: Floats,
    contents: tuple[Floats, Floats],
    plates: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    chroma: tuple[NDArray[np.uint8], NDArray[np.uint8]],
) -> NDArray[np.void]:
    """`colour.COLOUR_DTYPE` (k,) of what both show: blocks of A against B where a map (k, 6) finds them."""
    place = (np.arange(_GRID) + 0.5) / _GRID
    u, v = (
        np.broadcast_to(place[None, :], (_GRID, _GRID)).reshape(-1),
        np.broadcast_to(place[:, None], (_GRID, _GRID)).reshape(-1),
    )
    m = maps[:, :, None]
    x, y = m[:, 0] * u + m[:, 1] * v + m[:, 2], m[:, 3] * u + m[:, 4] * v + m[:, 5]
    edge = 0.5 / _GRID  # blocks on the edge of what both show hold something of what lies beside it
    inside = (x > edge) & (x < 1 - edge) & (y > edge) & (y < 1 - edge)
    y0, y1, x0, x1 = (side[:, None] for side in contents[1].T)
    inner = inside & (x > x0 + edge) & (x < x1 - edge) & (y > y0 + edge) & (y < y1 - edge)
    y0, y1, x0, x1 = (side[:, None] for side in contents[0].T)
    inner &= (u > x0 + edge) & (u < x1 - edge) & (v > y0 + edge) & (v < y1 - edge)
    inside = np.where(inner.sum(axis=1, keepdims=True) >= _GRID, inner, inside)
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
