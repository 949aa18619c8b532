"""Headers of JPEG files, up to the first scan: size, tables, EXIF, XMP, IPTC, ICC, the index of a multi-picture file. Also looks
at JPEGs embedded in other files. Never reads the picture's data."""

from __future__ import annotations

from collections.abc import Iterator

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.exif import ExifFacts, read_exif
from engine.metadata.facts import Preview
from engine.metadata.iptc import PHOTOSHOP_MARK, read_photoshop
from engine.metadata.ranges import Memory, Part, Source
from engine.metadata.tiff import Ifd, TiffTree
from engine.metadata.xmp import read_xmp

XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
ICC_MARK = b"ICC_PROFILE\0"
MAX_SEGMENTS = 10_000
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LOSSLESS_FRAMES = {0xC3, 0xC7, 0xCB, 0xCF}


def segments(source: Source) -> Iterator[tuple[int, int, int]]:
    """(marker, offset of its content, length of its content) of each segment up to the first scan or the end."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        head = source.at(at, 4)
        if len(head) < 2:
            return
        if head[0] != 0xFF:  # decoders skip what stands between segments
            more = source.at(at, 4096).find(b"\xff")
            if more < 0:
                return
            at += more
        elif head[1] == 0xFF:
            at += 1
        elif head[1] in (0x00, 0x01) or 0xD0 <= head[1] <= 0xD8:
            at += 2
        else:
            length = int.from_bytes(head[2:4], "big")
            if head[1] == 0xD9 or len(head) < 4 or length < 2:
                return
            yield head[1], at + 4, length - 2
            if head[1] == 0xDA:
                return
            at += 2 + length


def gather_jpeg(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a JPEG."""
    tables: dict[int, int] = {}
    luma: int | None = None
    resources = b""
    profile: list[tuple[int, int, int]] = []
    for marker, at, length in segments(source):
        if marker in FRAMES and draft.width is None:
            frame = source.at(at, 9)
            draft.size(int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
            draft.lossless = marker in _LOSSLESS_FRAMES
            luma = frame[8] if len(frame) == 9 else None
            draft.bit_depth = frame[0] if frame else None
        elif marker == 0xDB:
            tables = {**read_tables(source.at(at, length)), **tables}
        elif marker == 0xE1:
            _gather_app1(source, at, length, limits, draft)
        elif marker == 0xE2:
            _gather_app2(source, at, length, profile, draft)
        elif marker == 0xED and len(resources) < limits.text_block:
            resources += _photoshop_part(source.at(at, length))
    if tables:
        draft.quantisation = tables.get(luma if luma is not None else 0, next(iter(tables.values())))
    if profile:
        draft.colour_profile(_profile(source, profile, limits))
    if resources:
        draft.iptc = read_photoshop(resources)


def _photoshop_part(segment: bytes) -> bytes:
    return segment[len(PHOTOSHOP_MARK) :] if segment.startswith(PHOTOSHOP_MARK) else b""


def read_tables(data: bytes) -> dict[int, int]:
    """Sum of the 64 entries of each quantisation table in a DQT segment, by table number."""
    sums: dict[int, int] = {}
    at = 0
    while at < len(data):
        number, width = data[at] & 15, 2 if data[at] >> 4 else 1
        table = data[at + 1 : at + 1 + 64 * width]
        if len(table) < 64 * width:
            break
        sums.setdefault(number, sum(table) if width == 1 else sum(table[::2]) * 256 + sum(table[1::2]))
        at += 1 + 64 * width
    return sums


def _gather_app1(source: Source, at: int, length: int, limits: Limits, draft: Draft) -> None:
    head = source.at(at, min(len(XMP_MARK), length))
    if head[:5] == b"Exif\0" and not draft.exif:
        tree = TiffTree(Memory(source.at(at + 6, length - 6)), limits)
        main = tree.ifd(tree.first)
        facts = read_exif(tree, main)
        draft.thumbnail = draft.thumbnail or _exif_thumbnail(source, at + 6, length - 6, tree, main)
        if facts != ExifFacts():  # an empty block must not hide a good one behind it
            draft.exif.append(facts)
    elif head == XMP_MARK and not draft.xmp:
        draft.xmp.append(read_xmp(source.at(at + len(XMP_MARK), length - len(XMP_MARK))))


def _exif_thumbnail(source: Source, at: int, length: int, tree: TiffTree, main: Ifd | None) -> Preview | None:
    """The JPEG that the second directory of an EXIF segment names, if it begins inside the segment (some overrun it)."""
    second = tree.ifd(main.next) if main else None
    offset, size = tree.number(second, 0x0201) or 0, tree.number(second, 0x0202) or 0
    return read_preview(source, at + offset, size) if 0 < offset < length else None


def _gather_app2(source: Source, at: int, length: int, profile: list[tuple[int, int, int]], draft: Draft) -> None:
    head = source.at(at, len(ICC_MARK) + 2)
    if head.startswith(ICC_MARK) and len(head) == len(ICC_MARK) + 2:
        profile.append((head[len(ICC_MARK)], at + len(head), length - len(head)))
    elif head.startswith(b"MPF\0"):
        first = _first_picture_length(source.at(at + 4, min(length - 4, 65_536)))
        if first is not None and 0 < first <= source.size:
            draft.trailing = source.size - first


def _first_picture_length(index: bytes) -> int | None:
    """Bytes of the first picture as the index of a multi-picture file (CIPA DC-007) declares."""
    tree = TiffTree(Memory(index), Limits())
    entries = tree.raw(tree.ifd(tree.first), 0xB002, 65_536)
    return int.from_bytes(entries[4:8], "little" if tree.order == "<" else "big") if len(entries) >= 16 else None


def _profile(source: Source, parts: list[tuple[int, int, int]], limits: Limits) -> bytes:
    """The ICC profile put together from its segments in their declared order."""
    pieces, left = list[bytes](), limits.icc_bytes
    for _, at, length in sorted(parts):
        pieces.append(source.at(at, min(length, left), ahead=False))
        left -= len(pieces[-1])
    return b"".join(pieces)


def read_preview(source: Source, offset: int, length: int) -> Preview | None:
    """The JPEG at `offset` as a preview; None unless it begins as one, has a frame, lies inside the file and is not
    lossless (sensor data)."""
    if offset <= 0 or length < 64 or offset + length > source.size or source.at(offset, 3) != b"\xff\xd8\xff":
        return None
    part = Part(source, offset, length)
    for marker, at, _ in segments(part):
        if marker in FRAMES:
            frame = part.at(at, 5)
            if marker in _LOSSLESS_FRAMES or len(frame) < 5:
                return None
            height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
            return Preview(offset, length, width or None, height or None)
    return None
