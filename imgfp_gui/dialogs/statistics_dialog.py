"""What took how long when the photos were read, which files were slowest, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.dialogs.sheet import Sheet
from imgfp_gui.models import reading_words
from imgfp_gui.parts.elided_label import ElidedLabel
from imgfp_gui.parts.push import push

WIDTH = 720


class StatisticsDialog(Sheet):
    """`statisticsDialog`. Shows one moment: it does not change while it is open."""

    def __init__(self, controller: ReviewController, window: QWidget) -> None:
        super().__init__(window, WIDTH)
        self.setObjectName("statisticsDialog")
        self.setAccessibleName(self.tr("Reading times"))
        self.title.setText(self.tr("Reading times"))
        told = controller.session.statistics()
        self._numbers(self.tr("By step"), reading_words.steps(told))
        self._numbers(self.tr("By kind of file"), reading_words.kinds(told))
        self._rows(self.tr("Slowest files"), reading_words.slowest(told), texts=2)
        self._rows(self.tr("Left out"), reading_words.left_out(told), texts=1)
        read = bool(told.stages)
        self.subtitle.setText(
            self.tr("Processor time of the photos that were read since the program was started.")
            if read
            else self.tr("No photo was read since the program was started: everything was known already.")
        )
        self.subtitle.show()
        close = push(self.tr("Close"))
        close.clicked.connect(self.accept)
        self.foot.addStretch()
        self.foot.addWidget(close)

    def _numbers(self, title: str, rows: Sequence[reading_words.Row]) -> None:
        if rows:
            self._rows(title, [reading_words.headings(), *rows], texts=1, heads=True)

    def _rows(self, title: str, rows: Sequence[reading_words.Row], *, texts: int, heads: bool = False) -> None:
        """A table below a heading. texts: so many columns from the left are words, the others numbers."""
        if not rows:
            return
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_XL)
        grid.setVerticalSpacing(theme.SPACE_XS)
        for column in range(texts):
            grid.setColumnStretch(column, 1)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                grid.addWidget(_cell(text, number=column >= texts, dim=heads and not row), row, column)
        block = QVBoxLayout()
        block.setSpacing(theme.SPACE_S)
        block.addWidget(heading)
        block.addLayout(grid)
        self.body.addLayout(block)


def _cell(text: str, *, number: bool, dim: bool) -> QLabel:
    if number:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
    else:
        label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        label.set_text(text)
    side = Qt.AlignmentFlag.AlignTrailing if number else Qt.AlignmentFlag.AlignLeading
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    if dim:
        label.setProperty("role", "dim")
    return label
