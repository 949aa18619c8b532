"""Candidates by local features of real pixels: what happens to a photo on its way, made with Pillow and fingerprinted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from engine.fingerprint import LOOPS, fingerprint
from engine.match.limits import limits_for
from engine.match.local.candidates import local_candidates
from engine.match.local.features import Features
from engine.match.local.support import support
from tests.support.scenes import scene

PICTURES = 16


def _cropped(share: float, x: float, y: float) -> Callable[[Image.Image], Image.Image]:
    def cut(image: Image.Image) -> Image.Image:
        width, height = int(image.width * share), int(image.height * share)
        left, top = int((image.width - width) * x), int((image.height - height) * y)
        return image.crop((left, top, left + width, top + height))

    return cut


def _on_a_screen(image: Image.Image) -> Image.Image:
    """The picture in a window of a program; all share the window."""
    screen = Image.new("RGB", (900, 620), (243, 243, 243))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, 900, 30), fill=(52, 58, 70))
    draw.rectangle((0, 30, 140, 620), fill=(225, 229, 235))
    for k in range(9):
        draw.rectangle((14, 50 + 34 * k, 60 + 17 * (k % 4), 62 + 34 * k), fill=(80, 80, 90))
        draw.ellipse((160 + 40 * k, 6, 178 + 40 * k, 24), outline="white", width=3)
    screen.paste(ImageOps.contain(image, (640, 480)), (200, 80))
    return screen


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda image: image,
    "small and grey": lambda image: ImageEnhance.Contrast(image.resize((240, 180)).convert("L").convert("RGB")).enhance(1.4),
    "crop of half the area": _cropped(0.71, 0.8, 0.3),
    "crop of a third": _cropped(0.58, 0.3, 0.6),
    "quarter turn": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "mirrored crop": lambda image: _cropped(0.8, 0.1, 0.9)(ImageOps.mirror(image)),
    "turned by 12 degrees": lambda image: image.rotate(12, Image.Resampling.BICUBIC, expand=True),
    "border": lambda image: ImageOps.expand(image, image.width // 7, "white"),
    "screen": _on_a_screen,
}


@pytest.fixture(scope="module")
def library() -> Features:
    """Row e * PICTURES + p is picture p after edit e."""
    for group in LOOPS:
        group.loaded()
    images = [Image.fromarray(scene(9000 + k, 640, 480)) for k in range(PICTURES)]
    prints = [fingerprint(np.asarray(edit(image))) for edit in EDITS.values() for image in images]
    return Features.of(
        np.stack([one.frame for one in prints]), np.stack([one.points for one in prints]), np.stack([one.codes for one in prints])
    )


@pytest.fixture(scope="module")
def found(library: Features) -> np.ndarray:
    n = len(library)
    rank = np.empty(n, dtype=np.int64)
    rank[np.lexsort((library.codes[:, 1], library.codes[:, 0]))] = np.arange(n)
    return local_candidates(library, rank, np.ones(n, dtype=bool), limits_for(n), lambda: False).candidates


@pytest.mark.parametrize("edit", range(1, len(EDITS)), ids=list(EDITS)[1:])
def test_an_edited_copy_is_proposed_with_its_original(found: np.ndarray, edit: int) -> None:
    pairs = {frozenset(pair) for pair in found[["first", "second"]].tolist()}

    assert sum(frozenset((k, edit * PICTURES + k)) in pairs for k in range(PICTURES)) >= PICTURES - 1


def test_few_strangers_are_proposed_but_those_in_one_frame(found: np.ndarray) -> None:
    first, second = found["first"].astype(int), found["second"].astype(int)
    strangers = first % PICTURES != second % PICTURES
    bare = len(EDITS) - 2  # without borders and screens, whose corners are alike
    possible = PICTURES * (PICTURES - 1) // 2 * bare**2

    assert (strangers & (np.maximum(first, second) < bare * PICTURES)).sum() < 4e-3 * possible


def test_support_tells_pictures_on_one_screen_from_copies(library: Features, found: np.ndarray) -> None:
    first, second = found["first"].astype(np.int64), found["second"].astype(np.int64)
    told = support(library, first, second, found["map"])
    least = np.minimum(told["share_first"], told["share_second"])
    same = first % PICTURES == second % PICTURES

    assert np.median(least[same]) > 0.5
    assert not (~same).any() or np.percentile(least[~same], 90) < 0.45
