"""From pictures to pairs: copies are found with the right tier, other photographs never, whatever the order of the files."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from engine.config import MatchOptions
from engine.errors import Cancelled
from engine.fingerprint import fingerprint, frame_hash
from engine.match import clusters_at, compare_rows, find_pairs, merge_list, search, turn_and_mirror
from engine.match.exact import CROWD
from engine.match.poses import inverse, posed
from engine.records import PictureTable, Tier, edit_labels
from tests.support.scenes import blank, scene
from tests.unit.match.tables import never, rows_of, table_from, table_of

OPTIONS = MatchOptions()
SIZE = (480, 320)

Edit = Callable[[Image.Image], Image.Image]


def saved(image: Image.Image, kind: str = "JPEG", **how: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return Image.open(buffer).convert("RGB")


def scaled(image: Image.Image, share: float) -> Image.Image:
    return image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.LANCZOS)


def written(image: Image.Image, text: str, height: float) -> Image.Image:
    out = image.copy()
    draw = ImageDraw.Draw(out)
    draw.text((image.width * 0.7, image.height * 0.85), text, fill=(255, 150, 0), font_size=round(image.height * height))
    return out


RE_ENCODED: dict[str, Edit] = {
    "q50": lambda im: saved(im, quality=50),
    "q92": lambda im: saved(im, quality=92),
    "half": lambda im: saved(scaled(im, 0.5), quality=88),
    "quarter": lambda im: saved(scaled(im, 0.25), quality=88),
    "thumbnail": lambda im: saved(scaled(im, 160 / 480), quality=75),
    "odd size": lambda im: saved(im.resize((413, 276), Image.Resampling.BICUBIC), quality=85),
    "webp": lambda im: saved(scaled(im, 1 / 3), "WEBP", quality=80),
    "png": lambda im: saved(im, "PNG"),
}
TONED: dict[str, Edit] = {
    "bright": lambda im: saved(im.point(lambda v: min(255, int(v * 1.12 + 6))), quality=90),
    "gamma": lambda im: saved(im.point(lambda v: int(255 * (v / 255) ** 0.75)), quality=90),
    "contrast": lambda im: saved(ImageEnhance.Contrast(im).enhance(1.3), quality=90),
}


def picture(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    return Image.fromarray(scene(seed, *size))


def one_pair(a: Image.Image, b: Image.Image, **columns: list[int]) -> np.void | None:
    return compare_rows(table_of([np.asarray(a), np.asarray(b)], **columns), 0, 1, OPTIONS)


# ------------------------------------------------------------------------------------------------ copies


@pytest.mark.parametrize("edit", RE_ENCODED)
def test_re_encoded_copy_is_the_same_picture(edit: str) -> None:
    for seed in (101, 102):
        pair = one_pair(picture(seed), RE_ENCODED[edit](picture(seed)))

        assert pair is not None
        assert pair["tier"] == Tier.SAME_PICTURE, edit_labels(int(pair["edits"]))
        assert 0.95 <= pair["score"] <= 0.9999
        assert pair["edits"] == 0
        assert pair["box"].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("edit", TONED)
def test_change_of_tone_is_found_and_named(edit: str) -> None:
    for seed in (101, 102):
        pair = one_pair(picture(seed), TONED[edit](picture(seed)))

        assert pair is not None
        assert pair["score"] >= 0.86
        assert pair["tier"] == Tier.EDITED
        assert "tone" in edit_labels(int(pair["edits"]))


def test_black_and_white_copy_is_an_edit_of_colour() -> None:
    colourful = ImageEnhance.Color(picture(104)).enhance(2.0)

    grey = one_pair(colourful, colourful.convert("L").convert("RGB"))
    tinted = one_pair(colourful, Image.merge("RGB", colourful.split()[::-1]))

    assert grey is not None
    assert edit_labels(int(grey["edits"])) == ["black-and-white"]
    assert tinted is None or "colour" in edit_labels(int(tinted["edits"]))


@pytest.mark.parametrize("height", [0.08, 0.15])
def test_text_drawn_in_is_an_overlay_and_still_one_cluster(height: float) -> None:
    for seed in (101, 103, 106):
        pair = one_pair(picture(seed), saved(written(picture(seed), "12 3 '04", height), quality=92))

        assert pair is not None
        assert pair["tier"] == Tier.EDITED
        assert "overlay" in edit_labels(int(pair["edits"]))
        assert pair["score"] >= 0.86


@pytest.mark.parametrize("pose", range(1, 8))
def test_turned_and_mirrored_copies_are_edits_with_their_pose(pose: int) -> None:
    for seed in (101, 105):
        turned = Image.fromarray(np.ascontiguousarray(posed(np.asarray(picture(seed))[None], pose)[0]))

        pair = one_pair(picture(seed), saved(turned, quality=80))

        degrees, mirror = turn_and_mirror(pose)
        assert pair is not None
        assert pair["pose"] == pose
        assert pair["tier"] == Tier.EDITED
        assert pair["score"] >= 0.95
        assert edit_labels(int(pair["edits"])) == ["turned"] * (degrees != 0) + ["mirrored"] * mirror


def test_stretched_copy_is_not_the_same_picture() -> None:
    pair = one_pair(picture(101), picture(101).resize((480, 240)))

    assert pair is not None
    assert pair["tier"] == Tier.EDITED


def test_partial_picture_still_matches_by_look() -> None:
    assert one_pair(picture(101), saved(picture(101), quality=70), partial=[0, 1]) is not None


# ------------------------------------------------------------------------------------------------ no copies


def clouds(rng: np.random.Generator, exponent: float) -> np.ndarray:
    """Structure at every scale, in three channels of their own: 96 x 64 px."""
    y, x = np.fft.fftfreq(64)[:, None, None], np.fft.rfftfreq(96)[None, :, None]
    amplitude = np.maximum(np.hypot(y, x), 1 / 96) ** -exponent
    field = np.fft.irfft2(amplitude * np.exp(2j * np.pi * rng.random((64, 49, 3))), s=(64, 96), axes=(0, 1))
    return (255 * (field - field.min()) / np.ptp(field)).astype(np.uint8)


@pytest.mark.parametrize(("exponent", "contrast"), [(1.2, 1.0), (2.2, 1.0), (1.2, 0.15)], ids=["scenes", "blurred", "dark"])
def test_other_photographs_never_pair(exponent: float, contrast: float) -> None:
    rng = np.random.default_rng(7)
    table = table_of([(clouds(rng, exponent) * contrast).astype(np.uint8) for _ in range(300)])

    assert len(find_pairs(table, MatchOptions(floor=0.2), never)) == 0


def test_blank_pictures_pair_by_their_bytes_only() -> None:
    flats = [blank(seed, 300, 200) for seed in range(8)]
    table = table_of([*flats, flats[0]], bytes_id=[0, 1, 2, 3, 4, 5, 6, 7, 0], data_id=[9] * 9)

    pairs = find_pairs(table, OPTIONS, never)

    assert table.flat.all()
    assert [(int(p["a"]), int(p["b"]), int(p["tier"])) for p in pairs] == [(0, 8, Tier.IDENTICAL)]


def dim(detail: np.ndarray, low: float, high: float) -> np.ndarray:
    """A grey picture of a float field, with the grain of a sensor."""
    field = (detail - detail.min()) / np.ptp(detail)
    return np.repeat(np.clip(np.round(low + (high - low) * field), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def soft(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Random levels, 0..1, softly enlarged."""
    levels = Image.fromarray(rng.random((rows, columns)).astype(np.float32))
    return np.asarray(levels.resize((240, 160), Image.Resampling.BICUBIC))


