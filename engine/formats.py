"""One table of the file formats imgfp knows, and how each is told by its content. The name of a file decides only where content
cannot: sidecars, and RAW whose directory lies too far back to be seen. Never reads files, never decodes."""

from __future__ import annotations

import re
from dataclasses import dataclass

PICTURE, RAW, MOVIE, SIDECAR, UNSUPPORTED = "picture", "raw", "movie", "sidecar", "unsupported"

HEAD_BYTES = 64 * 1024
"""How much of a file `sniff` wants to see (the whole file if it is shorter)."""


@dataclass(frozen=True, slots=True)
class Format:
    """A known format. kind: ``picture`` ``raw`` ``movie`` ``sidecar`` ``unsupported``; suffixes: lower case with the dot, the
    usual one first; animated: a file of it may hold several frames or pages."""

    name: str
    kind: str
    suffixes: tuple[str, ...]
    animated: bool = False


_TABLE = (
    Format("jpeg", PICTURE, (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo", ".jps")),
    Format("png", PICTURE, (".png", ".apng"), animated=True),
    Format("tiff", PICTURE, (".tif", ".tiff"), animated=True),
    Format("webp", PICTURE, (".webp",), animated=True),
    Format("gif", PICTURE, (".gif",), animated=True),
    Format("bmp", PICTURE, (".bmp", ".dib")),
    Format("heif", PICTURE, (".heic", ".heif", ".hif", ".heics", ".heifs"), animated=True),
    Format("avif", PICTURE, (".avif", ".avifs"), animated=True),
    Format("cr2", RAW, (".cr2",)),
    Format("cr3", RAW, (".cr3",)),
    Format("crw", RAW, (".crw",)),
    Format("nef", RAW, (".nef",)),
    Format("nrw", RAW, (".nrw",)),
    Format("arw", RAW, (".arw",)),
    Format("sr2", RAW, (".sr2",)),
    Format("srf", RAW, (".srf",)),
    Format("dng", RAW, (".dng", ".gpr")),
    Format("raf", RAW, (".raf",)),
    Format("orf", RAW, (".orf", ".ori")),
    Format("rw2", RAW, (".rw2", ".rwl")),
    Format("pef", RAW, (".pef", ".ptx")),
    Format("mrw", RAW, (".mrw",)),
    Format("x3f", RAW, (".x3f",)),
    Format("iiq", RAW, (".iiq", ".cap")),
    Format("srw", RAW, (".srw",)),
    Format("3fr", RAW, (".3fr",)),
    Format("fff", RAW, (".fff",)),
    Format("erf", RAW, (".erf",)),
    Format("mef", RAW, (".mef",)),
    Format("mos", RAW, (".mos",)),
    Format("dcr", RAW, (".dcr",)),
    Format("kdc", RAW, (".kdc",)),
    Format("k25", RAW, (".k25",)),
    Format("raw", RAW, (".raw",)),
    Format("mov", MOVIE, (".mov", ".qt"), animated=True),
    Format("mp4", MOVIE, (".mp4", ".m4v", ".3gp", ".3g2", ".lrv", ".insv"), animated=True),
    Format("avi", MOVIE, (".avi",), animated=True),
    Format("mkv", MOVIE, (".mkv", ".webm"), animated=True),
    Format("mpeg", MOVIE, (".mpg", ".mpeg", ".vob"), animated=True),
    Format("mts", MOVIE, (".mts", ".m2ts"), animated=True),
    Format("wmv", MOVIE, (".wmv", ".asf"), animated=True),
    Format("xmp", SIDECAR, (".xmp",)),
    Format("aae", SIDECAR, (".aae",)),
    Format("thm", SIDECAR, (".thm",)),
    Format("pp3", SIDECAR, (".pp3",)),
    Format("dop", SIDECAR, (".dop",)),
    Format("arp", SIDECAR, (".arp",)),
    Format("on1", SIDECAR, (".on1", ".onphoto")),
    Format("cos", SIDECAR, (".cos", ".cot", ".cop")),
    Format("nksc", SIDECAR, (".nksc",)),
    Format("vrd", SIDECAR, (".vrd",)),
    Format("dr4", SIDECAR, (".dr4",)),
    Format("mie", SIDECAR, (".mie",)),
    Format("psd", UNSUPPORTED, (".psd", ".psb")),
    Format("jxl", UNSUPPORTED, (".jxl",)),
    Format("jp2", UNSUPPORTED, (".jp2", ".j2k", ".jpf", ".jpx", ".j2c")),
    Format("jxr", UNSUPPORTED, (".jxr", ".wdp", ".hdp")),
    Format("ico", UNSUPPORTED, (".ico", ".cur")),
    Format("icns", UNSUPPORTED, (".icns",)),
    Format("svg", UNSUPPORTED, (".svg",)),
    Format("eps", UNSUPPORTED, (".eps", ".ps")),
    Format("pdf", UNSUPPORTED, (".pdf", ".ai")),
    Format("exr", UNSUPPORTED, (".exr",)),
    Format("hdr", UNSUPPORTED, (".hdr",)),
    Format("tga", UNSUPPORTED, (".tga",)),
    Format("pnm", UNSUPPORTED, (".pnm", ".pbm", ".pgm", ".ppm", ".pam", ".pfm")),
    Format("dds", UNSUPPORTED, (".dds",)),
    Format("xcf", UNSUPPORTED, (".xcf",)),
    Format("qoi", UNSUPPORTED, (".qoi",)),
    Format("flif", UNSUPPORTED, (".flif",)),
    Format("bpg", UNSUPPORTED, (".bpg",)),
    Format("djvu", UNSUPPORTED, (".djvu", ".djv")),
    Format("fits", UNSUPPORTED, (".fits", ".fit", ".fts")),
    Format("dicom", UNSUPPORTED, (".dcm",)),
    Format("mng", UNSUPPORTED, (".mng", ".jng")),
    Format("avci", UNSUPPORTED, (".avci", ".avcs")),
    Format("jls", UNSUPPORTED, (".jls",)),
    Format("dpx", UNSUPPORTED, (".dpx",)),
    Format("cin", UNSUPPORTED, (".cin",)),
    Format("arri", UNSUPPORTED, (".ari",)),
    Format("qtk", UNSUPPORTED, (".qtk",)),
    Format("pcx", UNSUPPORTED, (".pcx",)),
    Format("sgi", UNSUPPORTED, (".sgi", ".rgb")),
    Format("sun", UNSUPPORTED, (".ras",)),
    Format("psp", UNSUPPORTED, (".psp", ".pspimage")),
    Format("emf", UNSUPPORTED, (".emf",)),
    Format("wmf", UNSUPPORTED, (".wmf",)),
    Format("ilbm", UNSUPPORTED, (".iff", ".lbm")),
    Format("kra", UNSUPPORTED, (".kra", ".ora")),
)

FORMATS: dict[str, Format] = {entry.name: entry for entry in _TABLE}
"""Every known format by name."""

_BY_SUFFIX: dict[bytes, Format] = {suffix.encode(): entry for entry in _TABLE for suffix in entry.suffixes}


def suffix_kind(name: bytes) -> str | None:
    """What the name alone promises: ``picture`` ``raw`` ``movie`` ``sidecar``, or None.

    Parameters
    ----------
    name: raw bytes of a file name or path; the case of the suffix does not matter.
    """
    entry = _BY_SUFFIX.get(_suffix(name))
    return None if entry is None or entry.kind == UNSUPPORTED else entry.kind


def _suffix(name: bytes) -> bytes:
    base = name.rsplit(b"/", 1)[-1]
    stem, dot, last = base.rpartition(b".")
    return b"." + last.lower() if dot and stem else b""


def _promised(name: bytes) -> str:
    """Name of the format that the suffix stands for, "" if none."""
    entry = _BY_SUFFIX.get(_suffix(name))
    return entry.name if entry else ""


# ----------------------------------------------------------------------------------------------------------- sniff


def sniff(head: bytes, name: bytes = b"") -> str | None:
    """Tell a file's format by its content.

    Parameters
    ----------
    head: the first `HEAD_BYTES` of the file, or all of it. name: raw bytes of its name, used only where content cannot tell.

    Returns
    -------
    A key of `FORMATS`, or None for unknown content. Never raises.
    """
    if not head:
        return None
    found = _sniff_signature(head, name) or _sniff_boxes(head)
    if found is None and head[:2] in (b"II", b"MM"):
        found = _sniff_tiff(head, _promised(name))
    return found or _sniff_sidecar(head, name) or _sniff_plain(head, name)


_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"FUJIFILMCCD-RAW", "raf"),
    (0, b"\x00MRM", "mrw"),
    (0, b"FOVb", "x3f"),
    (6, b"HEAPCCDR", "crw"),
    (0, b"IIRO", "orf"),
    (0, b"IIRS", "orf"),
    (0, b"MMOR", "orf"),
    (0, b"IIU\x00", "rw2"),
    (0, b"8BPS", "psd"),
    (0, b"\xff\x0a", "jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (0, b"\xff\x4f\xff\x51", "jp2"),
    (0, b"II\xbc\x01", "jxr"),
    (0, b"icns", "icns"),
    (0, b"%!PS", "eps"),
    (0, b"\xc5\xd0\xd3\xc6", "eps"),
    (0, b"%PDF-", "pdf"),
    (0, b"\x76\x2f\x31\x01", "exr"),
    (0, b"#?RADIANCE", "hdr"),
    (0, b"#?RGBE", "hdr"),
    (0, b"DDS \x7c\x00\x00\x00", "dds"),
    (0, b"gimp xcf ", "xcf"),
    (0, b"qoif", "qoi"),
    (0, b"FLIF", "flif"),
    (0, b"BPG\xfb", "bpg"),
    (0, b"AT&TFORM", "djvu"),
    (0, b"SIMPLE  =", "fits"),
    (128, b"DICM", "dicom"),
    (0, b"SDPX", "dpx"),
    (0, b"XPDS", "dpx"),
    (0, b"\x80\x2a\x5f\xd7", "cin"),
    (0, b"ARRI\x12\x34\x56\x78", "arri"),
    (0, b"qktk", "qtk"),
    (0, b"qktn", "qtk"),
    (0, b"\x59\xa6\x6a\x95", "sun"),
    (0, b"Paint Shop Pro Image File\n\x1a", "psp"),
    (0, b"\xd7\xcd\xc6\x9a\x00\x00", "wmf"),
    (40, b" EMF\x00\x00\x01\x00", "emf"),
    (8, b"ILBM", "ilbm"),
    (8, b"PBM ", "ilbm"),
    (38, b"application/x-krita", "kra"),
    (38, b"image/openraster", "kra"),
    (0, b"\x8aMNG\r\n\x1a\n", "mng"),
    (0, b"\x8bJNG\r\n\x1a\n", "mng"),
    (0, b"\x1aE\xdf\xa3", "mkv"),
    (0, b"\x00\x00\x01\xba", "mpeg"),
    (0, b"\x00\x00\x01\xb3", "mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
)

_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}


def _sniff_signature(head: bytes, name: bytes) -> str | None:
    if head[:4] == b"\xff\xd8\xff\xf7":  # a JPEG of another kind (JPEG-LS), which begins with its frame
        return "jls"
    if head[:3] == b"\xff\xd8\xff":
        return "thm" if _promised(name) == "thm" and _is_small_jpeg(head) else "jpeg"
    for offset, signature, found in _SIGNATURES:
        if head.startswith(signature, offset):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12])
    if head[:2] == b"BM" and len(head) >= 26 and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if head[:4] in (b"\x00\x00\x01\x00", b"\x00\x00\x02\x00") and len(head) >= 22 and head[4:6] != b"\x00\x00" and head[9] == 0:
        return "ico"
    if (head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G") or (
        head[4:5] == b"G" and head[196:197] == b"G" and head[388:389] == b"G"
    ):
        return "mts"
    return None


