"""Candidates: every pair of close hashes is found in every pose, whatever the way of looking for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled
from engine.fingerprint import fingerprint
from engine.fingerprint.dct import HAIR, coefficients
from engine.match import candidates
from engine.match.poses import between_orientations, compose, inverse, pose_hash64, pose_hash256, posed, turn_and_mirror
from tests.oracle import matching as oracle
from tests.support.scenes import scene
from tests.unit.match.tables import never


def related_hashes(seed: int, count: int, flips: int) -> tuple[np.ndarray, np.ndarray]:
    """Random hashes, most of them another one in some pose with some bits flipped; the 64 bits are part of the 256."""
    rng = np.random.default_rng(seed)
    wide = rng.integers(0, 2**64, (count, 4), dtype=np.uint64)
    for row in range(1, count):
        if rng.random() < 0.7:
            wide[row] = pose_hash256(wide[[rng.integers(0, row)]], int(rng.integers(0, 8)))[0]
            for bit in rng.integers(0, 256, rng.integers(0, flips + 1)).tolist():
                wide[row, bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    bits = np.unpackbits(wide.astype(">u8").view(np.uint8).reshape(count, 32), axis=1).reshape(count, 16, 16)[:, :8, :8]
    narrow = np.packbits(bits.reshape(count, 64), axis=1).view(">u8").astype(np.uint64).reshape(count)
    return narrow, wide


# ------------------------------------------------------------------------------------------------ poses


@pytest.mark.parametrize("pose", range(8))
def test_hashes_of_every_pose_follow_from_the_stored_bits(pose: int) -> None:
    pixels = scene(5, 240, 170)
    stored, turned = fingerprint(pixels), fingerprint(np.ascontiguousarray(posed(pixels[None], pose)[0]))
    assert (np.abs(coefficients(stored.plate)) > HAIR).all(), "a coefficient near 0 keeps its bit; take another seed"

    assert pose_hash64(stored.dct64, pose).tolist() == turned.dct64.tolist()
    assert pose_hash256(stored.dct256[None], pose)[0].tolist() == turned.dct256.tolist()
    assert (posed(stored.plate[None], pose)[0] == turned.plate).all()


@pytest.mark.parametrize("pose", range(8))
def test_hash_poses_equal_their_plain_twin(pose: int) -> None:
    narrow, wide = related_hashes(1, 40, 30)

    assert [[x] for x in pose_hash64(narrow, pose).tolist()] == [oracle.bits_in_pose([x], 8, pose) for x in narrow.tolist()]
    assert pose_hash256(wide, pose).tolist() == [oracle.bits_in_pose(x, 16, pose) for x in wide.tolist()]
    assert posed(np.arange(36).reshape(1, 6, 6), pose)[0].tolist() == oracle.in_pose(np.arange(36).reshape(6, 6).tolist(), pose)


def test_poses_form_a_group() -> None:
    narrow, wide = related_hashes(2, 5, 30)
    for one in range(8):
        assert compose(one, inverse(one)) == 0
        for other in range(8):
            both = compose(one, other)
            assert (pose_hash64(pose_hash64(narrow, one), other) == pose_hash64(narrow, both)).all()
            assert (pose_hash256(pose_hash256(wide, one), other) == pose_hash256(wide, both)).all()


def test_turn_and_mirror_describe_the_pose() -> None:
    picture = np.arange(20).reshape(1, 4, 5)
    for pose in range(8):
        degrees, mirror = turn_and_mirror(pose)
        shown = np.rot90(picture[0], -degrees // 90)
        shown = shown[:, ::-1] if mirror else shown

        assert np.array_equal(shown, posed(picture, pose)[0])


def test_pose_between_orientations_turns_one_display_into_the_other() -> None:
    stored = np.arange(20).reshape(1, 4, 5)
    displayed = {
        1: stored[0],
        2: stored[0][:, ::-1],
        3: stored[0][::-1, ::-1],
        4: stored[0][::-1],
        5: stored[0].T,
        6: np.rot90(stored[0], -1),
        7: stored[0].T[::-1, ::-1],
        8: np.rot90(stored[0]),
    }
    for one, shown in displayed.items():
        for other, wanted in displayed.items():
            assert np.array_equal(posed(shown[None], between_orientations(one, other))[0], wanted)


# ------------------------------------------------------------------------------------------------ joins

WAYS = {
    "numpy": candidates._numpy_pairs,
    "brute kernel": candidates._brute_pairs,
    "index kernel": candidates._index_pairs,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("seed", "radii"), [(3, (12, 90)), (4, (0, 0)), (5, (2, 40)), (6, (3, 256))])
def test_every_way_finds_what_plain_loops_find(
    way: str, seed: int, radii: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_pairs", WAYS[way])
    narrow, wide = related_hashes(seed, 60, 40 if radii[0] == 12 else 3)

    found = candidates.close_hashes(narrow, wide, radii, never)

    wanted = oracle.close_hashes(narrow.tolist(), wide.tolist(), *radii)
    assert found.tolist() == [list(row) for row in wanted]
    assert len(wanted) > 4


@pytest.mark.parametrize("way", WAYS)
def test_nothing_and_one_row_have_no_pairs(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_pairs", WAYS[way])
    for count in (0, 1):
        narrow, wide = related_hashes(7, count, 10) if count else (np.empty(0, np.uint64), np.empty((0, 4), np.uint64))

        assert candidates.close_hashes(narrow, wide, (12, 90), never).shape == (0, 3)


def test_kernels_and_numpy_agree_on_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow, wide = related_hashes(8, 1500, 60)
    answers = []
    for way in WAYS.values():
        monkeypatch.setattr(candidates, "_pairs", way)
        answers.append(candidates.close_hashes(narrow, wide, (12, 90), never).tolist())

    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) > 1000


def test_more_pairs_than_the_buffer_holds_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_pairs", candidates._brute_pairs)
    narrow, wide = np.zeros(120, dtype=np.uint64), np.zeros((120, 4), dtype=np.uint64)

    found = candidates.close_hashes(narrow, wide, (12, 90), never)

    assert (found[:, 2] == 0).sum() == 120 * 119 // 2


@given(st.integers(0, 63))
@settings(max_examples=64, deadline=None)
def test_parts_share_the_radius_so_that_none_is_missed(radius: int) -> None:
    allowed = candidates.part_radii(radius)

    assert int((allowed + 1).sum()) == radius + 1
    assert allowed.min() >= -1


def test_flip_masks_are_all_differences_of_so_many_bits() -> None:
    masks = candidates.flip_masks(2).tolist()

    assert sorted(masks) == [m for m in range(1 << 16) if m.bit_count() <= 2]
    assert masks[0] == 0


def test_cancelling_stops_the_search() -> None:
    narrow, wide = related_hashes(9, 50, 20)

    with pytest.raises(Cancelled):
        candidates.close_hashes(narrow, wide, (12, 90), lambda: True)