def near_misses() -> dict[str, list[np.ndarray]]:
    """Pictures of one kind that are easily confused: twelve of each."""
    rng = np.random.default_rng(77)
    y, x = np.mgrid[0:160, 0:240]
    kinds: dict[str, list[np.ndarray]] = {"fog": [], "moon": [], "page": [], "sea": []}
    for _ in range(12):
        cloud = soft(rng, 6, 9)
        kinds["fog"].append(
            dim(cloud * rng.uniform(0.1, 0.4) + rng.uniform(-1, 1) * x / 240 + rng.normal(0, 0.01, x.shape), 110, 190)
        )
        ground = soft(rng, 32, 48)
        disc = np.clip(55 - np.hypot(x - 120, y - 80), 0, 1)
        kinds["moon"].append(dim(disc * (0.6 + 0.4 * ground), 5, 230))
        page = np.ones((160, 240), dtype=np.float32)
        for line in range(12, 150, 6):
            words = np.repeat(rng.random(28) < 0.7, 8)
            page[line : line + 3, 8:232] -= 0.8 * words * rng.random(224)
        kinds["page"].append(dim(page, 20, 250))
        wave = soft(rng, 40, 24)
        kinds["sea"].append(dim(np.where(y < 70, 1.6 - y / 140, 0.4 + 0.5 * wave), 20, 220))
    return kinds


