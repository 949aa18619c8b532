"""Small files of each format, put together byte by byte or by Pillow, so that every fact in them is known."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

from engine.config import Limits
from engine.metadata import Metadata, picture_digest, read_metadata

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8, 13: 4}
CODES = {1: "B", 3: "H", 4: "I", 9: "i", 13: "I"}


def facts(data: bytes, format: str) -> Metadata:
    """Metadata of a file in memory."""
    return read_metadata(io.BytesIO(data), len(data), format, Limits())


def digest(data: bytes, format: str) -> bytes | None:
    """Picture digest of a file in memory."""
    return picture_digest(io.BytesIO(data), len(data), format)


def scene(width: int = 64, height: int = 48, seed: int = 1, mode: str = "RGB") -> Image.Image:
    """A picture with structure."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return small.resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    """An encoded picture."""
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------------ TIFF


class TiffFile:
    """A TIFF written bottom up: children and blobs first, then the directories that point to them."""

    def __init__(self, order: str = "<", magic: int = 42, header: bytes = b"") -> None:
        self.order = order
        self.data = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "HI", magic, 0) + header)
        self._last = 4

    def blob(self, content: bytes) -> int:
        """Put bytes down; returns where."""
        self.data += bytes(len(self.data) % 2)
        at = len(self.data)
        self.data += content
        return at

    def ifd(self, entries: dict[int, tuple[int, Any]], *, chained: bool = True) -> int:
        """Write a directory; chained ones follow each other from the header. Returns its offset."""
        packed = {tag: self._pack(kind, value) for tag, (kind, value) in sorted(entries.items())}
        rows = []
        for tag, content in packed.items():
            kind = entries[tag][0]
            where = content.ljust(4, b"\0") if len(content) <= 4 else struct.pack(self.order + "I", self.blob(content))
            rows.append(struct.pack(self.order + "HHI", tag, kind, len(content) // SIZES[kind]) + where)
        at = self.blob(struct.pack(self.order + "H", len(rows)) + b"".join(rows) + bytes(4))
        if chained:
            struct.pack_into(self.order + "I", self.data, self._last, at)
            self._last = at + 2 + 12 * len(rows)
        return at

    def _pack(self, kind: int, value: Any) -> bytes:
        if isinstance(value, str):
            return value.encode() + b"\0"
        if isinstance(value, bytes):
            return value
        values = value if isinstance(value, (list, tuple)) else [value]
        if kind in (5, 10):
            code = "I" if kind == 5 else "i"
            return b"".join(struct.pack(f"{self.order}2{code}", *pair) for pair in values)
        return struct.pack(f"{self.order}{len(values)}{CODES[kind]}", *values)


DATES = {0x9003: (2, "2021:05:06 07:08:09"), 0x9291: (2, "042"), 0x9004: (2, "2020:01:01 01:01:01")}


def exif_block(main: dict[int, tuple[int, Any]] | None = None, exif: Any = None, gps: Any = None, order: str = "<") -> bytes:
    """A TIFF block as EXIF carries it, without the ``Exif`` mark."""
    tiff = TiffFile(order)
    entries = dict(main or {})
    if exif:
        entries[0x8769] = (4, tiff.ifd(exif, chained=False))
    if gps:
        entries[0x8825] = (4, tiff.ifd(gps, chained=False))
    tiff.ifd(entries)
    return bytes(tiff.data)


PARIS = {1: (2, "N"), 2: (5, [(48, 1), (51, 1), (0, 0)]), 3: (2, "E"), 4: (5, [(2, 1), (21, 1), (3, 1)])}
CAMERA = {0x010F: (2, "Canon  "), 0x0110: (2, "EOS R5"), 0x0132: (2, "2023:03:03 03:03:03")}
EXPOSURE = {0x829A: (5, [(10, 1250)]), 0x829D: (5, [(28, 10)]), 0x8827: (3, 400), 0x9204: (10, [(-1, 3)])}


# ------------------------------------------------------------------------------------------------------------ JPEG


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG segment."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def jpeg(image: Image.Image | None = None, *segments: bytes, **options: Any) -> bytes:
    """A JPEG with segments put in behind its first marker."""
    data = saved(image or scene(), "JPEG", **{"quality": 90, **options})
    return data[:2] + b"".join(segments) + data[2:]


def exif_segment(*args: Any, **kwargs: Any) -> bytes:
    """An APP1 segment with an EXIF block."""
    return segment(0xE1, b"Exif\0\0" + exif_block(*args, **kwargs))


def xmp_packet(properties: str = "", elements: str = "") -> bytes:
    """An XMP packet with attributes and child elements at its top."""
    spaces = "".join(
        f' xmlns:{prefix}="{space}"'
        for prefix, space in {
            "tiff": "http://ns.adobe.com/tiff/1.0/",
            "exif": "http://ns.adobe.com/exif/1.0/",
            "aux": "http://ns.adobe.com/exif/1.0/aux/",
            "xmp": "http://ns.adobe.com/xap/1.0/",
            "photoshop": "http://ns.adobe.com/photoshop/1.0/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
        }.items()
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces} {properties}>{elements}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def xmp_segment(*args: str) -> bytes:
    """An APP1 segment with an XMP packet."""
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp_packet(*args))


# ------------------------------------------------------------------------------------------------------------- PNG

PNG_MARK = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """(kind, content) of each chunk of a PNG."""
    found, at = [], 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def png_of(parts: list[tuple[bytes, bytes]]) -> bytes:
    """A PNG of such chunks."""
    return PNG_MARK + b"".join(chunk(kind, content) for kind, content in parts)


def png(*extra: tuple[bytes, bytes], image: Image.Image | None = None) -> bytes:
    """A PNG with chunks put in behind its header."""
    parts = chunks(saved(image or scene(), "PNG"))
    return png_of([parts[0], *extra, *parts[1:]])


def apng(frames: int = 3, *, default_image: bool = False) -> bytes:
    """An animated PNG; default_image: the first picture stands apart from the animation."""
    pictures = [scene(32, 24, seed) for seed in range(frames + default_image)]
    return saved(pictures[0], "PNG", save_all=True, append_images=pictures[1:], default_image=default_image, duration=100)


# ------------------------------------------------------------------------------------------------------- ISO boxes


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box."""
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def full_box(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with version and flags."""
    return box(kind, bytes([version]) + flags.to_bytes(3, "big") + content)


def ftyp(major: bytes, *brands: bytes) -> bytes:
    """A file type box."""
    return box(b"ftyp", major + bytes(4) + b"".join(brands))


def heif(
    items: list[tuple[int, bytes, bool]],
    *,
    primary: int = 1,
    references: list[tuple[bytes, int, list[int]]] | None = None,
    groups: list[tuple[bytes, list[int]]] | None = None,
    properties: list[bytes] | None = None,
    associations: dict[int, list[int]] | None = None,
    contents: dict[int, bytes] | None = None,
    major: bytes = b"heic",
) -> bytes:
    """A HEIF file of items (id, kind, hidden) without any coded picture; contents lie in the item data box."""
    contents = contents or {}
    infos = b"".join(
        full_box(
            b"infe",
            struct.pack(">HH", number, 0) + kind + b"\0" + (b"application/rdf+xml\0" if kind == b"mime" else b""),
            2,
            hidden,
        )
        for number, kind, hidden in items
    )
    idat, rows = b"", b""
    for number, content in contents.items():
        rows += struct.pack(">HHHHII", number, 1, 0, 1, len(idat), len(content))
        idat += content
    links = b"".join(box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to)) for kind, source, to in references or [])
    groups_box = b"".join(full_box(kind, struct.pack(f">II{len(to)}I", 99, len(to), *to)) for kind, to in groups or [])
    said = b"".join(struct.pack(">HB", number, len(which)) + bytes(which) for number, which in (associations or {}).items())
    meta = (
        full_box(b"hdlr", bytes(4) + b"pict" + bytes(13))
        + full_box(b"pitm", struct.pack(">H", primary))
        + full_box(b"iinf", struct.pack(">H", len(items)) + infos)
        + (full_box(b"iref", links) if links else b"")
        + box(
            b"iprp",
            box(b"ipco", b"".join(properties or [])) + full_box(b"ipma", struct.pack(">I", len(associations or {})) + said),
        )
        + full_box(b"iloc", b"\x44\x00" + struct.pack(">H", len(contents)) + rows, 1)
        + box(b"idat", idat)
        + (box(b"grpl", groups_box) if groups_box else b"")
    )
    return ftyp(major, b"mif1", major) + full_box(b"meta", meta)


def ispe(width: int, height: int) -> bytes:
    """An image size property."""
    return full_box(b"ispe", struct.pack(">II", width, height))


def movie(
    *, created: int = 0, quicktime_date: str = "", frames: int = 0, major: bytes = b"qt  ", handler: bytes = b"vide"
) -> bytes:
    """A film without samples. created: seconds since 1904."""
    content = full_box(b"mvhd", struct.pack(">IIII", created, created, 600, 0) + bytes(80))
    if quicktime_date:
        key = b"com.apple.quicktime.creationdate"
        value = box(b"data", struct.pack(">II", 1, 0) + quicktime_date.encode())
        content += box(
            b"meta",
            full_box(b"hdlr", bytes(4) + b"mdta" + bytes(13))
            + full_box(b"keys", struct.pack(">I", 1) + box(b"mdta", key))
            + box(b"ilst", box(struct.pack(">I", 1), value)),
        )
    if frames:
        table = box(b"stbl", full_box(b"stsz", struct.pack(">II", 1, frames)))
        content += box(b"trak", box(b"mdia", full_box(b"hdlr", bytes(4) + handler + bytes(13)) + box(b"minf", table)))
    return ftyp(major, major) + box(b"mdat", bytes(64)) + box(b"moov", content)


# ------------------------------------------------------------------------------------------------------------- RAW


def raw_tiff(
    *,
    maker: str = "NIKON CORPORATION",
    main: dict[int, tuple[int, Any]] | None = None,
    previews: tuple[tuple[int, int], ...] = ((160, 120), (64, 48)),
    sensor: tuple[int, int] = (400, 300),
    order: str = "<",
    dng: bool = False,
    header: bytes = b"",
) -> tuple[bytes, list[tuple[int, int]]]:
    """A RAW in TIFF form: a small first directory, JPEG previews and a sensor's data in sub-directories. Returns it and where the
    previews lie."""
    tiff = TiffFile(order, header=header)
    ranges, children = [], []
    for index, size in enumerate(previews):
        picture = jpeg(scene(*size, seed=index))
        ranges.append((tiff.blob(picture), len(picture)))
        by_strip = index % 2 == 1
        offset, length = (0x0111, 0x0117) if by_strip else (0x0201, 0x0202)
        children.append(
            tiff.ifd(
                {
                    0x00FE: (4, 1),
                    0x0100: (4, size[0]),
                    0x0101: (4, size[1]),
                    0x0103: (3, 7),
                    offset: (4, ranges[-1][0]),
                    length: (4, ranges[-1][1]),
                },
                chained=False,
            )
        )
    strip = tiff.blob(b"\xff\xd8" + segment(0xC3, struct.pack(">BHHB", 14, sensor[1], sensor[0], 0)) + bytes(190))
    children.append(
        tiff.ifd(
            {
                0x00FE: (4, 0),
                0x0100: (4, sensor[0]),
                0x0101: (4, sensor[1]),
                0x0103: (3, 7),
                0x0106: (3, 32803),
                0x0111: (4, strip),
                0x0117: (4, 204),
            },
            chained=False,
        )
    )
    exif = tiff.ifd({**DATES, **EXPOSURE}, chained=False)
    entries: dict[int, tuple[int, Any]] = {
        0x00FE: (4, 1),
        0x0100: (4, 16),
        0x0101: (4, 12),
        0x0106: (3, 2),
        0x010F: (2, maker),
        0x0110: (2, "Model X"),
        0x0112: (3, 6),
        0x014A: (4, children),
        0x8769: (4, exif),
    }
    if dng:
        entries[0xC612] = (1, [1, 4, 0, 0])
    tiff.ifd({**entries, **(main or {})})
    return bytes(tiff.data), ranges