THUMBNAIL_EDGE = 640
"""A camera's .THM holds a JPEG of at most this many pixels a side; a larger one is a photo with an odd name."""


def _is_small_jpeg(head: bytes) -> bool:
    """True when the frame header within `head` says so; a photo under a thumbnail's name must not be lost."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            longest = max(int.from_bytes(head[at + 5 : at + 7], "big"), int.from_bytes(head[at + 7 : at + 9], "big"))
            return 0 < longest <= THUMBNAIL_EDGE
        if marker in (0xD9, 0xDA) or length < 2:
            return False
        at += 2 + length
    return False


# ------------------------------------------------------------------------------------------------ boxes (ISO BMFF)

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1", b"miaf"}
_OPEN_BRANDS = {b"mif1", b"mif2", b"msf1", b"miaf"}  # say "a picture", not by which codec
_AVIF_BRANDS = {b"avif", b"avis"}
_AVC_BRANDS = {b"avci", b"avcs"}  # H.264 inside, which the HEIF decoder here lacks
_MOVIE_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"M4VH",
    b"M4VP",
    b"MSNV",
    b"XAVC",
    b"dash",
)
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"pnot"}


def _sniff_boxes(head: bytes) -> str | None:
    kind = head[4:8]
    if kind != b"ftyp":
        size = int.from_bytes(head[:4], "big")
        return "mov" if kind in _OLD_QUICKTIME and (size in (0, 1) or size >= 8) else None
    end = min(max(int.from_bytes(head[:4], "big"), 16), len(head), 1024)
    major = head[8:12]
    brands = {head[at : at + 4] for at in range(16, end - 3, 4)}
    if major in _AVC_BRANDS or (major in _OPEN_BRANDS and brands & _AVC_BRANDS and not brands & (_HEIF_BRANDS - _OPEN_BRANDS)):
        return "avci"
    if major == b"crx ":
        return "cr3"
    if major in _AVIF_BRANDS or (major in _OPEN_BRANDS and brands & _AVIF_BRANDS):
        return "avif"
    if major in _HEIF_BRANDS:
        return "heif"
    if major == b"qt  ":
        return "mov"
    if major in _MOVIE_BRANDS or major[:3] in (b"3gp", b"3g2"):
        return "mp4"
    if brands & _AVIF_BRANDS:
        return "avif"
    if brands & _HEIF_BRANDS:
        return "heif"
    return "mp4" if brands & set(_MOVIE_BRANDS) and major[:3] not in (b"M4A", b"M4B") else None


# --------------------------------------------------------------------------------------------------- TIFF family

_TIFF_MAGIC = {b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"}
_SENSOR_PHOTOMETRIC = {32803, 34892}  # colour filter array, LinearRaw
_MAKER_RAW: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"NIKON", ("nef", "nrw")),
    (b"SONY", ("arw", "sr2", "srf")),
    (b"PENTAX", ("pef",)),
    (b"RICOH", ("pef",)),
    (b"SAMSUNG", ("srw",)),
    (b"HASSELBLAD", ("3fr", "fff")),
    (b"SEIKO EPSON", ("erf",)),
    (b"EPSON", ("erf",)),
    (b"MAMIYA", ("mef", "mos")),
    (b"LEAF", ("mos",)),
    (b"EASTMAN KODAK", ("dcr", "kdc", "k25")),
    (b"KODAK", ("dcr", "kdc", "k25")),
    (b"PHASE ONE", ("iiq",)),
    (b"CANON", ("cr2",)),
)
_TIFF_RAW_NAMES = {name for _, names in _MAKER_RAW for name in names} | {"dng", "raw"}
_PEEK_IFDS = 24
_PEEK_ENTRIES = 4096


def _sniff_tiff(head: bytes, promised: str) -> str | None:
    if head[:4] not in _TIFF_MAGIC:
        return None
    if head[8:11] == b"CR\x02" and head[2:4] == b"*\x00":
        return "cr2"
    peek = _TiffPeek(head)
    if head[8:12] in (b"IIII", b"MMMM") and peek.first != 8:
        return "iiq"
    if not peek.seen_first:  # the directory lies behind what we were shown
        return promised if promised in _TIFF_RAW_NAMES else "tiff"
    if peek.is_dng:
        return "dng"
    by_maker = next((names for maker, names in _MAKER_RAW if peek.make.upper().startswith(maker)), ())
    if peek.has_sensor_data:
        if promised in by_maker or (not by_maker and promised in _TIFF_RAW_NAMES):
            return promised
        return by_maker[0] if by_maker else "raw"
    return promised if promised in by_maker else "tiff"


class _TiffPeek:
    """What the directories within the head of a TIFF tell: first offset, maker, DNG or not, sensor data or not."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._order = "<" if head[:2] == b"II" else ">"
        self._big = 43 in (head[2], head[3])
        self.make = b""
        self.is_dng = False
        self.has_sensor_data = False
        self.seen_first = False
        self._thumbnail_first = False
        self._hidden_children = False
        self.first = self._number(8 if self._big else 4, 8 if self._big else 4)
        self._walk()
        if self._thumbnail_first and self._hidden_children:  # TIFF/EP: the sensor's directory lies behind the head
            self.has_sensor_data = True

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self._head[at : at + size], "little" if self._order == "<" else "big")

    def _walk(self) -> None:
        waiting, seen, entries_left = [self.first], set[int](), _PEEK_ENTRIES
        while waiting and len(seen) < _PEEK_IFDS and entries_left > 0:
            offset = waiting.pop(0)
            if offset in seen or offset < 8 or offset + 2 > len(self._head):
                continue
            seen.add(offset)
            count_size, entry_size, value_size = (8, 20, 8) if self._big else (2, 12, 4)
            count = min(self._number(offset, count_size), entries_left)
            entries_left -= count
            start = offset + count_size
            for at in range(start, min(start + count * entry_size, len(self._head) - entry_size + 1), entry_size):
                self.seen_first |= offset == self.first
                self._entry(at, value_size, waiting, first=offset == self.first)
            if start + count * entry_size + value_size <= len(self._head):
                waiting.append(self._number(start + count * entry_size, value_size))

    def _entry(self, at: int, value_size: int, waiting: list[int], *, first: bool) -> None:
        tag, kind = self._number(at, 2), self._number(at + 2, 2)
        count, value_at = self._number(at + 4, value_size), at + 4 + value_size
        if tag == 0xC612:
            self.is_dng = True
        elif tag == 0x0106 and kind in (3, 4):
            self.has_sensor_data |= self._number(value_at, 2 if kind == 3 else 4) in _SENSOR_PHOTOMETRIC
        elif tag == 0x010F and kind == 2 and not self.make:
            start = value_at if count <= value_size else self._number(value_at, value_size)
            self.make = self._head[start : start + min(count, 64)]
        elif tag == 0x014A and kind in (4, 13, 16, 18):
            size = 8 if kind in (16, 18) else 4
            start = value_at if count * size <= value_size else self._number(value_at, value_size)
            children = [self._number(start + i * size, size) for i in range(min(count, 16))]
            self._hidden_children |= start + size > len(self._head) or any(child >= len(self._head) for child in children)
            waiting.extend(children)
        elif tag == 0x00FE and first:
            self._thumbnail_first = self._number(value_at, 4 if kind == 4 else 2) & 1 == 1


