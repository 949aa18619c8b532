"""What EXIF says of a photo: time, camera, exposure, orientation, position, rating. Reads tags only, decides nothing between EXIF
and other sources."""

from __future__ import annotations

from dataclasses import dataclass

from engine.metadata.maker_notes import read_maker_note
from engine.metadata.texts import Moment, exposure_text, parse_moment
from engine.metadata.tiff import Ifd, TiffTree

EXIF_IFD, GPS_IFD, XMP, IPTC, PHOTOSHOP, ICC = 0x8769, 0x8825, 700, 33723, 34377, 34675
INTEROP_IFD = 0xA005


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """Facts of one EXIF block; None and "" where it is silent. width, height: px of the main picture as EXIF claims.
    colours: ``sRGB`` or ``Adobe RGB (1998)`` as EXIF names the colour space."""

    orientation: int | None = None
    taken: Moment | None = None
    make: str = ""
    model: str = ""
    serial: str = ""
    exposure: str = ""
    gps: bool = False
    rating: int | None = None
    keywords: frozenset[str] = frozenset()
    width: int | None = None
    height: int | None = None
    lens: str = ""
    software: str = ""
    colours: str = ""
    white_balance: str = ""
    pairing_id: str = ""


def read_exif(tree: TiffTree, main: Ifd | None, exif: Ifd | None = None, gps: Ifd | None = None) -> ExifFacts:
    """Facts of the directory `main` and of its EXIF and GPS directories (given, or found by its pointers)."""
    if main is not None:
        exif = exif or next(tree.children(main, EXIF_IFD, 1), None)
        gps = gps or next(tree.children(main, GPS_IFD, 1), None)
    make = tree.text(main, 0x010F)
    note = read_maker_note(tree, exif, make)
    orientation = tree.number(main, 0x0112)
    rating, balance = tree.number(main, 0x4746), tree.number(exif, 0xA403)
    return ExifFacts(
        orientation=orientation if orientation in range(1, 9) else None,
        taken=read_taken(tree, exif) or read_taken(tree, main),
        make=make,
        model=tree.text(main, 0x0110),
        serial=tree.text(exif, 0xA431) or tree.text(main, 0xC62F) or note.serial,
        exposure=read_exposure(tree, exif) or read_exposure(tree, main),
        gps=has_position(tree, gps),
        rating=rating if rating in range(6) else None,
        keywords=_windows_keywords(tree.raw(main, 0x9C9E, 65_536)),
        width=tree.number(exif, 0xA002),
        height=tree.number(exif, 0xA003),
        lens=tree.text(exif, 0xA434) or note.lens,
        software=tree.text(main, 0x0131),
        colours=_colours(tree, exif),
        white_balance={0: "auto", 1: "manual"}.get(-1 if balance is None else balance, ""),
        pairing_id=note.pairing_id,
    )


def read_taken(tree: TiffTree, exif: Ifd | None) -> Moment | None:
    """DateTimeOriginal, else DateTimeDigitized, each with its own sub-seconds and zone; never DateTime, which editors rewrite."""
    for date, fraction, zone in ((0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012)):
        moment = parse_moment(tree.text(exif, date), tree.text(exif, fraction), tree.text(exif, zone))
        if moment is not None:
            return moment
    return None


def _colours(tree: TiffTree, exif: Ifd | None) -> str:
    """ColorSpace; cameras write "uncalibrated" for Adobe RGB and say so in the interoperability directory (DCF 2.0)."""
    space = tree.number(exif, 0xA001)
    if space == 0xFFFF and exif is not None:
        interop = next(tree.children(exif, INTEROP_IFD, 1), None)
        return "Adobe RGB (1998)" if tree.text(interop, 1) == "R03" else ""
    return {1: "sRGB", 2: "Adobe RGB (1998)"}.get(space or 0, "")


def read_exposure(tree: TiffTree, exif: Ifd | None) -> str:
    """``time|aperture|iso|bias`` of an EXIF directory."""
    iso = tree.number(exif, 0x8827)
    if iso is None or iso in (0, 65_535):  # 65535: does not fit, stands elsewhere
        iso = tree.number(exif, 0x8832) or tree.number(exif, 0x8831) or tree.number(exif, 0x8833) or iso
    return exposure_text(tree.real(exif, 0x829A), tree.real(exif, 0x829D), iso, tree.real(exif, 0x9204))


def has_position(tree: TiffTree, gps: Ifd | None) -> bool:
    """Latitude and longitude are there, with their hemispheres, in range, and not both zero (an unset receiver)."""
    latitude = _degrees(tree, gps, 1, 2, ("N", "S"), 90)
    longitude = _degrees(tree, gps, 3, 4, ("E", "W"), 180)
    return latitude is not None and longitude is not None and (latitude, longitude) != (0, 0)


def _degrees(tree: TiffTree, gps: Ifd | None, ref_tag: int, tag: int, refs: tuple[str, str], limit: int) -> float | None:
    values = tree.reals(gps, tag, 3)
    if tree.text(gps, ref_tag)[:1].upper() not in refs or not values or values[0] is None:
        return None
    degrees = sum((value or 0.0) / 60**power for power, value in enumerate(values))  # seconds of 0/0 are common
    return degrees if 0 <= degrees <= limit else None


def _windows_keywords(data: bytes) -> frozenset[str]:
    """XPKeywords: UTF-16, separated by semicolons."""
    text = data.decode("utf-16-le", "ignore").split("\0", 1)[0]
    return frozenset(word.strip() for word in text.split(";")[:10_000] if word.strip())
