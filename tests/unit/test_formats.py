"""Formats are told by content; names decide only where content cannot."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.formats import FORMATS, HEAD_BYTES, sniff, suffix_kind

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


def saved(format: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(out, format)
    return out.getvalue()


def tiff(entries: list[tuple[int, int, int, bytes]], order: str = "<", tail: bytes = b"", at: int = 8) -> bytes:
    """A TIFF of one directory; values are given as their four bytes."""
    rows = b"".join(struct.pack(order + "HHI", tag, kind, count) + value for tag, kind, count, value in entries)
    mark = b"II" if order == "<" else b"MM"
    directory = struct.pack(order + "H", len(entries)) + rows + bytes(4)
    return mark + struct.pack(order + "HI", 42, at) + bytes(at - 8) + directory + tail


def ftyp(major: bytes, *brands: bytes) -> bytes:
    content = major + bytes(4) + b"".join(brands)
    return (len(content) + 8).to_bytes(4, "big") + b"ftyp" + content + bytes(32)


def short(value: int) -> bytes:
    return struct.pack("<HH", value, 0)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF"])
def test_pictures_are_known_whatever_their_name(format: str) -> None:
    data = saved(format)

    for name in (b"", b"holiday.txt", b"holiday.xmp", b"holiday.nef", b"holiday.jpg"):
        assert sniff(data[:HEAD_BYTES], name) == format.lower()


@pytest.mark.parametrize(
    ("major", "brands", "expected"),
    [
        (b"heic", (b"mif1", b"heic"), "heif"),
        (b"heix", (b"mif1",), "heif"),
        (b"hevc", (b"msf1",), "heif"),
        (b"heim", (), "heif"),
        (b"heis", (), "heif"),
        (b"mif1", (b"mif1", b"heic"), "heif"),
        (b"msf1", (b"hevc",), "heif"),
        (b"mif1", (b"mif1", b"avif", b"miaf"), "avif"),
        (b"msf1", (b"avis",), "avif"),
        (b"avif", (b"mif1",), "avif"),
        (b"avis", (b"msf1", b"iso8"), "avif"),
        (b"heic", (b"mif1", b"avif"), "heif"),
        (b"crx ", (b"crx ", b"isom"), "cr3"),
        (b"qt  ", (b"qt  ",), "mov"),
        (b"isom", (b"iso2", b"avc1"), "mp4"),
        (b"mp42", (b"isom",), "mp4"),
        (b"3gp4", (), "mp4"),
        (b"M4A ", (b"isom",), None),
        (b"zzzz", (b"mif1", b"heic"), "heif"),
        (b"zzzz", (b"yyyy",), None),
    ],
)
def test_brands_tell_pictures_from_films(major: bytes, brands: tuple[bytes, ...], expected: str | None) -> None:
    assert sniff(ftyp(major, *brands), b"x.jpg") == expected


@pytest.mark.parametrize(
    ("maker", "name", "expected"),
    [
        (b"NIKON CORPORATION\0", b"a.jpg", "nef"),
        (b"NIKON CORPORATION\0", b"a.nrw", "nrw"),
        (b"SONY\0", b"a.tif", "arw"),
        (b"PENTAX Corporation\0", b"a", "pef"),
        (b"SAMSUNG\0", b"a", "srw"),
        (b"Hasselblad\0", b"a.fff", "fff"),
        (b"Unheard Of\0", b"a.erf", "erf"),
        (b"Unheard Of\0", b"a.jpg", "raw"),
    ],
)
def test_sensor_data_makes_a_tiff_a_raw(maker: bytes, name: bytes, expected: str) -> None:
    data = tiff([(0x0106, 3, 1, short(32803)), (0x010F, 2, len(maker), struct.pack("<I", 38))], tail=maker)

    assert sniff(data, name) == expected


def test_sensor_data_in_a_sub_directory_counts() -> None:
    child = struct.pack("<H", 1) + struct.pack("<HHI", 0x0106, 3, 1) + short(34892) + bytes(4)
    data = tiff([(0x00FE, 4, 1, struct.pack("<I", 1)), (0x014A, 4, 1, struct.pack("<I", 38))], tail=child)

    assert sniff(data, b"a.tif") == "raw"


def test_thumbnail_first_and_sensor_beyond_the_head_is_a_raw() -> None:
    maker = b"NIKON CORPORATION\0"
    entries = [
        (0x00FE, 4, 1, struct.pack("<I", 1)),
        (0x010F, 2, len(maker), struct.pack("<I", 50)),
        (0x014A, 4, 1, struct.pack("<I", 5_000_000)),
    ]

    assert sniff(tiff(entries, tail=maker).ljust(HEAD_BYTES, b"\0"), b"a.jpg") == "nef"


def test_dng_is_told_by_its_version_whoever_made_it() -> None:
    maker = b"PENTAX\0"
    entries = [(0x010F, 2, len(maker), struct.pack("<I", 38)), (0xC612, 1, 4, b"\1\4\0\0")]

    assert sniff(tiff(entries, tail=maker), b"a.pef") == "dng"


def test_plain_tiff_stays_a_tiff() -> None:
    maker = b"NIKON CORPORATION\0"
    rendered = tiff([(0x0106, 3, 1, short(2)), (0x010F, 2, len(maker), struct.pack("<I", 38))], tail=maker)

    assert sniff(rendered, b"a.tif") == "tiff"
    assert sniff(rendered, b"a.cr2") == "tiff"
    assert sniff(rendered, b"a.nef") == "nef", "maker and suffix together are the last resort"


def test_directory_behind_the_head_leaves_only_the_name() -> None:
    far = b"II*\0" + struct.pack("<I", 10_000_000) + bytes(HEAD_BYTES - 8)

    assert sniff(far, b"a.dng") == "dng"
    assert sniff(far, b"a.tif") == "tiff"
    assert sniff(far, b"a.jpg") == "tiff"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(20), "cr2"),
        (b"II\x1a\0\0\0HEAPCCDR" + bytes(20), "crw"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(20), "raf"),
        (b"IIRO\x08\0\0\0" + bytes(20), "orf"),
        (b"MMOR\0\0\0\x08" + bytes(20), "orf"),
        (b"IIU\0\x18\0\0\0" + bytes(20), "rw2"),
        (b"\0MRM\0\0\1\0" + bytes(20), "mrw"),
        (b"FOVb\2\0\2\0" + bytes(20), "x3f"),
        (b"II*\0\x00\x10\0\0IIIICwaR" + bytes(20), "iiq"),
        (b"8BPS\0\1" + bytes(20), "psd"),
        (b"\xff\x0a" + bytes(20), "jxl"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(20), "jp2"),
        (b"%PDF-1.7\n", "pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "eps"),
        (b"\x76\x2f\x31\x01" + bytes(20), "exr"),
        (b"#?RADIANCE\n", "hdr"),
        (b"P6\n# made by hand\n40 30\n255\n" + bytes(20), "pnm"),
        (b"<?xml version='1.0'?>\n<!-- a -->\n<svg xmlns='http://www.w3.org/2000/svg'>", "svg"),
        (b"\x1aE\xdf\xa3" + bytes(20), "mkv"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"\0\0\0\x08wide\0\0\0\x08mdat", "mov"),
    ],
)
def test_signatures(head: bytes, expected: str) -> None:
    assert sniff(head, b"IMG_0001.JPG") == expected


def test_icon_is_known_and_not_supported() -> None:
    found = sniff(saved("ICO", (64, 64)), b"favicon.ico")

    assert found == "ico"
    assert FORMATS[found].kind == "unsupported"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (b"IMG_1.XMP", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", "xmp"),
        (b"IMG_1.xmp", b"\xff\xfe" + "<?xpacket begin=''?>".encode("utf-16-le"), "xmp"),
        (b"IMG_1.AAE", b"<?xml version='1.0'?><plist/>", "aae"),
        (b"IMG_1.AAE", b"bplist00\xd1\x01\x02", "aae"),
        (b"IMG_1.jpg.pp3", b"[Version]\nAppVersion=5.8\n", "pp3"),
        (b"IMG_1.nef.dop", b"Sidecar = {\nDate = 1\n}", "dop"),
        (b"IMG_1.xmp", b"\x00\x01\x02\x03binary", None),
        (b"IMG_1.txt", b"just words", None),
        (b"IMG_1.jpg", b"<html>not a picture</html>", None),
        (b"IMG_1.jpg", b"", None),
    ],
)
def test_sidecars_need_both_name_and_look(name: bytes, content: bytes, expected: str | None) -> None:
    assert sniff(content, name) == expected


def test_thumbnail_file_is_a_sidecar_but_a_photo_under_its_name_is_a_photo() -> None:
    assert sniff(saved("JPEG", (160, 120)), b"MVI_0001.THM") == "thm"
    assert sniff(saved("JPEG", (2000, 1500)), b"MVI_0001.THM") == "jpeg"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"a.JPG", "picture"),
        (b"/some/where/a.b.heic", "picture"),
        (b"a.nef", "raw"),
        (b"a.MOV", "movie"),
        (b"a.jpg.xmp", "sidecar"),
        (b"a.psd", None),
        (b".jpg", None),
        (b"jpg", None),
        (b"/x.jpg/readme", None),
        (b"\xff\xfe.png", "picture"),
    ],
)
def test_what_a_name_promises(name: bytes, kind: str | None) -> None:
    assert suffix_kind(name) == kind


def test_table_has_no_suffix_twice_and_covers_the_trade() -> None:
    suffixes = [suffix for entry in FORMATS.values() for suffix in entry.suffixes]

    assert len(suffixes) == len(set(suffixes)) >= 52
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"a.jpg", b"a.dng", b"a.xmp", b"a.tga", b"a.thm", b"a.svg"]))
def test_sniffing_anything_gives_a_known_name_or_nothing(data: bytes, name: bytes) -> None:
    for start in (b"", b"II*\0", b"MM\0*", b"MM\0+", b"\xff\xd8\xff", b"\0\0\0\x20ftyp"):
        found = sniff(start + data, name)
        assert found is None or found in FORMATS


def test_directories_that_loop_end() -> None:
    loop = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + struct.pack("<HHII", 0x014A, 4, 1, 8) + struct.pack("<I", 8)

    assert sniff(loop, b"a.tif") == "tiff"
    assert sniff(b"II*\0" + struct.pack("<I", 8) + b"\xff" * 60_000, b"a.tif") == "tiff"


def test_unfinished_comments_do_not_slow_the_look_for_svg() -> None:
    assert sniff(b"<?xml version='1.0'?>" + b"<!---->" * 9000, b"a.svg") is None


def test_sample_files_are_what_their_names_say() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the sample pictures are not beside this repository")
    known = {suffix.encode(): entry.name for entry in FORMATS.values() for suffix in entry.suffixes}

    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            head = path.read_bytes()[:HEAD_BYTES]
            expected = known[path.suffix.lower().encode()]
            assert sniff(head, os.fsencode(path.name)) == expected, path
            if FORMATS[expected].kind != "sidecar":
                assert sniff(head, b"IMG.jpg") == expected, path
