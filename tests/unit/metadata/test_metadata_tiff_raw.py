"""TIFF, RAW built on TIFF, and the RAW formats with headers of their own."""

from __future__ import annotations

import struct

import pytest

from engine.formats import sniff
from engine.metadata import Preview

from .files import (
    CAMERA,
    DATES,
    EXPOSURE,
    PARIS,
    TiffFile,
    exif_block,
    exif_segment,
    facts,
    jpeg,
    raw_tiff,
    saved,
    scene,
    xmp_packet,
)


def pages(*kinds: dict) -> bytes:
    tiff = TiffFile()
    for kind in kinds:
        tiff.ifd({0x0100: (3, 40), 0x0101: (3, 30), **kind})
    return bytes(tiff.data)


# ------------------------------------------------------------------------------------------------------------ TIFF


def test_size_orientation_and_storage_of_a_tiff() -> None:
    found = facts(saved(scene(70, 50), "TIFF", tiffinfo={274: 6}), "tiff")

    assert (found.width, found.height, found.orientation, found.lossless, found.pages) == (70, 50, 6, True, 1)
    assert facts(saved(scene(70, 50), "TIFF", compression="jpeg"), "tiff").lossless is False


def test_pages_are_those_of_full_size() -> None:
    page, reduced, mask, depth, old = {0x00FE: (4, 2)}, {0x00FE: (4, 1)}, {0x00FE: (4, 4)}, {0x00FE: (4, 8)}, {0x00FF: (3, 2)}

    assert facts(pages({}, {}, {}), "tiff").pages == 3
    assert facts(pages(page, page), "tiff").pages == 2
    assert facts(pages({}, reduced, mask, depth, old, {0x00FE: (4, 5)}), "tiff").pages == 1
    assert facts(pages(reduced), "tiff").pages == 1


def test_thumbnail_directory_without_a_size_is_no_page() -> None:
    tiff = TiffFile()
    tiff.ifd({0x0100: (3, 40), 0x0101: (3, 30)})
    tiff.ifd({0x0201: (4, 99), 0x0202: (4, 9)})

    assert facts(bytes(tiff.data), "tiff").pages == 1


def test_directories_that_loop_are_counted_once() -> None:
    data = bytearray(pages({}, {}))
    last = data.rfind(b"\x01\x01\x03\x00") + 12
    struct.pack_into("<I", data, last, 8)

    assert facts(bytes(data), "tiff").pages == 2


def test_metadata_of_a_tiff() -> None:
    tiff = TiffFile(">")
    exif = tiff.ifd({**DATES, **EXPOSURE}, chained=False)
    gps = tiff.ifd(PARIS, chained=False)
    iptc = b"\x1c\x02\x19\x00\x04tree"
    tiff.ifd(
        {
            **CAMERA,
            0x0100: (3, 4),
            0x0101: (3, 3),
            0x8769: (4, exif),
            0x8825: (4, gps),
            700: (1, xmp_packet('xmp:Rating="5"')),
            33723: (7, iptc),
            34675: (7, b"profile"),
        }
    )

    found = facts(bytes(tiff.data), "tiff")

    assert (found.taken, found.make, found.exposure) == ("2021-05-06T07:08:09", "Canon", "1/125|2.8|400|-0.33")
    assert (found.gps, found.rating, found.keywords, len(found.profile)) == (True, 5, 1, 16)


def test_big_tiff() -> None:
    rows = [(0x0100, 3, 1, 70), (0x0101, 3, 1, 50), (0x0112, 3, 1, 6)]
    directory = struct.pack("<Q", 3) + b"".join(struct.pack("<HHQQ", *row) for row in rows) + bytes(8)
    data = b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) + directory

    found = facts(data, "tiff")

    assert sniff(data) == "tiff"
    assert (found.width, found.height, found.orientation, found.pages) == (70, 50, 6, 1)


# ----------------------------------------------------------------------------------------------------- RAW as TIFF


@pytest.mark.parametrize("order", ["<", ">"])
def test_previews_of_a_raw_lie_where_they_are_said_largest_last(order: str) -> None:
    data, ranges = raw_tiff(order=order)

    found = facts(data, "nef")

    assert sniff(data[:65536], b"x.jpg") == "nef"
    assert found.previews == (Preview(*ranges[1], 64, 48), Preview(*ranges[0], 160, 120))
    assert all(data[p.offset : p.offset + 2] == b"\xff\xd8" for p in found.previews)
    assert (found.orientation, found.width, found.height, found.pages, found.lossless) == (6, 400, 300, 1, True)
    assert (found.taken, found.make, found.exposure) == ("2021-05-06T07:08:09", "NIKON CORPORATION", "1/125|2.8|400|-0.33")


