"""What the parsers have gathered of one file so far, and how it becomes `Metadata`: EXIF before XMP before IPTC before the
container. Parsers fill it step by step, so that a file broken half way keeps what stood before the break."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import blake3

from engine.metadata.exif import ExifFacts
from engine.metadata.facts import Metadata, Preview
from engine.metadata.icc import profile_name
from engine.metadata.iptc import IptcFacts
from engine.metadata.texts import Moment
from engine.metadata.xmp import XmpFacts

MAX_EDGE = 1 << 24
MAX_DEPTH = 64
FIRST_LOOK_EDGE = 120
"""Long side in px below which an embedded picture says too little."""


@dataclass(slots=True)
class Draft:
    """Facts on their way. exif: the file's own first, then those of embedded previews. turned: the codec applies the container's
    turns itself, so nothing is left to be applied. created: the container's time of creation."""

    width: int | None = None
    height: int | None = None
    turned: bool = False
    exif: list[ExifFacts] = field(default_factory=list)
    xmp: list[XmpFacts] = field(default_factory=list)
    iptc: IptcFacts = field(default_factory=IptcFacts)
    created: Moment | None = None
    make: str = ""
    model: str = ""
    serial: str = ""
    orientation: int | None = None
    lossless: bool = False
    quantisation: int | None = None
    profile: bytes = b""
    pages: int | None = 1
    previews: list[Preview] = field(default_factory=list)
    thumbnail: Preview | None = None
    heif_thumbnail: int | None = None
    bit_depth: int | None = None
    profile_name: str = ""
    software: str = ""
    pairing_id: str = ""
    trailing: int = 0

    def size(self, width: int | None, height: int | None) -> None:
        """Note the picture's size; nonsense is unknown."""
        if width and height and 0 < width <= MAX_EDGE and 0 < height <= MAX_EDGE:
            self.width, self.height = width, height

    def colour_profile(self, profile: bytes) -> None:
        """Note an ICC profile."""
        self.profile, self.profile_name = short_digest(profile), profile_name(profile)

    def finish(self) -> Metadata:
        """Decide between the sources."""
        sources: list[ExifFacts | XmpFacts] = [*self.exif, *self.xmp]
        told = _first_told(sources)
        orientation = told["orientation"] or self.orientation or 1
        taken = told["taken"] or self.iptc.taken or self.created
        keywords = frozenset[str]().union(self.iptc.keywords, *(f.keywords for f in sources))
        previews = tuple(sorted(set(self.previews), key=_preview_order))
        ratings = [*(f.rating for f in self.xmp), *(f.rating for f in self.exif)]  # editors keep XMP up to date
        return Metadata(
            width=self.width,
            height=self.height,
            orientation=1 if self.turned else orientation,
            declared_orientation=orientation,
            taken=taken[0] if taken else None,
            taken_fraction=taken[1] if taken else "",
            make=told["make"] or self.make,
            model=told["model"] or self.model,
            serial=told["serial"] or self.serial,
            exposure=_exposure([f.exposure for f in sources]),
            gps=any(f.gps for f in sources),
            rating=next((rating for rating in ratings if rating is not None), None),
            keywords=len(keywords),
            lossless=self.lossless,
            quantisation=self.quantisation,
            profile=self.profile,
            pages=self.pages,
            previews=previews,
            thumbnail=next((p for p in (self.thumbnail, *previews) if p is not None and is_first_look(p)), None),
            heif_thumbnail=self.heif_thumbnail,
            lens=told["lens"] or "",
            software=told["software"] or self.software,
            bit_depth=self.bit_depth if self.bit_depth and self.bit_depth <= MAX_DEPTH else None,
            profile_name=self.profile_name or told["colours"] or "",
            zone=taken[2] if taken else "",
            pairing_id=next((f.pairing_id for f in self.exif if f.pairing_id), self.pairing_id),
            white_balance=told["white_balance"] or "",
            trailing=self.trailing,
        )


_SHARED = ("orientation", "taken", "make", "model", "serial", "lens", "software", "colours", "white_balance")
_shared_of = attrgetter(*_SHARED)


def _first_told(sources: list[ExifFacts | XmpFacts]) -> dict[str, Any]:
    """What EXIF and XMP both may say, by name: from the first source that says it, else None."""
    told: dict[str, Any] = dict.fromkeys(_SHARED)
    for source in sources:
        for name, value in zip(_SHARED, _shared_of(source), strict=True):
            if value and not told[name]:
                told[name] = value
    return told


def _exposure(found: list[str]) -> str:
    """Each part from the first source that tells it: a RAW's own directory may leave the sensitivity to its preview."""
    told = [exposure for exposure in found if exposure]
    if len(told) < 2:
        return told[0] if told else ""
    parts = [exposure.split("|") for exposure in told]
    return "|".join(next((one[n] for one in parts if one[n]), "") for n in range(4))


def _preview_order(preview: Preview) -> tuple[int, int, int]:
    return (preview.width or 0) * (preview.height or 0), preview.length, preview.offset


def is_first_look(preview: Preview) -> bool:
    """Large enough to be looked at, or of unknown size."""
    return None in (preview.width, preview.height) or max(preview.width or 0, preview.height or 0) >= FIRST_LOOK_EDGE


def short_digest(data: bytes) -> bytes:
    """16 bytes of BLAKE3, b"" for nothing."""
    return blake3.blake3(data).digest(16) if data else b""
