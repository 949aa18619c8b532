"""One table of everything the user can do: text, tip, keys, icon and where the keys act.

Menus, toolbar, cheat sheet and docs/keyboard.md are made from it. A shortcut that is not in the table does not exist.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcutEvent

CONTEXT = "commands"
WINDOW, REVIEW, SCANNING = "window", "review", "scanning"
"""Where keys act: anywhere in the window; where clusters and photos are looked at; there and on the page of a running scan.

Letters belong to `REVIEW`, so that typing in a field never marks a photo.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command. text, tip: English, translated when the action is made. keys: portable key names, the first one is shown.

    menu: name of its menu, or empty. icon: name of an SVG, or empty. number: of the photo it is for, put into text and tip.
    """

    id: str
    menu: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    scope: str = WINDOW
    checkable: bool = False
    number: int = 0


MENUS: dict[str, str] = {
    "library": QT_TRANSLATE_NOOP("commands", "&Library"),
    "review": QT_TRANSLATE_NOOP("commands", "&Review"),
    "view": QT_TRANSLATE_NOOP("commands", "&View"),
    "help": QT_TRANSLATE_NOOP("commands", "&Help"),
}

MENU_BREAKS = frozenset(
    {"scan.rescan", "history.show", "app.preferences", "app.quit", "cluster.next", "verdict.keep", "cluster.accept"}
    | {"actions.apply", "view.fit", "view.swap", "queue.filter", "line.up", "view.panels", "help.report"}
)
"""Commands that begin a new group in their menu."""

# Two lines a command read better than nine.
# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("folder.add", "library", QT_TRANSLATE_NOOP("commands", "Add folder…"),
            QT_TRANSLATE_NOOP("commands", "Choose a folder with photos"), ("Ctrl+O",), "folder-plus"),
    Command("folder.close", "library", QT_TRANSLATE_NOOP("commands", "Close library"),
            QT_TRANSLATE_NOOP("commands", "Go back to the start; everything you decided stays stored"), ("Ctrl+W",)),
    Command("scan.rescan", "library", QT_TRANSLATE_NOOP("commands", "Rescan"),
            QT_TRANSLATE_NOOP("commands", "Look for what changed in the folders"), ("F5",), "refresh-cw"),
    Command("scan.pause", "library", QT_TRANSLATE_NOOP("commands", "Pause"),
            QT_TRANSLATE_NOOP("commands", "Let the scan wait, or go on"), ("Ctrl+P",), "pause", checkable=True),
    Command("scan.stop", "library", QT_TRANSLATE_NOOP("commands", "Stop"),
            QT_TRANSLATE_NOOP("commands", "End the scan; what was read stays stored"), ("Ctrl+.",), "square"),
    Command("history.show", "library", QT_TRANSLATE_NOOP("commands", "History"),
            QT_TRANSLATE_NOOP("commands", "What was moved and decided, and the way back"), ("Ctrl+H",), "history", WINDOW, True),
    Command("problems.show", "library", QT_TRANSLATE_NOOP("commands", "Problems"),
            QT_TRANSLATE_NOOP("commands", "Files that could not be read"), ("Ctrl+E",), "triangle-alert", WINDOW, True),
    Command("statistics.show", "library", QT_TRANSLATE_NOOP("commands", "Reading times…"),
            QT_TRANSLATE_NOOP("commands", "What took how long when the photos were read, and what was left out")),
    Command("app.preferences", "library", QT_TRANSLATE_NOOP("commands", "Preferences…"),
            QT_TRANSLATE_NOOP("commands", "Theme, surround and where photos go"), ("Ctrl+,",), "settings"),
    Command("app.quit", "library", QT_TRANSLATE_NOOP("commands", "Quit"),
            QT_TRANSLATE_NOOP("commands", "Close the window; what was read and decided stays stored"), ("Ctrl+Q",)),

    Command("review.start", "review", QT_TRANSLATE_NOOP("commands", "Start reviewing"),
            QT_TRANSLATE_NOOP("commands", "Look at the first clusters while reading goes on"), ("Return", "Enter"), "", SCANNING),
    Command("cluster.next", "review", QT_TRANSLATE_NOOP("commands", "Next cluster"),
            QT_TRANSLATE_NOOP("commands", "Show the next cluster"), ("Down",), "", REVIEW),
    Command("cluster.previous", "review", QT_TRANSLATE_NOOP("commands", "Previous cluster"),
            QT_TRANSLATE_NOOP("commands", "Show the cluster before"), ("Up",), "", REVIEW),
    Command("photo.next", "review", QT_TRANSLATE_NOOP("commands", "Next photo"),
            QT_TRANSLATE_NOOP("commands", "Select the next photo of the cluster"), ("Right",), "", REVIEW),
    Command("photo.previous", "review", QT_TRANSLATE_NOOP("commands", "Previous photo"),
            QT_TRANSLATE_NOOP("commands", "Select the photo before"), ("Left",), "", REVIEW),
    *(Command(f"photo.{number}", "", QT_TRANSLATE_NOOP("commands", "Photo {0}"),
              QT_TRANSLATE_NOOP("commands", "Select photo {0} of the cluster"), (str(number),), "", REVIEW, number=number)
      for number in range(1, 10)),
    Command("verdict.keep", "review", QT_TRANSLATE_NOOP("commands", "Keep"),
            QT_TRANSLATE_NOOP("commands", "Keep the selected photo"), ("P",), "", REVIEW),
    Command("verdict.trash", "review", QT_TRANSLATE_NOOP("commands", "Mark for trash"),
            QT_TRANSLATE_NOOP("commands", "Mark the selected photo for the trash; nothing moves yet"), ("X", "Del"), "", REVIEW),
    Command("verdict.undecided", "review", QT_TRANSLATE_NOOP("commands", "Undecided"),
            QT_TRANSLATE_NOOP("commands", "Leave the selected photo undecided"), ("U",), "", REVIEW),
    Command("verdict.keep_this", "review", QT_TRANSLATE_NOOP("commands", "Keep this, trash the rest"),
            QT_TRANSLATE_NOOP("commands", "Keep the selected photo, mark the others for the trash, and go on"),
            ("Shift+P",), "", REVIEW),
    Command("verdict.back", "review", QT_TRANSLATE_NOOP("commands", "Back one decision"),
            QT_TRANSLATE_NOOP("commands", "Take the latest decision back and show its cluster"), ("Backspace",), "", REVIEW),
    Command("cluster.accept", "review", QT_TRANSLATE_NOOP("commands", "Accept, next"),
            QT_TRANSLATE_NOOP("commands", "Accept what is proposed and go to the next cluster"), ("Return", "Enter"), "", REVIEW),
    Command("cluster.accept_all", "review", QT_TRANSLATE_NOOP("commands", "Accept all proposals"),
            QT_TRANSLATE_NOOP("commands", "Accept what is proposed for every cluster in the list; nothing moves yet")),
    Command("cluster.different", "review", QT_TRANSLATE_NOOP("commands", "All different"),
            QT_TRANSLATE_NOOP("commands", "These are different photos: keep them all and remember it"), ("K",), "", REVIEW),
    Command("cluster.keep_all", "review", QT_TRANSLATE_NOOP("commands", "Keep all"),
            QT_TRANSLATE_NOOP("commands", "Keep every photo of the cluster and remember it"), ("Shift+K",), "", REVIEW),
    Command("cluster.aside", "review", QT_TRANSLATE_NOOP("commands", "Set aside"),
            QT_TRANSLATE_NOOP("commands", "Leave the cluster for later"), ("S",), "", REVIEW),
    Command("actions.apply", "review", QT_TRANSLATE_NOOP("commands", "Apply…"),
            QT_TRANSLATE_NOOP("commands", "Move the photos marked for the trash, after a summary; it can be undone"),
            ("Ctrl+Return", "Ctrl+Enter"), "trash-2"),
    Command("actions.undo", "review", QT_TRANSLATE_NOOP("commands", "Undo"),
            QT_TRANSLATE_NOOP("commands", "Take back what was decided or moved last"), ("Ctrl+Z",), "undo-2"),
    Command("actions.redo", "review", QT_TRANSLATE_NOOP("commands", "Redo"),
            QT_TRANSLATE_NOOP("commands", "Do again what was taken back last"), ("Ctrl+Shift+Z",), "redo-2"),

    Command("view.grid", "view", QT_TRANSLATE_NOOP("commands", "Grid"),
            QT_TRANSLATE_NOOP("commands", "All photos of the cluster, as large as fits"), ("G",), "layout-grid", REVIEW, True),
    Command("view.side", "view", QT_TRANSLATE_NOOP("commands", "Side"),
            QT_TRANSLATE_NOOP("commands", "Two to four photos side by side, zoomed together"), ("C",), "columns-2", REVIEW, True),
    Command("view.fit", "view", QT_TRANSLATE_NOOP("commands", "Fit or 1:1"),
            QT_TRANSLATE_NOOP("commands", "Change between the whole photo and its own pixels"), ("Z",), "", REVIEW),
    Command("view.one", "view", QT_TRANSLATE_NOOP("commands", "1:1"),
            QT_TRANSLATE_NOOP("commands", "One pixel of the photo on one pixel of the screen"), (), "", REVIEW),
    Command("view.two", "view", QT_TRANSLATE_NOOP("commands", "2:1"),
            QT_TRANSLATE_NOOP("commands", "One pixel of the photo on four pixels of the screen"), ("Shift+Z",), "", REVIEW),
    Command("view.zoom_in", "view", QT_TRANSLATE_NOOP("commands", "Zoom in"),
            QT_TRANSLATE_NOOP("commands", "See the photos larger"), ("+", "="), "zoom-in", REVIEW),
    Command("view.zoom_out", "view", QT_TRANSLATE_NOOP("commands", "Zoom out"),
            QT_TRANSLATE_NOOP("commands", "See more of the photos"), ("-",), "zoom-out", REVIEW),
    Command("view.swap", "view", QT_TRANSLATE_NOOP("commands", "Swap A and B"),
            QT_TRANSLATE_NOOP("commands", "Let the first two photos change places"), ("A",), "arrow-left-right", REVIEW),
    Command("view.panes", "view", QT_TRANSLATE_NOOP("commands", "Two, three or four photos"),
            QT_TRANSLATE_NOOP("commands", "Show one photo more side by side; after four, two again"), (), "", REVIEW),
    Command("view.surround", "view", QT_TRANSLATE_NOOP("commands", "Surround"),
            QT_TRANSLATE_NOOP("commands", "Another grey behind the photos"), ("L",), "", REVIEW),
    Command("view.info", "view", QT_TRANSLATE_NOOP("commands", "Information over the photo"),
            QT_TRANSLATE_NOOP("commands", "Show camera, exposure and place over the photos"), ("I",), "info", REVIEW, True),
    Command("queue.filter", "view", QT_TRANSLATE_NOOP("commands", "Filter clusters"),
            QT_TRANSLATE_NOOP("commands", "Type part of a name or a folder to see only those clusters"), ("Ctrl+F",), "search"),
    Command("line.up", "view", QT_TRANSLATE_NOOP("commands", "Stricter"),
            QT_TRANSLATE_NOOP("commands", "Raise the line by half a percent"), ("]",), "", REVIEW),
    Command("line.down", "view", QT_TRANSLATE_NOOP("commands", "Looser"),
            QT_TRANSLATE_NOOP("commands", "Lower the line by half a percent"), ("[",), "", REVIEW),
    Command("line.up_far", "view", QT_TRANSLATE_NOOP("commands", "Much stricter"),
            QT_TRANSLATE_NOOP("commands", "Raise the line by two percent"), ("Shift+]", "}"), "", REVIEW),
    Command("line.down_far", "view", QT_TRANSLATE_NOOP("commands", "Much looser"),
            QT_TRANSLATE_NOOP("commands", "Lower the line by two percent"), ("Shift+[", "{"), "", REVIEW),
    Command("view.panels", "view", QT_TRANSLATE_NOOP("commands", "Panels"),
            QT_TRANSLATE_NOOP("commands", "Show or hide what stands beside the photos"), ("F9",), "", WINDOW, True),
    Command("view.full_screen", "view", QT_TRANSLATE_NOOP("commands", "Full screen"),
            QT_TRANSLATE_NOOP("commands", "Use the whole screen, or go back to the window"), ("F11",), "maximize", WINDOW, True),

    Command("help.keys", "help", QT_TRANSLATE_NOOP("commands", "All keys"),
            QT_TRANSLATE_NOOP("commands", "Every command with its keys"), ("F1",), "keyboard"),
    Command("app.menu", "", QT_TRANSLATE_NOOP("commands", "Menu"),
            QT_TRANSLATE_NOOP("commands", "Everything the program can do"), ("F10",), "menu"),
    Command("help.report", "help", QT_TRANSLATE_NOOP("commands", "Report a problem…"),
            QT_TRANSLATE_NOOP("commands", "Facts about this program to copy; nothing is sent"), ()),
    Command("help.about", "help", QT_TRANSLATE_NOOP("commands", "About imgfp"),
            QT_TRANSLATE_NOOP("commands", "Version, and the licences of what is used"), (), "info"),
)
# fmt: on

STANDARD: dict[str, QKeySequence.StandardKey] = {
    "folder.add": QKeySequence.StandardKey.Open,
    "folder.close": QKeySequence.StandardKey.Close,
    "scan.rescan": QKeySequence.StandardKey.Refresh,
    "app.preferences": QKeySequence.StandardKey.Preferences,
    "app.quit": QKeySequence.StandardKey.Quit,
    "actions.undo": QKeySequence.StandardKey.Undo,
    "actions.redo": QKeySequence.StandardKey.Redo,
    "view.zoom_in": QKeySequence.StandardKey.ZoomIn,
    "view.zoom_out": QKeySequence.StandardKey.ZoomOut,
    "view.full_screen": QKeySequence.StandardKey.FullScreen,
    "queue.filter": QKeySequence.StandardKey.Find,
    "help.keys": QKeySequence.StandardKey.HelpContents,
}
"""Commands for which the user's system has keys of its own; they work beside those of the table."""


