"""How far checking or moving is: a sentence, a bar, and a count."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from engine.records import Progress
from imgfp_gui import theme
from imgfp_gui.models import words

PARTS = 1000  # steps of the bar


class ApplyProgress(QWidget):
    """`begin` says what is done; the count follows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what, self._count = QLabel(), QLabel()
        self._what.setWordWrap(True)
        self._count.setProperty("role", "dim")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_S, 0, theme.SPACE_S)
        column.setSpacing(theme.SPACE_S)
        for part in (self._what, self._bar, self._count):
            column.addWidget(part)

    def begin(self, sentence: str) -> None:
        """Something else is done from now on; how much is not known yet."""
        self._what.setText(sentence)
        self._bar.setRange(0, 0)
        self._count.setText(" ")

    def show_progress(self, progress: Progress) -> None:
        """So far."""
        if progress.total:
            self._bar.setRange(0, PARTS)
            self._bar.setValue(round(PARTS * progress.done / progress.total))
            self._count.setText(self.tr("{0} of {1}").format(words.number(progress.done), words.number(progress.total)))
        else:
            self._bar.setRange(0, 0)

    def ending(self) -> None:
        """The user has asked to stop; the photo that is on its way arrives first."""
        self._count.setText(self.tr("Stopping after this photo…"))
