"""The corpus of the robustness bench: what an edit is called is what it does, and it does it again."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.bench.robustness import overlays, shapes
from tests.bench.robustness.edits import BEYOND, EDITS, GROUPS, chosen
from tests.support.scenes import scene

SIZE = (320, 240)


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return Image.fromarray(scene(7, *SIZE))


def opened(data: bytes) -> Image.Image:
    import pillow_heif

    pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(data)) as file:
        return ImageOps.exif_transpose(file).convert("RGB")


def made(name: str, picture: Image.Image, digest: bytes = b"one") -> Image.Image:
    return opened(EDITS[name].apply(picture, digest))


def alike(one: Image.Image, other: Image.Image) -> float:
    small = [np.asarray(im.convert("L").resize((32, 32)), np.float64).reshape(-1) for im in (one, other)]
    return float(np.corrcoef(*small)[0, 1])


def test_every_group_of_the_table_has_edits_and_there_are_more_than_a_hundred() -> None:
    assert {edit.group for edit in EDITS.values()} == set(range(len(GROUPS)))
    assert sum(edit.group != BEYOND for edit in EDITS.values()) >= 105
    assert len({edit.file_name for edit in EDITS.values()}) == len(EDITS)
    assert {edit.group for edit in chosen("quick")} == set(range(BEYOND))


def test_the_same_picture_gives_the_same_file_and_another_picture_other_random_numbers(picture: Image.Image) -> None:
    for name in ("noise 30", "sticker", "crop 10 % of the area, off", "monitor photographed aslant"):
        edit = EDITS[name]
        assert edit.apply(picture, b"one") == edit.apply(picture, b"one")
        assert edit.apply(picture, b"one") != edit.apply(picture, b"two")


@pytest.mark.parametrize("tag", range(2, 9))
def test_files_with_an_orientation_tag_are_seen_upright(picture: Image.Image, tag: int) -> None:
    seen = made(f"EXIF orientation {tag}", picture)
    assert seen.size == picture.size
    assert alike(seen, picture) > 0.99


def test_crops_leave_the_share_of_the_area_that_their_names_say(picture: Image.Image) -> None:
    for name in EDITS:
        if name.startswith("crop ") and " % of the area" in name:
            kept = 1 - int(name.split()[1]) / 100
            seen = made(name, picture)
            assert seen.width * seen.height / (SIZE[0] * SIZE[1]) == pytest.approx(kept, abs=0.02), name


def test_a_straightened_picture_has_no_empty_corner() -> None:
    white = Image.new("RGB", SIZE, "white")
    for degrees in (1, -2, 4, 10, -30):
        assert np.asarray(shapes.straightened(white, degrees)).min() > 250


def test_a_turned_picture_is_kept_whole() -> None:
    seen = shapes.turned(Image.new("RGB", SIZE, "white"), 30, (0, 0, 0))
    assert (np.asarray(seen.convert("L")) > 128).sum() == pytest.approx(SIZE[0] * SIZE[1], rel=0.02)


def test_marks_are_the_same_on_every_picture() -> None:
    black, grey = (Image.new("RGB", SIZE, tone) for tone in ("black", (1, 1, 1)))
    for mark in (overlays.meme, overlays.subtitled, lambda im: overlays.tiled_watermark(im, 0.6)):
        one, other = (np.asarray(mark(im), np.int16) for im in (black, grey))
        assert one.max() > 100
        assert np.abs(one - other).max() <= 1


@pytest.mark.parametrize("name", sorted(EDITS))
def test_every_edit_gives_a_picture_that_can_be_read(picture: Image.Image, name: str) -> None:
    seen = made(name, picture)
    assert min(seen.size) >= 60
    assert np.asarray(seen.convert("L")).std() > 4


def test_tones_keep_the_frame_and_shapes_move_it(picture: Image.Image) -> None:
    assert alike(made("black and white", picture), picture) > 0.95
    assert alike(made("film look", picture), picture) > 0.9
    assert alike(made("mirrored", picture), ImageOps.mirror(picture)) > 0.99
    assert alike(made("mirrored", picture), picture) < 0.9