# -------------------------------------------------------------------------------------------- sidecars, plain text

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BINARY_SIDECARS = {"vrd": b"CANON OPTIONAL DATA\x00", "dr4": b"IIII", "mie": b"~"}
_XML_SIDECARS = {"xmp", "nksc"}


def _sniff_sidecar(head: bytes, name: bytes) -> str | None:
    promised = _promised(name)
    if promised == "thm" or promised not in FORMATS or FORMATS[promised].kind != SIDECAR:
        return None
    if promised in _BINARY_SIDECARS:
        return promised if head.startswith(_BINARY_SIDECARS[promised]) else None
    if promised == "aae" and head.startswith(b"bplist"):
        return promised
    text = _as_text(head)
    if text is None or (promised in _XML_SIDECARS and "<" not in text):
        return None
    return promised


def _as_text(head: bytes) -> str | None:
    """The first 4 KiB as text, or None when they do not look like text."""
    start = head[:4096]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            return start[2:].decode(encoding, "replace")
    return None if _CONTROL.search(start) else start.decode("utf-8", "replace")


_PNM = re.compile(rb"P[1-7fF][ \t\r\n]+(?:#[^\n]*\n\s*)*(?:[\d-]+\s|WIDTH)")
_SVG = re.compile(r"<(?:\w+:)?svg[\s>]")
_XML_HEADS = (("<?xml", ">"), ("<!--", "-->"), ("<!DOCTYPE", ">"))


