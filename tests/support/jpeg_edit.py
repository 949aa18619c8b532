"""Edits of a JPEG file that leave its picture data alone: what a tagger or a mail program does. Works on bytes, no codec."""

from __future__ import annotations

import struct

COMMENT = 0xFE
APP1 = 0xE1


def segments(data: bytes) -> list[tuple[int, bytes]]:
    """Marker and body of each header segment before the first scan. Raises ValueError when this is no plain JPEG."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("not a JPEG file")
    found, at = [], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        found.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + length
    if data[at : at + 2] != b"\xff\xda":
        raise ValueError("no scan after the header")
    return found


def _rebuild(data: bytes, header: list[tuple[int, bytes]]) -> bytes:
    """The file with another header and the same scans."""
    scans = data[2 + sum(4 + len(body) for _, body in segments(data)) :]
    joined = b"".join(bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body for marker, body in header)
    return b"\xff\xd8" + joined + scans


def with_comment(data: bytes, text: str) -> bytes:
    """The same picture with one more comment segment."""
    header = segments(data)
    after_apps = next((i for i, (marker, _) in enumerate(header) if not 0xE0 <= marker <= 0xEF), len(header))
    return _rebuild(data, [*header[:after_apps], (COMMENT, text.encode()), *header[after_apps:]])


def with_exif(data: bytes, exif: bytes) -> bytes:
    """The same picture with its EXIF block replaced by `exif` (as Pillow's `Exif.tobytes` gives it, "Exif" header included)."""
    header = [(marker, body) for marker, body in segments(data) if not (marker == APP1 and body.startswith(b"Exif\0\0"))]
    first = 1 if header and header[0][0] == 0xE0 else 0
    return _rebuild(data, [*header[:first], (APP1, exif), *header[first:]])
