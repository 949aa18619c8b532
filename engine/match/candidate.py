"""A pair of pictures that may be the same, and how one would have to be laid over the other."""

from __future__ import annotations

import numpy as np

WHOLE_FRAME, LOCAL = 0, 1
"""What proposed a candidate: the hashes of the whole frame (or of its content box), or local features."""

CANDIDATE_DTYPE = np.dtype(
    [
        ("first", "<u4"),
        ("second", "<u4"),
        ("source", "u1"),
        ("pose", "u1"),
        ("votes", "<u2"),
        ("inliers", "<u2"),
        ("map", "<f8", (6,)),
    ]
)
"""first, second: rows; the picture whose content comes first asks, whatever the rows are. source: `WHOLE_FRAME` or `LOCAL`. pose:
of the first that resembles the second, 0 for local features. votes, inliers: of local features, else 0. map: u' = m0 u + m1 v +
m2, v' = m3 u + m4 v + m5 from unit coordinates of the first (0..1 over the whole upright picture) to those of the second."""
