"""Headers of JPEG files."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image, ImageCms

from engine.metadata import Metadata

from .files import (
    CAMERA,
    DATES,
    EXPOSURE,
    PARIS,
    TiffFile,
    exif_segment,
    facts,
    jpeg,
    scene,
    segment,
    xmp_segment,
)


def test_size_and_defaults_of_a_bare_jpeg() -> None:
    found = facts(jpeg(scene(70, 50)), "jpeg")

    assert (found.width, found.height, found.pages, found.trailing) == (70, 50, 1, 0)
    assert found == Metadata(width=70, height=50, quantisation=found.quantisation, bit_depth=8)


def test_quantisation_is_the_sum_of_the_luma_table() -> None:
    data = jpeg(quality=60)
    with Image.open(io.BytesIO(data)) as image:
        expected = sum(image.quantization[0])

    assert facts(data, "jpeg").quantisation == expected
    assert facts(jpeg(quality=95), "jpeg").quantisation < expected  # type: ignore[operator]


def test_everything_exif_says() -> None:
    camera = {**CAMERA, 0x0112: (3, 6), 0x4746: (3, 4), 0x9C9E: (1, "sea;sun;sea".encode("utf-16-le") + b"\0\0")}

    found = facts(jpeg(None, exif_segment(camera, {**DATES, **EXPOSURE, 0xA431: (2, "0421")}, PARIS)), "jpeg")

    assert (found.orientation, found.declared_orientation) == (6, 6)
    assert (found.taken, found.taken_fraction) == ("2021-05-06T07:08:09", "042")
    assert (found.make, found.model, found.serial) == ("Canon", "EOS R5", "0421")
    assert found.exposure == "1/125|2.8|400|-0.33"
    assert (found.gps, found.rating, found.keywords) == (True, 4, 2)
    assert (found.width, found.height) == (64, 48), "as stored, before orientation"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_all_orientations_in_both_byte_orders(order: str, turn: int) -> None:
    assert facts(jpeg(None, exif_segment({0x0112: (3, turn)}, order=order)), "jpeg").orientation == turn


@pytest.mark.parametrize("nonsense", [0, 9, 4711])
def test_nonsense_orientation_is_none(nonsense: int) -> None:
    assert facts(jpeg(None, exif_segment({0x0112: (3, nonsense)})), "jpeg").orientation == 1


def test_xmp_orientation_counts_only_without_an_exif_one() -> None:
    turned = xmp_segment('tiff:Orientation="8"')

    assert facts(jpeg(None, turned), "jpeg").orientation == 8
    assert facts(jpeg(None, exif_segment(CAMERA), turned), "jpeg").orientation == 8
    assert facts(jpeg(None, exif_segment({0x0112: (3, 3)}), turned), "jpeg").orientation == 3


def test_date_of_digitising_serves_when_the_original_is_blank() -> None:
    blank = {0x9003: (2, "    :  :     :  :  "), 0x9004: (2, "2020:02:29 01:02:03"), 0x9292: (2, "5"), 0x9291: (2, "9")}

    found = facts(jpeg(None, exif_segment(None, blank)), "jpeg")

    assert (found.taken, found.taken_fraction) == ("2020-02-29T01:02:03", "5")


@pytest.mark.parametrize(
    "date",
    ["0000:00:00 00:00:00", "2021:02:30 10:00:00", "2021:05:06", "1492:10:12 08:00:00", "2021:05:06 24:00:00", "yesterday"],
)
def test_impossible_dates_are_none(date: str) -> None:
    assert facts(jpeg(None, exif_segment(None, {0x9003: (2, date)})), "jpeg").taken is None


def test_date_of_change_is_never_taken_for_the_capture_time() -> None:
    changed = {0x0132: (2, "2023:03:03 03:03:03")}

    found = facts(jpeg(None, exif_segment(changed), xmp_segment('xmp:ModifyDate="2023-03-03T03:03:03"')), "jpeg")

    assert found.taken is None


def test_xmp_date_keeps_the_cameras_clock() -> None:
    found = facts(jpeg(None, xmp_segment('xmp:CreateDate="2019-07-01T23:30:15.250+02:00"')), "jpeg")

    assert (found.taken, found.taken_fraction) == ("2019-07-01T23:30:15", "250")


def test_exif_date_comes_before_xmp_and_iptc() -> None:
    found = facts(jpeg(None, xmp_segment('exif:DateTimeOriginal="2001-01-01T01:01:01"'), exif_segment(None, DATES)), "jpeg")

    assert found.taken == "2021-05-06T07:08:09"


def iptc_segment(*sets: tuple[int, bytes]) -> bytes:
    data = b"".join(b"\x1c\x02" + bytes([kind]) + len(value).to_bytes(2, "big") + value for kind, value in sets)
    return segment(
        0xED, b"Photoshop 3.0\0" + b"8BIM\x03\xed\0\0\0\0\0\x02xx" + b"8BIM\x04\x04\0\0" + len(data).to_bytes(4, "big") + data
    )


def test_iptc_keywords_and_date() -> None:
    found = facts(jpeg(None, iptc_segment((25, b"tree"), (25, b"lake"), (55, b"20150629"), (60, b"181536+0200"))), "jpeg")

    assert (found.keywords, found.taken) == (2, "2015-06-29T18:15:36")


def test_iptc_time_without_a_day_is_no_date() -> None:
    assert facts(jpeg(None, iptc_segment((60, b"143000+0000"))), "jpeg").taken is None


def test_keywords_named_twice_count_once() -> None:
    subjects = xmp_segment("", "<dc:subject><rdf:Bag><rdf:li>tree</rdf:li><rdf:li>sun</rdf:li></rdf:Bag></dc:subject>")

    assert facts(jpeg(None, subjects, iptc_segment((25, b"tree"))), "jpeg").keywords == 2


@pytest.mark.parametrize(
    "gps",
    [
        {0: (1, [2, 3, 0, 0])},
        {2: PARIS[2], 4: PARIS[4]},
        {**PARIS, 2: (5, [(0, 0)] * 3)},
        {**PARIS, 2: (5, [(200, 1), (0, 1), (0, 1)])},
        {**PARIS, 2: (5, [(0, 1)] * 3), 4: (5, [(0, 1)] * 3)},
        {1: PARIS[1], 2: PARIS[2]},
    ],
    ids=["version only", "no hemisphere", "zero over zero", "out of range", "null island", "no longitude"],
)
def test_unusable_positions_are_none(gps: dict) -> None:
    assert facts(jpeg(None, exif_segment(None, None, gps)), "jpeg").gps is False


def test_exposure_is_written_one_way_however_the_camera_puts_it() -> None:
    ways = [[(1, 125)], [(10, 1250)], [(8000, 1_000_000)]]

    found = {facts(jpeg(None, exif_segment(None, {**EXPOSURE, 0x829A: (5, way)})), "jpeg").exposure for way in ways}

    assert found == {"1/125|2.8|400|-0.33"}
    assert facts(jpeg(None, exif_segment(None, {0x829A: (5, [(5, 2)]), 0x829D: (5, [(8, 0)])})), "jpeg").exposure == "2.5|||"


def test_padded_and_broken_names_are_cleaned() -> None:
    trust = {0x010F: (2, "Trust.\0\0\0Gemini11"), 0x0110: (2, "  Cam\x07era\n ")}

    found = facts(jpeg(None, exif_segment(trust)), "jpeg")

    assert (found.make, found.model) == ("Trust.", "Cam era")


def test_profile_in_several_segments_is_one_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes() + b"\0" * 100
    parts = [profile[:200], profile[200:300], profile[300:]]
    cut = [segment(0xE2, b"ICC_PROFILE\0" + bytes([i + 1, 3]) + part) for i, part in enumerate(parts)]
    whole = segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile)

    together, swapped = facts(jpeg(None, whole), "jpeg").profile, facts(jpeg(None, cut[2], cut[0], cut[1]), "jpeg").profile

    assert len(together) == 16
    assert together == facts(jpeg(None, *cut), "jpeg").profile == swapped
    assert facts(jpeg(), "jpeg").profile == b""


def test_multi_picture_file_is_one_page_and_tells_what_follows() -> None:
    second = jpeg(scene(seed=2))
    index = TiffFile(">")
    size = len(jpeg()) + 4 + 4 + 8 + 40 + 32 + 40  # any estimate: patched below
    index.ifd({0xB000: (7, b"0100"), 0xB001: (4, 2), 0xB002: (7, struct.pack(">IIIHHIIIHH", 0, size, 0, 0, 0, 0, 9, 9, 0, 0))})
    first = jpeg(None, segment(0xE2, b"MPF\0" + bytes(index.data)))
    exact = first.replace(size.to_bytes(4, "big"), len(first).to_bytes(4, "big"))

    found = facts(exact + second, "jpeg")

    assert (found.pages, found.trailing) == (1, len(second))


def test_an_empty_exif_block_does_not_hide_the_next() -> None:
    empty = segment(0xE1, b"Exif\0\0" + b"XX*\0" + bytes(20))

    assert facts(jpeg(None, empty, exif_segment({0x0112: (3, 6)})), "jpeg").orientation == 6


def test_rubbish_between_segments_is_stepped_over() -> None:
    data = jpeg(None, exif_segment({0x0112: (3, 6)}))
    broken = data[:2] + b"\x00\x12\x34" + data[2:]

    assert facts(broken, "jpeg").orientation == 6


def test_facts_before_a_cut_survive() -> None:
    data = jpeg(None, exif_segment(CAMERA, DATES))

    found = facts(data[: data.index(b"\xff\xc0") + 4], "jpeg")

    assert found.taken == "2021-05-06T07:08:09"
    assert found.width is None
