"""Lens, software, colours, zone and what else a photographer may look for; and where thumbnails lie."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine.formats import sniff
from engine.metadata import Metadata

from .files import EXPOSURE, TiffFile, box, exif_segment, facts, heif, ispe, jpeg, raw_tiff, scene, segment, xmp_segment
from .made import CONTENT_ID, made_files, srgb_profile


def of(name: str) -> Metadata:
    data = made_files()[name]
    format = sniff(data, name.encode())
    assert format is not None
    return facts(data, format)


@pytest.mark.parametrize("name", ["exif.jpg", "exif_big_endian.jpg", "all.png", "all.webp", "all.heic", "all.tif"])
def test_every_container_tells_what_exif_says(name: str) -> None:
    found = of(name)

    assert (found.taken, found.taken_fraction, found.zone) == ("2021-05-06T07:08:09", "042", "+05:30")
    assert (found.make, found.model, found.serial) == ("Canon", "EOS R5", "SN 0421")
    assert (found.lens, found.software, found.white_balance) == ("RF24-70mm F2.8 L IS USM", "Studio 12.3", "manual")
    assert found.exposure == "1/125|2.8|400|-0.33"


def test_xmp_alone_tells_the_same_facts() -> None:
    found = of("xmp.jpg")

    assert (found.taken, found.taken_fraction, found.zone) == ("2022-03-04T05:06:07", "89", "+09:00")
    assert (found.lens, found.software, found.white_balance, found.serial) == ("Summilux", "Editor 2", "auto", "77")
    assert (found.rating, found.keywords, found.exposure) == (5, 5, "1/60|1.7|320|0.33")


def test_iptc_alone_tells_time_with_zone_and_keywords() -> None:
    found = of("iptc.jpg")

    assert (found.taken, found.zone, found.keywords) == ("2019-06-07T18:19:20", "+02:00", 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("exif.jpg", "sRGB"),
        ("adobe_rgb.jpg", "Adobe RGB (1998)"),
        ("apple.jpg", "sRGB built-in"),
        ("all.webp", "sRGB built-in"),
        ("all.heic", "sRGB built-in"),
        ("all.tif", "sRGB built-in"),
        ("all.png", "sRGB"),
        ("bare.jpg", ""),
    ],
)
def test_colours_are_named_by_the_profile_else_by_exif(name: str, expected: str) -> None:
    assert of(name).profile_name == expected


@pytest.mark.parametrize(
    ("points", "name"),
    [((12, 13), "Display P3"), ((1, 13), "sRGB"), ((9, 16), "BT.2100 PQ"), ((7, 7), ""), ((9, 18), "BT.2100 HLG")],
)
def test_code_points_of_a_heif_name_its_colours(points: tuple[int, int], name: str) -> None:
    said = b"nclx" + b"".join(point.to_bytes(2, "big") for point in (*points, 1)) + b"\x80"
    data = heif([(1, b"hvc1", False)], properties=[ispe(4, 4), box(b"colr", said)], associations={1: [1, 2]})

    assert facts(data, "heif").profile_name == name


@pytest.mark.parametrize(
    ("name", "bits"),
    [("bare.jpg", 8), ("grey.png", 8), ("all.tif", 16), ("all.heic", 10), ("still.gif", 8), ("still.bmp", 8), ("all.webp", 8)],
)
def test_bits_of_a_sample(name: str, bits: int) -> None:
    assert of(name).bit_depth == bits


def test_bits_of_heif_and_avif_stand_in_the_codecs_configuration_too() -> None:
    hevc = box(b"hvcC", bytes(17) + b"\xfa" + bytes(6))
    av1 = box(b"av1C", b"\x81\x00\x60\x00")

    for configuration, bits in ((hevc, 10), (av1, 12)):
        data = heif([(1, b"hvc1", False)], properties=[ispe(4, 4), configuration], associations={1: [1, 2]})
        assert facts(data, "heif").bit_depth == bits


def test_photo_and_film_of_a_live_photo_have_the_same_id() -> None:
    assert of("apple.jpg").pairing_id == of("live.mov").pairing_id == CONTENT_ID
    assert of("exif.jpg").pairing_id == ""
    assert (of("live.mov").software, of("live.mov").zone) == ("17.2", "+02:00")


@pytest.mark.parametrize(
    ("text", "zone"), [("+02:00", "+02:00"), ("-0330", "-03:30"), ("Z", "+00:00"), ("+99:00", ""), ("local", ""), ("   :  ", "")]
)
def test_only_a_real_zone_is_told(text: str, zone: str) -> None:
    assert facts(jpeg(None, exif_segment({}, {0x9003: (2, "2021:05:06 07:08:09"), 0x9011: (2, text)})), "jpeg").zone == zone


@pytest.mark.parametrize(
    ("make", "note", "serial", "lens"),
    [
        ("Canon", "canon", "4711", "EF50mm f/1.8"),
        ("NIKON CORPORATION", "nikon", "6001234", ""),
        ("OLYMPUS", "olympus", "BHP1234", "OLYMPUS M.12-40mm"),
        ("Nobody", "canon", "", ""),
    ],
)
def test_serial_and_lens_that_only_maker_notes_tell(make: str, note: str, serial: str, lens: str) -> None:
    data = jpeg(None, segment(0xE1, b"Exif\0\0" + _with_note(make, note)))

    assert (facts(data, "jpeg").serial, facts(data, "jpeg").lens) == (serial, lens)


def _with_note(make: str, note: str) -> bytes:
    """An EXIF block whose maker note is written at its place, because offsets in it count from the start of the block."""
    tiff = TiffFile()
    if note == "canon":
        at = tiff.ifd({0x000C: (4, 4711), 0x0095: (2, "EF50mm f/1.8\0\0\0")}, chained=False)
        length = len(tiff.data) - at
    else:
        inner = TiffFile()
        if note == "nikon":
            inner.ifd({0x001D: (2, "6001234")})
            content = b"Nikon\0\x02\x10\0\0" + bytes(inner.data) + bytes(8)
        else:
            inner.data = bytearray(b"OLYMPUS\0II\x03\0")
            equipment = inner.ifd({0x0101: (2, "BHP1234"), 0x0203: (2, "OLYMPUS M.12-40mm")}, chained=False)
            start = inner.ifd({0x2010: (4, equipment)}, chained=False)
            content = bytes(inner.data)
            directory = content[start:]
            content = _moved(content, start, directory)
        at, length = tiff.blob(content), len(content)
    exif = tiff.ifd({**EXPOSURE, 0x9003: (2, "2021:05:06 07:08:09"), 0x927C: (7, bytes(0))}, chained=False)
    row = bytes(tiff.data).index(b"\x7c\x92\x07\x00", exif)
    tiff.data[row + 4 : row + 12] = length.to_bytes(4, "little") + at.to_bytes(4, "little")
    tiff.ifd({0x010F: (2, make), 0x8769: (4, exif)})
    return bytes(tiff.data)


def _moved(content: bytes, start: int, directory: bytes) -> bytes:
    """Olympus's first directory stands right behind the mark: exchange it with what stood there."""
    gap = len(directory)
    shift = gap
    body = bytearray(content[12:start])
    equipment = int.from_bytes(directory[10:14], "little")
    count = int.from_bytes(body[equipment - 12 : equipment - 10], "little")
    for row in range(equipment - 10, equipment - 10 + 12 * count, 12):
        value = int.from_bytes(body[row + 8 : row + 12], "little")
        if int.from_bytes(body[row + 4 : row + 8], "little") > 4:
            body[row + 8 : row + 12] = (value + shift).to_bytes(4, "little")
    head = bytearray(directory)
    head[10:14] = (equipment + shift).to_bytes(4, "little")
    return content[:12] + bytes(head) + bytes(body)


