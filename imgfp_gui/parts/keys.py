"""Commands on buttons of a view: their words and keys as the table has them, without taking the keys a second time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from imgfp_gui.commands import COMMANDS, Command, make_action, shortcuts_of


def key_of(command: str) -> str:
    """The first key of a command id as the user's system writes it; "" when it has none. Raises KeyError for an unknown id."""
    keys = shortcuts_of(_by_id()[command])
    if keys and keys[0] == QKeySequence(Qt.Key.Key_Return):
        return QCoreApplication.translate("keys", "Enter")  # both keys do it, and this is what stands on most keyboards
    return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


def button_action(command: str, work: Callable[[], object], parent: QObject) -> QAction:
    """An action that says what the command says and does `work`; it belongs to a button alone, so that its keys stay idle."""
    action = make_action(_by_id()[command], parent)
    action.setObjectName("")
    action.triggered.connect(lambda _=False: work())
    return action


@cache
def _by_id() -> dict[str, Command]:
    return {command.id: command for command in COMMANDS}
