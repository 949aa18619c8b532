"""What two plates tell of each other, part by part, against plain twins and against pictures made for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.fingerprint import fingerprint
from engine.match.pixels.align import MAX_SHIFT, displacements, warp
from engine.match.pixels.evidence import EVIDENCE_DTYPE, prepare, weigh
from engine.match.pixels.normalise import box_sums, normalise, reflected, smooth
from engine.match.pixels.regions import largest_region
from engine.match.poses import posed
from tests.oracle import matching as oracle
from tests.support.scenes import scene


def plate(seed: int) -> np.ndarray:
    return fingerprint(scene(seed, 240, 160)).plate


def evidence_of(a: np.ndarray, b: np.ndarray) -> np.void:
    return weigh(prepare(a[None]), prepare(b[None]))[0]


def shifted(seed: int, cells: float) -> tuple[np.ndarray, np.ndarray]:
    """Plates of one scene, the second cut from a place a fraction of a cell to the right."""
    pixels = scene(seed, 704, 448)
    return fingerprint(pixels[:, :640].copy()).plate, fingerprint(pixels[:, round(cells * 10) :][:, :640].copy()).plate


# ------------------------------------------------------------------------------------------------ building blocks


def test_normalised_plate_equals_its_plain_twin() -> None:
    plates = np.stack([plate(1), np.full((64, 64), 7, np.uint8), (np.arange(4096) % 251).astype(np.uint8).reshape(64, 64)])

    smoothed = smooth(plates)
    normal, _ = normalise(smoothed)

    for one, result in zip(smoothed[:, ::3, ::3], normalise(np.ascontiguousarray(smoothed[:, ::3, ::3]))[0], strict=True):
        apart = np.abs(np.array(oracle.normalised(one.tolist())) - result)
        assert apart.max() <= 1, "only the rounding of a square root may differ"
    assert (normal[1] == 0).all()


def test_straight_ramps_normalise_to_nothing_up_to_the_edge() -> None:
    y, x = np.mgrid[0:64, 0:64]

    assert (normalise(smooth((x * 2 + y + 5).astype(np.uint8)[None]))[0] == 0).all()


def test_extreme_contrast_stays_within_the_integers() -> None:
    y, x = np.mgrid[0:64, 0:64]
    checks = (((x // 4 + y // 4) % 2) * 255).astype(np.uint8)[None]

    normal, deviation = normalise(smooth(checks))

    assert np.abs(normal).max() < 256 * 9
    assert 100 < deviation.max() < 160


def test_normalising_and_posing_change_places() -> None:
    plates = np.stack([plate(2), plate(3)])
    for pose in range(8):
        turned = prepare(np.ascontiguousarray(posed(plates, pose)))
        assert all(np.array_equal(a, posed(b, pose)) for a, b in zip(turned, prepare(plates), strict=True))


def test_box_sums_add_every_window() -> None:
    values = np.random.default_rng(1).integers(-99, 99, (2, 20, 30)).astype(np.int32)

    sums = box_sums(values)

    assert sums.shape == (2, 12, 22)
    assert all(sums[k, y, x] == values[k, y : y + 9, x : x + 9].sum() for k, y, x in [(0, 0, 0), (1, 11, 21), (0, 5, 7)])


def test_reflection_goes_on_beyond_the_edge() -> None:
    line = np.array([[[10, 12, 15, 19, 24], [10, 12, 15, 19, 24]]], dtype=np.int32).repeat(3, axis=1)

    assert reflected(line, 2)[0, 3].tolist() == [5, 8, 10, 12, 15, 19, 24, 29, 33]


@given(st.integers(0, 2**32), st.floats(0.1, 0.9))
@settings(max_examples=30, deadline=None)
def test_largest_region_equals_flooding(seed: int, density: float) -> None:
    marked = np.random.default_rng(seed).random((3, 12, 17)) < density

    assert largest_region(marked).tolist() == [oracle.largest_region(grid.tolist()) for grid in marked]


def test_largest_region_follows_a_long_path_and_knows_nothing() -> None:
    snake = np.zeros((2, 31, 31), dtype=bool)
    snake[0, ::2] = True
    snake[0, 1::4, -1] = snake[0, 3::4, 0] = True

    assert largest_region(snake).tolist() == [snake[0].sum(), 0]


# ------------------------------------------------------------------------------------------------ alignment


@pytest.mark.parametrize("cells", [-0.8, -0.3, 0.4, 0.7, 1.2])
def test_alignment_finds_a_shift_of_part_of_a_cell(cells: float) -> None:
    pixels = scene(21, 760, 448)
    a = fingerprint(pixels[:, 40:680].copy()).plate
    b = fingerprint(pixels[:, 40 + round(cells * 10) :][:, :640].copy()).plate
    (_, normal_a, _), (smooth_b, normal_b, _) = prepare(a[None]), prepare(b[None])

    moved = displacements(normal_a, normal_b)
    moved = moved + displacements(normal_a, normalise(warp(smooth_b, moved))[0])

    assert np.abs(moved[0, 0] - -cells).max() < 0.25
    assert np.abs(moved[0, 1]).max() < 0.15


def test_alignment_raises_the_agreement_of_shifted_plates() -> None:
    a, b = shifted(22, 0.6)

    found = evidence_of(a, b)

    assert found["moved"] > 0.3
    assert found["match"] > 0.98


def test_warp_by_nothing_is_nothing_and_never_leaves_the_plate() -> None:
    smoothed = smooth(np.stack([plate(4), plate(5)]))

    assert (warp(smoothed, np.zeros((2, 2, 64))) == smoothed).all()
    far = warp(smoothed, np.full((2, 2, 64), 50.0))
    assert smoothed.min() <= far.min()
    assert far.max() <= smoothed.max()
    assert MAX_SHIFT < 2


# ------------------------------------------------------------------------------------------------ evidence


def test_picture_agrees_with_itself_in_everything() -> None:
    found = evidence_of(plate(6), plate(6))

    assert found["ncc"] == pytest.approx(1.0)
    assert found["match"] == 1.0
    assert found["gain"] == 1.0
    assert [found[name] for name in ("offset", "curve", "differ", "peak", "apart", "moved")] == [0] * 6


def test_brightness_shows_as_gain_and_offset_only() -> None:
    dim = (plate(7) * 0.7 + 20).round().astype(np.uint8)
    bright = np.clip(dim * 1.12 + 6, 0, 255).astype(np.uint8)

    found = evidence_of(dim, bright)

    assert found["gain"] == pytest.approx(1.12, abs=0.01)
    assert found["offset"] == pytest.approx(float(bright.mean()) - float(dim.mean()), abs=0.5)
    assert found["match"] > 0.99
    assert found["differ"] == 0


def test_tone_curve_shows_as_curve_but_hardly_as_shape() -> None:
    base = plate(8)
    curved = (255 * (base / 255.0) ** 0.6).round().astype(np.uint8)

    found = evidence_of(base, curved)

    assert found["curve"] > 3
    assert found["shape"] < found["curve"] / 2


def test_drawn_block_shows_as_differ() -> None:
    drawn = plate(9).copy()
    drawn[20:34, 20:34] = 255 - drawn[20:34, 20:34][::-1, ::-1]

    assert evidence_of(plate(9), drawn)["differ"] > 0.03


def test_small_mark_stands_out() -> None:
    drawn = plate(10).copy()
    drawn[40:42, 30:33] += np.uint8(40)

    found = evidence_of(plate(10), drawn)

    assert found["outlier"] > 10
    assert found["ncc"] > 0.97


def test_unrelated_plates_agree_in_nothing() -> None:
    a, b = (np.stack([plate(seed) for seed in range(start, start + 12)]) for start in (30, 50))

    found = weigh(prepare(a), prepare(b))

    assert np.abs(found["ncc"]).max() < 0.3
    assert (found["match"] == 0).all()


def test_evidence_does_not_depend_on_the_other_pairs_of_the_block() -> None:
    a, b = (np.stack([plate(seed) for seed in range(start, start + 5)] + [plate(11)]) for start in (60, 60))
    b = np.clip(b.astype(int) + np.random.default_rng(2).integers(-6, 7, b.shape), 0, 255).astype(np.uint8)

    together = weigh(prepare(a), prepare(b))
    alone = np.concatenate([weigh(prepare(a[k : k + 1]), prepare(b[k : k + 1])) for k in range(6)])

    assert together.tobytes() == alone.tobytes()
    assert len(weigh(prepare(a[:0]), prepare(b[:0]))) == 0
    assert together.dtype == EVIDENCE_DTYPE
