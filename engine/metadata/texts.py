"""Text and numbers as cameras write them, made plain: padding, NULs and control characters gone, dates checked, fractions in one
notation so that a RAW and its JPEG say the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

MAX_TEXT = 256
YEARS = range(1800, 2201)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_DATE = re.compile(
    r"(\d{4})[:\-/.]\s?(\d{1,2})[:\-/.]\s?(\d{1,2})[ T]"
    r"\s?(\d{1,2}):\s?(\d{1,2})(?::\s?(\d{1,2})(?:[.,](\d{1,12}))?)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)

_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)

Moment = tuple[str, str, str]
"""``YYYY-MM-DDTHH:MM:SS``, the digits behind the second, and the zone as ``+02:00`` or ""."""


def clean(text: str) -> str:
    """One line without padding or control characters, at most `MAX_TEXT` characters."""
    return _CONTROL.sub(" ", text.split("\0", 1)[0]).strip()[:MAX_TEXT].strip()


def decode(data: bytes) -> str:
    """Bytes of a text field as text: UTF-8 where it is valid, else Latin-1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse_moment(text: str, fraction: str = "", zone: str = "") -> Moment | None:
    """A date and time in EXIF, XMP or ISO notation; None unless it is a real one of a sane year with hours and minutes.

    The time is kept as the camera wrote it. fraction, zone: sub-second digits and zone told apart from the date.
    """
    found = _DATE.fullmatch(text.split("\0", 1)[0].strip()[:64])
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if year not in YEARS:
        return None
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return (
        moment.isoformat(timespec="seconds"),
        digits(fraction) or found[7] or "",
        parse_zone(zone) or parse_zone(found[8] or ""),
    )


def digits(text: str) -> str:
    """The sub-second digits of a field, "" when it holds anything else."""
    text = text.split("\0", 1)[0].strip()
    return text[:9] if text.isascii() and text.isdigit() else ""


def parse_zone(text: str) -> str:
    """``+02:00`` for a zone in EXIF or ISO notation, "" for anything that is none."""
    text = text.split("\0", 1)[0].strip()
    if text == "Z":
        return "+00:00"
    found = _ZONE.fullmatch(text)
    return f"{found[1]}{found[2]}:{found[3]}" if found and int(found[2]) <= 15 and int(found[3]) < 60 else ""


def moment_since(epoch_year: int, seconds: int) -> Moment | None:
    """A count of seconds since the start of `epoch_year`; None for zero, 1970 itself and insane years."""
    try:
        moment = datetime(epoch_year, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
    if seconds <= 0 or moment.year not in YEARS or moment == datetime(1970, 1, 1, tzinfo=UTC):
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="seconds"), "", ""


def exposure_text(time: float | None, aperture: float | None, iso: int | None, bias: float | None) -> str:
    """``time|aperture|iso|bias``, each in one notation or empty; "" when nothing is known."""
    parts = (
        "" if not _positive(time) else _seconds(time),
        "" if not _positive(aperture) else f"{aperture:.3g}",
        "" if not _positive(iso) else str(iso),
        "" if bias is None or not -100 < bias < 100 else f"{round(bias, 2) + 0.0:g}",
    )
    return "|".join(parts) if any(parts[:3]) else ""


def _positive(value: float | None) -> bool:
    return value is not None and 0 < value < 1e9


def _seconds(time: float | None) -> str:
    """Short times as 1/n: cameras write the same time as 1/125, 10/1250 or 0.008."""
    assert time is not None
    return f"1/{round(1 / time)}" if time < 0.3 else f"{time:.3g}"
