"""What is said of a file that gave no picture or only part of one: a sign, a few words, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.records import Problem

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Kind:
    """icon: name of its sign. what, do: a few words for a table, without a full stop."""

    icon: str
    what: str
    do: str


def kind_of(problem: Problem) -> Kind:
    """In the user's language; the same for every file with this code."""
    return _kinds().get(problem.code) or Kind(
        "triangle-alert", translate("problems", "Could not be read"), problem.hint.rstrip(".")
    )


def _kinds() -> dict[str, Kind]:
    copy = translate("problems", "Copy it again from the card or a backup")
    return {
        "decode.empty": Kind("file-warning", translate("problems", "The file is empty"), copy),
        "decode.corrupt": Kind("file-warning", translate("problems", "Damaged inside"), copy),
        "decode.truncated": Kind("file-warning", translate("problems", "The file ends early"), copy),
        "decode.crashed": Kind("file-warning", translate("problems", "Stopped the reading program, twice"), copy),
        "decode.timeout": Kind(
            "clock",
            translate("problems", "Took too long and was stopped"),
            translate("problems", "Open it in another program, or read it again"),
        ),
        "decode.memory": Kind(
            "scaling", translate("problems", "Needs too much memory"), translate("problems", "Save a smaller copy to compare it")
        ),
        "decode.too-large": Kind(
            "scaling", translate("problems", "Too large to be read"), translate("problems", "Save a smaller copy to compare it")
        ),
        "decode.unsupported": Kind(
            "circle-question-mark",
            translate("problems", "A kind of picture that is not read"),
            translate("problems", "Export it as TIFF, PNG or JPEG"),
        ),
        "read.denied": Kind(
            "lock", translate("problems", "No permission to open it"), translate("problems", "Check its permissions")
        ),
        "read.io": Kind(
            "triangle-alert",
            translate("problems", "The disk could not read it"),
            translate("problems", "Check cable and drive, and make a backup"),
        ),
        "read.vanished": Kind(
            "image-off", translate("problems", "Went away during the scan"), translate("problems", "Scan again if you moved it")
        ),
        "read.changed": Kind(
            "refresh-cw",
            translate("problems", "Was being changed during the scan"),
            translate("problems", "Read it again when the other program is done"),
        ),
        "scan.offline": Kind(
            "unlink-2", translate("problems", "Its drive is not connected"), translate("problems", "Connect the drive")
        ),
    }


def title(count: int) -> str:
    """How many files have a problem."""
    if count == 1:
        return translate("problems", "1 file could not be read")
    return translate("problems", "%Ln files could not be read", "", count)