def test_preview_that_reaches_beyond_the_file_is_none() -> None:
    data, ranges = raw_tiff(previews=((160, 120),))
    tiff = TiffFile()
    tiff.blob(data[ranges[0][0] : ranges[0][0] + ranges[0][1]])
    tiff.ifd({0x0201: (4, 8), 0x0202: (4, ranges[0][1] + 5000)})

    assert facts(bytes(tiff.data), "nef").previews == ()


def test_lossless_sensor_data_is_no_preview() -> None:
    found = facts(raw_tiff(previews=())[0], "dng")

    assert found.previews == ()


def test_default_crop_of_a_dng_is_its_size() -> None:
    tiff = TiffFile()
    tiff.ifd(
        {
            0x00FE: (4, 0),
            0x0100: (4, 400),
            0x0101: (4, 300),
            0x0106: (3, 34892),
            0xC612: (1, [1, 4, 0, 0]),
            0xC620: (5, [(390, 1), (290, 1)]),
            0xC62F: (2, "77"),
        }
    )

    found = facts(bytes(tiff.data), "dng")

    assert (found.width, found.height, found.serial) == (390, 290, "77")


def test_panasonic_keeps_its_jpeg_in_a_tag_and_speaks_through_it() -> None:
    picture = jpeg(scene(160, 120), exif_segment(CAMERA, DATES))
    tiff = TiffFile(magic=0x55)
    tiff.ifd({0x002E: (7, picture), 0x010F: (2, "Panasonic"), 0x0004: (3, 4), 0x0005: (3, 8), 0x0006: (3, 304), 0x0007: (3, 408)})

    found = facts(bytes(tiff.data), "rw2")

    assert sniff(bytes(tiff.data)) == "rw2"
    assert [(p.width, p.height, p.length) for p in found.previews] == [(160, 120, len(picture))]
    assert (found.width, found.height, found.make, found.model, found.taken) == (
        400,
        300,
        "Panasonic",
        "EOS R5",
        "2021-05-06T07:08:09",
    )


def test_previews_in_maker_notes() -> None:
    picture = jpeg(scene(160, 120))

    note = TiffFile()
    inner = note.ifd({0x0201: (4, note.blob(picture)), 0x0202: (4, len(picture))}, chained=False)
    note.ifd({0x0011: (4, inner)})
    nikon = b"Nikon\0\x02\x10\0\0" + bytes(note.data)

    settings = TiffFile()
    settings.data = bytearray(b"OLYMPUS\0II\3\0")
    start = settings.blob(picture)
    body = bytes(settings.data)
    camera = len(body) + 18
    main = struct.pack("<HHHII", 1, 0x2020, 13, 1, camera) + bytes(4)
    olympus_first = b"OLYMPUS\0II\3\0"
    rest = struct.pack("<HHHIIHHII", 2, 0x0101, 4, 1, 12 + len(main) + 30 + 0, 0x0102, 4, 1, len(picture)) + bytes(4)
    olympus = olympus_first + struct.pack("<HHHII", 1, 0x2020, 13, 1, 12 + len(main)) + bytes(4) + rest + picture
    assert start

    pentax_row = struct.pack("<HHHIIHHII", 2, 0x0003, 4, 1, len(picture), 0x0004, 4, 1, 8) + bytes(4)
    for maker_note, format in ((nikon, "nef"), (olympus, "orf"), (b"AOC\0II" + pentax_row, "pef")):
        tiff = TiffFile()
        if format == "pef":
            assert tiff.blob(picture) == 8
        exif = tiff.ifd({0x927C: (7, maker_note)}, chained=False)
        tiff.ifd({0x8769: (4, exif)})
        data = bytes(tiff.data)

        found = facts(data, format)

        assert [(p.width, p.height) for p in found.previews] == [(160, 120)], format
        assert data[found.previews[0].offset :].startswith(picture), format


# ------------------------------------------------------------------------------------------------------- other RAW


