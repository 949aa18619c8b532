"""What a fingerprint says of a look: nearly the same after re-encoding, nothing for pictures without structure."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.fingerprint import Prints, fingerprint
from tests.golden.fingerprints import cloudy, flag, grain, ramp
from tests.support.scenes import scene


def jpeg(pixels: np.ndarray, *, quality: int = 90, edge: int = 0) -> np.ndarray:
    """Through a JPEG file, decoded small when an edge is wanted."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    image = Image.open(buffer)
    if edge:
        image.draft("RGB", (edge, edge * pixels.shape[0] // pixels.shape[1]))
    return np.asarray(image.convert("RGB"))


def bits_apart(a: Prints, b: Prints) -> int:
    return int(np.bitwise_count(a.dct256 ^ b.dct256).sum())


@pytest.mark.parametrize(("height", "width"), [(800, 1200), (801, 1187), (1193, 933)])
def test_scaled_decoding_and_full_decoding_give_nearly_equal_plates(height: int, width: int) -> None:
    pixels = scene(11, width, height)
    full = fingerprint(pixels)

    for shrink, levels in ((2, 1.0), (4, 2.5)):
        small = jpeg(pixels, edge=width // shrink)
        scaled = fingerprint(small)
        apart = np.abs(scaled.plate.astype(int) - full.plate.astype(int))

        assert small.shape[1] == -(-width // shrink)
        assert apart.mean() < levels
        assert bits_apart(scaled, full) <= 16


@pytest.mark.parametrize("quality", [20, 50, 80])
def test_saving_again_as_jpeg_moves_few_bits(quality: int) -> None:
    pixels = scene(12, 600, 400)

    assert bits_apart(fingerprint(pixels), fingerprint(jpeg(pixels, quality=quality))) <= 16


def test_two_pictures_are_far_apart() -> None:
    apart = [bits_apart(fingerprint(cloudy(a, 120, 160)), fingerprint(cloudy(a + 50, 120, 160))) for a in range(20, 30)]

    assert min(apart) > 90


def test_colour_layout_tells_where_which_colour_is() -> None:
    pixels = np.zeros((80, 80, 3), dtype=np.uint8)
    pixels[:40] = (255, 0, 0)

    grid = fingerprint(pixels).colour.reshape(8, 8, 2)

    assert grid[0, 0].tolist() == [85, 255]
    assert grid[7, 7].tolist() == [128, 128]


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((300, 400, 3), 255, dtype=np.uint8),
        np.zeros((300, 400, 3), dtype=np.uint8),
        np.full((1, 1, 3), 7, dtype=np.uint8),
        ramp(300, 400),
        ramp(400, 300)[::-1].copy(),
        grain(8, 8),
        grain(15, 400),
        (grain(400, 600) // 64 + 100).astype(np.uint8),
        np.repeat(np.linspace(40, 200, 500).astype(np.uint8)[None, :, None], 333, axis=0).repeat(3, axis=2),
    ],
    ids=[
        "white",
        "black",
        "one pixel",
        "ramp",
        "ramp upside down",
        "8 x 8 px",
        "strip 15 px high",
        "sensor noise",
        "even shading",
    ],
)
def test_pictures_without_structure_are_flat(pixels: np.ndarray) -> None:
    assert fingerprint(pixels).flat


@pytest.mark.parametrize("pixels", [cloudy(1, 100, 150), flag(90, 60), cloudy(2, 16, 16)], ids=["scene", "flag", "16 x 16 px"])
def test_pictures_with_structure_are_not_flat(pixels: np.ndarray) -> None:
    assert not fingerprint(pixels).flat


def test_vignette_of_an_empty_wall_is_flat() -> None:
    y, x = np.mgrid[0:300, 0:400]
    shade = 200 - 90 * (((x - 200) / 400) ** 2 + ((y - 150) / 300) ** 2)

    assert fingerprint(np.repeat(shade.astype(np.uint8)[..., None], 3, axis=2)).flat
