"""The hashes of the scheme: reference pictures, the resize against a slow one, and what flat regions give."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import imgfprint
from engine.imgfprint.hashes import COSINES, ahash, dhash, phash
from engine.imgfprint.resize import square, weights
from tests.unit.imgfprint.pictures import Pixels, first_reference, second_reference

GOLDENS = {
    "first": (
        first_reference,
        [7, 15, 23, 32, 42, 52],
        ("70f0770607cece64", "84317bb46fc87c0b", "61f1c13d3dbd91b1"),
        {
            "ahash": "182a4c7f197a4c7f 44a099f5dcaad9ff 6255334066d5b3d5",
            "phash": "800007478f5f9f7f 85554a4aee4f0a5f 80005775a2f3e7ed",
            "dhash": "14295b6c49325567 43b5d672d499aadc 3154b5e64f4caab9",
        },
        "21136bd8efe7c2463e6140c668be7ca9712d2d82db452b09dfbbcebdf91fcaa0",
    ),
    "second": (
        second_reference,
        [40, 38, 36, 34, 32, 30],
        ("c0c08081070f3f7e", "bf7ef8a040a04bb5", "4040808000000001"),
        {
            "ahash": "1f1f3e3e7c7c7cfc ffffe3c181818101 3f1f1f1f1f1e1000",
            "phash": "c00f3f3c38f838f8 bfe8d4aad4a854a8 88b16ed1a4e952dd",
            "dhash": "cfdfbfbf7f7f7fff f8f0f0f0f0f0f0f0 0000000001051248",
        },
        "5d366731431f0103b04e9b63c404252c73f178348295c87e0414c9744d6f4e97",
    ),
}


@pytest.mark.parametrize("name", sorted(GOLDENS))
def test_reference_pictures_have_their_known_hashes(name: str) -> None:
    picture, row, centres, tiles, digest = GOLDENS[name]
    pixels = picture()

    hashes = imgfprint.fingerprint(pixels)

    assert imgfprint.grey(pixels)[5, :6].tolist() == row
    assert tuple(f"{int(value):016x}" for value in hashes[:, 0]) == centres
    for algorithm, first_three in tiles.items():
        found = hashes[imgfprint.ALGORITHMS.index(algorithm), 1:4]
        assert " ".join(f"{int(value):016x}" for value in found) == first_three
    assert hashlib.sha256(hashes.astype(">u8").tobytes()).hexdigest() == digest


def test_another_size_of_the_picture_is_brought_to_the_same_hashes_nearly() -> None:
    big = np.kron(second_reference(), np.ones((3, 2, 1), np.uint8))

    found = imgfprint.compare(imgfprint.fingerprint(big), imgfprint.fingerprint(second_reference()))

    assert found.score > 0.9


def _slow_axis(line: list[int]) -> list[int]:
    """One line of one channel, tap by tap in Python's own whole numbers."""
    axis = weights(len(line))
    out = []
    for first, taps in zip(axis.first.tolist(), axis.taps, strict=True):
        total = sum(line[first + place] * weight for place, weight in enumerate(taps.tolist()))
        out.append(min(255, max(0, (total + (1 << (axis.bits - 1))) >> axis.bits)))
    return out


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_the_resize_is_vertical_then_horizontal_in_whole_numbers(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels: Pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)

    found = square(pixels)

    column, row = int(rng.integers(256)), int(rng.integers(256))
    line = pixels[:, :, 0]
    upright = line if height == 256 else np.array([_slow_axis(line[:, x].tolist()) for x in range(width)]).T
    across = upright[row].tolist() if width == 256 else _slow_axis(upright[row].tolist())
    assert found.shape == (256, 256, 3)
    assert found[row, :, 0].tolist() == across
    assert found[row, column, 0] == across[column]


@pytest.mark.parametrize("size", [1, 2, 100, 255, 257, 511, 6000])
def test_weights_of_an_output_are_one_together_and_fill_sixteen_bits(size: int) -> None:
    axis = weights(size)

    sums = np.array([taps.sum() for taps in axis.taps]) / (1 << axis.bits)
    assert np.abs(sums - 1).max() < 0.002
    assert max(int(taps.max()) for taps in axis.taps) < 1 << 15
    assert axis.bits == 21 or max(int(taps.max()) for taps in axis.taps) >= 1 << 13


def test_the_resize_of_one_colour_is_that_colour() -> None:
    for colour in (0, 1, 127, 254, 255):
        assert (square(np.full((300, 77, 3), colour, np.uint8)) == colour).all()


def test_cosines_are_those_of_the_transform_and_cancel_exactly() -> None:
    exact = np.array([[math.cos(math.pi * (2 * n + 1) * k / 64) for k in range(8)] for n in range(32)])

    assert np.abs(COSINES / 2**20 - exact).max() < 1e-6
    assert COSINES[:, 1:].sum(axis=0).tolist() == [0] * 7


def test_a_flat_region_gives_the_same_bits_on_every_machine() -> None:
    flat = np.full((3, 64, 64), 90, np.uint8)

    assert phash(flat).tolist() == [2**64 - 1] * 3
    assert dhash(flat).tolist() == [0] * 3
    assert ahash(np.array([np.zeros((32, 32)), np.full((32, 32), 255)], np.uint8)).tolist() == [2**64 - 1] * 2
    assert ahash(np.full((1, 32, 32), 10, np.uint8)).tolist() == [0]  # the mean in float32 lies just above the pixel


def test_natural_regions_set_half_of_the_bits_of_phash() -> None:
    hashes = imgfprint.fingerprint(second_reference())

    assert (np.bitwise_count(hashes[1]) == 32).sum() >= 15
    assert (hashes[1] >> np.uint64(63) == 1).all()


def test_a_dead_zone_takes_noise_out_of_a_nearly_flat_region() -> None:
    noise: NDArray[np.uint8] = np.random.default_rng(3).integers(120, 122, (2, 64, 64), dtype=np.uint8)

    assert phash(noise)[0] != phash(noise)[1]
    assert phash(noise, dead_zone=0.01).tolist() == [2**64 - 1] * 2


def test_what_is_no_picture_is_refused() -> None:
    for wrong in (np.zeros((4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 3), np.float32)):
        with pytest.raises(ValueError):
            imgfprint.fingerprint(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        imgfprint.hashes_of(np.zeros((255, 256), np.uint8))