def test_fujifilm_header() -> None:
    picture = jpeg(scene(160, 120), exif_segment({**CAMERA, 0x0112: (3, 8)}, DATES))
    sensor = struct.pack(">I", 1) + struct.pack(">HHHH", 0x0111, 4, 300, 400)
    head = b"FUJIFILMCCD-RAW 0201" + b"FF392201" + b"X-T5".ljust(32, b"\0") + bytes(24)
    head += struct.pack(">IIII", 108, len(picture), 108 + len(picture), len(sensor)) + bytes(8)
    data = head + picture + sensor + bytes(100)

    found = facts(data, "raf")

    assert sniff(data) == "raf"
    assert found.previews == (Preview(108, len(picture), 160, 120),)
    assert (found.width, found.height, found.orientation, found.taken) == (400, 300, 8, "2021-05-06T07:08:09")


def ciff(records: list[tuple[int, bytes]]) -> bytes:
    """A heap of records with its directory."""
    body, rows = b"", b""
    for kind, content in records:
        rows += struct.pack("<HII", kind, len(content), len(body))
        body += content
    return body + struct.pack("<H", len(records)) + rows + struct.pack("<I", len(body))


def test_canon_heap() -> None:
    picture = jpeg(scene(160, 120))
    inner = ciff(
        [
            (0x080A, b"Canon\0PowerShot G1\0"),
            (0x180E, struct.pack("<III", 1_000_000_000, 0, 0)),
            (0x1810, struct.pack("<IIfi", 400, 300, 1.0, 90)),
        ]
    )
    data = b"II" + struct.pack("<I", 26) + b"HEAPCCDR" + bytes(12) + ciff([(0x2007, picture), (0x300A, inner)])

    found = facts(data, "crw")

    assert sniff(data) == "crw"
    assert (found.make, found.model, found.taken) == ("Canon", "PowerShot G1", "2001-09-09T01:46:40")
    assert (found.width, found.height, found.orientation) == (400, 300, 6)
    assert [(p.width, data[p.offset : p.offset + 3]) for p in found.previews] == [(160, b"\xff\xd8\xff")]


def test_minolta_blocks() -> None:
    size = struct.pack(">8sHHHH", b"27200001", 310, 410, 300, 400) + bytes(8)
    block = exif_block({**CAMERA, 0x0112: (3, 6)}, DATES, order=">")
    blocks = b"\0PRD" + len(size).to_bytes(4, "big") + size + b"\0TTW" + len(block).to_bytes(4, "big") + block
    data = b"\0MRM" + len(blocks).to_bytes(4, "big") + blocks + bytes(100)

    found = facts(data, "mrw")

    assert (found.width, found.height, found.orientation, found.taken) == (400, 300, 6, "2021-05-06T07:08:09")


def test_sigma_sections() -> None:
    picture = jpeg(scene(160, 120))
    words = [
        ("CAMMANUF", "SIGMA"),
        ("CAMMODEL", "DP2"),
        ("TIME", "1259413520"),
        ("APERTURE", "2.8"),
        ("SHUTTER", "0.1"),
        ("ISO", "100"),
    ]
    text, pairs = "", b""
    for pair in words:
        for word in pair:
            pairs += struct.pack("<I", len(text))
            text += word + "\0"
    properties = b"SECp" + struct.pack("<IIIII", 0x20000, len(words), 0, 0, len(text)) + pairs + text.encode("utf-16-le")
    image = b"SECi" + struct.pack("<IIIIII", 0x20000, 2, 18, 160, 120, 0) + picture
    head = b"FOVb" + bytes(24) + struct.pack("<III", 400, 300, 270)
    directory = b"SECd" + struct.pack("<II", 0x20000, 2)
    directory += struct.pack("<II4s", len(head), len(image), b"IMA2") + struct.pack(
        "<II4s", len(head) + len(image), len(properties), b"PROP"
    )
    data = head + image + properties + directory + struct.pack("<I", len(head) + len(image) + len(properties))

    found = facts(data, "x3f")

    assert sniff(data) == "x3f"
    assert (found.make, found.model, found.taken, found.exposure) == ("SIGMA", "DP2", "2009-11-28T13:05:20", "1/10|2.8|100|")
    assert (found.width, found.height, found.orientation) == (400, 300, 8)
    assert [(p.width, p.offset) for p in found.previews] == [(160, len(head) + 28)]
