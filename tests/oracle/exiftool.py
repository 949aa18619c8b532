"""What exiftool reads from files, in this program's own terms: the oracle for the metadata reader.

Each field is a function from exiftool's tags (``Group:Tag`` to value, numeric) to the value that the reader must give; where two
sources in a file disagree, the reader's precedence is applied to exiftool's values: EXIF, XMP, IPTC, the container.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from engine.metadata.texts import exposure_text, parse_moment

Tags = dict[str, Any]
COMMAND = shutil.which("exiftool")


class Skip:
    """exiftool does not say, or says of something else: nothing to compare."""


SKIP = Skip()


def ask(paths: Sequence[Path]) -> list[Tags]:
    """All tags of these files, from one run of exiftool, in their order."""
    with tempfile.NamedTemporaryFile("w", suffix=".args") as arguments:
        arguments.write("\n".join(str(path) for path in paths) + "\n")
        arguments.flush()
        command = [
            str(COMMAND),
            "-config",
            "",
            "-json",
            "-n",
            "-a",
            "-G1",
            "-q",
            "-charset",
            "filename=utf8",
            "-@",
            arguments.name,
        ]
        done = subprocess.run(command, capture_output=True, check=False)
    found = {Path(tags["SourceFile"]): tags for tags in json.loads(done.stdout, parse_float=str)}
    return [found.get(path, {}) for path in paths]


def first(tags: Tags, *names: str) -> Any:
    """The first of these tags that says something, else None."""
    for name in names:
        value = tags.get(name)
        if value not in (None, ""):
            return value[0] if isinstance(value, list) else value
    return None


def text(value: Any) -> str:
    """A text as the reader cleans it; JSON makes numbers of texts that look like one."""
    return "" if value is None else " ".join(str(value).split("\0")[0].split())


def whole(value: Any) -> int | None:
    """The first whole number of a value."""
    found = re.match(r"-?\d+", str(value)) if value is not None else None
    return int(found[0]) if found else None


def real(value: Any) -> float | None:
    """A number; exiftool writes undef and inf for fractions over zero."""
    try:
        number = float(str(value).split()[0])
    except (ValueError, IndexError):
        return None
    return number if abs(number) < 1e12 else None


# ------------------------------------------------------------------------------------------------------- the fields


def moment(tags: Tags) -> Any:
    """Date, sub-seconds and zone of the capture, by the reader's precedence."""
    for place in ("ExifIFD", "IFD0"):
        for name, part in (("DateTimeOriginal", "Original"), ("CreateDate", "Digitized")):
            found = parse_moment(
                text(tags.get(f"{place}:{name}")),
                text(tags.get(f"{place}:SubSecTime{part}")),
                text(tags.get(f"{place}:OffsetTime{part}")),
            )
            if found:
                return found
    for name in ("XMP-exif:DateTimeOriginal", "XMP-photoshop:DateCreated", "XMP-exif:DateTimeDigitized", "XMP-xmp:CreateDate"):
        if found := parse_moment(text(first(tags, name))):
            return found
    if (date := tags.get("IPTC:DateCreated")) and (time := tags.get("IPTC:TimeCreated")):
        return parse_moment(f"{date} {time}")
    for name in (
        "CanonRaw:DateTimeOriginal",
        "SigmaRaw:DateTimeOriginal",
        "PNG:CreationTime",
        "Keys:CreationDate",
        "QuickTime:CreateDate",
    ):
        if found := parse_moment(text(tags.get(name))):
            return found
    return None


def _is_film(tags: Tags) -> bool:
    return str(tags.get("File:MIMEType", "")).startswith("video/")


def size(tags: Tags) -> Any:
    """Width and height as stored; of HEIF and AVIF after crop and turn."""
    if tags.get("File:FileType") in _RAW_TYPES:
        return _raw_size(tags)
    if _is_film(tags):
        return SKIP
    if "QuickTime:CleanAperture" in tags:
        width, height = (int(each) for each in text(tags["QuickTime:CleanAperture"]).split()[:2])
        return width, height
    if whole(tags.get("QuickTime:Rotation")) in (90, 270):
        return tags["File:ImageHeight"], tags["File:ImageWidth"]
    for place in ("File", "PNG", "GIF", "RIFF", "QuickTime"):
        if f"{place}:ImageWidth" in tags:
            return tags[f"{place}:ImageWidth"], tags[f"{place}:ImageHeight"]
    if "RIFF:VP8Width" in tags:
        return tags["RIFF:VP8Width"], tags["RIFF:VP8Height"]
    return (tags.get("IFD0:ImageWidth"), tags.get("IFD0:ImageHeight")) if "IFD0:ImageWidth" in tags else SKIP