@pytest.mark.parametrize("kind", ["fog", "moon", "page", "sea"])
def test_pictures_of_one_kind_are_not_copies_of_each_other(kind: str) -> None:
    table = table_of(near_misses()[kind])

    assert len(find_pairs(table, OPTIONS, never)) == 0


@pytest.mark.parametrize("kind", ["moon", "page", "sea"])
def test_copies_of_plain_pictures_are_found_all_the_same(kind: str) -> None:
    originals = near_misses()[kind][:4]
    copies = [np.asarray(saved(Image.fromarray(pixels), quality=60)) for pixels in originals]

    pairs = find_pairs(table_of([*originals, *copies]), OPTIONS, never)

    assert [(int(p["a"]), int(p["b"])) for p in pairs if p["score"] >= 0.86] == [(k, k + 4) for k in range(4)]


# ------------------------------------------------------------------------------------------------ metadata


def copies_with(**columns: list[int]) -> np.void | None:
    return one_pair(picture(101), saved(picture(101), quality=80), **columns)


SECOND = 1_700_000_000_000


@pytest.mark.parametrize(
    ("columns", "tier"),
    [
        ({}, Tier.SAME_PICTURE),
        ({"camera": [5, 5], "moment": [SECOND, SECOND]}, Tier.SAME_PICTURE),
        ({"camera": [5, 5], "moment": [SECOND, SECOND + 2000]}, Tier.SAME_MOMENT),
        ({"camera": [5, 5], "moment": [SECOND + 120, SECOND + 240]}, Tier.SAME_MOMENT),
        ({"camera": [5, 5], "moment": [SECOND, SECOND + 60_000]}, Tier.SAME_MOMENT),
        ({"camera": [5, 5], "moment": [SECOND + 60_001, SECOND]}, None),
        ({"camera": [5, 5], "moment": [SECOND, SECOND + 240]}, Tier.EDITED),
        ({"camera": [5, 5], "moment": [SECOND, -1]}, Tier.SAME_PICTURE),
        ({"camera": [5, 6], "moment": [SECOND, SECOND + 2000]}, Tier.SAME_PICTURE),
        ({"camera": [-1, -1], "moment": [SECOND, SECOND + 2000]}, Tier.SAME_PICTURE),
        ({"camera": [5, 5], "moment": [SECOND, SECOND], "exposure": [1, 2]}, Tier.SAME_MOMENT),
        ({"camera": [5, 5], "moment": [SECOND, SECOND], "exposure": [1, 1]}, Tier.SAME_PICTURE),
        ({"camera": [5, 5], "moment": [SECOND, SECOND], "exposure": [1, -1]}, Tier.SAME_PICTURE),
        ({"camera": [5, 5], "moment": [SECOND, SECOND + 2000], "bytes_id": [3, 3]}, Tier.IDENTICAL),
        ({"camera": [5, 5], "moment": [SECOND, SECOND + 2000], "data_id": [3, 3]}, Tier.SAME_DATA),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_time_camera_and_exposure_tell_two_photographs_apart(columns: dict[str, list[int]], tier: Tier | None) -> None:
    pair = copies_with(**columns)

    assert (pair is None) == (tier is None)
    assert pair is None or pair["tier"] == tier


def test_equal_bytes_and_equal_data_have_score_one() -> None:
    for columns in ({"bytes_id": [1, 1]}, {"data_id": [1, 1]}):
        pair = copies_with(**columns)

        assert pair is not None
        assert pair["score"] == 1.0


def test_equal_data_under_another_orientation_is_edited_with_its_turn() -> None:
    stored = np.asarray(picture(101))
    shown = np.rot90(stored, -1).copy()  # orientation 6

    pair = compare_rows(table_of([stored, shown], data_id=[1, 1], variant=[0, 1], orientation=[1, 6]), 0, 1, OPTIONS)

    assert pair is not None
    assert (pair["tier"], pair["score"]) == (Tier.EDITED, np.float32(0.9999))
    assert turn_and_mirror(int(pair["pose"])) == (90, False)
    assert edit_labels(int(pair["edits"])) == ["turned"]


def test_equal_data_under_another_profile_is_looked_at() -> None:
    pair = one_pair(picture(101), picture(101), data_id=[1, 1], variant=[0, 1])

    assert pair is not None
    assert pair["tier"] == Tier.SAME_PICTURE
    assert pair["score"] < 1


def test_pairs_inside_a_shot_are_not_reported_but_compared_when_asked() -> None:
    pixels = np.asarray(picture(101))
    table = table_of([pixels, pixels, pixels, pixels], bytes_id=[1, 1, 2, 3], shot=[0, 0, 1, 1])

    pairs = find_pairs(table, OPTIONS, never)

    assert [(int(p["a"]), int(p["b"])) for p in pairs] == [(0, 2), (0, 3)]
    assert compare_rows(table, 0, 1, OPTIONS)["tier"] == Tier.IDENTICAL
    assert compare_rows(table, 2, 3, OPTIONS)["tier"] == Tier.SAME_PICTURE


def test_only_the_first_of_equal_files_pairs_with_others() -> None:
    pixels, copy = np.asarray(picture(101)), np.asarray(saved(picture(101), quality=70))
    table = table_of([copy, pixels, pixels, pixels], bytes_id=[0, 7, 7, 7])

    pairs = find_pairs(table, OPTIONS, never)

    assert [(int(p["a"]), int(p["b"]), int(p["tier"])) for p in pairs] == [(0, 1, 2), (1, 2, 0), (1, 3, 0)]


def test_preset_identical_limits_pairs_to_equal_bytes() -> None:
    pixels = np.asarray(picture(101))
    table = table_of([pixels, pixels, pixels], bytes_id=[1, 1, 2], data_id=[4, 4, 4])

    pairs = find_pairs(table, MatchOptions(preset="identical", line=1.0), never)

    assert [(int(p["a"]), int(p["b"])) for p in pairs] == [(0, 1)]


# ------------------------------------------------------------------------------------------------ films


def film(seeds: list[int]) -> bytes:
    return b"".join(frame_hash(scene(seed, 120, 80)) for seed in seeds)


@pytest.mark.parametrize(
    ("frames", "films", "tier"),
    [
        ([5, 5], ([1, 2, 3], [1, 2, 3]), Tier.SAME_PICTURE),
        ([5, 5], ([1, 2, 3], [1, 2, 9]), Tier.EDITED),
        ([5, 6], ([1, 2, 3], [1, 2, 3]), Tier.EDITED),
        ([5, 5], ([1, 2, 3], [1, 2]), Tier.EDITED),
        ([5, 5], ([], []), Tier.EDITED),
        ([5, 1], ([1, 2, 3], None), Tier.EDITED),
    ],
)
def test_films_are_the_same_picture_only_frame_by_frame(
    frames: list[int], films: tuple[list[int], list[int] | None], tier: Tier
) -> None:
    pixels = [np.asarray(picture(101)), np.asarray(saved(picture(101), quality=80))]
    blobs = tuple(film(seeds) for seeds in films if seeds is not None)

    pair = compare_rows(table_of(pixels, blobs, frames=frames, film=[0, 1 if len(blobs) > 1 else -1]), 0, 1, OPTIONS)

    assert pair is not None
    assert pair["tier"] == tier
    assert ("frames" in edit_labels(int(pair["edits"]))) == (tier == Tier.EDITED)


# ------------------------------------------------------------------------------------------------ one answer


def library() -> PictureTable:
    """Three families with edits in several poses, and some others."""
    pictures = []
    for seed in (101, 102, 103):
        original = picture(seed, (240, 160))
        turned = original.transpose(Image.Transpose.ROTATE_90)
        mirrored = original.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        pictures += [original, saved(original, quality=50), turned, saved(mirrored, quality=70), TONED["bright"](original)]
    pictures += [picture(seed, (240, 160)) for seed in range(300, 306)]
    return table_of([np.asarray(p) for p in pictures])


@pytest.fixture(scope="module")
def mixed() -> PictureTable:
    return library()


def as_set(pairs: np.ndarray, rows: list[int]) -> set[tuple[object, ...]]:
    found = set()
    for pair in pairs:
        a, b, pose = rows[int(pair["a"])], rows[int(pair["b"])], int(pair["pose"])
        if a > b:
            a, b, pose = b, a, inverse(pose)
        found.add((a, b, pose, float(pair["score"]), int(pair["tier"]), int(pair["edits"]), bytes(pair["parts"])))
    return found


def test_order_of_the_files_changes_nothing(mixed: PictureTable) -> None:
    wanted = as_set(find_pairs(mixed, OPTIONS, never), list(range(len(mixed))))

    for seed in range(20):
        rows = np.random.default_rng(seed).permutation(len(mixed)).tolist()
        found = search(rows_of(mixed, rows), OPTIONS, never, threads=1 + seed % 2)
        assert as_set(found.pairs, rows) == wanted


def test_a_pair_is_the_same_alone_and_in_a_library(mixed: PictureTable) -> None:
    pairs = find_pairs(mixed, OPTIONS, never)
    found = {(int(p["a"]), int(p["b"])): p for p in pairs}

    for i, j in list(combinations(range(len(mixed)), 2))[::5]:
        one, other = compare_rows(mixed, i, j, OPTIONS), compare_rows(mixed, j, i, OPTIONS)
        assert (one is None) == (other is None) == ((i, j) not in found)
        assert one is None or one.tobytes() == other.tobytes() == found[i, j].tobytes()


def test_families_become_clusters(mixed: PictureTable) -> None:
    clusters = clusters_at(merge_list(mixed, find_pairs(mixed, OPTIONS, never)), 0.86)

    assert clusters == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9), (10, 11, 12, 13, 14)]


