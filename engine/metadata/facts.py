"""The nouns of this room: what one file's headers tell, and where previews lie in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preview:
    """An embedded JPEG that begins with FF D8 and lies inside the file. offset, length: bytes; width, height: px or None."""

    offset: int
    length: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the headers of a file tell; whatever they do not tell stays at its default.

    width, height: px as a codec gives them, before `orientation` is applied (HEIF and AVIF: after the container's own turns).
    orientation: EXIF 1..8 still to be applied to what the codec gives. declared_orientation: 1..8 as EXIF or XMP say.
    taken: ``YYYY-MM-DDTHH:MM:SS`` or None; taken_fraction: digits behind the second, "" if none.
    make, model, serial, exposure (time|aperture|iso|bias): "" when unknown. gps: a usable position is there.
    rating: -1..5 or None. keywords: how many different ones. lossless: the way of storing adds no loss of its own.
    quantisation: sum of the 64 entries of the JPEG's luma table, None if not JPEG. profile: 16-byte BLAKE3 of the colour
    profile, b"" when there is none or it says plain sRGB. pages: frames or pages by structure, None when only a codec can tell.
    previews: embedded JPEGs of a RAW, largest last. thumbnail: the smallest embedded JPEG fit for a first look, of a JPEG or RAW.
    heif_thumbnail: id of the thumbnail item of a HEIF or AVIF file's primary picture.
    trailing: declared bytes behind the picture proper. lens, software: "" when unknown. bit_depth: bits of one sample.
    profile_name: what the colour profile, or EXIF where there is none, calls the colours. zone: ``+02:00`` of `taken`, "" when
    unknown. pairing_id: what a photo and its film have in common. white_balance: ``auto`` ``manual`` or "".
    """

    width: int | None = None
    height: int | None = None
    orientation: int = 1
    declared_orientation: int = 1
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
    pages: int | None = 1
    previews: tuple[Preview, ...] = ()
    thumbnail: Preview | None = None
    heif_thumbnail: int | None = None
    lens: str = ""
    software: str = ""
    bit_depth: int | None = None
    profile_name: str = ""
    zone: str = ""
    pairing_id: str = ""
    white_balance: str = ""
    trailing: int = 0
