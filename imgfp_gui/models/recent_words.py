"""A library of before in words: its name, where it lies, what is left to decide, and when it was open."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QStandardPaths

from imgfp_gui.models import names, words
from imgfp_gui.models.history_words import day
from imgfp_gui.models.recent_file import Recent


def name(library: Recent) -> str:
    """The names of its folders."""
    return ", ".join(_last(folder) for folder in library.folders)


def place(library: Recent, *, missing: bool) -> str:
    """Where its first folder lies, how many more there are, and whether a disk is missing."""
    text = _short(library.folders[0])
    more = len(library.folders) - 1
    if more == 1:
        text = QCoreApplication.translate("recent", "{0} and 1 more folder").format(text)
    elif more:
        text = QCoreApplication.translate("recent", "{0} and {1} more folders").format(text, words.number(more))
    return QCoreApplication.translate("recent", "{0} (not connected)").format(text) if missing else text


def left(library: Recent) -> str:
    """How many clusters are to be decided."""
    if library.undecided is None:
        return QCoreApplication.translate("recent", "not read to the end")
    if library.undecided == 0:
        return QCoreApplication.translate("recent", "nothing undecided")
    return QCoreApplication.translate("recent", "{0} undecided").format(words.clusters(library.undecided))


def when(library: Recent, now: QDateTime) -> str:
    """Day and, for today and yesterday, the time; empty when unknown."""
    if not library.when.isValid():
        return ""
    said = day(library.when.date(), now.date())
    if library.when.date().daysTo(now.date()) > 1:
        return said
    time = QLocale().toString(library.when.time(), QLocale.FormatType.ShortFormat)
    return QCoreApplication.translate("recent", "{0}, {1}").format(said, time)


def sentence(library: Recent, *, missing: bool, now: QDateTime) -> str:
    """All of it, for screen readers and tooltips."""
    return ", ".join(part for part in (name(library), place(library, missing=missing), left(library), when(library, now)) if part)


def _last(folder: str) -> str:
    return names.shown(folder.rstrip("/").rsplit("/", 1)[-1] or folder)


def _short(folder: str) -> str:
    """A path without the user's own folder before it."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation).rstrip("/") + "/"
    inside = folder.removeprefix(home)
    return names.shown(inside if inside and inside != folder else folder)
