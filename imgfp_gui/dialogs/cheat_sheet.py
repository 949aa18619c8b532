"""Every key at one glance, made from the command table."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.commands import COMMANDS, Command, printed, shortcuts_of
from imgfp_gui.dialogs.sheet import Sheet
from imgfp_gui.parts.push import push

WIDTH = 940
MOST_KEYS = 2
BOTH = ("verdict.trash",)  # keys of different kinds; elsewhere the second serves other keyboards
PHOTO_NUMBERS = tuple(f"photo.{number}" for number in range(1, 10))

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (QT_TRANSLATE_NOOP("CheatSheet", "Go"), ("cluster.next", "cluster.previous", "photo.", "review.", "queue.")),
    (QT_TRANSLATE_NOOP("CheatSheet", "Decide"), ("verdict.", "cluster.")),
    (QT_TRANSLATE_NOOP("CheatSheet", "Look"), ("view.",)),
    (QT_TRANSLATE_NOOP("CheatSheet", "How alike"), ("line.",)),
    (QT_TRANSLATE_NOOP("CheatSheet", "Apply and go back"), ("actions.", "history.", "problems.")),
    (QT_TRANSLATE_NOOP("CheatSheet", "Library and program"), ("",)),
)
"""Headings with the beginnings of the ids below them; a command stands under the first that fits."""

COLUMNS = ((0, 1), (2, 3), (4, 5))


class CheatSheet(Sheet):
    """`cheatSheet`. Commands without keys are left out; what cannot be done just now is listed like the rest."""

    def __init__(self, actions: Mapping[str, QAction], window: QWidget) -> None:
        super().__init__(window, WIDTH)
        self.setObjectName("cheatSheet")
        self.setAccessibleName(self.tr("All keys"))
        self._actions = actions
        self.title.setText(self.tr("All keys"))
        self.subtitle.setText(self.tr("Letters and digits act while clusters or photos have the keyboard."))
        self.subtitle.show()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_XXL)
        groups = grouped()
        for column in COLUMNS:
            stack = QVBoxLayout()
            stack.setSpacing(theme.SPACE_L)
            for place in column:
                stack.addLayout(self._group(GROUPS[place][0], groups[place]))
            stack.addStretch()
            row.addLayout(stack, 1)
        self.body.addLayout(row)
        close = push(self.tr("Close"))
        close.clicked.connect(self.accept)
        self.foot.addStretch()
        self.foot.addWidget(close)

    def _group(self, title: str, commands: list[Command]) -> QVBoxLayout:
        heading = QLabel(QCoreApplication.translate("CheatSheet", title))
        heading.setProperty("role", "heading")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_S)
        grid.setVerticalSpacing(theme.SPACE_XS)
        grid.setColumnStretch(0, 1)
        for row, command in enumerate(commands):
            text = QLabel(self._text(command))
            text.setWordWrap(True)
            text.setToolTip(self._actions[command.id].statusTip())
            text.setAccessibleDescription(", ".join(self._keys(command)))
            keys = QHBoxLayout()
            keys.setSpacing(theme.SPACE_XS)
            for key in self._keys(command):
                label = QLabel(key)
                label.setProperty("role", "key")
                keys.addWidget(label)
            grid.addWidget(text, row, 0)
            grid.addLayout(keys, row, 1, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        whole = QVBoxLayout()
        whole.setSpacing(theme.SPACE_S)
        whole.addWidget(heading)
        whole.addLayout(grid)
        return whole

    def _text(self, command: Command) -> str:
        if command.id == PHOTO_NUMBERS[0]:
            return self.tr("Photo by its number")
        return QCoreApplication.translate("commands", command.text).removesuffix("…")

    def _keys(self, command: Command) -> list[str]:
        if command.id == PHOTO_NUMBERS[0]:
            return [self.tr("{0} to {1}").format(1, 9)]
        most = MOST_KEYS if command.id in BOTH else 1
        return [printed(key) for key in shortcuts_of(command)[:most]]


def grouped() -> list[list[Command]]:
    """The commands with keys, a list for each of `GROUPS`. The nine photos by number count as one."""
    made: list[list[Command]] = [[] for _ in GROUPS]
    for command in COMMANDS:
        if not command.keys or command.id in PHOTO_NUMBERS[1:]:
            continue
        place = next(n for n, (_, starts) in enumerate(GROUPS) if any(command.id.startswith(start) for start in starts))
        made[place].append(command)
    return made
