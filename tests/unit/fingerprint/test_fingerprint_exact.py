"""A fingerprint is exact: the same pixels give the same bits, on every system and by plain loops too."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.fingerprint import PACKED_BYTES, PARTS, PROFILE, fingerprint, frame_hash, pack, unpack
from engine.fingerprint.area import area_resize, area_sums, plain_sums
from engine.fingerprint.features import features_of
from engine.fingerprint.loops_area import AREA
from engine.fingerprint.working import luma_of, working
from engine.loops import compiler_installed
from tests.golden import fingerprints as golden
from tests.golden.fingerprints import cloudy
from tests.oracle import fingerprint as oracle


def random_pixels(seed: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def as_lists(pixels: np.ndarray) -> list[list[tuple[int, int, int]]]:
    return [[tuple(int(v) for v in pixel) for pixel in row] for row in pixels]


def test_golden_file_is_met_bit_for_bit() -> None:
    written = json.loads(golden.PATH.read_text(encoding="utf-8"))

    assert golden.compute() == written, "stored fingerprints would change: raise the version of the part"


@pytest.mark.parametrize(
    ("height", "width"),
    [(64, 64), (1, 1), (5, 130), (97, 40), (129, 65), (120, 160), (170, 161), (20, 533), (700, 3), (1030, 25)],
)
def test_every_part_equals_its_plain_twin(height: int, width: int) -> None:
    pixels = random_pixels(height * 1000 + width, height, width)
    small = oracle.working(as_lists(pixels))
    luma = oracle.luma(small)
    grey = oracle.plate(luma)

    prints = fingerprint(pixels)

    assert prints.plate.tolist() == grey
    assert prints.colour.tolist() == oracle.colour(small)
    assert prints.dct64.tolist() == prints.trim64.tolist() == oracle.words(oracle.dct_bits(grey, 8))
    assert prints.dct256.tolist() == prints.trim256.tolist() == oracle.words(oracle.dct_bits(grey, 16))
    assert prints.gradient.tolist() == oracle.words(oracle.gradient_bits(grey))
    assert prints.frame.tolist()[:6] == oracle.frame((0, len(small), 0, len(small[0])), len(small), len(small[0]))


@pytest.mark.parametrize(
    ("size", "border", "level"),
    [
        ((120, 160), (10, 20, 8, 8), 255),
        ((90, 140), (0, 60, 0, 0), 0),
        ((270, 70), (5, 5, 5, 31), 130),
        ((40, 50), (300, 2, 30, 1), 255),
        ((60, 560), (30, 30, 0, 0), 0),
    ],
)
def test_content_inside_a_border_equals_its_plain_twin(
    size: tuple[int, int], border: tuple[int, int, int, int], level: int
) -> None:
    top, bottom, left, right = border
    pixels = np.pad(cloudy(size[0], *size), ((top, bottom), (left, right), (0, 0)), constant_values=level)
    small = oracle.working(as_lists(pixels))
    luma = oracle.luma(small)
    box = oracle.box(luma)
    inner = oracle.plate(oracle.cut_out(luma, box))

    prints = fingerprint(pixels)

    assert box != (0, len(luma), 0, len(luma[0])), "nothing was cut"
    assert prints.frame.tolist()[:6] == oracle.frame(box, len(luma), len(luma[0]))
    assert prints.trim64.tolist() == oracle.words(oracle.dct_bits(inner, 8))
    assert prints.trim256.tolist() == oracle.words(oracle.dct_bits(inner, 16))
    assert prints.dct64.tolist() == oracle.words(oracle.dct_bits(oracle.plate(luma), 8))


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_plate_of_any_size_equals_its_plain_twin(height: int, width: int, seed: int) -> None:
    pixels = random_pixels(seed, height, width)

    assert fingerprint(pixels).plate.tolist() == oracle.plate(oracle.luma(as_lists(pixels)))


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_an_area_average_to_any_size_equals_its_plain_twin(height: int, width: int, high: int, wide: int, seed: int) -> None:
    pixels = random_pixels(seed, height, width)

    rows = [list(map(list, row)) for row in oracle.resized(as_lists(pixels), high, wide)]
    assert area_resize(pixels, high, wide).tolist() == rows
    assert area_resize(pixels[..., 1], high, wide).tolist() == oracle.grey_resized(pixels[..., 1].tolist(), high, wide)


@pytest.mark.parametrize("high", [1, 7, 64, 171, 342])
@pytest.mark.parametrize(("height", "width"), [(64, 64), (1, 1), (97, 40), (171, 300), (342, 511), (700, 3)])
@pytest.mark.parametrize("channels", [1, 3])
def test_loops_and_numpy_add_up_the_same(channels: int, height: int, width: int, high: int) -> None:
    pixels = random_pixels(height + width, height, width)[..., :channels].copy()
    wide = high * 2 - 1

    assert AREA.loaded() is not None or not compiler_installed()
    assert area_sums(pixels, high, wide).tolist() == plain_sums(pixels, high, wide).tolist()
    assert area_sums(pixels[..., 0], high, wide).tolist() == plain_sums(pixels[..., 0], high, wide).tolist()


def test_loops_and_numpy_add_up_the_same_beyond_32_bits() -> None:
    pixels = random_pixels(9, 4100, 4200)

    assert AREA.loaded() is not None or not compiler_installed()
    assert area_sums(pixels, 341, 512).dtype == np.uint64
    assert (area_sums(pixels, 341, 512) == plain_sums(pixels, 341, 512)).all()


def test_area_sums_share_out_every_pixel_once() -> None:
    pixels = random_pixels(1, 333, 517)

    for cells in ((64, 64), (300, 40), (7, 512)):
        total = area_sums(pixels, *cells).sum(axis=(0, 1), dtype=np.int64)

        assert total.tolist() == (pixels.astype(np.int64).sum(axis=(0, 1)) * cells[0] * cells[1]).tolist()


def test_features_are_those_of_the_detail_plate() -> None:
    pixels = cloudy(5, 400, 600)

    prints = fingerprint(pixels)
    found = features_of(area_resize(luma_of(working(pixels)), 128, 192))

    assert prints.frame.tolist()[4:] == [192, 128, found.count, 0] and found.count > 40
    assert np.array_equal(prints.points, found.points) and np.array_equal(prints.codes, found.codes)


def test_a_picture_that_never_matches_by_look_has_no_features() -> None:
    pixels = np.full((300, 400, 3), 250, dtype=np.uint8)
    pixels[100:104, 200:204] = 0

    prints = fingerprint(pixels)

    assert prints.flat and not prints.points.any() and not prints.codes.any() and prints.frame[6] == 0


def test_sums_that_need_more_than_32_bits_are_right() -> None:
    pixels = np.full((4100, 4200, 3), 255, dtype=np.uint8)

    assert (area_resize(pixels, 3, 5) == 255).all()
    assert (area_resize(pixels, 500, 512) == 255).all()


def test_layout_of_the_array_in_memory_does_not_matter() -> None:
    pixels = random_pixels(2, 120, 180)
    padded = np.zeros((200, 300, 3), dtype=np.uint8)
    padded[40:160, 60:240] = pixels

    assert pack(fingerprint(padded[40:160, 60:240])) == pack(fingerprint(pixels))
    assert pack(fingerprint(np.asfortranarray(pixels))) == pack(fingerprint(pixels))


def test_enlarging_by_whole_pixels_changes_nothing() -> None:
    pixels = random_pixels(3, 100, 140)
    enlarged = pixels.repeat(3, axis=0).repeat(3, axis=1)

    small, large = fingerprint(pixels), fingerprint(enlarged)

    for name in ("dct64", "dct256", "gradient", "trim64", "trim256", "colour", "plate"):
        assert np.array_equal(getattr(large, name), getattr(small, name))


def test_input_is_left_alone_and_parts_are_read_only() -> None:
    pixels = random_pixels(4, 50, 60)
    before = pixels.copy()
    pixels.setflags(write=False)

    prints = fingerprint(pixels)

    assert (pixels == before).all()
    assert not any(getattr(prints, name).flags.writeable for name in PARTS)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((0, 5, 3), dtype=np.uint8),
        np.zeros((5, 5), dtype=np.uint8),
        np.zeros((5, 5, 4), dtype=np.uint8),
        np.zeros((5, 5, 3), dtype=np.uint16),
    ],
)
def test_what_is_no_picture_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        fingerprint(pixels)


def test_steps_are_told_in_order() -> None:
    told: list[str] = []

    fingerprint(random_pixels(8, 30, 40), told.append)

    assert told == ["fingerprint", "features"]


def test_frame_hash_is_the_dct64_of_the_frame() -> None:
    pixels = random_pixels(5, 80, 120)

    assert frame_hash(pixels) == fingerprint(pixels).dct64.astype("<u8").tobytes()


# ------------------------------------------------------------------------------------------------ wire


def test_packed_fingerprint_comes_back_whole() -> None:
    for flat in (False, True):
        prints = fingerprint(np.full((30, 40, 3), 9, dtype=np.uint8) if flat else random_pixels(6, 40, 30))

        again = unpack(pack(prints))

        assert again.flat is flat is prints.flat
        assert all(np.array_equal(getattr(again, name), getattr(prints, name)) for name in PARTS)
        assert all(getattr(again, name).shape == part.shape for name, part in PARTS.items())
        assert len(pack(prints)) == PACKED_BYTES


@pytest.mark.parametrize(
    "data", [b"", b"\0" * (PACKED_BYTES - 1), b"\0" * (PACKED_BYTES + 1), b"\0" * (PACKED_BYTES - 1) + b"\2"]
)
def test_packed_bytes_that_cannot_be_right_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="packed"):
        unpack(data)


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 65535), (1, 0), (2, 65535), (3, 0), (4, 15), (4, 193), (5, 0), (5, 65535), (6, 129), (6, 65535), (6, 3), (7, 1)],
)
def test_a_frame_that_no_picture_has_is_refused(place: int, value: int) -> None:
    prints = fingerprint(cloudy(3, 200, 300))
    frame = prints.frame.copy()
    frame[place] = value

    assert unpack(pack(prints)).frame[6] > 3
    with pytest.raises(ValueError, match="packed"):
        unpack(pack(replace(prints, frame=frame)))


def test_a_picture_takes_so_many_bytes_in_the_store() -> None:
    large = ("plate", "points", "codes")

    assert sum(part.size_bytes for part in PARTS.values()) == 5992 <= 6000
    assert sum(part.size_bytes for part in PARTS.values() if part.name not in large) == 232 <= 1000


def test_profile_names_every_part_and_fits_its_column() -> None:
    assert list(PARTS) == [*("dct64", "dct256", "gradient", "trim64", "trim256", "frame", "colour", "plate", "points", "codes")]
    assert 0 < len(PROFILE) <= 16
    assert set(PROFILE) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert all(part.version >= 1 and part.dtype.newbyteorder("<") == part.dtype for part in PARTS.values())