def _raw_size(tags: Tags) -> Any:
    """As cropped by default; of an X3F exiftool may tell the size of its preview."""
    crop = next((value for name, value in tags.items() if name.endswith(":DefaultCropSize")), None)
    told = crop if crop is not None else tags.get("Composite:ImageSize")
    if told is None or tags.get("File:FileType") == "X3F":
        return SKIP
    width, height = (int(float(each)) for each in str(told).replace("x", " ").split()[:2])
    return width, height


_SENSOR = (32803, 34892)
_RAW_TYPES = {"CR2", "CR3", "CRW", "NEF", "DNG", "RAF", "MRW", "RW2", "IIQ", "X3F", "ARW", "ORF", "PEF"}


def orientation(tags: Tags) -> Any:
    found = whole(first(tags, "IFD0:Orientation", "XMP-tiff:Orientation"))
    if found is None and (turn := whole(tags.get("CanonRaw:Rotation", tags.get("SigmaRaw:Rotation")))) is not None:
        return {0: 1, 90: 6, 180: 3, 270: 8}.get(turn, 1)
    return found if found in range(1, 9) else 1


def make(tags: Tags) -> Any:
    return text(first(tags, "IFD0:Make", "XMP-tiff:Make", "CanonRaw:Make", "SigmaRaw:Make", "Keys:Make"))


def model(tags: Tags) -> Any:
    return text(first(tags, "IFD0:Model", "XMP-tiff:Model", "CanonRaw:Model", "SigmaRaw:Model", "Keys:Model", "RAF:Model"))


def serial(tags: Tags) -> Any:
    return text(
        first(
            tags,
            "ExifIFD:SerialNumber",
            "IFD0:CameraSerialNumber",
            *(f"{maker}:SerialNumber" for maker in ("Canon", "Nikon", "Olympus", "Sigma")),
            "XMP-exifEX:SerialNumber",
            "XMP-aux:SerialNumber",
            "CanonRaw:SerialNumber",
            "SigmaRaw:SerialNumber",
        )
    )


def lens(tags: Tags) -> Any:
    makers = ("Canon:LensModel", "Olympus:LensModel", "Panasonic:LensType")
    return text(first(tags, "ExifIFD:LensModel", *makers, "XMP-exifEX:LensModel", "XMP-aux:Lens"))


def software(tags: Tags) -> Any:
    names = ("IFD0:Software", "XMP-tiff:Software", "XMP-xmp:CreatorTool", "PNG:Software", "Keys:Software")
    return text(first(tags, *names))


def exposure(tags: Tags) -> tuple[str, ...]:
    """Time, aperture, ISO, bias."""
    names = ("ExposureTime", "FNumber", "ExposureCompensation")
    for place in ("ExifIFD", "IFD0", "XMP-exif", "SigmaRaw"):
        time, aperture, bias = (real(tags.get(f"{place}:{name}")) for name in names)
        iso = whole(first(tags, f"{place}:ISO"))
        if iso in (None, 0, 65535):  # does not fit into the old field
            others = ("RecommendedExposureIndex", "StandardOutputSensitivity", "ISOSpeed")
            iso = next((value for name in others if (value := whole(tags.get(f"{place}:{name}")))), iso)
        found = exposure_text(time, aperture, iso, bias)
        if found:
            return tuple(found.split("|"))
    return ("", "", "", "")


def gps(tags: Tags) -> Any:
    """A usable position: both coordinates with hemispheres, not both zero."""
    for place, lat, lon in (("GPS", "GPSLatitude", "GPSLongitude"), ("XMP-exif", "GPSLatitude", "GPSLongitude")):
        north, east = real(tags.get(f"{place}:{lat}")), real(tags.get(f"{place}:{lon}"))
        if north is None or east is None or (north, east) == (0, 0):
            continue
        if place == "GPS" and not (first(tags, "GPS:GPSLatitudeRef") and first(tags, "GPS:GPSLongitudeRef")):
            continue
        return True
    return False


def rating(tags: Tags) -> Any:
    return whole(first(tags, "XMP-xmp:Rating", "IFD0:Rating"))


def keywords(tags: Tags) -> Any:
    """How many different ones in XMP, IPTC and Windows' own field."""
    found: set[str] = set()
    for name in ("XMP-dc:Subject", "IPTC:Keywords"):
        value = tags.get(name, [])
        found.update(text(each) for each in (value if isinstance(value, list) else [value]))
    found.update(word.strip() for word in text(tags.get("IFD0:XPKeywords")).split(";"))
    return len(found - {""})


