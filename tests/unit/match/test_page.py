"""Pages and screens have an even ground everywhere, photographs have not."""

from __future__ import annotations

import numpy as np

from engine.match.verdict.page import DARK, grounds


def page(ground: int, words: int, seed: int) -> np.ndarray:
    """A plate with lines of words on an even ground."""
    plate = np.full((64, 64), ground, np.uint8)
    rng = np.random.default_rng(seed)
    for line in range(4, 60, 5):
        plate[line, 6 : 6 + int(rng.integers(20, 50))] = words
    return plate


def sky_and_land() -> np.ndarray:
    """Blown out above, detail below."""
    plate = np.random.default_rng(3).integers(30, 200, (64, 64), dtype=np.uint8)
    plate[:34] = 255
    return plate


def test_a_page_is_told_by_its_ground_and_a_photograph_with_an_even_sky_is_none() -> None:
    plates = np.stack([page(255, 90, 1), page(30, 200, 2), sky_and_land()])

    light, dark, photograph = grounds(plates)

    assert min(light, dark) > 0.5
    assert photograph < 0.1


def test_night_is_no_ground() -> None:
    night = np.full((1, 64, 64), DARK - 5, np.uint8)
    night[0, 20:30, 20:30] = 200

    assert grounds(night)[0] < 0.1


def test_every_plate_counts_by_itself() -> None:
    plates = np.stack([page(255, 90, 1), sky_and_land(), page(30, 200, 2)])

    assert grounds(plates).tolist() == [float(grounds(plate[None])[0]) for plate in plates]
    assert len(grounds(plates[:0])) == 0
