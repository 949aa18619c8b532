"""What the window shows of files, pairs, folders and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.records.pairs import Tier


@dataclass(frozen=True, slots=True)
class PairView:
    """Two files as the matcher sees them, a before b as asked for. parts: name to similarity 0..1. edits: labels as in a report.

    turn: 0 90 180 270, degrees clockwise by which a must be turned, after mirroring left-right if mirror, to lie like b.
    box: part of a that b shows (left, top, right, bottom), fractions of a as it then lies.
    """

    a: int
    b: int
    score: float
    tier: Tier
    parts: Mapping[str, float]
    edits: tuple[str, ...]
    turn: int = 0
    mirror: bool = False
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class FolderView:
    """A folder of the open library. parent: index in the same tuple, -1 for a root. photos: pictures in it and below it.

    path: readable text; path_bytes: exact. offline: its disk is not connected. protected: itself or a folder above it is.
    """

    path: str
    path_bytes: bytes
    parent: int
    photos: int
    offline: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A picture wanted for the screen: file id and longest edge in px (0: full size)."""

    file: int
    edge: int


@dataclass(frozen=True, slots=True)
class ImageReply:
    """Pixels for the screen, or None with a sentence in `error`. full_size: px as displayed.

    pixels: uint8 (H, W, 4), blue green red 255 in sRGB (what a 32-bit screen takes without converting), C-contiguous, read-only.
    preview: True when it came from an embedded preview of a RAW and not from its full data.
    """

    token: int
    file: int
    edge: int
    pixels: NDArray[np.uint8] | None
    full_size: tuple[int, int] = (0, 0)
    error: str = ""
    preview: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as the window shows it. path: readable text; path_bytes: the exact name.

    quality: estimated JPEG quality 1..100 from its luma table, None where unknown. role: in its shot, as in the report; "" alone.
    camera, exposure: readable, "" when unknown. rating 0..5 or None. keywords: how many. protected: below a protected folder.
    companions: the other files of its shot. lens, software, bit_depth, profile_name, zone, white_balance, pairing_id: as in
    `PictureFacts`, safe to show. stale_thumbnail: the small picture inside the file is of another picture.
    """

    id: int
    path: str
    path_bytes: bytes
    size: int
    mtime_ns: int
    status: str
    code: str | None
    format: str | None
    width: int | None
    height: int | None
    taken: str | None
    companions: tuple[int, ...] = ()
    frames: int | None = None
    quality: int | None = None
    lossless: bool = False
    role: str = ""
    camera: str = ""
    exposure: str = ""
    gps: bool = False
    rating: int | None = None
    keywords: int = 0
    protected: bool = False
    lens: str = ""
    software: str = ""
    bit_depth: int | None = None
    profile_name: str = ""
    zone: str = ""
    white_balance: str = ""
    pairing_id: str = ""
    stale_thumbnail: bool = False
