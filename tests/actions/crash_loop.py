"""Kills an apply or an undo at every call in turn, each in a process of its own, and looks at what is left.

A program of its own because it forks: run with (trash|trash-by-steps|quarantine) (apply|undo) (before|after) STRIDE.
Prints one line for each call after which something was not as it must be, and how many calls there were.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from engine.actions import primitives
from engine.userdata import UserData
from tests.actions.faults import killing, qt_step_by_step, quick_folder
from tests.actions.scenario import contents_everywhere, empty, fill
from tests.actions.shelf import Shelf

_KILLED, _WHOLE = "killed", "whole"


def _child(shelf: Shelf, kind: str, act: str, at: int, late: bool) -> None:
    faults = killing(at, late=late)
    with faults.at_work():
        if act == "apply":
            shelf.apply(shelf.destination(kind))
        else:
            shelf.undo()


def _in_a_process(shelf: Shelf, kind: str, act: str, at: int, late: bool) -> str:
    child = os.fork()
    if child == 0:
        try:
            _child(shelf, kind, act, at, late)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return _KILLED
    return _WHOLE if os.WEXITSTATUS(status) == 0 else f"error {os.WEXITSTATUS(status)}"


def _one(base: Path, kind: str, act: str, at: int, late: bool) -> tuple[str, str]:
    shelf = fill(base)
    before = shelf.snapshot()
    contents = contents_everywhere(shelf.root)
    if act == "undo":
        shelf.apply(shelf.destination(kind))
    ended = _in_a_process(shelf, kind, act, at, late)
    fault = "" if ended in (_KILLED, _WHOLE) else ended
    if not contents <= contents_everywhere(base):
        fault = "a picture is gone"
    try:
        shelf.undo()
        if shelf.snapshot() != before:
            fault = fault or f"undo is not exact: {sorted(set(shelf.snapshot().items()) ^ set(before.items()), key=str)}"
        with UserData.open(shelf.data) as userdata:
            if userdata.journal.unfinished() or userdata.journal.newest_to_undo():
                fault = fault or "the journal is not in order"
        left = [path for path in (base / "xdg").rglob("*") if path.is_file()]
        left += list((base / "quarantine").glob("*/**/*"))
        if left:
            fault = fault or f"left over: {left}"
    except Exception:
        fault = fault or traceback.format_exc()
    empty(base)
    return ended, fault


def main(kind: str, act: str, when: str, stride: str) -> int:
    """Every call in turn (or every second, third…) until a run comes to its end."""
    from PySide6 import QtCore

    assert QtCore  # loaded once here, not in every child
    if kind == "trash-by-steps":
        primitives.move_to_trash = qt_step_by_step
    way = kind.partition("-")[0]
    faults = 0
    with quick_folder() as base:
        at = 0
        ended = _KILLED
        while ended == _KILLED:
            at += int(stride)
            ended, fault = _one(base, way, act, at, when == "after")
            if fault:
                faults += 1
                print(f"call {at}: {fault}")
    print(f"{at // int(stride) - 1} kills, {faults} faults")
    return 1 if faults or at < 100 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
