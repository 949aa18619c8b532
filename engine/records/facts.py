"""What one file holds, as a worker tells it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """All that a worker tells of one file, apart from the fingerprint parts.

    status, code: as in the report. format: name of `formats.FORMATS`, None when unknown.
    kind: ``picture`` ``raw`` ``movie`` ``sidecar`` ``other``: what the content (for sidecars: the name) is.
    width, height: px as displayed (after orientation). orientation: EXIF 1..8 as declared, 1 when none or when
    the codec applied it already. frames: 1 for a still; frame_hashes: 8 bytes (dct64, little-endian) for each of at most 64
    sampled frames, empty for a still.
    taken: ``YYYY-MM-DDTHH:MM:SS`` or None; taken_fraction: digits behind the second, "" if none.
    make, model, serial, exposure: as the camera wrote them, "" when unknown (exposure: time|aperture|iso|bias).
    keywords: how many. quantisation: sum of the luma table of a JPEG, smaller is less compressed; None if not JPEG.
    profile: 16-byte digest of the colour profile (b"" when none: sRGB assumed).
    flat: nothing to compare by look (``decode.low-information``).
    blake3: 32 bytes of the whole file or None when it was not read whole. picture_digest: 32 bytes over the picture data
    without metadata (JPEG, PNG), else None.
    route: which decode route gave the pixels. decoder: versions that could change the outcome, e.g. "Pillow 13.0.0".
    detail: a technical sentence for logs and hints, may be "".
    lens, software: as the camera or program wrote them, "" when unknown. bit_depth: bits of one sample, None when unknown.
    profile_name: ``sRGB``, ``Adobe RGB (1998)``, ``Display P3`` … as the file names its colours, "" when it does not.
    zone: ``+02:00`` of the capture time, "" when unknown. pairing_id: what a Live or motion photo and its film have in common.
    white_balance: ``auto`` ``manual`` or "".
    """

    status: str
    code: str | None = None
    format: str | None = None
    kind: str = "other"
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    frames: int | None = None
    frame_hashes: bytes = b""
    taken: str | None = None
    taken_fraction: str = ""
    make: str = ""
    model: str = ""
    serial: str = ""
    exposure: str = ""
    gps: bool = False
    rating: int | None = None
    keywords: int = 0
    lossless: bool = False
    quantisation: int | None = None
    profile: bytes = b""
    flat: bool = False
    blake3: bytes | None = None
    picture_digest: bytes | None = None
    route: str = ""
    decoder: str = ""
    detail: str = ""
    lens: str = ""
    software: str = ""
    bit_depth: int | None = None
    profile_name: str = ""
    zone: str = ""
    pairing_id: str = ""
    white_balance: str = ""

    @property
    def is_picture(self) -> bool:
        """A picture came out: it can be matched (by look unless flat)."""
        return self.status in ("ok", "partial")

    def to_json(self) -> dict[str, Any]:
        """A plain dict with bytes as hex; inverse of `from_json`."""
        values = ((name, getattr(self, name)) for name in self.__slots__)  # all plain: no copy as `asdict` makes it
        return {name: value.hex() if isinstance(value, bytes) else value for name, value in values}

    @staticmethod
    def from_json(data: dict[str, Any]) -> PictureFacts:
        """Strict inverse of `to_json`; raises ValueError on unknown fields or wrong types (input is untrusted)."""
        return _facts_from_json(data)


_BYTES_FIELDS = ("frame_hashes", "profile", "blake3", "picture_digest")


_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "status": (str,),
    "code": (str, type(None)),
    "format": (str, type(None)),
    "kind": (str,),
    "width": (int, type(None)),
    "height": (int, type(None)),
    "orientation": (int,),
    "frames": (int, type(None)),
    "frame_hashes": (bytes,),
    "taken": (str, type(None)),
    "taken_fraction": (str,),
    "make": (str,),
    "model": (str,),
    "serial": (str,),
    "exposure": (str,),
    "gps": (bool,),
    "rating": (int, type(None)),
    "keywords": (int,),
    "lossless": (bool,),
    "quantisation": (int, type(None)),
    "profile": (bytes,),
    "flat": (bool,),
    "blake3": (bytes, type(None)),
    "picture_digest": (bytes, type(None)),
    "route": (str,),
    "decoder": (str,),
    "detail": (str,),
    "lens": (str,),
    "software": (str,),
    "bit_depth": (int, type(None)),
    "profile_name": (str,),
    "zone": (str,),
    "pairing_id": (str,),
    "white_balance": (str,),
}


def _facts_from_json(data: dict[str, Any]) -> PictureFacts:
    if not isinstance(data, dict):
        raise ValueError("facts are not an object")
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name not in _FIELD_TYPES:
            raise ValueError(f"unknown fact {name!r}")
        if name in _BYTES_FIELDS and isinstance(value, str):
            value = bytes.fromhex(value)
        allowed = _FIELD_TYPES[name]
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise ValueError(f"fact {name!r} has the wrong type")
        values[name] = value
    if "status" not in values:
        raise ValueError("facts without status")
    return PictureFacts(**values)


def field_names(record: type) -> tuple[str, ...]:
    """Names of a dataclass's fields, in order."""
    return tuple(f.name for f in fields(record))
