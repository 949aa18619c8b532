"""Keep or trash for one photo, and why: two toggles and a reason, directly at the photo they belong to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.records import Suggest
from imgfp_gui import theme
from imgfp_gui.models import names, words
from imgfp_gui.parts.elided_label import ElidedLabel
from imgfp_gui.parts.keys import key_of
from imgfp_gui.parts.state_sign import Sign
from imgfp_gui.parts.toggle import DecisionToggle

LEAST_REASON = 64  # logical pixels
WIDEST = (1 << 24) - 1  # what Qt takes for no limit


class Decision(QWidget):
    """The toggles of one photo.

    Signals
    -------
    said(Suggest): the user pressed one; UNDECIDED when it was the pressed one.
    """

    said = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keep = DecisionToggle(Sign.KEEP, words.suggest(Suggest.KEEP), key_of("verdict.keep"))
        self._trash = DecisionToggle(Sign.TRASH, words.suggest(Suggest.REMOVE), key_of("verdict.trash"))
        self._reason = ElidedLabel(Qt.TextElideMode.ElideRight, 0)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.SPACE_S)
        for widget in (self._keep, self._trash, self._reason):
            self._layout.addWidget(widget)
        self._layout.setStretchFactor(self._reason, 1)
        self._suggest = Suggest.UNDECIDED
        self._behind = False
        self._keep.clicked.connect(lambda on: self._say(Suggest.KEEP if on else Suggest.UNDECIDED))
        self._trash.clicked.connect(lambda on: self._say(Suggest.REMOVE if on else Suggest.UNDECIDED))

    @property
    def toggles(self) -> tuple[DecisionToggle, DecisionToggle]:
        """Keep and trash."""
        return self._keep, self._trash

    def show_verdict(self, suggest: Suggest, reason: str, photo: str) -> None:
        """Show what holds, and why. photo: how a screen reader calls the photo."""
        self._suggest = suggest
        self._check()
        undecided = suggest is Suggest.UNDECIDED
        role = "caption" if undecided else "dim"  # what is still to be done is not quiet
        if self._reason.property("role") != role:
            self._reason.setProperty("role", role)
            self._reason.style().polish(self._reason)
        self._reason.set_text(_undecided(reason) if undecided else reason)
        keep, trash = self.tr("Keep {0}").format(photo), self.tr("Mark {0} for trash").format(photo)
        for toggle, does, command in ((self._keep, keep, "verdict.keep"), (self._trash, trash, "verdict.trash")):
            toggle.setAccessibleName(does)
            toggle.setAccessibleDescription(reason)
            said = [f"{does} ({key_of(command)})", *([reason] if toggle.isChecked() and reason else [])]
            toggle.setToolTip("<br>".join(names.tip(line) for line in said))

    def _say(self, suggest: Suggest) -> None:
        """Ask for it; the toggles show what holds, which a refusal leaves as it was."""
        self._check()
        self.said.emit(suggest)

    def _check(self) -> None:
        self._keep.setChecked(self._suggest is Suggest.KEEP)
        self._trash.setChecked(self._suggest is Suggest.REMOVE)

    def width_of(self, *, compact: bool, brief: bool) -> int:
        """Width of the two toggles in this form, in logical pixels."""
        return sum(toggle.width_of(compact=compact, brief=brief) for toggle in self.toggles) + theme.SPACE_S

    def lay(self, *, behind: bool) -> None:
        """behind: in one line with a heading, at its end, the reason first; else under the photo."""
        self._behind = behind
        self._layout.removeWidget(self._reason)
        self._layout.insertWidget(0 if behind else 2, self._reason, 1)

    def set_form(self, *, compact: bool, brief: bool, reason: int) -> None:
        """compact: signs alone, the words in the tooltips. brief: without keys. reason: logical pixels that it may take."""
        for toggle in self.toggles:
            toggle.set_form(compact=compact, brief=brief)
        told = reason >= min(LEAST_REASON, self._reason.sizeHint().width())  # three letters of it say less than none
        self._reason.set_hushed(not told)
        self._reason.setVisible(told or not self._behind)
        self._reason.setMaximumWidth(max(reason, 0) if self._behind else WIDEST)


def _undecided(reason: str) -> str:
    """The word, because no toggle says it, and what is known besides."""
    word = words.suggest(Suggest.UNDECIDED)
    return QCoreApplication.translate("decision", "{0}: {1}").format(word, reason) if reason else word
