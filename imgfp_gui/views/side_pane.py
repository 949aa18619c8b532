"""A pane of the right side: a heading that folds its body, and remembers it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QStyle, QToolButton, QVBoxLayout, QWidget

from imgfp_gui.parts.fold_heading import FoldHeading
from imgfp_gui.preferences import Preferences


def align(label: QLabel, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> QLabel:
    """Text at the leading (AlignLeft) or trailing (AlignRight) edge as the window reads, not as the text itself does: a number or
    a name has no direction that could tell."""
    seen = QStyle.visualAlignment(label.layoutDirection(), side)
    label.setAlignment(seen | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
    return label


class SidePane(QFrame):
    """`heading` above `body`; whoever makes one gives the heading its title."""

    def __init__(
        self, name: str, preferences: Preferences, folded: str, parent: QWidget | None = None, *, line: bool = True
    ) -> None:
        """name: objectName. folded: preference that keeps whether it is folded. line: a hairline above, for all but the first
        pane of the column."""
        super().__init__(parent)
        self.setObjectName(name)
        self.preferences = preferences
        self.body = QWidget()
        self.heading = FoldHeading("", self.body, line=line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self.body)
        self.heading.fold(bool(preferences.get(folded)))
        self.heading.folded.connect(lambda now: preferences.set(folded, now))

    def unfold(self) -> None:
        """Show the body."""
        self.heading.fold(False)

    def take_keyboard(self) -> None:
        """The keyboard goes to the heading, the first stop of the pane."""
        title = self.heading.findChild(QToolButton)
        if title is not None:
            title.setFocus(Qt.FocusReason.TabFocusReason)
