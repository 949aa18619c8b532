"""Every format in the table is told by a file of it, has the outcome it should have, and stands in the documentation."""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path
from typing import Any, cast

import pytest

from engine.config import Limits
from engine.errors import DecodeError
from engine.formats import FORMATS, HEAD_BYTES, sniff
from engine.worker.loop import Request
from engine.worker.probe import NoPictureError, probe
from tests.unit.test_formats import ftyp, saved, tiff

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "develop" / "metadata.md"
OUTCOMES = {"unsupported": "decode.unsupported", "movie": "scan.not-a-picture", "sidecar": "scan.not-a-picture"}


def sensor(maker: bytes) -> bytes:
    """A TIFF of this maker with the data of a sensor."""
    entries = [(0x0106, 3, 1, struct.pack("<HH", 32803, 0)), (0x010F, 2, len(maker), struct.pack("<I", 38))]
    return tiff(entries, tail=maker)


def dng() -> bytes:
    return tiff([(0xC612, 1, 4, b"\1\4\0\0")])


def big_tiff() -> bytes:
    row = struct.pack("<HHQQ", 0x0100, 4, 1, 10)
    return b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 1) + row + bytes(8)


MTS = b"".join(b"G" + bytes(187) for _ in range(4))

FILES: dict[str, tuple[str, bytes]] = {
    "jpeg": ("a.jpg", saved("JPEG")),
    "png": ("a.png", saved("PNG")),
    "tiff": ("a.tif", saved("TIFF")),
    "webp": ("a.webp", saved("WEBP")),
    "gif": ("a.gif", saved("GIF")),
    "bmp": ("a.bmp", saved("BMP")),
    "heif": ("a.hif", ftyp(b"heix", b"mif1", b"heix")),
    "avif": ("a.avif", saved("AVIF")),
    "cr2": ("a.cr2", b"II*\0\x10\0\0\0CR\x02\0" + bytes(40)),
    "cr3": ("a.cr3", ftyp(b"crx ", b"crx ", b"isom")),
    "crw": ("a.crw", b"II\x1a\0\0\0HEAPCCDR" + bytes(40)),
    "nef": ("a.nef", sensor(b"NIKON CORPORATION\0")),
    "nrw": ("a.nrw", sensor(b"NIKON\0")),
    "arw": ("a.arw", sensor(b"SONY\0")),
    "sr2": ("a.sr2", sensor(b"SONY\0")),
    "srf": ("a.srf", sensor(b"SONY\0")),
    "dng": ("a.dng", dng()),
    "raf": ("a.raf", b"FUJIFILMCCD-RAW 0201" + bytes(100)),
    "orf": ("a.orf", b"IIRO\x08\0\0\0" + bytes(40)),
    "rw2": ("a.rw2", b"IIU\0\x18\0\0\0" + bytes(40)),
    "pef": ("a.pef", sensor(b"PENTAX\0")),
    "mrw": ("a.mrw", b"\0MRM\0\0\1\0" + bytes(40)),
    "x3f": ("a.x3f", b"FOVb\2\0\2\0" + bytes(40)),
    "iiq": ("a.iiq", b"II*\0\x00\x10\0\0IIIICwaR" + bytes(40)),
    "srw": ("a.srw", sensor(b"SAMSUNG\0")),
    "3fr": ("a.3fr", sensor(b"Hasselblad\0")),
    "fff": ("a.fff", sensor(b"Hasselblad\0")),
    "erf": ("a.erf", sensor(b"SEIKO EPSON CORP.\0")),
    "mef": ("a.mef", sensor(b"Mamiya-OP Co.,Ltd.\0")),
    "mos": ("a.mos", sensor(b"Leaf\0")),
    "dcr": ("a.dcr", sensor(b"EASTMAN KODAK COMPANY\0")),
    "kdc": ("a.kdc", sensor(b"EASTMAN KODAK COMPANY\0")),
    "k25": ("a.k25", sensor(b"Kodak\0")),
    "raw": ("a.raw", sensor(b"Unheard Of\0")),
    "mov": ("a.mov", ftyp(b"qt  ", b"qt  ")),
    "mp4": ("a.mp4", ftyp(b"isom", b"iso2", b"avc1")),
    "avi": ("a.avi", b"RIFF\0\0\0\0AVI LIST"),
    "mkv": ("a.mkv", b"\x1aE\xdf\xa3" + bytes(40)),
    "mpeg": ("a.mpg", b"\0\0\1\xba" + bytes(40)),
    "mts": ("a.mts", MTS),
    "wmv": ("a.wmv", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(40)),
    "xmp": ("a.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"),
    "aae": ("a.aae", b"<?xml version='1.0'?><plist/>"),
    "thm": ("a.thm", saved("JPEG", (160, 120))),
    "pp3": ("a.jpg.pp3", b"[Version]\nAppVersion=5.8\n"),
    "dop": ("a.nef.dop", b"Sidecar = {\nDate = 1\n}"),
    "arp": ("a.arp", b"[Version]\n"),
    "on1": ("a.on1", b'{"version": 1}'),
    "cos": ("a.cos", b"<?xml version='1.0'?><SL/>"),
    "nksc": ("a.nef.nksc", b"<?xml version='1.0'?><x/>"),
    "vrd": ("a.vrd", b"CANON OPTIONAL DATA\0" + bytes(20)),
    "dr4": ("a.dr4", b"IIII" + bytes(20)),
    "mie": ("a.mie", b"~\x10\x04\xfe0MIE" + bytes(20)),
    "psd": ("a.psb", b"8BPS\0\2" + bytes(40)),
    "jxl": ("a.jxl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40)),
    "jp2": ("a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40)),
    "jxr": ("a.jxr", b"II\xbc\x01" + bytes(40)),
    "ico": ("a.ico", saved("ICO", (32, 32))),
    "icns": ("a.icns", b"icns" + bytes(40)),
    "svg": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "eps": ("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
    "pdf": ("a.pdf", b"%PDF-1.7\n"),
    "exr": ("a.exr", b"\x76\x2f\x31\x01" + bytes(40)),
    "hdr": ("a.hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n"),
    "tga": ("a.tga", bytes([0, 0, 2]) + bytes(9) + struct.pack("<HH", 10, 10) + b"\x18\0" + bytes(300)),
    "pnm": ("a.ppm", b"P6\n40 30\n255\n" + bytes(40)),
    "dds": ("a.dds", b"DDS \x7c\0\0\0" + bytes(40)),
    "xcf": ("a.xcf", b"gimp xcf v011\0" + bytes(40)),
    "qoi": ("a.qoi", b"qoif" + bytes(40)),
    "flif": ("a.flif", b"FLIF" + bytes(40)),
    "bpg": ("a.bpg", b"BPG\xfb" + bytes(40)),
    "djvu": ("a.djvu", b"AT&TFORM" + bytes(40)),
    "fits": ("a.fits", b"SIMPLE  =                    T".ljust(80)),
    "dicom": ("a.dcm", bytes(128) + b"DICM" + bytes(20)),
    "mng": ("a.mng", b"\x8aMNG\r\n\x1a\n" + bytes(20)),
    "avci": ("a.avci", ftyp(b"avci", b"mif1", b"avci")),
    "jls": ("a.jls", b"\xff\xd8\xff\xf7\0\x0b\x08" + bytes(20)),
    "dpx": ("a.dpx", b"SDPX" + bytes(40)),
    "cin": ("a.cin", b"\x80\x2a\x5f\xd7" + bytes(40)),
    "arri": ("a.ari", b"ARRI\x12\x34\x56\x78" + bytes(40)),
    "qtk": ("a.qtk", b"qktk" + bytes(40)),
    "pcx": ("a.pcx", b"\x0a\x05\x01\x08" + bytes(140)),
    "sgi": ("a.sgi", b"\x01\xda\x01\x01" + bytes(40)),
    "sun": ("a.ras", b"\x59\xa6\x6a\x95" + bytes(40)),
    "psp": ("a.psp", b"Paint Shop Pro Image File\n\x1a" + bytes(40)),
    "emf": ("a.emf", b"\1\0\0\0".ljust(40, b"\0") + b" EMF\0\0\1\0" + bytes(20)),
    "wmf": ("a.wmf", b"\xd7\xcd\xc6\x9a\0\0" + bytes(40)),
    "ilbm": ("a.lbm", b"FORM\0\0\1\0ILBMBMHD" + bytes(40)),
    "kra": ("a.kra", b"PK\3\4".ljust(30, b"\0") + b"mimetypeapplication/x-krita" + bytes(20)),
}

OTHERS: dict[str, tuple[str, bytes]] = {
    "a multi-picture JPEG": ("jpeg", saved("JPEG")),
    "BigTIFF": ("tiff", big_tiff()),
    "GoPro's DNG": ("dng", dng()),
    "a Leica's RW2": ("rw2", b"IIU\0\x18\0\0\0" + bytes(40)),
    "an old QuickTime film": ("mov", b"\0\0\0\x08wide\0\0\0\x08mdat"),
    "a naked JPEG XL": ("jxl", b"\xff\x0a" + bytes(40)),
    "a naked JPEG 2000": ("jp2", b"\xff\x4f\xff\x51" + bytes(40)),
    "a Photoshop file": ("psd", b"8BPS\0\1" + bytes(40)),
    "Olympus's other mark": ("orf", b"IIRS\x08\0\0\0" + bytes(40)),
    "a Canon picture with H.264 that says so second": ("avci", ftyp(b"mif1", b"mif1", b"avci")),
}


def test_there_is_a_file_for_every_format_and_enough_of_them() -> None:
    assert set(FILES) == set(FORMATS)
    assert len(FORMATS) >= 52


@pytest.mark.parametrize("format", sorted(FILES))
def test_format_is_told_by_content(format: str) -> None:
    name, data = FILES[format]

    assert sniff(data[:HEAD_BYTES], name.encode()) == format
    assert "." + name.rsplit(".", 1)[1] in FORMATS[format].suffixes


@pytest.mark.parametrize("what", sorted(OTHERS))
def test_other_shapes_of_a_format_are_told_too(what: str) -> None:
    format, data = OTHERS[what]

    assert sniff(data[:HEAD_BYTES], b"IMG_0001.bin") == format


class _Rooms:
    """Grants whatever is asked for."""

    def allow_memory(self, pixels: int, extra_bytes: int = 0) -> None:
        """Nothing to do: no decoder runs here."""


@pytest.mark.parametrize("format", sorted(FILES))
def test_outcome_of_every_format_is_the_one_of_its_kind(format: str) -> None:
    name, data = FILES[format]
    request = Request(io.BytesIO(data), len(data), name.encode(), 0, True, None, Limits(), cast(Any, _Rooms()))

    try:
        found: tuple[str, str | None] = (probe(request).format.name, None)
    except NoPictureError as no:
        found = (str(no.format), no.code)
    except DecodeError as error:
        found = (format, error.code)

    assert found == (format, OUTCOMES.get(FORMATS[format].kind))


def test_document_lists_every_format_with_its_suffixes() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))

    assert {name: " ".join(FORMATS[name].suffixes) for name in FORMATS} == {name: words.strip() for name, words in rows.items()}
