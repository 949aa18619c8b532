"""Dates and times in the user's format, as short as they can be where two stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt

SHORT, LONG = QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat
WEEKDAY = re.compile(r"[,،]?\s*dddd\s*[,،]?\s*")


def from_camera(taken: str | None) -> QDateTime | None:
    """Capture time as the camera wrote it (``YYYY-MM-DDTHH:MM:SS``), None when it is unknown or no date."""
    when = QDateTime.fromString(taken or "", Qt.DateFormat.ISODate)
    return when if when.isValid() else None


def from_disk(mtime_ns: int) -> QDateTime:
    """A file's modification time, in the user's time zone."""
    return QDateTime.fromMSecsSinceEpoch(mtime_ns // 1_000_000)


def beside(when: Sequence[QDateTime | None]) -> list[tuple[str, str]]:
    """For each moment how it is written in a narrow column, and in full; empty where it is unknown.

    Two of one day are told by their times, others by their dates; equal ones are written with both.
    """
    known = [moment for moment in when if moment]
    different = len({moment.toSecsSinceEpoch() for moment in known}) > 1
    one_day = len({moment.date() for moment in known}) == 1
    alone = not different and None not in when
    return [(_short(moment, dates=not alone, times=different and one_day), whole(moment)) for moment in when]


def _short(moment: QDateTime | None, *, dates: bool, times: bool) -> str:
    if moment is None:
        return ""
    locale = QLocale()
    time = locale.toString(moment.time(), _with_seconds())
    if times:
        return time
    if dates:
        return locale.toString(moment.date(), _numbers())
    return f"{locale.toString(moment.date(), _day())}, {time}"


def _numbers() -> str:
    """The locale's short date with the whole year."""
    form = QLocale().dateFormat(SHORT)
    return form if "yyyy" in form else form.replace("yy", "yyyy", 1)


def whole(moment: QDateTime | None) -> str:
    """Date and time with seconds, empty when unknown."""
    if moment is None:
        return ""
    locale = QLocale()
    return f"{locale.toString(moment.date(), LONG)}, {locale.toString(moment.time(), _with_seconds())}"


def _day() -> str:
    """The locale's own order of day, month by name and year, without the day of the week."""
    return WEEKDAY.sub("", QLocale().dateFormat(LONG)).replace("MMMM", "MMM")


def _with_seconds() -> str:
    """The locale's time format with seconds but without a time zone, which the camera did not write."""
    form = QLocale().timeFormat(SHORT)
    return form if "ss" in form else form.replace("mm", "mm:ss", 1)
