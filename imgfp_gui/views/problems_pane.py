"""Files that could not be read, or only in part: what happened and what to do, below the photos and out of the way."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from engine.records import Problem
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.problems import PROBLEM_ROLE, ProblemListModel
from imgfp_gui.parts import painting

Index = QModelIndex | QPersistentModelIndex


class ProblemDelegate(QStyledItemDelegate):
    """Two lines: what happened, what to do."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, 2 * QFontMetrics(option.font).height() + 2 * theme.SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem = index.data(PROBLEM_ROLE)
        if not isinstance(problem, Problem):
            return
        tokens = painting.tokens_for(option)
        painting.draw_row_ground(painter, option, tokens)
        room = option.rect.adjusted(theme.SPACE_M, theme.SPACE_S, -theme.SPACE_M, -theme.SPACE_S)
        height = QFontMetrics(option.font).height()
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        lines = (
            (problem.message, theme.sized(option.font, 0), tokens.text),
            (problem.hint, theme.sized(option.font, -1), tokens.dim),
        )
        for line, (sentence, font, colour) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            row = QRect(room.x(), room.y() + line * height, room.width(), height)
            painter.drawText(row, align, QFontMetrics(font).elidedText(sentence, Qt.TextElideMode.ElideRight, row.width()))
        painting.draw_focus(painter, option, tokens)


class ProblemsPane(QFrame):
    """The list with its heading."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemsPane")
        self._rows = ProblemListModel(self)
        heading = QLabel(self.tr("Problems"))
        heading.setProperty("role", "heading")
        heading.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_XS)
        self.list = QListView()
        self.list.setObjectName("problemsList")
        self.list.setAccessibleName(self.tr("Files that could not be read"))
        self.list.setModel(self._rows)
        self.list.setItemDelegate(ProblemDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self.list)
        controller.scan_started.connect(lambda: self._rows.show(()))
        controller.problem_found.connect(lambda problem: self._rows.show((*self._rows.problems, problem)))
