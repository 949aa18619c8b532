"""What reading cost, in rows of texts: by step, by kind of file, the slowest files, and what was left out and why."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from engine.records import ReadingStatistics, StageStatistics
from imgfp_gui.models import names, words

translate = QCoreApplication.translate
Row = tuple[str, ...]


def headings() -> Row:
    """Above the columns of steps and kinds."""
    return (
        "",
        translate("reading", "Files"),
        translate("reading", "Usual"),
        translate("reading", "Slow (1 in 20)"),
        translate("reading", "In all"),
    )


def steps(told: ReadingStatistics) -> list[Row]:
    """A row for each step, over all kinds of files, in the order in which they are done."""
    return [_row(_step(one.stage), one) for one in told.stages if not one.format and one.stage != "all"]


def kinds(told: ReadingStatistics) -> list[Row]:
    """A row for each kind of file, all steps together; what took longest in all stands first."""
    whole = [one for one in told.stages if one.format and one.stage == "all"]
    return [_row(one.format.upper(), one) for one in sorted(whole, key=lambda one: -one.total_s)]


def slowest(told: ReadingStatistics, most: int = 10) -> list[Row]:
    """Name, folder and time of the slowest files."""
    return [
        (names.base(one.path), names.short_path(names.folder(one.path)), _milliseconds(one.ms)) for one in told.slowest[:most]
    ]


def left_out(told: ReadingStatistics) -> list[Row]:
    """Why files were left out or gave no picture, and how many."""
    return [(_reason(code), words.number(count)) for code, count in sorted(told.skipped, key=lambda one: -one[1])]


def _row(name: str, one: StageStatistics) -> Row:
    return (name, words.number(one.count), _milliseconds(one.p50_ms), _milliseconds(one.p95_ms), _seconds(one.total_s))


def _milliseconds(value: float) -> str:
    if value >= 1000:
        return _seconds(value / 1000)
    digits = 0 if value >= 10 else 1
    return translate("reading", "{0} ms").format(QLocale().toString(value, "f", digits))


def _seconds(value: float) -> str:
    if value >= 90:
        return translate("reading", "{0} min").format(words.one_decimal(value / 60))
    return translate("reading", "{0} s").format(words.one_decimal(value))


def _step(name: str) -> str:
    return {
        "open": translate("reading", "Open"),
        "metadata": translate("reading", "Facts"),
        "decode": translate("reading", "Decode"),
        "fingerprint": translate("reading", "Fingerprint"),
        "features": translate("reading", "Details"),
        "digest": translate("reading", "Check sums"),
        "quick": translate("reading", "First look"),
    }.get(name, name)


def _reason(code: str) -> str:
    return {
        "scan.not-a-picture": translate("reading", "Not a photo"),
        "scan.companion": translate("reading", "Belongs to a photo and goes with it"),
        "scan.hidden": translate("reading", "Hidden"),
        "scan.link": translate("reading", "A link to elsewhere"),
        "scan.hard-link": translate("reading", "Another name of the same file"),
        "scan.not-regular": translate("reading", "Not a plain file"),
        "scan.offline": translate("reading", "Its disk is not connected"),
        "decode.unsupported": translate("reading", "A format that imgfp does not read"),
        "decode.too-large": translate("reading", "Too large"),
        "decode.empty": translate("reading", "Empty"),
        "decode.corrupt": translate("reading", "Damaged"),
        "decode.truncated": translate("reading", "Cut off"),
        "decode.timeout": translate("reading", "Took too long"),
        "decode.memory": translate("reading", "Needs too much memory"),
        "decode.crashed": translate("reading", "Ended the reader"),
        "read.denied": translate("reading", "May not be opened"),
        "read.io": translate("reading", "The disk reported an error"),
        "read.vanished": translate("reading", "Went away"),
        "read.changed": translate("reading", "Changed while it was read"),
    }.get(code, code)
