"""Where one picture lies in another: nearest of the 8 poses, what is left of a turn, the box, from a map between both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.alignment import composed, inverses
from engine.match.poses import POSES, pose_map

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FRAME_SLACK = 0.025
"""Share of a side by which corners may be off in a pair that shares the frame: one and a half cells of a plate."""

EXACT = 0.008
"""Share of a side by which they are off by rounding alone: half a cell."""

BOX_SLACK = 0.03
"""Share of a side by which contents differ without a border that was added or taken away."""

CUT = 0.03
"""Share of the area from which something was cut off, or added."""

_MAPS = np.array([pose_map(pose) for pose in range(POSES)])


@dataclass(frozen=True, slots=True)
class Placing:
    """Of k pairs. pose int64 (k,): of A that resembles B. box float64 (k, 4): left, top, right, bottom of B in A after the pose,
    fractions of A; 0 0 1 1 where both share the frame. whole bool (k,): they do, but for a hair; cut bool (k,): for a hair that a
    crop took off. tilt float64 (k,): tangent of the turn that is
    left. stretch float64 (k,): |log| of how differently the sides are scaled. zoom float64 (k,): px of B for one of A.
    """

    pose: Ints
    box: Floats
    whole: NDArray[np.bool_]
    cut: NDArray[np.bool_]
    tilt: Floats
    stretch: Floats
    zoom: Floats


def placing(maps: Floats, sizes: tuple[Floats, Floats], contents: tuple[Floats, Floats]) -> Placing:
    """How B lies in A.

    The box has the centre and the side lengths of B's frame, so that laying B over it is right even where a small turn is left;
    the bounding box of a tilted frame would show B too large.

    Parameters
    ----------
    maps: (k, 6) from A to B, usable ones. sizes: of A and of B, (k, 2) width and height, px. contents: their content boxes, (k,
    4) top, bottom, left, right.
    """
    size_a, size_b = sizes
    linear = maps[:, [0, 1, 3, 4]].reshape(-1, 2, 2) * size_b[:, :, None] / size_a[:, None, :]
    poses = _MAPS[:, [0, 1, 3, 4]].reshape(POSES, 2, 2)
    likeness = np.stack([(linear * pose).sum(axis=(1, 2)) for pose in poses], axis=1)
    pose = np.argmax(likeness, axis=1)
    left = np.einsum("kji,kjl->kil", poses[pose], linear)
    tilt = (left[:, 1, 0] - left[:, 0, 1]) / (left[:, 0, 0] + left[:, 1, 1])
    lengths = np.sqrt(left[:, 0] ** 2 + left[:, 1] ** 2)
    stretch = np.abs(np.log(lengths[:, 0] / lengths[:, 1]))
    zoom = np.sqrt(lengths[:, 0] * lengths[:, 1])
    back = composed(_MAPS[pose], inverses(maps))
    corners = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
    u = back[:, 0:1] * corners[:, 0] + back[:, 1:2] * corners[:, 1] + back[:, 2:3] - corners[:, 0]
    v = back[:, 3:4] * corners[:, 0] + back[:, 4:5] * corners[:, 1] + back[:, 5:6] - corners[:, 1]
    off = np.maximum(np.abs(u).max(axis=1), np.abs(v).max(axis=1))
    here, there = posed_boxes(contents[0], pose), posed_boxes(contents[1], np.zeros_like(pose))
    whole = (off <= EXACT) | ((off <= FRAME_SLACK) & (np.abs(here - there).max(axis=1) <= BOX_SLACK))
    box = _boxes(back, size_a, pose)
    frame = np.broadcast_to(np.array([0.0, 0.0, 1.0, 1.0]), box.shape)
    cut = whole & (np.minimum(within(frame, box), within(box, frame)) < 1.0 - CUT)
    return Placing(pose, np.where((whole & ~cut)[:, None], frame, box), whole, cut, tilt, stretch, zoom)


def posed_boxes(boxes: Floats, pose: Ints) -> Floats:
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


def within(inner: Floats, outer: Floats) -> Floats:
    """Share of one box (k, 4: left, top, right, bottom) that lies within another."""
    size = np.minimum(inner[:, 2:], outer[:, 2:]) - np.maximum(inner[:, :2], outer[:, :2])
    result: Floats = np.maximum(size, 0.0).prod(axis=1) / np.maximum((inner[:, 2:] - inner[:, :2]).prod(axis=1), 1e-9)
    return result


def off_frame(maps: Floats) -> Floats:
    """How far the corners of A lie from those of B, in the nearest pose, share of a side: (k,). 0 where both share the frame."""
    corners = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])

    def places(m: Floats) -> Floats:
        u = m[..., 0:1] * corners[:, 0] + m[..., 1:2] * corners[:, 1] + m[..., 2:3]
        v = m[..., 3:4] * corners[:, 0] + m[..., 4:5] * corners[:, 1] + m[..., 5:6]
        return np.concatenate([u, v], axis=-1)

    here = places(maps)
    result: Floats = np.min([np.abs(here - there).max(axis=1) for there in places(_MAPS)], axis=0)
    return result


def boxes_under(maps: Floats, size: Floats, pose: Ints) -> Floats:
    """`Placing.box` as the maps (k, 6) from A to B have it. size: (k, 2) of A before its pose."""
    return _boxes(composed(_MAPS[pose], inverses(maps)), size, pose)


def _boxes(back: Floats, size: Floats, pose: Ints) -> Floats:
    """back: (k, 6) from B to A after its pose. size: of A before it."""
    aspect = np.where(pose >= 4, size[:, 1] / size[:, 0], size[:, 0] / size[:, 1])
    u = 0.5 * (back[:, 0] + back[:, 1]) + back[:, 2]
    v = 0.5 * (back[:, 3] + back[:, 4]) + back[:, 5]
    wide = np.sqrt(back[:, 0] ** 2 + (back[:, 3] / aspect) ** 2) / 2
    high = np.sqrt(back[:, 4] ** 2 + (back[:, 1] * aspect) ** 2) / 2
    return np.stack([u - wide, v - high, u + wide, v + high], axis=1)
