"""What resembles one picture: the question of a single row against all others, without comparing those among themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.config import MatchOptions
from engine.match.poses import POSES, pose_hash64, pose_hash256
from engine.match.search import compare_rows
from engine.records import PAIR_DTYPE, PictureTable


def resembling(table: PictureTable, row: int, options: MatchOptions) -> NDArray[np.void]:
    """Pairs of one picture with each other that it resembles, by the other's row: `PAIR_DTYPE` (k,)."""
    near = (table.bytes_id == table.bytes_id[row]) & (table.bytes_id[row] >= 0)
    near |= (table.data_id == table.data_id[row]) & (table.data_id[row] >= 0)
    for pose in range(POSES):
        one, wide = pose_hash64(table.dct64[row : row + 1], pose), pose_hash256(table.dct256[row : row + 1], pose)
        close = np.bitwise_count(one ^ table.dct64) <= (options.radius64 or 12)
        near |= close & (np.bitwise_count(wide ^ table.dct256).sum(axis=1, dtype=np.int64) <= (options.radius256 or 90))
    near[row] = False
    found = [compare_rows(table, row, int(other), options) for other in np.nonzero(near)[0]]
    pairs = np.zeros(len(found), PAIR_DTYPE)
    kept = [pair for pair in found if pair is not None]
    for number, pair in enumerate(kept):
        pairs[number] = pair
    return pairs[: len(kept)]
