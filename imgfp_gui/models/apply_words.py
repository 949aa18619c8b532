"""What the summary before a move says, and what is said when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from engine.records import ApplyCheck, ApplyLeft
from imgfp_gui.models import words

translate = QCoreApplication.translate


def title(photos: int, folder: str) -> str:
    """What would be done. folder: where to, empty for the trash."""
    if folder:
        return translate("apply", "Move {0} to a folder").format(words.photos(photos))
    return translate("apply", "Move {0} to the trash").format(words.photos(photos))


def button(photos: int, folder: str) -> str:
    """The button that does it."""
    if folder:
        return translate("apply", "Move {0}").format(words.photos(photos))
    return translate("apply", "Move {0} to trash").format(words.photos(photos))


def origin(check: ApplyCheck) -> str:
    """From how many clusters, and what the check has shown."""
    if check.clusters == 1:
        return translate("apply", "From 1 cluster. A copy of every photo is kept, and was read again just now.")
    kept = translate("apply", "From {0} clusters. A copy of every photo is kept, and was read again just now.")
    return kept.format(words.number(check.clusters))


def promise(check: ApplyCheck, folder: str) -> str:
    """What becomes of the space, and the way back."""
    size = words.size(check.bytes)
    if folder:
        return translate("apply", "{0} will lie in that folder. Undo brings all of it back.").format(size)
    return translate("apply", "Frees {0} when you empty the trash. Until then, Undo brings all of it back.").format(size)


def left(entries: Sequence[ApplyLeft]) -> str:
    """Why some photos are left alone: the reason when there is one, else that there are several."""
    codes = {entry.code for entry in entries}
    count = words.photos(len(entries))
    if len(codes) > 1:
        return translate("apply", "Left alone: {0}, for different reasons.").format(count)
    return {
        "action.changed": translate("apply", "Left alone: {0} that changed after the scan."),
        "action.last-copy": translate("apply", "Left alone: {0} of which no other copy would be kept."),
        "action.protected": translate("apply", "Left alone: {0} in a protected folder."),
        "action.keeper-gone": translate("apply", "Left alone: {0} whose kept copy is gone or changed."),
        "action.other-volume": translate("apply", "Left alone: {0} on another drive than the folder."),
        "action.no-trash": translate("apply", "Left alone: {0} on a drive without a trash."),
        "action.absent": translate("apply", "Left alone: {0} no longer in their place."),
    }.get(next(iter(codes), ""), translate("apply", "Left alone: {0} that cannot be moved now.")).format(count)


def poorer(entries: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """How many photos know something that the kept one does not."""
    known = {name for _, lacks in entries for name in lacks}
    what = _either([text for name, text in _lacks().items() if name in known])
    if len(entries) == 1:
        return translate("apply", "1 photo has {0} that the kept one has not.").format(what)
    return translate("apply", "{0} have {1} that the kept ones have not.").format(words.photos(len(entries)), what)


def lacks(names: Iterable[str]) -> str:
    """What the kept photo lacks, for the row of one photo."""
    given = set(names)
    what = _either([text for name, text in _lacks().items() if name in given])
    return translate("apply", "has {0}").format(what)


def _lacks() -> dict[str, str]:
    return {
        "rating": translate("apply", "a rating"),
        "keywords": translate("apply", "keywords"),
        "gps": translate("apply", "a location"),
    }


def _either(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return translate("apply", "{0} or {1}").format(", ".join(parts[:-1]), parts[-1])


def ended(moved: int, stayed: int, *, stopped: bool) -> str:
    """Heading when not all went as it was said. moved, stayed: files."""
    if stopped:
        return translate("apply", "Stopped. {0} moved, the others stayed.").format(words.files(moved))
    if not moved:
        return translate("apply", "Nothing was moved")
    return translate("apply", "{0} moved, {1} stayed in place").format(words.files(moved), words.files(stayed))
