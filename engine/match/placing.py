"""Where one picture lies in another: nearest of the 8 poses, what is left of a turn, the box, from a map between both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.match.alignment import composed, inverses
from engine.match.poses import POSES, pose_map

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FRAME_SLACK = 0.025
"""Share of a side by which corners may be off in a pair that shares the frame: one and a half cells of a plate."""

_MAPS = np.array([pose_map(pose) for pose in range(POSES)])


@dataclass(frozen=True, slots=True)
class Placing:
    """Of k pairs. pose int64 (k,): of A that resembles B. box float64 (k, 4): left, top, right, bottom of B in A after the pose,
    fractions of A; 0 0 1 1 where both share the frame. whole bool (k,): they do. tilt float64 (k,): tangent of the turn that is
    left. stretch float64 (k,): |log| of how differently the sides are scaled. zoom float64 (k,): px of B for one of A.
    """

    pose: Ints
    box: Floats
    whole: NDArray[np.bool_]
    tilt: Floats
    stretch: Floats
    zoom: Floats


def placing(maps: Floats, size_a: Floats, size_b: Floats) -> Placing:
    """How B lies in A.

    The box has the centre and the side lengths of B's frame, so that laying B over it is right even where a small turn is left;
    the bounding box of a tilted frame would show B too large.

    Parameters
    ----------
    maps: (k, 6) from A to B, usable ones. size_a, size_b: (k, 2) width and height, px.
    """
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
    whole = (np.abs(u).max(axis=1) <= FRAME_SLACK) & (np.abs(v).max(axis=1) <= FRAME_SLACK)
    box = np.where(whole[:, None], np.array([0.0, 0.0, 1.0, 1.0]), _boxes(back, size_a, pose))
    return Placing(pose, box, whole, tilt, stretch, zoom)


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


def _boxes(back: Floats, size: Floats, pose: Ints) -> Floats:
    """back: (k, 6) from B to A after its pose. size: of A before it."""
    aspect = np.where(pose >= 4, size[:, 1] / size[:, 0], size[:, 0] / size[:, 1])
    u = 0.5 * (back[:, 0] + back[:, 1]) + back[:, 2]
    v = 0.5 * (back[:, 3] + back[:, 4]) + back[:, 5]
    wide = np.sqrt(back[:, 0] ** 2 + (back[:, 3] / aspect) ** 2) / 2
    high = np.sqrt(back[:, 4] ** 2 + (back[:, 1] * aspect) ** 2) / 2
    return np.stack([u - wide, v - high, u + wide, v + high], axis=1)
