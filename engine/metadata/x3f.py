"""Sigma X3F: sections listed in a directory at the end: properties as pairs of texts, and JPEG previews."""

from __future__ import annotations

import struct

from engine.config import Limits
from engine.metadata.draft import Draft
from engine.metadata.exif import ExifFacts
from engine.metadata.ranges import Source
from engine.metadata.texts import clean, exposure_text, moment_since
from engine.metadata.tiff_raw import add_previews

_MAX_SECTIONS = 256
_MAX_PROPERTIES = 4096
_TURNS = {0: 1, 90: 6, 180: 3, 270: 8}
_JPEG = 18


def gather_x3f(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from an X3F."""
    draft.lossless = True
    head = source.at(0, 40)
    if len(head) == 40:
        width, height, turn = struct.unpack_from("<III", head, 28)
        draft.size(width, height)
        draft.orientation = _TURNS.get(turn)
    ranges: list[tuple[int, int]] = []
    properties: dict[str, str] = {}
    for kind, offset, length in _sections(source):
        if kind in (b"IMAG", b"IMA2"):
            section = source.at(offset, 28)
            if len(section) == 28 and section[:4] == b"SECi" and struct.unpack_from("<I", section, 12)[0] == _JPEG:
                ranges.append((offset + 28, length - 28))
        elif kind == b"PROP":
            properties = properties or _properties(source.at(offset, min(length, limits.text_block)))
    _apply(properties, draft)
    add_previews(source, ranges, limits, draft)


def _sections(source: Source) -> list[tuple[bytes, int, int]]:
    """(kind, offset, length) of each section."""
    tail = source.at(source.size - 4, 4)
    if len(tail) < 4:
        return []
    at = struct.unpack("<I", tail)[0]
    head = source.at(at, 12)
    if len(head) < 12 or head[:4] != b"SECd":
        return []
    data = source.at(at + 12, min(struct.unpack_from("<I", head, 8)[0], _MAX_SECTIONS) * 12)
    return [(kind, offset, length) for offset, length, kind in struct.iter_unpack("<II4s", data[: len(data) // 12 * 12])]


def _properties(data: bytes) -> dict[str, str]:
    """Names and values: offsets, in characters, into a run of UTF-16 text."""
    if len(data) < 24 or data[:4] != b"SECp":
        return {}
    count = min(struct.unpack_from("<I", data, 8)[0], _MAX_PROPERTIES, (len(data) - 24) // 8)
    text = data[24 + 8 * count :]

    def word(offset: int) -> str:
        start = 2 * offset
        return clean(text[start : start + 512].decode("utf-16-le", "ignore"))

    return {word(name): word(value) for name, value in struct.iter_unpack("<II", data[24 : 24 + 8 * count])}


def _apply(properties: dict[str, str], draft: Draft) -> None:
    def number(name: str) -> float | None:
        try:
            return float(properties.get(name, ""))
        except ValueError:
            return None

    stamp, iso = number("TIME"), number("ISO")
    if stamp is not None and 0 < stamp < 1 << 40:
        draft.created = moment_since(1970, int(stamp))
    draft.make, draft.model = properties.get("CAMMANUF", ""), properties.get("CAMMODEL", "")
    draft.serial = properties.get("CAMSERIAL", "")
    exposure = exposure_text(
        number("SHUTTER"), number("APERTURE"), int(iso) if iso and 0 < iso < 1 << 24 else None, number("EXPCOMP")
    )
    draft.exif.append(ExifFacts(exposure=exposure))
