"""What is said when there is nothing to review. Each answer is a heading and a sentence; every number in them was counted."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from engine.records import FileView
from imgfp_gui.models import moments, names, words
from imgfp_gui.models.scan_story import Story

WELL_BELOW = 0.05  # as far below the line as an edited copy is usually above it


translate = QCoreApplication.translate


def no_duplicates(photos: int, problems: int, line: float) -> tuple[str, str]:
    """All photos were compared. photos: all pictures, those of which only a part could be read included."""
    said = translate("empty", "All {0} were read and compared.").format(words.photos(photos))
    if problems:
        said = translate("empty", "{0} were read and compared; {1}.").format(words.photos(photos), _not_read(problems))
    alike = translate("empty", "No two are more alike than the line at {0}.").format(_percent(line))
    return translate("empty", "No duplicates found"), f"{said} {alike}"


def one_photo() -> tuple[str, str]:
    """There is nothing to compare it with."""
    return translate("empty", "One photo found"), translate(
        "empty", "There is no other to compare it with. Add a folder that may hold copies of it."
    )


def no_photos(files: int) -> tuple[str, str]:
    """Not one picture. files: files of other kinds that were met."""
    if files:
        said = translate("empty", "{0} looked at: no photo.").format(words.files(files))
    else:
        said = translate("empty", "The folder is empty, or everything in it is hidden.")
    return translate(
        "empty", "No photos found"
    ), f"{said} {translate('empty', 'Perhaps they lie in another folder, or on a disk that is not connected.')}"


def unreadable(problems: int) -> tuple[str, str]:
    """There are photos, but none that could be read."""
    said = translate("empty", "{0} could not be read. The list says for each what happened and what may help.").format(
        words.files(problems)
    )
    return translate("empty", "No photo could be read"), said


def stopped(story: Story, line: float) -> tuple[str, str]:
    """The scan was ended before everything was read."""
    title = translate("empty", "Stopped before the end")
    if story.total is None or not story.read:
        return title, translate("empty", "No photo was read yet. You can go on whenever you like.")
    read = translate("empty", "{0} of {1} were read, and no two of them are more alike than the line at {2}.")
    said = read.format(words.number(story.read), words.files(story.total), _percent(line))
    return title, f"{said} {translate('empty', 'What was read stays stored: going on takes up where it was.')}"


def closeness(score: float, line: float) -> str:
    """How alike two photos below the line are."""
    said = (
        translate("empty", "{0}, well below the line")
        if line - score >= WELL_BELOW
        else translate("empty", "{0}, just below the line")
    )
    return said.format(words.percent_fine(score))


def caption(file: FileView) -> str:
    """Name and day of a photo."""
    taken = moments.from_camera(file.taken)
    day = QLocale().toString(taken.date(), QLocale.FormatType.LongFormat) if taken else ""
    return " · ".join(part for part in (names.base(file.path_bytes), day) if part)


def look_at_problems(problems: int) -> str:
    """The words on the button to their page."""
    return translate("empty", "Look at {0}").format(words.problems(problems))


def _not_read(problems: int) -> str:
    return translate("empty", "{0} could not be read, or not wholly").format(words.files(problems))


def _percent(line: float) -> str:
    return words.percent_fine(line)
