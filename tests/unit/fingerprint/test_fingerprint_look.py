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


def bordered(pixels: np.ndarray, px: int = 40, level: int = 255) -> np.ndarray:
    return np.pad(pixels, ((px, px), (px, px), (0, 0)), constant_values=level)


@pytest.mark.parametrize("level", [0, 130, 255])
def test_a_border_leaves_the_hashes_of_the_content(level: int) -> None:
    pixels = scene(5, 600, 400)

    plain, framed = fingerprint(pixels), fingerprint(bordered(pixels, 60, level))

    assert int(np.bitwise_count(framed.trim64 ^ plain.dct64).sum()) <= 4
    assert int(np.bitwise_count(framed.trim256 ^ plain.dct256).sum()) <= 20
    assert int(np.bitwise_count(framed.dct64 ^ plain.dct64).sum()) > 12
    lines = framed.frame[:4] / 65535
    assert np.allclose(lines, [60 / 520, 460 / 520, 60 / 720, 660 / 720], atol=0.006)
    assert plain.frame[:4].tolist() == [0, 65535, 0, 65535]


@pytest.mark.parametrize(
    "inside",
    [np.full((300, 400, 3), 120, dtype=np.uint8), ramp(300, 400), (grain(300, 400) // 64 + 100).astype(np.uint8)],
    ids=["blank", "ramp", "sensor noise"],
)
def test_nothing_inside_a_border_is_not_compared_by_its_content(inside: np.ndarray) -> None:
    prints = fingerprint(bordered(inside))

    assert (prints.trim64 == prints.dct64).all() and (prints.trim256 == prints.dct256).all()
    assert prints.frame[:4].tolist() == [0, 65535, 0, 65535]


def test_a_thin_border_is_left_alone() -> None:
    prints = fingerprint(bordered(scene(6, 600, 400), 2))

    assert prints.frame[:4].tolist() == [0, 65535, 0, 65535] and (prints.trim64 == prints.dct64).all()


def test_a_blank_page_with_a_number_is_flat_and_one_with_text_is_not() -> None:
    page = np.full((877, 620, 3), 255, dtype=np.uint8)
    page[840:852, 300:318] = 40
    text = page.copy()
    for line in range(15):
        text[100 + 30 * line : 112 + 30 * line, 60:560:7] = 0

    assert fingerprint(page).flat and not fingerprint(text).flat