def profile_name(tags: Tags) -> Any:
    named = first(tags, "ICC_Profile:ProfileDescription") if tags.get("File:FileType") not in _RAW_TYPES else None
    if named is not None:
        return text(named)
    if "PNG:SRGBRendering" in tags:
        return "sRGB"
    if "QuickTime:ColorPrimaries" in tags or "ICC_Profile:ProfileCMMType" in tags:
        return SKIP
    space = whole(first(tags, "ExifIFD:ColorSpace", "XMP-exif:ColorSpace"))
    if space == 65535 and tags.get("InteropIFD:InteropIndex") == "R03":
        return "Adobe RGB (1998)"
    return {1: "sRGB", 2: "Adobe RGB (1998)"}.get(space or 0, "")


def bit_depth(tags: Tags) -> Any:
    if tags.get("File:FileType") in _RAW_TYPES:
        places = [
            name.split(":")[0] for name, value in tags.items() if name.endswith(":PhotometricInterpretation") and value in _SENSOR
        ]
        found = first(tags, "MinoltaRaw:BitDepth", *(f"{place}:BitsPerSample" for place in places))
        if tags.get("File:FileType") == "RW2":
            found = tags.get("IFD0:BitsPerSample")
        return whole(found) if found is not None else SKIP
    found = first(tags, "PNG:BitDepth", "QuickTime:ImagePixelDepth", "QuickTime:BitDepthLuma", "File:BitsPerSample")
    if found is None and tags.get("File:FileType") == "TIFF":
        found = first(tags, "IFD0:BitsPerSample")
        return max(int(each) for each in str(found).split()) if found is not None else SKIP
    return whole(found) if found is not None else SKIP


def white_balance(tags: Tags) -> Any:
    found = whole(first(tags, "ExifIFD:WhiteBalance", "XMP-exif:WhiteBalance"))
    return {0: "auto", 1: "manual"}.get(-1 if found is None else found, "")


def pairing_id(tags: Tags) -> Any:
    return text(first(tags, "Apple:MediaGroupUUID", "Apple:ContentIdentifier", "Keys:ContentIdentifier"))


def thumbnail(tags: Tags) -> Any:
    """(offset, length) of the second directory's JPEG."""
    if tags.get("File:FileType") not in ("JPEG", "MPO") or "IFD1:ThumbnailOffset" not in tags:
        return None
    return int(tags["IFD1:ThumbnailOffset"]), int(tags["IFD1:ThumbnailLength"])


def previews(tags: Tags) -> Iterable[tuple[int, int]]:
    """(offset, length) of all that exiftool calls a picture in a RAW. Not the camera's own in a DNG's private data: it shows the
    picture before the converter's edits."""
    for name in tags:
        place, _, tag = name.partition(":")
        if place == "PreviewIFD" and tags.get("File:FileType") == "DNG":
            continue
        if tag in ("PreviewImageStart", "JpgFromRawStart", "ThumbnailOffset", "OtherImageStart"):
            length = tags.get(f"{place}:{tag.replace('Start', 'Length').replace('Offset', 'Length')}")
            if isinstance(tags[name], int) and isinstance(length, int):
                yield tags[name], length


Field = Callable[[Tags], Any]

FIELDS: dict[str, Field] = {
    "size": size,
    "orientation": orientation,
    "capture time": lambda tags: _of_moment(tags, 0),
    "sub-seconds": lambda tags: _of_moment(tags, 1),
    "zone": lambda tags: _of_moment(tags, 2),
    "make": make,
    "model": model,
    "serial": serial,
    "lens": lens,
    "exposure time": lambda tags: exposure(tags)[0],
    "aperture": lambda tags: exposure(tags)[1],
    "ISO": lambda tags: exposure(tags)[2],
    "bias": lambda tags: exposure(tags)[3],
    "GPS present": gps,
    "rating": rating,
    "keywords": keywords,
    "software": software,
    "profile name": profile_name,
    "bit depth": bit_depth,
    "white balance": white_balance,
    "pairing id": pairing_id,
}
"""Fields of which the value itself is compared; thumbnails and previews are compared by where they lie."""

TAGS = (
    *("ImageWidth", "ImageHeight", "Orientation", "DateTimeOriginal", "CreateDate", "SubSecTimeOriginal", "OffsetTimeOriginal"),
    *("Make", "Model", "SerialNumber", "LensModel", "ExposureTime", "FNumber", "ISO", "ExposureCompensation", "GPSLatitude"),
    *(
        "GPSLongitude",
        "Rating",
        "Subject",
        "Keywords",
        "Software",
        "ProfileDescription",
        "ColorSpace",
        "BitsPerSample",
        "BitDepth",
    ),
    *("WhiteBalance", "ThumbnailOffset", "ThumbnailLength", "PreviewImageStart", "PreviewImageLength", "ContentIdentifier"),
    "MediaGroupUUID",
)
"""The same fields as tags, for timing one run that is asked for nothing else."""


def _of_moment(tags: Tags, part: int) -> str | None:
    found = moment(tags)
    return found[part] if found else None if part == 0 else ""