def test_pairs_come_sorted_and_above_the_floor(mixed: PictureTable) -> None:
    pairs = find_pairs(mixed, MatchOptions(floor=0.97), never)

    keys = [(int(p["a"]), int(p["b"])) for p in pairs]
    assert keys == sorted(set(keys))
    assert all(a < b for a, b in keys)
    assert pairs["score"].min() >= np.float32(0.97)
    assert (np.round(pairs["score"].astype(float), 4).astype(np.float32) == pairs["score"]).all()


def test_empty_and_single_libraries_have_no_pairs(mixed: PictureTable) -> None:
    assert len(find_pairs(rows_of(mixed, [0]), OPTIONS, never)) == 0
    assert len(find_pairs(rows_of(mixed, []), OPTIONS, never)) == 0


def test_cancelling_leaves_the_search(mixed: PictureTable) -> None:
    with pytest.raises(Cancelled):
        find_pairs(mixed, OPTIONS, lambda: True)


# ------------------------------------------------------------------------------------------------ crowds


def test_crowd_of_equal_frames_makes_a_handful_of_pairs_each() -> None:
    prints = fingerprint(scene(101, 240, 160))
    count = 40 * CROWD

    found = search(table_from([prints] * count), OPTIONS, never)

    assert count - 1 <= len(found.pairs) <= 8 * count
    assert found.skipped > 0
    assert clusters_at(merge_list(table_from([prints] * count), found.pairs), 0.86) == [tuple(range(count))]


