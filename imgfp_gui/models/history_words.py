"""What the history says of an entry, and what is written on its button."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from imgfp_gui.models import names, words
from imgfp_gui.models.history_entry import Entry

translate = QCoreApplication.translate
SHORT = QLocale.FormatType.ShortFormat


def icon(entry: Entry) -> str:
    """Name of the sign of an entry."""
    if entry.kind == "apply":
        return "folder" if entry.folder else "trash-2"
    signs = {"undo": "archive-restore", "different": "equal-not", "keep-all": "images", "forget": "rotate-ccw"}
    return signs.get(entry.kind, "history")


def title(entry: Entry) -> str:
    """What happened."""
    photos = words.photos(entry.count)
    if entry.kind == "apply":
        return _moved(entry, photos)
    if entry.kind == "undo":
        restored = translate("history", "{0} put back").format(photos)
        return restored if entry.count else translate("history", "No photo was put back")
    return {
        "different": translate("history", "Said “different”: {0}"),
        "keep-all": translate("history", "Said “keep all”: {0}"),
        "forget": translate("history", "Forgot what was said of {0}"),
    }.get(entry.kind, "{0}").format(photos)


def _moved(entry: Entry, photos: str) -> str:
    if not entry.count:
        return translate("history", "No photo was moved")
    if entry.again:
        return translate("history", "{0} moved away again").format(photos)
    if entry.folder:
        return translate("history", "{0} moved to a folder").format(photos)
    return translate("history", "{0} moved to the trash").format(photos)


def sentence(entry: Entry) -> str:
    """What became of it, or the most useful fact about it."""
    if entry.kind == "apply":
        return _of_move(entry)
    if entry.kind == "undo":
        if entry.left:
            return translate("history", "{0} could not be put back").format(words.photos(len(entry.left)))
        return translate("history", "names, dates and places as before")
    if entry.undone:
        return translate("history", "taken back")
    return {
        "different": translate("history", "remembered, also after a new scan"),
        "keep-all": translate("history", "remembered until another copy turns up"),
    }.get(entry.kind, "")


def _of_move(entry: Entry) -> str:
    if entry.undone:
        when = entry.taken_back
        if when is None:
            return translate("history", "taken back")
        return translate("history", "taken back at {0}").format(_beside(when, entry.when))
    if entry.stuck:
        return _stuck(entry)
    parts = [translate("history", "from {0}").format(origin(entry))] if entry.folders else []
    if entry.companions:
        parts.append(translate("history", "with {0}").format(companions(entry.companions)))
    if entry.left:
        parts.append(translate("history", "{0} stayed in place").format(words.photos(len(entry.left))))
    return ", ".join(parts)


def _stuck(entry: Entry) -> str:
    first, count = entry.stuck[0], words.photos(len(entry.stuck))
    if first.trouble:
        return translate("history", "{0} could not be put back: {1}").format(count, first.trouble)
    return translate("history", "{0} cannot be put back: {1}").format(count, lost(entry))


def lost(entry: Entry) -> str:
    """Why a photo that was moved away cannot come back."""
    if entry.folder:
        return translate("history", "no longer in the folder")
    return translate("history", "no longer in the trash")


def companions(count: int) -> str:
    """So many companions."""
    return translate("history", "1 companion") if count == 1 else translate("history", "%Ln companions", "", count)


def origin(entry: Entry) -> str:
    """The folder that most of the photos came from, and how many others."""
    if not entry.folders:
        return ""
    first = names.short_path(entry.folders.most_common(1)[0][0])
    others = len(entry.folders) - 1
    if not others:
        return first
    more = translate("history", "1 more folder") if others == 1 else translate("history", "%Ln more folders", "", others)
    return translate("history", "{0} and {1}").format(first, more)


def place(entry: Entry) -> str:
    """Where the photos went."""
    return names.shown(entry.folder) if entry.folder else translate("history", "System trash")


def button(entry: Entry) -> str:
    """Text of the button in its row, or nothing."""
    if entry.way == "forget":
        return translate("history", "Forget")
    if entry.way != "restore":
        return ""
    able = len(entry.away) - len(entry.stuck)
    if not able:
        return translate("history", "Try again")
    if able == entry.count:
        return translate("history", "Restore")
    return translate("history", "Restore {0}").format(words.number(able))


def fate(entry: Entry) -> str:
    """What stands where the button would be."""
    if entry.way:
        return ""
    if entry.undone:
        return translate("history", "moved again") if entry.kind == "undo" else translate("history", "taken back")
    return translate("history", "done") if entry.count else ""


def clock(when: QDateTime) -> str:
    """Time of day, short."""
    return QLocale().toString(when.time(), SHORT)


def day(when: QDate, today: QDate) -> str:
    """Heading of a day: today, yesterday, or its date; the year only where it is another."""
    if when == today:
        return translate("history", "Today")
    if when == today.addDays(-1):
        return translate("history", "Yesterday")
    form = QLocale().dateFormat(QLocale.FormatType.LongFormat)
    for weekday in ("dddd, ", "dddd ", ", dddd", "dddd"):
        form = form.replace(weekday, "")
    if when.year() == today.year():
        for year in (", yyyy", " yyyy", "yyyy"):
            form = form.replace(year, "")
    return QLocale().toString(when, form.strip())


def moment(when: QDateTime) -> str:
    """Day and time of day: ``Today, 14:20``."""
    return translate("history", "{0}, {1}").format(day(when.date(), QDate.currentDate()), clock(when))


def _beside(when: QDateTime, than: QDateTime) -> str:
    """A time of day, with its date when it is another day than `than`."""
    return clock(when) if when.date() == than.date() else QLocale().toString(when, SHORT)
