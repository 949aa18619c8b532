"""Two plates under a map: the loop and its twin agree to the last bit, and edits of known geometry are found where they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.fingerprint import fingerprint
from engine.match.pixels import overlap
from engine.match.pixels.loops import VERIFY
from engine.match.pixels.overlap import look, look_by_numpy
from tests.support.scenes import scene

WHOLE = np.array([0.0, 1.0, 0.0, 1.0])
HERE = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])


def plate(pixels: np.ndarray) -> np.ndarray:
    return fingerprint(np.ascontiguousarray(pixels)).plate


def crop_map(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """From the whole picture to a crop of it."""
    wide, high = right - left, bottom - top
    return np.array([1 / wide, 0, -left / wide, 0, 1 / high, -top / high])


def seen(a: np.ndarray, b: np.ndarray, m: np.ndarray, steps: int = 6) -> np.void:
    one = np.zeros(1, np.int64)
    return look(np.stack([a, b]), np.stack([WHOLE, WHOLE]), one, one + 1, one + steps, m[None])[0]


def some_plates(seed: int) -> np.ndarray:
    """Plates of scenes and of noise, steps, ramps, and nothing at all."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:64, 0:64]
    made = [plate(scene(seed % 50 + k, 160, 120)) for k in range(2)]
    made += [rng.integers(0, 256, (64, 64)), np.full((64, 64), seed % 256), (x * 4 + y) % 256, ((x // 8 + y // 8) % 2) * 255]
    return np.array(made).astype(np.uint8)


NUMBER = st.one_of(
    st.floats(-3, 3), st.sampled_from([0.0, 1.0, -1.0, 1e-9, 63.9, 64.1, 1e300, float("nan"), float("inf"), -float("inf")])
)


@given(st.integers(0, 10_000), st.lists(NUMBER, min_size=24, max_size=24), st.sampled_from([0.0, 0.02, 0.3]))
@settings(max_examples=25, deadline=None)
def test_loop_and_numpy_agree_to_the_last_bit(seed: int, wild: list[float], noise: float) -> None:
    if VERIFY.loaded() is None:
        pytest.skip("no compiler")
    rng = np.random.default_rng(seed)
    plates = some_plates(seed)
    boxes = np.tile(WHOLE, (len(plates), 1))
    boxes[::2] = np.sort(rng.random((3, 2, 2)), axis=2).reshape(3, 4) * 0.9 + [0, 0.1, 0, 0.1]
    maps = np.concatenate([np.array(wild).reshape(4, 6), rng.normal(0, noise, (8, 6)) + HERE, rng.normal(0, 1, (4, 6))])
    first, second = rng.integers(0, len(plates), (2, len(maps)))
    steps = rng.integers(0, 9, len(maps))

    by_loops = overlap._look_by_loops(plates, boxes, first, second, steps, maps)
    by_numpy = look_by_numpy(plates, boxes, first, second, steps, maps)

    assert by_loops[0].tobytes() == by_numpy[0].tobytes()
    assert by_loops[1].tobytes() == by_numpy[1].tobytes()
    assert np.isfinite(by_loops[0]).all()


def test_a_pair_is_the_same_alone_and_among_others() -> None:
    plates = np.stack([plate(scene(seed, 200, 150)) for seed in range(8)])
    boxes = np.tile(WHOLE, (8, 1))
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 8, (2, 40))
    maps = HERE + rng.normal(0, 0.05, (40, 6))
    steps = np.full(40, 6)

    together = look(plates, boxes, first, second, steps, maps)

    for k in range(40):
        alone = look(plates, boxes, first[k : k + 1], second[k : k + 1], steps[k : k + 1], maps[k : k + 1])
        assert alone.tobytes() == together[k : k + 1].tobytes()


@pytest.mark.parametrize("box", [(0.0, 0.0, 1.0, 1.0), (0.1, 0.05, 0.9, 0.95), (0.3, 0.2, 0.8, 0.7), (0.0, 0.3, 0.6, 1.0)])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_refined_map_is_where_the_crop_was(box: tuple[float, float, float, float], seed: int) -> None:
    pixels = scene(seed, 640, 480)
    left, top, right, bottom = box
    part = pixels[round(top * 480) : round(bottom * 480), round(left * 640) : round(right * 640)]
    rough = crop_map(*box) + np.random.default_rng(seed).normal(0, 0.012, 6)

    found = seen(plate(pixels), plate(part), rough)

    assert found["ncc"] > 0.9
    assert np.abs(found["map"] - crop_map(*box)).max() < 0.02 * max(1.0, crop_map(*box)[0])
    assert found["share_b"] > 0.97
    assert found["share_a"] == pytest.approx((right - left) * (bottom - top), abs=0.03)
    assert found["differ"] < 0.02


def test_other_scenes_agree_in_nothing() -> None:
    for seed in range(20, 30):
        found = seen(plate(scene(seed, 320, 240)), plate(scene(seed + 40, 320, 240)), HERE)

        assert found["ncc"] < 0.35
        assert found["differ"] > 0.2 or found["share_a"] == 0, "without hope there is no closer look"


def test_what_is_drawn_in_differs_in_one_piece() -> None:
    pixels = scene(15, 320, 240)
    drawn = pixels.copy()
    drawn[60:160, 80:200] = 255 - drawn[60:160, 80:200][::-1, ::-1]

    clean, covered = seen(plate(pixels), plate(pixels), HERE), seen(plate(pixels), plate(drawn), HERE)

    assert clean["differ"] == 0
    assert clean["ncc"] == pytest.approx(1.0)
    assert 0.08 < covered["differ"] < 0.35


def test_borders_take_no_part() -> None:
    pixels = scene(16, 320, 240)
    framed = np.full((300, 380, 3), 255, np.uint8)
    framed[30:270, 30:350] = pixels
    box = np.array([30 / 300, 270 / 300, 30 / 380, 350 / 380])
    there = np.array([320 / 380, 0, 30 / 380, 0, 240 / 300, 30 / 300])
    one = np.zeros(1, np.int64)

    plates = np.stack([plate(pixels), plate(framed)])
    found = look(plates, np.stack([WHOLE, box]), one, one + 1, one + 8, there[None] + 0.01)[0]

    assert found["ncc"] > 0.9
    assert np.abs(found["map"] - there).max() < 0.01
    assert found["share_b"] == pytest.approx(0.92, abs=0.03)  # without the margins of both