# ------------------------------------------------------------------------------------------------------- thumbnails


def test_thumbnail_of_a_jpeg_is_the_one_exif_names() -> None:
    data = made_files()["exif.jpg"]
    found = of("exif.jpg").thumbnail

    assert found is not None and (found.width, found.height) == (160, 120)
    with Image.open(io.BytesIO(data[found.offset : found.offset + found.length])) as image:
        assert image.size == (160, 120)


def _jpeg_with_thumbnail(small: bytes, *, offset: int | None = None, length: int | None = None) -> bytes:
    tiff = TiffFile()
    tiff.ifd({0x0112: (3, 1)})
    at = tiff.blob(small)
    tiff.ifd({0x0201: (4, at if offset is None else offset), 0x0202: (4, len(small) if length is None else length)})
    return jpeg(scene(300, 200), segment(0xE1, b"Exif\0\0" + bytes(tiff.data)))


@pytest.mark.parametrize(
    "data",
    [
        _jpeg_with_thumbnail(jpeg(scene(64, 48))),
        _jpeg_with_thumbnail(b"not a picture" * 20),
        _jpeg_with_thumbnail(jpeg(scene(160, 120)), offset=1 << 31),
        _jpeg_with_thumbnail(jpeg(scene(160, 120)), length=1 << 30),
        _jpeg_with_thumbnail(jpeg(scene(160, 120)), length=3),
        jpeg(scene(300, 200), xmp_segment()),
    ],
    ids=["too small", "no JPEG", "outside", "too long", "too short", "none"],
)
def test_useless_thumbnail_is_none(data: bytes) -> None:
    assert facts(data, "jpeg").thumbnail is None


