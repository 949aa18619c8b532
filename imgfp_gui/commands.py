"""One table of everything the user can do: text, tip and keys. Menus, toolbar and docs/keyboard.md are made from it.

A shortcut that is not in the table does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence

CONTEXT = "commands"


@dataclass(frozen=True, slots=True)
class Command:
    """A command. text, tip: English, translated when the action is made. keys: portable key names, the first one is shown."""

    id: str
    menu: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    checkable: bool = False


MENUS: dict[str, str] = {
    "library": QT_TRANSLATE_NOOP("commands", "&Library"),
    "review": QT_TRANSLATE_NOOP("commands", "&Review"),
    "view": QT_TRANSLATE_NOOP("commands", "&View"),
}

COMMANDS: tuple[Command, ...] = (
    Command(
        "folder.add",
        "library",
        QT_TRANSLATE_NOOP("commands", "Add folder…"),
        QT_TRANSLATE_NOOP("commands", "Choose a folder with photos"),
        ("Ctrl+O",),
    ),
    Command(
        "scan.rescan",
        "library",
        QT_TRANSLATE_NOOP("commands", "Rescan"),
        QT_TRANSLATE_NOOP("commands", "Look for what changed in the folders"),
        ("F5",),
    ),
    Command(
        "scan.pause",
        "library",
        QT_TRANSLATE_NOOP("commands", "Pause"),
        QT_TRANSLATE_NOOP("commands", "Let the scan wait, or go on"),
        ("Ctrl+P",),
        checkable=True,
    ),
    Command(
        "scan.stop",
        "library",
        QT_TRANSLATE_NOOP("commands", "Stop"),
        QT_TRANSLATE_NOOP("commands", "End the scan; what was read stays stored"),
        ("Ctrl+.",),
    ),
    Command(
        "cluster.next",
        "review",
        QT_TRANSLATE_NOOP("commands", "Next cluster"),
        QT_TRANSLATE_NOOP("commands", "Show the next cluster"),
        ("Ctrl+Down",),
    ),
    Command(
        "cluster.previous",
        "review",
        QT_TRANSLATE_NOOP("commands", "Previous cluster"),
        QT_TRANSLATE_NOOP("commands", "Show the cluster before"),
        ("Ctrl+Up",),
    ),
    Command(
        "photo.next",
        "review",
        QT_TRANSLATE_NOOP("commands", "Next photo"),
        QT_TRANSLATE_NOOP("commands", "Select the next photo of the cluster"),
        ("Ctrl+Right",),
    ),
    Command(
        "photo.previous",
        "review",
        QT_TRANSLATE_NOOP("commands", "Previous photo"),
        QT_TRANSLATE_NOOP("commands", "Select the photo before"),
        ("Ctrl+Left",),
    ),
    Command(
        "line.up",
        "review",
        QT_TRANSLATE_NOOP("commands", "Stricter"),
        QT_TRANSLATE_NOOP("commands", "Raise the line by half a percent"),
        ("]",),
    ),
    Command(
        "line.down",
        "review",
        QT_TRANSLATE_NOOP("commands", "Looser"),
        QT_TRANSLATE_NOOP("commands", "Lower the line by half a percent"),
        ("[",),
    ),
    Command(
        "actions.apply",
        "review",
        QT_TRANSLATE_NOOP("commands", "Move to trash…"),
        QT_TRANSLATE_NOOP("commands", "Move the photos marked for trash, after a summary; it can be undone"),
        ("Ctrl+Return",),
    ),
    Command(
        "actions.undo",
        "review",
        QT_TRANSLATE_NOOP("commands", "Undo"),
        QT_TRANSLATE_NOOP("commands", "Put back what was moved last"),
        ("Ctrl+Z",),
    ),
    Command(
        "problems.show",
        "view",
        QT_TRANSLATE_NOOP("commands", "Problems"),
        QT_TRANSLATE_NOOP("commands", "Show the files that could not be read"),
        ("Ctrl+E",),
        checkable=True,
    ),
)


def translated(text: str) -> str:
    """A text of the table in the user's language."""
    return QCoreApplication.translate(CONTEXT, text)


def make_action(command: Command, parent: QObject) -> QAction:
    """The QAction of a command, with objectName ``command.<id>``."""
    action = QAction(translated(command.text), parent)
    action.setObjectName(f"command.{command.id}")
    action.setShortcuts([QKeySequence.fromString(key) for key in command.keys])
    action.setCheckable(command.checkable)
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = translated(command.tip)
    action.setToolTip(f"{tip} ({shown})" if shown else tip)
    return action


def keyboard_page() -> str:
    """The text of docs/keyboard.md: every command with its id and keys."""
    head = (
        "# Commands and keys",
        "",
        "Made from `imgfp_gui/commands.py`.",
        "",
        "| Id | Text | Keys | Does |",
        "|---|---|---|---|",
    )
    rows = []
    for command in COMMANDS:
        keys = " · ".join(f"`{key}`" for key in command.keys)
        rows.append(f"| `{command.id}` | {command.text.removesuffix('…')} | {keys} | {command.tip} |")
    return "\n".join([*head, "|---|---|---|---|", *rows, ""])
