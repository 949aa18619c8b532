"""Files that tell every fact there is, in every container, made so that another reader can be asked about them too."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from PIL import ImageCms

from .files import (
    CAMERA,
    EXPOSURE,
    TiffFile,
    box,
    ftyp,
    full_box,
    heif,
    ispe,
    jpeg,
    png,
    raw_tiff,
    saved,
    scene,
    segment,
    xmp_packet,
)

TIMES = {
    0x9003: (2, "2021:05:06 07:08:09"),
    0x9291: (2, "042"),
    0x9011: (2, "+05:30"),
    0x9004: (2, "2020:01:01 01:01:01"),
    0x9012: (2, "-01:00"),
}
MORE = {0xA431: (2, "SN 0421"), 0xA434: (2, "RF24-70mm F2.8 L IS USM"), 0xA403: (3, 1), 0xA001: (3, 1)}
MAIN = {
    **CAMERA,
    0x0112: (3, 6),
    0x0131: (2, "Studio 12.3"),
    0x4746: (3, 4),
    0x9C9E: (1, "sea;sun".encode("utf-16-le") + b"\0\0"),
}
PLACE = {1: (2, "N"), 2: (5, [(48, 1), (51, 1), (30, 1)]), 3: (2, "E"), 4: (5, [(2, 1), (21, 1), (3, 1)])}
CONTENT_ID = "4A1B6C3E-0F5D-4E3C-9B0A-2D1E5F7A9C11"


@cache
def srgb_profile() -> bytes:
    """An ICC profile that says sRGB."""
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def exif_with_thumbnail(order: str = "<", *, more: dict[int, tuple[int, Any]] | None = None, interop: str = "") -> bytes:
    """A TIFF block with all facts and, in its second directory, a thumbnail of 160 × 120."""
    tiff = TiffFile(order)
    exif: dict[int, tuple[int, Any]] = {**TIMES, **EXPOSURE, **MORE, **(more or {})}
    if interop:
        exif[0xA005] = (4, tiff.ifd({1: (2, interop)}, chained=False))
        exif[0xA001] = (3, 0xFFFF)
    pointers = {0x8769: (4, tiff.ifd(exif, chained=False)), 0x8825: (4, tiff.ifd(PLACE, chained=False))}
    tiff.ifd({**MAIN, **pointers})
    small = jpeg(scene(160, 120))
    tiff.ifd({0x0103: (3, 6), 0x0201: (4, tiff.blob(small)), 0x0202: (4, len(small))})
    return bytes(tiff.data)


def apple_note() -> bytes:
    """A maker note of an iPhone with the name that photo and film share."""
    text = CONTENT_ID.encode() + b"\0"
    return b"Apple iOS\0\0\1MM" + struct.pack(">H", 1) + struct.pack(">HHII", 0x11, 2, len(text), 32) + bytes(4) + text


def iptc_resource() -> bytes:
    """Photoshop resources with keywords, date, time and zone."""

    def dataset(number: int, content: bytes) -> bytes:
        return b"\x1c\2" + bytes([number]) + len(content).to_bytes(2, "big") + content

    data = dataset(25, b"harbour") + dataset(25, b"dusk") + dataset(55, b"20190607") + dataset(60, b"181920+0200")
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)


PACKET = xmp_packet(
    'tiff:Make="Leica" tiff:Model="Q3" tiff:Orientation="3" exif:ExposureTime="1/60" exif:FNumber="17/10" '
    'exif:ExposureBiasValue="1/3" exif:DateTimeOriginal="2022-03-04T05:06:07.89+09:00" aux:SerialNumber="77" aux:Lens="Summilux" '
    'xmp:Rating="5" xmp:CreatorTool="Editor 2" exif:WhiteBalance="0" exif:ColorSpace="2" exif:GPSLatitude="48,51.5N" '
    'exif:GPSLongitude="2,21.05E"',
    "<exif:ISOSpeedRatings><rdf:Seq><rdf:li>320</rdf:li></rdf:Seq></exif:ISOSpeedRatings>"
    "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>sun</rdf:li><rdf:li>sky</rdf:li></rdf:Bag></dc:subject>",
)


def film() -> bytes:
    """A film as an iPhone writes it beside a Live photo."""
    said = {
        b"content.identifier": CONTENT_ID.encode(),
        b"make": b"Apple",
        b"model": b"iPhone 15",
        b"software": b"17.2",
        b"creationdate": b"2023-07-24T13:25:40+0200",
    }
    keys = b"".join(box(b"mdta", b"com.apple.quicktime." + name) for name in said)
    values = b"".join(
        box(struct.pack(">I", place), box(b"data", struct.pack(">II", 1, 0) + value))
        for place, value in enumerate(said.values(), 1)
    )
    header = full_box(b"mvhd", struct.pack(">IIII", 3_650_000_000, 3_650_000_000, 600, 0) + bytes(80))
    meta = full_box(b"hdlr", bytes(4) + b"mdta" + bytes(13))
    meta += full_box(b"keys", struct.pack(">I", len(said)) + keys) + box(b"ilst", values)
    return ftyp(b"qt  ", b"qt  ") + box(b"mdat", bytes(64)) + box(b"moov", header + box(b"meta", meta))


def tiff_picture() -> bytes:
    """A TIFF of 16 bits with one strip."""
    tiff = TiffFile(">")
    strip = tiff.blob(bytes(range(192)) * 2)
    exif = tiff.ifd({**TIMES, **EXPOSURE, **MORE}, chained=False)
    layout = {0x0100: (3, 8), 0x0101: (3, 8), 0x0102: (3, [16, 16, 16]), 0x0103: (3, 1), 0x0106: (3, 2), 0x0115: (3, 3)}
    where = {0x0111: (4, strip), 0x0116: (3, 8), 0x0117: (4, 384), 0x8769: (4, exif), 700: (1, PACKET)}
    tiff.ifd({**MAIN, **layout, **where, 34675: (7, srgb_profile())})
    return bytes(tiff.data)


def heic_picture(exif: bytes) -> bytes:
    """A HEIF without a coded picture, turned by a quarter."""
    contents = {3: b"\0\0\0\6Exif\0\0" + exif, 4: PACKET}
    data = heif(
        [(1, b"hvc1", False), (3, b"Exif", True), (4, b"mime", True)],
        references=[(b"cdsc", 3, [1]), (b"cdsc", 4, [1])],
        properties=[
            ispe(400, 300),
            box(b"irot", b"\1"),
            full_box(b"pixi", b"\3\x0a\x0a\x0a"),
            box(b"colr", b"prof" + srgb_profile()),
        ],
        associations={1: [1, 3, 4, 2]},
        contents=contents,
    )
    at, within = data.index(b"idat") + 4, 0
    for number, content in contents.items():  # by offsets in the file, as all cameras do
        inside = struct.pack(">HHHHII", number, 1, 0, 1, within, len(content))
        data = data.replace(inside, struct.pack(">HHHHII", number, 0, 0, 1, at + within, len(content)))
        within += len(content)
    return data


@cache
def made_files() -> dict[str, bytes]:
    """File name to content."""
    whole, marks = exif_with_thumbnail(), b"Exif\0\0"
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PACKET)
    apple = exif_with_thumbnail(more={0x927C: (7, apple_note())})
    icc = segment(0xE2, b"ICC_PROFILE\0\1\1" + srgb_profile())
    iptc = segment(0xED, iptc_resource())
    large = scene(200, 150)
    return {
        "exif.jpg": jpeg(large, segment(0xE1, marks + whole)),
        "exif_big_endian.jpg": jpeg(large, segment(0xE1, marks + exif_with_thumbnail(">")), xmp, quality=55),
        "adobe_rgb.jpg": jpeg(large, segment(0xE1, marks + exif_with_thumbnail(interop="R03")), iptc),
        "apple.jpg": jpeg(large, segment(0xE1, marks + apple), icc, progressive=True),
        "xmp.jpg": jpeg(large, xmp, iptc, icc),
        "iptc.jpg": jpeg(large, iptc),
        "bare.jpg": jpeg(large),
        "all.png": png((b"sRGB", b"\0"), (b"eXIf", whole), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + PACKET)),
        "grey.png": saved(scene(mode="L"), "PNG"),
        "all.webp": saved(large, "WEBP", exif=marks + whole, xmp=PACKET, icc_profile=srgb_profile()),
        "all.tif": tiff_picture(),
        "all.heic": heic_picture(whole),
        "raw.nef": raw_tiff(previews=((640, 480), (160, 120)))[0],
        "raw.dng": raw_tiff(maker="Leica", dng=True, order=">")[0],
        "live.mov": film(),
        "still.gif": saved(scene(mode="P"), "GIF"),
        "still.bmp": saved(scene(), "BMP"),
    }
