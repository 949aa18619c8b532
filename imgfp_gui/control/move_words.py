"""What is said of a move or a way back: while it can still be undone, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

GOOD = ("moved", "restored")
translate = QCoreApplication.translate


def moving(photos: int, *, to_folder: bool = False) -> str:
    """A move in a few words, for the menu and the button of undo."""
    if to_folder:
        one = translate("acting", "move 1 photo to a folder")
        return one if photos == 1 else translate("acting", "move %Ln photos to a folder", "", photos)
    one = translate("acting", "move 1 photo to trash")
    return one if photos == 1 else translate("acting", "move %Ln photos to trash", "", photos)


def told(what: str, results: Sequence[dict[str, Any]], photos: int = 0, *, to_folder: bool = False) -> str:
    """One sentence about a finished ``apply``, ``undo`` or ``redo``. photos: how many went, where all of them did; else 0."""
    if not results:
        return translate("acting", "There was nothing to do.")
    left = [result for result in results if result.get("outcome") not in GOOD]
    done = len(results) - len(left)
    if what == "undo":
        one, many = translate("acting", "1 file put back"), translate("acting", "%Ln files put back", "", done)
        text = one if done == 1 else many
    elif photos and not left:
        text = _went(photos, to_folder=to_folder)
    else:
        one, many = translate("acting", "1 file moved"), translate("acting", "%Ln files moved", "", done)
        text = one if done == 1 else many
    if left:
        one, many = translate("acting", "1 file left alone"), translate("acting", "%Ln files left alone", "", len(left))
        alone = one if len(left) == 1 else many
        text = translate("acting", "{0}; {1}: {2}").format(text, alone, left[0].get("message", ""))
    return text


def _went(photos: int, *, to_folder: bool) -> str:
    if to_folder:
        one = translate("acting", "1 photo moved to a folder")
        return one if photos == 1 else translate("acting", "%Ln photos moved to a folder", "", photos)
    one = translate("acting", "1 photo moved to the trash")
    return one if photos == 1 else translate("acting", "%Ln photos moved to the trash", "", photos)