def test_small_group_of_equal_frames_is_paired_in_full() -> None:
    prints = fingerprint(scene(101, 240, 160))

    assert len(find_pairs(table_from([prints] * 20), OPTIONS, never)) == 20 * 19 // 2


def test_crowd_of_two_pictures_with_equal_hashes_makes_two_clusters() -> None:
    one, other = fingerprint(scene(101, 240, 160)), fingerprint(scene(102, 240, 160))
    table = table_from([one, other] * CROWD)
    same_hash = {name: np.repeat(getattr(table, name)[:1], len(table), axis=0) for name in ("dct64", "dct256")}
    columns = {name: getattr(table, name) for name in PictureTable.__slots__ if name not in same_hash}
    confused = PictureTable(**columns, **same_hash)

    clusters = clusters_at(merge_list(confused, find_pairs(confused, OPTIONS, never)), 0.86)

    assert clusters == [tuple(range(0, 2 * CROWD, 2)), tuple(range(1, 2 * CROWD, 2))]


def test_long_exposure_series_on_a_tripod_stays_apart_but_keeps_its_copies() -> None:
    prints = fingerprint(scene(101, 240, 160))
    count = 2 * CROWD
    moments = [SECOND + 5000 * (k // 2) for k in range(2 * count)]
    table = table_from([prints] * 2 * count, camera=[1] * 2 * count, moment=moments)

    clusters = clusters_at(merge_list(table, find_pairs(table, OPTIONS, never)), 0.86)

    assert clusters == [(2 * k, 2 * k + 1) for k in range(count)]


def test_bound_keeps_the_strongest_pairs_of_either_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["engine.match.search"], "MOST_PAIRS", 3)
    prints = fingerprint(scene(101, 240, 160))

    full = search(table_from([prints] * 20), OPTIONS, never)

    degree = np.bincount(np.concatenate([full.pairs["a"], full.pairs["b"]]).astype(int))
    assert full.crowded == 190 - len(full.pairs) > 0
    assert degree.min() >= 3


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_score_does_not_know_which_picture_came_first(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = scene(int(rng.integers(0, 4)) + 400, 240, 160)
    noisy = np.clip(base.astype(int) + rng.integers(-9, 10, base.shape) + int(rng.integers(-9, 9)), 0, 255).astype(np.uint8)
    noisy = np.ascontiguousarray(posed(noisy[None], int(rng.integers(0, 8)))[0])

    one = compare_rows(table_of([base, noisy]), 0, 1, OPTIONS)
    other = compare_rows(table_of([noisy, base]), 0, 1, OPTIONS)

    assert one is not None
    assert other is not None
    assert int(one["pose"]) == inverse(int(other["pose"]))
    assert all(one[name].tobytes() == other[name].tobytes() for name in ("score", "tier", "edits", "parts"))


def test_two_pictures_that_somebody_named_are_compared_however_far_apart() -> None:
    anything = MatchOptions(line=0.0, floor=0.0, radius64=64, radius256=256)
    table = table_of([np.asarray(picture(101)), np.asarray(picture(102)), np.asarray(picture(101).crop((60, 40, 420, 300)))])

    other, crop = compare_rows(table, 0, 1, anything), compare_rows(table, 0, 2, anything)

    assert other is None or other["score"] < 0.3
    assert crop is not None
    assert "crop" in edit_labels(int(crop["edits"]))
    assert np.abs(crop["box"] - [60 / 480, 40 / 320, 420 / 480, 300 / 320]).max() < 0.02