def _is_svg(text: str) -> bool:
    """The root element is svg. Step by step: one pattern for all of it backtracks without end on hostile text."""
    text = text.lstrip("\ufeff \t\r\n")
    while not _SVG.match(text):
        end = next((text.find(stop, len(start)) + len(stop) for start, stop in _XML_HEADS if text.startswith(start)), 0)
        if end < len("<?xml>"):
            return False
        text = text[end:].lstrip()
    return True


def _sniff_plain(head: bytes, name: bytes) -> str | None:
    """Formats without a signature worth the name; only those that are not supported."""
    if _PNM.match(head):
        return "pnm"
    if head[:1] in b"<\xef \t\r\n\xff\xfe" and (text := _as_text(head)) is not None and _is_svg(text):
        return "svg"
    if (
        head[:1] == b"\x0a"
        and _promised(name) == "pcx"
        and len(head) >= 128
        and head[1] <= 5
        and head[2] <= 1
        and head[3] in (1, 2, 4, 8)
    ):
        return "pcx"
    if head[:2] == b"\x01\xda" and _promised(name) == "sgi" and len(head) >= 12 and head[2] <= 1 and head[3] in (1, 2):
        return "sgi"
    if (
        _promised(name) == "tga"
        and len(head) >= 18
        and head[1] in (0, 1)
        and head[2] in (1, 2, 3, 9, 10, 11)
        and head[16] in (8, 15, 16, 24, 32)
    ):
        return "tga"
    return None
