"""What an XMP packet says of a photo. Expat without DTD, depth and counts capped; only properties at the top of the packet count,
not those of its history or of the files it was made from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from engine.metadata.texts import Moment, clean, digits, exposure_text, parse_moment

MAX_DEPTH = 256
MAX_VALUES = 10_000
MAX_ELEMENTS = 500_000
_MAX_PACKET = 16 << 20
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_WANTED = re.compile(
    rb"Orientation|Date|Make|Model|Serial|Exposure|FNumber|Photographic|ISOSpeed|GPSL|Rating|subject|Lens|Creator|Software"
    rb"|ColorSpace|WhiteBalance|\x00"
)
"""Names of properties that are read: a packet without any of them, as phones write for depth and motion, need not be parsed."""


_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_NAMESPACES = {
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://purl.org/dc/elements/1.1/": "dc",
}


@dataclass(frozen=True, slots=True)
class XmpFacts:
    """Facts of one packet; None and "" where it is silent."""

    orientation: int | None = None
    taken: Moment | None = None
    make: str = ""
    model: str = ""
    serial: str = ""
    exposure: str = ""
    gps: bool = False
    rating: int | None = None
    keywords: frozenset[str] = frozenset()
    lens: str = ""
    software: str = ""
    colours: str = ""
    white_balance: str = ""


def read_xmp(packet: bytes) -> XmpFacts:
    """Facts of a packet, or of a sidecar's content. What stands before a mistake in the XML still counts."""
    packet = packet[:_MAX_PACKET]
    if packet[:2] not in _WIDE and _WANTED.search(packet) is None:
        return XmpFacts()
    return _facts(_Properties().read(packet))


class _Properties:
    """Collects the top-level properties of a packet: name with its usual prefix to its values, in order."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._stack: list[str] = []
        self._property: str | None = None
        self._text: list[str] | None = None
        self._values = 0
        self._elements = 0

    def read(self, packet: bytes) -> dict[str, list[str]]:
        """Parse; a DTD, too deep nesting or broken XML ends it early."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(packet.rstrip(b"\0 \r\n\t") if packet[:2] not in _WIDE else packet, True)
        except (expat.ExpatError, _StopError, ValueError):
            pass
        return self.found

    def _refuse(self, *_: object) -> None:
        raise _StopError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._stack) >= MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise _StopError
        self._stack.append(name)
        if self._at_description():
            for key, value in attributes.items():
                self._add(_short(key), value)
        elif len(self._stack) > 1 and self._property is None and self._at_description(above=1):
            self._property = _short(name)
            self._text = []
        elif self._property is not None:
            self._text = [] if name == _RDF + "li" and self._depth_in_property() == 2 else None

    def _at_description(self, above: int = 0) -> bool:
        here = self._stack[: len(self._stack) - above]
        return len(here) in (2, 3) and here[-1] == _RDF + "Description" and here[-2] == _RDF + "RDF"

    def _depth_in_property(self) -> int:
        """How deep below the property's own element: its container is 1, an item of that 2."""
        top = 1 + max(i for i, name in enumerate(self._stack[:3]) if name == _RDF + "Description")
        return len(self._stack) - 1 - top

    def _end(self, name: str) -> None:
        if self._property is not None:
            if self._text is not None:
                self._add(self._property, "".join(self._text))
                self._text = None
            if self._at_description(above=1):
                self._property = None
        self._stack.pop()

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _add(self, name: str, value: str) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise _StopError
        value = clean(value)
        if value and name:
            self.found.setdefault(name, []).append(value)


class _StopError(Exception):
    pass


def _short(name: str) -> str:
    """``xmp:Rating`` for a name of a known namespace, "" for any other."""
    space, _, local = name.rpartition(" ")
    prefix = _NAMESPACES.get(space)
    return f"{prefix}:{local}" if prefix else ""


def _facts(found: dict[str, list[str]]) -> XmpFacts:
    def first(*names: str) -> str:
        return next((found[name][0] for name in names if found.get(name)), "")

    orientation, rating = _number(first("tiff:Orientation")), _number(first("xmp:Rating"))
    iso = _number(first("exifEX:PhotographicSensitivity", "exif:ISOSpeedRatings"))
    return XmpFacts(
        orientation=int(orientation) if orientation is not None and orientation in range(1, 9) else None,
        taken=_taken(found),
        make=first("tiff:Make"),
        model=first("tiff:Model"),
        serial=first("exifEX:BodySerialNumber", "aux:SerialNumber"),
        exposure=exposure_text(
            _number(first("exif:ExposureTime")),
            _number(first("exif:FNumber")),
            None if iso is None else int(iso),
            _number(first("exif:ExposureBiasValue")),
        ),
        gps=_is_position(first("exif:GPSLatitude"), first("exif:GPSLongitude")),
        rating=round(rating) if rating is not None and -1 <= rating <= 5 else None,
        keywords=frozenset(found.get("dc:subject", ())),
        lens=first("exifEX:LensModel", "aux:Lens"),
        software=first("tiff:Software", "xmp:CreatorTool"),
        colours={"1": "sRGB", "2": "Adobe RGB (1998)"}.get(first("exif:ColorSpace"), ""),
        white_balance={"0": "auto", "1": "manual"}.get(first("exif:WhiteBalance"), ""),
    )


def _taken(found: dict[str, list[str]]) -> Moment | None:
    """When the picture was taken before when it was digitised before when the file was first made."""
    for name in ("exif:DateTimeOriginal", "photoshop:DateCreated", "exif:DateTimeDigitized", "xmp:CreateDate"):
        for text in found.get(name, ())[:1]:
            fraction = digits(found.get("exif:SubSecTimeOriginal", [""])[0]) if name == "exif:DateTimeOriginal" else ""
            moment = parse_moment(text, fraction)
            if moment is not None:
                return moment
    return None


_NUMBER = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,12})?)(?:/(\d{1,12}))?", re.ASCII)
_COORDINATE = re.compile(
    r"(\d{1,3})(?:,(\d{1,2}(?:\.\d+)?))?(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])|([+-]?\d{1,3}(?:\.\d+)?)", re.ASCII
)


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    below = float(found[2]) if found[2] else 1.0
    return float(found[1]) / below if below else None


def _is_position(latitude: str, longitude: str) -> bool:
    north, east = _coordinate(latitude, 90), _coordinate(longitude, 180)
    return north is not None and east is not None and (north, east) != (0, 0)


def _coordinate(text: str, limit: int) -> float | None:
    """``52,31.2N`` or plain degrees, as degrees without sign."""
    found = _COORDINATE.fullmatch(text[:64].strip())
    if found is None:
        return None
    if found[5] is not None:
        degrees = abs(float(found[5]))
    else:
        degrees = float(found[1]) + float(found[2] or 0) / 60 + float(found[3] or 0) / 3600
    return degrees if degrees <= limit else None