def test_thumbnail_of_a_raw_is_its_smallest_preview_that_can_be_looked_at() -> None:
    data, ranges = raw_tiff(previews=((1600, 1200), (64, 48), (320, 240), (160, 120)))

    found = facts(data, "nef").thumbnail

    assert found is not None and (found.offset, found.length) == ranges[3]


def test_thumbnail_of_a_heif_is_the_smallest_fit_item_of_its_primary_picture() -> None:
    items = [(1, b"hvc1", False), (2, b"hvc1", False), (3, b"hvc1", False), (4, b"hvc1", False), (5, b"hvc1", False)]
    said = {
        "properties": [ispe(4000, 3000), ispe(320, 240), ispe(80, 60), ispe(640, 480)],
        "associations": {1: [1], 2: [4], 3: [3], 4: [2], 5: [2]},
    }

    found = facts(heif(items, references=[(b"thmb", n, [1]) for n in (2, 3, 4)] + [(b"thmb", 5, [9])], **said), "heif")
    without = facts(heif(items, references=[(b"thmb", 5, [9])], **said), "heif")

    assert (found.heif_thumbnail, without.heif_thumbnail) == (4, None)


def test_profile_whose_description_is_broken_still_counts_as_a_profile() -> None:
    profile = bytearray(srgb_profile())
    at = profile.index(b"desc", 132)
    profile[at + 4 : at + 8] = b"\xff\xff\xff\xf0"

    found = facts(jpeg(None, segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(profile))), "jpeg")

    assert found.profile_name == "" and len(found.profile) == 16


def test_version_4_profile_is_named_in_english() -> None:
    texts = [("de", "Anzeige P3"), ("en", "Display P3")]
    body, rows, at = b"", b"", 16 + 12 * len(texts)
    for language, text in texts:
        content = text.encode("utf-16-be")
        rows += language.encode() + b"XX" + len(content).to_bytes(4, "big") + (at + len(body)).to_bytes(4, "big")
        body += content
    tag = b"mluc" + bytes(4) + len(texts).to_bytes(4, "big") + (12).to_bytes(4, "big") + rows + body
    profile = bytes(36) + b"acsp" + bytes(88) + (1).to_bytes(4, "big") + b"desc" + (144).to_bytes(4, "big")
    profile += len(tag).to_bytes(4, "big") + tag

    found = facts(heif([(1, b"hvc1", False)], properties=[box(b"colr", b"prof" + profile)], associations={1: [1]}), "heif")

    assert found.profile_name == "Display P3"
