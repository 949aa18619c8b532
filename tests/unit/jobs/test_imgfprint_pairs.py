"""Pairs by the imgfprint score in the form of all other pairs: tiers, shots, flat pictures, crowds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.config import MatchOptions
from engine.imgfprint import MultiHashConfig
from engine.jobs.imgfprint_pairs import imgfprint_pairs, pairs_of_first
from engine.match.exact import CROWD
from engine.records import PictureTable, Tier
from tests.unit.match.tables import table_of

OPTIONS = MatchOptions(scheme="imgfprint", scheme_config=tuple(MultiHashConfig().told().items()))
Hashes = NDArray[np.uint64]


def _table(count: int, **columns: list[int]) -> PictureTable:
    noise = np.random.default_rng(1).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    return table_of([noise] * count, **columns)


def _hashes(*families: int) -> Hashes:
    """One row for each number; equal numbers have equal hashes, but for one bit of a tile of each row."""
    rows = np.array([np.random.default_rng(n).integers(0, 2**64, (3, 17), dtype=np.uint64) for n in families])
    rows[:, 1, 5] ^= np.uint64(1) << np.arange(len(families), dtype=np.uint64)
    return rows


def _found(table: PictureTable, hashes: Hashes, known: list[bool] | None = None) -> list[tuple[int, int, Tier]]:
    pairs = imgfprint_pairs(table, hashes, np.array(known or [True] * len(table)), OPTIONS, lambda: False)
    return [(int(p["a"]), int(p["b"]), Tier(int(p["tier"]))) for p in pairs]


def test_what_only_scores_alike_is_edited_whatever_its_score() -> None:
    table, hashes = _table(4), _hashes(1, 2, 1, 3)

    pairs = imgfprint_pairs(table, hashes, np.ones(4, bool), OPTIONS, lambda: False)

    assert _found(table, hashes) == [(0, 2, Tier.EDITED)]
    assert pairs[0]["score"] > 0.99
    assert pairs[0]["parts"][:4].tolist() == [255, 255, 255, 255]
    assert pairs[0]["box"].tolist() == [0, 0, 1, 1]


def test_equal_bytes_and_equal_data_keep_their_tiers() -> None:
    table = _table(5, bytes_id=[7, -1, 7, 9, 8], data_id=[-1, 3, -1, 3, -1])

    assert _found(table, _hashes(1, 2, 1, 2, 1)) == [
        (0, 2, Tier.IDENTICAL),
        (0, 4, Tier.EDITED),
        (1, 3, Tier.SAME_DATA),
    ]


def test_pairs_inside_a_shot_flat_pictures_and_those_without_hashes_are_left_out() -> None:
    assert _found(_table(3, shot=[5, 5, 6]), _hashes(1, 1, 1)) == [(0, 2, Tier.EDITED), (1, 2, Tier.EDITED)]
    assert _found(_table(3, flat=[0, 1, 0]), _hashes(1, 1, 1)) == [(0, 2, Tier.EDITED)]
    assert _found(_table(3), _hashes(1, 1, 1), [True, True, False]) == [(0, 1, Tier.EDITED)]


def test_a_crowd_of_equal_hashes_makes_as_many_pairs_as_it_has_members() -> None:
    count = 4 * CROWD
    hashes = np.repeat(_hashes(1), count, axis=0)

    found = _found(_table(count), hashes)

    assert len(found) == CROWD * (CROWD - 1) // 2 + count - CROWD
    assert {b for _, b, _ in found} == set(range(1, count))


def test_the_preset_identical_limits_pairs_to_equal_bytes() -> None:
    strict = MatchOptions(preset="identical", scheme="imgfprint")

    pairs = imgfprint_pairs(_table(3, bytes_id=[1, 2, 1]), _hashes(1, 1, 1), np.ones(3, bool), strict, lambda: False)

    assert pairs[["a", "b"]].tolist() == [(0, 2)]


def test_pairs_of_the_first_picture_are_those_of_the_whole_library() -> None:
    table = _table(6, bytes_id=[7, -1, 7, 9, 8, 4], data_id=[1, 1, 1, 3, -1, -1], flat=[0, 0, 0, 0, 0, 1])
    hashes = _hashes(1, 1, 1, 2, 1, 1)

    alone = pairs_of_first(table, hashes, np.ones(6, bool), OPTIONS)

    assert sorted((int(p["b"]), Tier(int(p["tier"]))) for p in alone) == [
        (1, Tier.SAME_DATA),
        (2, Tier.IDENTICAL),
        (4, Tier.EDITED),
    ]
