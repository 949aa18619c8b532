"""Headers of PNG files: size, frames of an APNG, colour chunks, and EXIF, XMP and dates in the places where programs put
them. Never inflates the picture."""

from __future__ import annotations

import zlib
from email.utils import parsedate

from engine.config import Limits
from engine.metadata.draft import Draft, short_digest
from engine.metadata.exif import read_exif
from engine.metadata.icc import code_point_name
from engine.metadata.ranges import Memory, Source
from engine.metadata.texts import Moment, clean, decode, parse_moment
from engine.metadata.tiff import TiffTree
from engine.metadata.xmp import read_xmp

MAX_CHUNKS = 200_000
_MAX_TEXTS = 1000
_SRGB_GAMMA = (45455).to_bytes(4, "big")


def gather_png(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from the chunks of a PNG."""
    draft.lossless = True
    chunks = _Chunks(source, limits, draft)
    at = 8
    for _ in range(MAX_CHUNKS):
        head = source.at(at, 8, ahead=at < 4096)
        if len(head) < 8:
            break
        length = int.from_bytes(head[:4], "big")
        chunks.read(head[4:], at + 8, length)
        at += 12 + length
        if head[4:] == b"IEND":
            draft.trailing = max(0, source.size - at)
            break
    chunks.finish()


class _Chunks:
    """The chunks that matter, as they pass."""

    def __init__(self, source: Source, limits: Limits, draft: Draft) -> None:
        self._source, self._limits, self._draft = source, limits, draft
        self._colour: dict[bytes, bytes] = {}
        self._inflated_left = limits.text_block
        self._texts = 0
        self._frames = 0
        self._animated = self._has_data = self._hidden_first = False

    def read(self, kind: bytes, at: int, length: int) -> None:
        if kind == b"IHDR":
            data = self._source.at(at, 9)
            self._draft.size(int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big"))
            self._draft.bit_depth = data[8] if len(data) == 9 else None
        elif kind == b"IDAT":
            self._has_data = True
            self._hidden_first |= self._animated and not self._frames
        elif kind == b"acTL":
            self._animated |= not self._has_data
        elif kind == b"fcTL":
            self._frames += self._animated
        elif kind in (b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP"):
            self._colour.setdefault(kind, self._source.at(at, min(length, self._limits.icc_bytes)))
        elif kind == b"eXIf":
            self._exif(self._source.at(at, min(length, self._limits.text_block)))
        elif kind in (b"tEXt", b"zTXt", b"iTXt") and length <= self._limits.text_block and self._texts < _MAX_TEXTS:
            self._texts += 1
            self._text(kind, self._source.at(at, length))

    def finish(self) -> None:
        self._draft.pages = max(1, self._frames + self._hidden_first) if self._animated else 1
        self._profile()

    def _profile(self) -> None:
        """By the precedence of the PNG specification: cICP, iCCP, sRGB, gAMA with cHRM."""
        colour, draft = self._colour, self._draft
        if b"cICP" in colour:
            points = colour[b"cICP"][0], colour[b"cICP"][1] if len(colour[b"cICP"]) > 1 else 0
            draft.profile = b"" if points == (1, 13) else short_digest(b"cICP" + colour[b"cICP"])
            draft.profile_name = code_point_name(*points)
        elif b"iCCP" in colour:
            _, _, packed = colour[b"iCCP"].partition(b"\0")
            draft.colour_profile(_inflate(packed[1:], self._limits.icc_bytes))
        elif b"sRGB" in colour:
            draft.profile_name = "sRGB"
        elif colour.get(b"gAMA", _SRGB_GAMMA) != _SRGB_GAMMA or b"cHRM" in colour:
            draft.profile = short_digest(b"gAMA" + colour.get(b"gAMA", b"") + b"cHRM" + colour.get(b"cHRM", b""))

    def _exif(self, data: bytes) -> None:
        data = data.removeprefix(b"Exif\0\0")
        if data[:2] in (b"II", b"MM") and not self._draft.exif:
            tree = TiffTree(Memory(data), self._limits)
            self._draft.exif.append(read_exif(tree, tree.ifd(tree.first)))

    def _text(self, kind: bytes, data: bytes) -> None:
        key, _, rest = data.partition(b"\0")
        if not (key.startswith(b"Raw profile type ") or key in (b"XML:com.adobe.xmp", b"Creation Time", b"Software")):
            return
        if kind == b"iTXt":
            packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
        else:
            packed, rest = kind == b"zTXt", rest[1:] if kind == b"zTXt" else rest
        if packed:
            rest = _inflate(rest, self._inflated_left)
            self._inflated_left -= len(rest)
        if key == b"XML:com.adobe.xmp":
            self._xmp(rest)
        elif key == b"Software":
            self._draft.software = clean(decode(rest[:1024]))
        elif key == b"Creation Time":
            self._draft.created = self._draft.created or _creation_time(rest[:64].decode("latin-1"))
        else:
            self._raw_profile(rest)

    def _xmp(self, packet: bytes) -> None:
        if not self._draft.xmp:
            self._draft.xmp.append(read_xmp(packet))

    def _raw_profile(self, text: bytes) -> None:
        """ImageMagick's way: name, length and hexadecimal lines."""
        try:
            data = bytes.fromhex(b"".join(text.split(maxsplit=2)[2:]).decode("ascii"))
        except (ValueError, UnicodeDecodeError):
            return
        if data.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            self._xmp(data.partition(b"\0")[2])
        elif data.lstrip()[:1] == b"<":
            self._xmp(data)
        else:
            self._exif(data)


def _inflate(data: bytes, most: int) -> bytes:
    """What comes out of a zlib stream, cut after `most` bytes; what came out before a mistake counts."""
    engine, out = zlib.decompressobj(), b""
    try:
        out = engine.decompress(data, max(most, 1))
    except zlib.error:
        pass
    return out


def _creation_time(text: str) -> Moment | None:
    """The PNG key "Creation Time": an RFC 1123 date by the specification, often an ISO one."""
    moment = parse_moment(text)
    if moment is not None:
        return moment
    try:
        fields = parsedate(text)
    except (ValueError, IndexError, TypeError):
        return None
    return parse_moment("{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*fields[:6])) if fields and ":" in text else None
