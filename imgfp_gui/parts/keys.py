"""The keys of commands as they are printed on buttons."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence

from imgfp_gui.commands import COMMANDS, Command, shortcuts_of


def key_of(command: str) -> str:
    """The first key of a command id as the user's system writes it; "" when it has none. Raises KeyError for an unknown id."""
    keys = shortcuts_of(_by_id()[command])
    if keys and keys[0] == QKeySequence(Qt.Key.Key_Return):
        return QCoreApplication.translate("keys", "Enter")  # both keys do it, and this is what stands on most keyboards
    return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


@cache
def _by_id() -> dict[str, Command]:
    return {command.id: command for command in COMMANDS}