def translated(text: str) -> str:
    """A text of the table in the user's language."""
    return QCoreApplication.translate(CONTEXT, text)


def shortcuts_of(command: Command) -> list[QKeySequence]:
    """The keys of a command on this system, the first one is shown. Left and right go the way that is seen."""
    keys = [QKeySequence.fromString(_seen(key)) for key in command.keys]
    if sys.platform != "darwin":  # there both keys are labelled alike; on other keyboards both are called Enter
        keys.sort(key=lambda key: "Return" in key.toString())
    given = QKeySequence.keyBindings(STANDARD[command.id]) if command.id in STANDARD else []
    return keys + [key for key in given if key not in keys and not key.isEmpty()]


def _seen(key: str) -> str:
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        return {"Left": "Right", "Right": "Left"}.get(key, key)
    return key


class CommandAction(QAction):
    """An action with several keys that one press may mean at once: on some keyboards ``}`` is ``Shift+]``.

    Qt calls that ambiguous and does nothing. No key has two meanings in one place (a test holds that), so it is ours.
    """

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():
            self.trigger()
            return True
        return super().event(event)


def make_action(command: Command, parent: QObject) -> QAction:
    """The QAction of a command, with objectName ``command.<id>``. Its keys act where it is added; the window sets its icon."""
    action = CommandAction(translated(command.text).format(command.number), parent)
    action.setObjectName(f"command.{command.id}")
    action.setProperty("icon.name", command.icon)
    action.setShortcuts(shortcuts_of(command))
    action.setCheckable(command.checkable)
    if command.scope != WINDOW:
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    tip = translated(command.tip).format(command.number)
    shown = keys_shown(action)
    action.setToolTip(f"{tip} ({shown})" if shown else tip)
    action.setStatusTip(tip)
    return action


def keys_shown(action: QAction) -> str:
    """The first keys of an action as they are printed on the user's keyboard, or nothing."""
    return printed(action.shortcut())


def printed(keys: QKeySequence) -> str:
    """Keys as they are printed on the keyboards of the user's system."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def keyboard_page() -> str:
    """The text of docs/keyboard.md: every command with its id and keys."""
    rows = []
    for command in COMMANDS:
        keys = " · ".join(f"`{key}`" for key in command.keys)
        text, tip = (part.format(command.number) for part in (command.text, command.tip))
        rows.append(f"| `{command.id}` | {text.removesuffix('…')} | {keys} | {tip} |")
    return "\n".join(
        [
            "# Commands and keys",
            "",
            "Made from `imgfp_gui/commands.py`. Letters, digits, arrows and Enter act while clusters or photos have the",
            "keyboard, not while you type in a field. Keys that your system has for undo, zoom, closing and the like work too.",
            "",
            "| Id | Text | Keys | Does |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
