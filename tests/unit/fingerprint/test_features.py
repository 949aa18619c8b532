"""Local features find the places of a picture again after edits that move its frame, and are the same everywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.fingerprint import feature_numbers as numbers
from engine.fingerprint.codes import projection
from engine.fingerprint.features import LocalFeatures, features_of, mirrored, unpack_points
from engine.fingerprint.orientation import turns_of
from tests.golden import features as golden
from tests.learning.learn_projection import MIRROR, learnt
from tests.unit.fingerprint.feature_plates import SPECIAL, Plate, busy, noise, resized

Floats = NDArray[np.float64]


class Edit(NamedTuple):
    """A plate after an edit, and where the pixels (x, y) of the one before are on it."""

    plate: Plate
    moved: Callable[[Floats, Floats], tuple[Floats, Floats]]
    scale: float = 1.0


def stays(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return x, y


def scaled(plate: Plate, by: float) -> Edit:
    height, width = plate.shape
    small = resized(plate, round(height * by), round(width * by))
    return Edit(small, lambda x, y: (x * small.shape[1] / width, y * small.shape[0] / height), by)


def cropped(plate: Plate, keep: float) -> Edit:
    """A part as large as the whole, as it is when a crop of a large picture is reduced."""
    height, width = plate.shape
    top, left = round(height * (1 - keep) * 0.4), round(width * (1 - keep) * 0.6)
    part = plate[top : top + round(height * keep), left : left + round(width * keep)]
    by_y, by_x = height / part.shape[0], width / part.shape[1]
    return Edit(resized(part, height, width), lambda x, y: ((x - left) * by_x, (y - top) * by_y), by_x)


def turned(plate: Plate, degrees: float) -> Edit:
    height, width = plate.shape
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x0, y0 = width / 2, height / 2
    back = (cos, sin, x0 - cos * x0 - sin * y0, -sin, cos, y0 + sin * x0 - cos * y0)
    picture = Image.fromarray(plate).transform((width, height), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    return Edit(np.asarray(picture), lambda x, y: (x0 + cos * (x - x0) - sin * (y - y0), y0 + sin * (x - x0) + cos * (y - y0)))


def darker(plate: Plate) -> Edit:
    return Edit(((plate / 255) ** 1.6 * 255).astype(np.uint8), stays)


def grainy(plate: Plate) -> Edit:
    grain = np.random.default_rng(1).normal(0, 8, plate.shape)
    return Edit(np.clip(plate + grain, 0, 255).astype(np.uint8), stays)


def blurred(plate: Plate) -> Edit:
    return Edit(np.asarray(Image.fromarray(plate).filter(ImageFilter.GaussianBlur(1))), stays)


EDITS: dict[str, tuple[Callable[[Plate], Edit], float]] = {
    "half the size": (lambda plate: scaled(plate, 0.5), 0.25),
    "a thumbnail": (lambda plate: scaled(plate, 160 / 192), 0.4),
    "a crop to half": (lambda plate: cropped(plate, 0.707), 0.4),
    "a crop to a third": (lambda plate: cropped(plate, 0.55), 0.3),
    "turned by 5 degrees": (lambda plate: turned(plate, 5), 0.4),
    "turned by 20 degrees": (lambda plate: turned(plate, 20), 0.4),
    "upside down": (lambda plate: turned(plate, 180), 0.85),
    "darker": (darker, 0.4),
    "grain": (grainy, 0.5),
    "blur": (blurred, 0.4),
}


def placed(found: LocalFeatures, plate: Plate) -> tuple[Floats, Floats, Floats, NDArray[np.uint64]]:
    """x, y and size of features in px of their plate, and their codes."""
    x, y, size, _ = unpack_points(found.points[: found.count])
    unit = max(plate.shape) / 4096
    return x * unit, y * unit, size * unit, found.codes[: found.count]


def share_found_again(plate: Plate, edit: Edit, codes: Callable[[NDArray[np.uint64]], NDArray[np.uint64]] = lambda c: c) -> float:
    """Share of the features still in the picture that have one at their place, of their size, whose code differs in few bits."""
    x, y, size, before = placed(features_of(plate), plate)
    u, v, sizes, after = placed(features_of(edit.plate), edit.plate)
    x, y = edit.moved(x, y)
    inside = (x >= 0) & (y >= 0) & (x < edit.plate.shape[1]) & (y < edit.plate.shape[0])
    far = np.hypot(x[:, None] - u, y[:, None] - v)
    near = far < 0.02 * max(plate.shape) * edit.scale
    near &= abs(np.log2(size[:, None] * edit.scale / sizes)) < 0.6
    alike = np.bitwise_count(codes(before)[:, None] ^ after) <= 12
    return float((near & alike).any(axis=1)[inside].mean())


@pytest.mark.parametrize("name", EDITS)
def test_features_are_found_again_after_an_edit(name: str) -> None:
    edit, floor = EDITS[name]
    plates = [busy(seed) for seed in range(100, 106)]

    assert np.mean([share_found_again(plate, edit(plate)) for plate in plates]) >= floor


def test_a_mirrored_picture_has_the_mirrored_codes() -> None:
    for seed in range(3):
        plate = busy(seed)
        mirror = Edit(np.ascontiguousarray(plate[:, ::-1]), lambda x, y: (192 - x, y))

        assert share_found_again(plate, mirror, mirrored) > 0.95
        assert share_found_again(plate, mirror) < 0.1


def test_codes_of_different_pictures_differ() -> None:
    first, second = features_of(busy(1)), features_of(busy(2))

    distances = np.bitwise_count(first.codes[: first.count, None] ^ second.codes[: second.count])

    assert (distances <= 10).mean() < 1e-3
    assert abs(distances.mean() - 32) < 3


def test_every_bit_is_set_about_as_often_as_not() -> None:
    codes = np.concatenate([(f := features_of(busy(seed))).codes[: f.count] for seed in range(30)])

    shares = np.unpackbits(codes.view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)

    assert shares.min() > 0.2
    assert shares.max() < 0.8


@pytest.mark.parametrize("name", ["black", "white", "a ramp"])
def test_an_even_plate_has_no_features(name: str) -> None:
    found = features_of(SPECIAL[name])

    assert found.count == 0
    assert not found.points.any()
    assert not found.codes.any()


def test_features_come_in_full_arrays_that_nobody_can_change() -> None:
    found = features_of(SPECIAL["one spot"])

    assert 0 < found.count < 128
    assert found.points.shape == (128, 5)
    assert found.codes.shape == (128,)
    assert not found.points[found.count :].any()
    assert not found.codes[found.count :].any()
    assert not found.points.flags.writeable
    assert not found.codes.flags.writeable


def test_a_blob_is_found_where_it_is_in_its_size() -> None:
    y, x = np.mgrid[:128, :192]
    for cx, cy, sigma in ((60.0, 40.0, 4.0), (140.0, 90.0, 8.0), (100.3, 64.8, 5.5)):
        blob = 40 + 180 * np.exp(-((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 * 1.1) / (2 * sigma * sigma))
        found = features_of(blob.astype(np.uint8))
        u, v, sizes, _ = placed(found, blob)

        assert abs(u[0] - cx) < 0.3
        assert abs(v[0] - cy) < 0.3
        assert 0.75 < sizes[0] / sigma < 1.25


def test_a_keypoint_points_where_it_gets_brighter() -> None:
    for degrees in range(0, 360, 30):
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        y, x = np.mgrid[:128, :192]
        along, across = (x - 96) * cos + (y - 64) * sin, (y - 64) * cos - (x - 96) * sin
        blob = 60 + 1.2 * along + 60 * np.exp(-(along**2 + across**2) / 50)
        found = features_of(np.clip(blob, 0, 255).astype(np.uint8))
        x_, y_, _, angle = unpack_points(found.points[: found.count])
        middle = np.flatnonzero(np.hypot(x_ - 2048, y_ - 1365) < 40)

        off = (angle[middle] - degrees * 256 / 360 + 128) % 256 - 128
        assert abs(off).min() < 10


def test_points_keep_twelve_bits_of_place_and_eight_of_size_and_angle() -> None:
    packed = np.array([[0xAB, 0xCD, 0xEF, 0, 7], [0xFF, 0xFF, 0xFF, 160, 255], [0, 0, 0, 8, 0]], np.uint8)

    x, y, size, angle = unpack_points(packed)

    assert x.tolist() == [0xABC, 0xFFF, 0]
    assert y.tolist() == [0xDEF, 0xFFF, 0]
    assert size[:2].tolist() == [1.0, 1024.0]
    assert size[2] == pytest.approx(math.sqrt(2))
    assert angle.tolist() == [7, 255, 0]


def test_the_choice_leaves_something_for_each_part_of_the_picture() -> None:
    plate = busy(50)
    plate[:, :96] = 100 + plate[:, :96] // 4  # the left half has little contrast

    x, _, _, _ = placed(features_of(plate), plate)

    assert (x < 96).sum() >= 16


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((15, 100), np.uint8),
        np.zeros((100, 193), np.uint8),
        np.zeros((64, 64), np.int16),
        np.zeros((64, 64, 3), np.uint8),
    ],
)
def test_anything_else_than_a_detail_plate_is_refused(wrong: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="detail plate"):
        features_of(wrong)


def test_angles_are_right_to_a_three_thousandth_of_a_turn() -> None:
    degrees = np.linspace(0, 359.9, 7201)
    turns = turns_of(1000 * np.sin(np.radians(degrees)), 1000 * np.cos(np.radians(degrees)))

    off = (turns - degrees / 360 + 0.5) % 1 - 0.5
    assert abs(off).max() < 1 / 3000
    assert turns.min() >= 0
    assert turns.max() < 1


def test_no_table_entry_could_round_differently_elsewhere() -> None:
    """The math library may be off in the last bits; no entry is so near a half that this would matter."""
    full = numbers.FULL_TURN
    exact = [16384 * math.sin(2 * math.pi * a / full) for a in range(full)]
    exact += [numbers.BASE_SIGMA * 4096 * 2 ** (q / 192) for q in range(257)]
    exact += [192 * 16 * math.log2(numbers.BASE_SIGMA * 2048 / side) for side in range(16, 193)]

    assert min(abs(value % 1 - 0.5) for value in exact) > 1e-6


def test_taps_are_gaussians_of_the_steps_between_layers() -> None:
    step = 2 ** (1 / 3)
    sigmas = [math.sqrt(1.6**2 - 1)] + [1.6 * step**n * math.sqrt(step**2 - 1) for n in range(5)]

    for taps, sigma in zip(numbers.TAPS, sigmas, strict=True):
        variance = sum(2 * tap * away * away for away, tap in enumerate(taps)) / 32768
        assert taps[0] + 2 * sum(taps[1:]) == 32768
        assert math.sqrt(variance) == pytest.approx(sigma, rel=0.015)


def test_half_of_the_directions_change_sign_in_the_mirror() -> None:
    weights, bias = projection()

    assert (weights[:32] == weights[:32, MIRROR]).all()
    assert (weights[32:] == -weights[32:, MIRROR]).all()
    assert not bias[32:].any()
    assert len({row.tobytes() for row in weights}) == 64


def test_directions_are_learnt_for_the_mirror_too() -> None:
    rows = noise(3, 400, 128) // np.arange(1, 129, dtype=np.uint8)

    table = learnt(rows)

    assert (table[:32, :128] == table[:32, MIRROR]).all()
    assert (table[32:, :128] == -table[32:, MIRROR]).all()
    assert abs(((rows @ table[:32, :128].T.astype(np.int64)) > table[:32, 128]).mean(axis=0) - 0.5).max() < 0.02


def test_features_are_those_of_the_golden_file() -> None:
    wanted = json.loads(golden.FILE.read_text(encoding="utf-8"))

    assert golden.made() == wanted
