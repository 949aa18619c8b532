"""One line at the bottom: what runs and how far it is, what went wrong, what could be freed, and what can be taken back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from imgfp_gui import theme
from imgfp_gui.commands import keys_shown
from imgfp_gui.parts.button import BarButton

BAR = 120
ROOMY = 900  # below this width the rate and the time left are in the tooltip only


class ActivityBar(QFrame):
    """`activityBar`. Holds texts and buttons; `activity.Activity` says what they are. Numbers keep their place."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activityBar")
        self._stage, self._count, self._rate = QLabel(), QLabel(), QLabel()
        self._freed, self._decided = QLabel(), QLabel()
        for label, name in ((self._stage, "stage"), (self._count, "count"), (self._rate, "rate")):
            label.setObjectName(f"activity.{name}")
        for label, role in ((self._rate, "dim"), (self._decided, "dim")):
            label.setProperty("role", role)
        for label in (self._stage, self._count, self._freed):
            label.setProperty("role", "caption")
        self._freed.setObjectName("activity.freed")
        self._freed.setTextFormat(Qt.TextFormat.RichText)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(BAR)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.hide()
        self._problems = self._button(actions["problems.show"])
        self._undo = self._button(actions["actions.undo"])
        self._undo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._undo.setMinimumWidth(theme.HIT_MIN)
        self._keys = self._button(actions["help.keys"])
        self._key = QLabel(keys_shown(actions["help.keys"]))
        self._key.setProperty("role", "key")
        self._key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._lines = [_line(), _line()]
        self._wide_rate = True
        self._arrange()
        self.show_start(self.tr("No folders yet"))

    def show_start(self, text: str) -> None:
        """Before there is a library: one sentence, and where the keys are listed."""
        self._stage.setText(text)
        self._stage.setProperty("role", "dim")
        self._restyle(self._stage)
        for part in (self._count, self._rate, self._freed, self._decided, self._problems, self._undo, *self._lines, self._bar):
            part.hide()
        self._keys.show()
        self._key.show()

    def show_work(self, stage: str, count: str, rate: str, share: float | None, *, running: bool) -> None:
        """What runs. share: 0..1 of it done, None while its length is not known."""
        if self._keys.isVisibleTo(self):
            self._stage.setProperty("role", "caption")
            self._restyle(self._stage)
            self._keys.hide()
            self._key.hide()
        self._stage.setText(stage)
        self._count.setText(count)
        self._rate.setText(rate)
        self._count.setMinimumWidth(max(self._count.sizeHint().width(), self._count.minimumWidth()) if running else 0)
        self._bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self._bar.setValue(round(1000 * share))
        self._bar.setVisible(running)
        self._stage.setVisible(bool(stage))
        self._count.setVisible(bool(count))
        self._fit()

    def show_problems(self, text: str) -> None:
        """How many; nothing while there is no library."""
        self._problems.setVisible(bool(text))
        self._lines[0].setVisible(bool(text))
        if text:
            self._problems.set_words(text)

    def show_savings(self, freed: str, decided: str) -> None:
        """freed: styled text. decided: what of it is decided already."""
        self._freed.setText(freed)
        self._freed.setVisible(bool(freed))
        self._decided.setText(decided)
        self._decided.setVisible(bool(decided))

    def show_undo(self, text: str) -> None:
        """What can be taken back, in a few words; empty without a library."""
        self._undo.setVisible(bool(text))
        self._lines[1].setVisible(bool(text))
        if text:
            self._undo.set_words(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The rate gives way first, then the words of undo are shortened."""
        self._rate.setVisible(bool(self._rate.text()) and self.width() >= ROOMY)
        self._count.setToolTip(self._rate.text())
        before = (self._stage, self._bar, self._count, self._rate, self._problems, self._freed, self._decided, *self._lines)
        fixed = sum(part.sizeHint().width() + theme.SPACE_M for part in before if part.isVisibleTo(self))
        self._undo.limit(max(theme.HIT_MIN, self.width() - fixed - 2 * theme.SPACE_M))

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_S, 0)
        layout.setSpacing(theme.SPACE_M)
        for part in (self._stage, self._bar, self._count, self._rate, self._lines[0], self._problems):
            layout.addWidget(part)
        layout.addStretch(1)
        for part in (self._freed, self._decided, self._lines[1], self._undo, self._keys, self._key):
            layout.addWidget(part)
        self.setFixedHeight(theme.at_least(theme.ACTIVITY_BAR, self.fontMetrics().height()))

    def _button(self, action: QAction) -> _Link:
        return _Link(action, self)

    def _restyle(self, label: QLabel) -> None:
        label.style().unpolish(label)
        label.style().polish(label)


class _Link(BarButton):
    """A small flat button whose words are shortened where there is no room."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        self._words, self._most = "", 16777215
        super().__init__(action, parent)
        self.setProperty("small", "true")
        self.setFont(theme.sized(parent.font(), theme.STEP_CAPTION))

    def set_words(self, words: str) -> None:
        """Other words than the command's own."""
        self._words = words
        self._shorten()

    def limit(self, width: int) -> None:
        """Be no wider than this."""
        if width != self._most:
            self._most = width
            self._shorten()

    def _shorten(self) -> None:
        if self._words:
            room = self._most - self.iconSize().width() - 22
            text = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, room))
            self.defaultAction().setIconText(text)
            self._name()

    def _name(self) -> None:
        if self._words:
            self.setAccessibleName(self._words)
        else:
            super()._name()


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "separator")
    line.setFixedSize(theme.HAIR, theme.ICON)
    return line
