"""Crowds of nearly equal frames: bounded, tied to their centre, and the same in any order of the files."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from engine.config import MatchOptions
from engine.fingerprint import fingerprint
from engine.match.clusters.cluster import clusters_at, merge_list
from engine.match.frames.centres import crowds_of, needed_beside, with_centres
from engine.match.local.features import FeatureRows, Features
from engine.match.search import find_pairs, search
from tests.support.scenes import scene
from tests.unit.match.tables import never, rows_of, table_from

OPTIONS = MatchOptions()


def _star(count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(count - 1, np.int64), np.arange(1, count)


def test_the_picture_with_most_settled_pairs_stands_for_its_neighbours() -> None:
    a, b = _star(12)
    a, b = np.append(a, 3), np.append(b, 4)

    crowds = crowds_of(a, b, np.arange(14), 10)

    assert crowds.standing_by.tolist() == [False] + [True] * 11 + [False] * 2
    assert crowds.left_out == 11 * 10 // 2 and crowds.largest == 11
    assert not crowds_of(a, b, np.arange(14), 11).standing_by.any()


def test_centres_follow_from_content_and_not_from_the_order_of_rows() -> None:
    rng = np.random.default_rng(1)
    a, b = np.unique(np.sort(rng.integers(0, 60, (900, 2)), axis=1), axis=0).T
    a, b = a[a != b], b[a != b]
    order = rng.permutation(60)
    place = np.argsort(order)

    here, there = crowds_of(a, b, np.arange(60), 20), crowds_of(place[b], place[a], order, 20)

    assert here.standing_by.any() and np.array_equal(here.standing_by[order], there.standing_by)
    assert np.array_equal(with_centres(a, b, np.arange(60), 20), with_centres(place[a], place[b], order, 20))


def test_members_of_a_crowd_are_compared_with_the_one_most_like_them_and_with_strangers() -> None:
    crowds = crowds_of(*_star(6), np.arange(8), 3)
    a, b = np.array([1, 1, 2, 4, 5, 6]), np.array([2, 3, 3, 5, 7, 7])

    needed = needed_beside(crowds, a, b, np.array([5, 9, 4, 30, 50, 60]), np.arange(8))

    assert needed.tolist() == [True, False, True, True, True, True]


def test_a_crowd_of_nearly_equal_frames_is_bounded_and_hangs_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["engine.match.search"], "STRONGEST", 12)
    rng = np.random.default_rng(3)
    pixels = scene(101, 240, 160).astype(np.int16)
    noisy = [np.clip(pixels + rng.integers(-6, 7, pixels.shape), 0, 255).astype(np.uint8) for _ in range(40)]
    table = table_from([fingerprint(picture) for picture in (*noisy, scene(101, 240, 160)[20:140, 30:210], scene(102, 240, 160))])

    found = search(table, OPTIONS, never)

    assert len(found.pairs) < 40 * 8 and found.skipped > 0 and found.busiest >= 39
    assert clusters_at(merge_list(table, found.pairs), 0.86) == [tuple(range(41))]  # with the crop
    order = rng.permutation(len(table))
    other = find_pairs(rows_of(table, order.tolist()), OPTIONS, never)
    ends = np.sort(np.stack([order[other["a"]], order[other["b"]]], axis=1), axis=1)
    assert {tuple(pair) for pair in ends.tolist()} == set(zip(found.pairs["a"].tolist(), found.pairs["b"].tolist(), strict=True))


def test_numbers_of_features_from_a_damaged_cache_stay_in_bounds() -> None:
    table = table_from([fingerprint(scene(seed, 240, 160)) for seed in (101, 101, 102)], bytes_id=[0, 1, 2])
    frame = np.array(table.frame)
    frame[:, 4:7] = [(0, 0, 65535), (65535, 65535, 129), (300, 0, 0)]
    broken = rows_of(table, [0, 1, 2])
    columns = {name: getattr(broken, name) for name in type(table).__slots__}
    damaged = type(table)(**{**columns, "frame": frame})

    for features in (Features.from_table(damaged), FeatureRows.of_table(damaged)):
        assert features.count.tolist() == [128, 128, 0]
        assert features.width.tolist() == [1, 255, 255] and features.height.tolist() == [1, 255, 1]
    assert len(find_pairs(damaged, OPTIONS, never)) <= 3
