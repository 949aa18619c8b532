"""TIFF directories as cameras write them: the EXIF block of a JPEG with its thumbnail, and a DNG with two previews."""

from __future__ import annotations

import struct

import numpy as np

Value = bytes | tuple[int, ...]
Tag = tuple[int, int, Value]

BYTE, ASCII, SHORT, LONG, RATIONAL = 1, 2, 3, 4, 5
_CODES = {BYTE: "B", SHORT: "H", LONG: "I", RATIONAL: "I"}
HEADER = b"II*\0\x08\0\0\0"


def directory(tags: list[Tag], at: int, following: int = 0) -> bytes:
    """One directory with its values behind it. at: its own offset. following: offset of the next directory, 0 for none."""
    entries, values = b"", b""
    behind = at + 2 + 12 * len(tags) + 4
    for tag, kind, value in sorted(tags):
        data = value if isinstance(value, bytes) else struct.pack(f"<{len(value)}{_CODES[kind]}", *value)
        count = len(data) if isinstance(value, bytes) else len(value) // (2 if kind == RATIONAL else 1)
        if len(data) > 4:
            place, values = behind + len(values), values + data + b"\0" * (len(data) % 2)
            data = struct.pack("<I", place)
        entries += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + values


def exif(thumbnail: bytes, taken: str, iso: int, orientation: int = 1) -> bytes:
    """The content of an APP1 segment: camera, exposure, time, and a JPEG of 160 x 120 px. taken: ``YYYY:MM:DD hh:mm:ss``."""

    def at(main: int, details: int, second: int, picture: int) -> list[bytes]:
        return [
            directory([*_camera(orientation), (0x8769, LONG, (details,))], main, second),
            directory(
                [
                    (0x829A, RATIONAL, (1, 125)),
                    (0x829D, RATIONAL, (40, 10)),
                    (0x8827, SHORT, (iso,)),
                    (0x9003, ASCII, taken.encode() + b"\0"),
                    (0x9004, ASCII, taken.encode() + b"\0"),
                    (0x9291, ASCII, b"25\0"),
                ],
                details,
            ),
            directory([(0x103, SHORT, (6,)), (0x201, LONG, (picture,)), (0x202, LONG, (len(thumbnail),))], second),
        ]

    return b"Exif\0\0" + HEADER + b"".join(_laid_out(at, 8)) + thumbnail


def dng(sensor: np.ndarray, thumbnail: bytes, preview: bytes, size: tuple[int, int], taken: str) -> bytes:
    """A DNG: a thumbnail in its first directory, 16-bit RGGB data and a JPEG preview of `size` (px) in further ones."""
    data = sensor.astype("<u2").tobytes()
    height, width = sensor.shape

    def at(main: int, raw: int, large: int, end: int) -> list[bytes]:
        first = [
            *_camera(1),
            *_strip(160, 120, end, len(thumbnail), preview=True),
            (306, ASCII, taken.encode() + b"\0"),
            (330, LONG, (raw, large)),
            (50706, BYTE, (1, 4, 0, 0)),
        ]
        body = [
            *_strip(width, height, end + len(thumbnail) + len(preview), len(data), preview=False),
            (33421, SHORT, (2, 2)),
            (33422, BYTE, (0, 1, 1, 2)),
        ]
        return [
            directory(first, main),
            directory(body, raw),
            directory(_strip(*size, end + len(thumbnail), len(preview), preview=True), large),
        ]

    return HEADER + b"".join(_laid_out(at, 8)) + thumbnail + preview + data


def _camera(orientation: int) -> list[Tag]:
    return [(0x10F, ASCII, b"Lumen\0"), (0x110, ASCII, b"Lumen One\0"), (0x112, SHORT, (orientation,))]


def _strip(width: int, height: int, offset: int, length: int, *, preview: bool) -> list[Tag]:
    tags: list[Tag] = [
        (254, LONG, (1 if preview else 0,)),
        (256, LONG, (width,)),
        (257, LONG, (height,)),
        (259, SHORT, (7 if preview else 1,)),
        (262, SHORT, (6 if preview else 32803,)),
        (273, LONG, (offset,)),
        (277, SHORT, (3 if preview else 1,)),
        (278, LONG, (height,)),
        (279, LONG, (length,)),
        (258, SHORT, (8, 8, 8) if preview else (16,)),
    ]
    return tags


def _laid_out(at, start: int) -> list[bytes]:  # type: ignore[no-untyped-def]
    """Call `at` with the offset of each of its parts and of what follows them; lengths do not depend on offsets."""
    lengths = [len(part) for part in at(0, 0, 0, 0)]
    places = [start + sum(lengths[:number]) for number in range(len(lengths) + 1)]
    parts: list[bytes] = at(*places)
    return parts
