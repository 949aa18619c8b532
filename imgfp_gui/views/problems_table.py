"""The table of files that could not be read: whole rows, one sign for each reason, columns that give way in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from imgfp_gui import icons, theme
from imgfp_gui.models import words
from imgfp_gui.models.problems import ICON_ROLE, Column
from imgfp_gui.parts import painting

WIDTHS = {Column.SIGN: 44, Column.FILE: 190, Column.FOLDER: 190, Column.WHAT: 260}
WITHOUT_ADVICE, WITHOUT_FOLDER = 860, 640  # widths of the table in px below which these columns give way

Index = QModelIndex | QPersistentModelIndex


class ProblemDelegate(QStyledItemDelegate):
    """Paints a cell of a row that is chosen, hovered and focused as a whole."""

    def __init__(self, table: ProblemsTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(theme.PROBLEM_ROW, QFontMetrics(option.font).height() + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = painting.tokens_for(option)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or index.row() == self._table.hovered:
            painter.fillRect(option.rect, QColor(tokens.selected if selected else tokens.hover))
        painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), QColor(tokens.panel))
        if index.column() == Column.SIGN:
            self._sign(painter, option, str(index.data(ICON_ROLE)), tokens)
        else:
            self._text(painter, option, index, tokens)
        if self._table.shows_ring(index.row()):
            self._ring(painter, option, index.column(), tokens)

    def _sign(self, painter: QPainter, option: QStyleOptionViewItem, name: str, tokens: theme.Tokens) -> None:
        place = QRect(0, 0, theme.ICON, theme.ICON)
        place.moveCenter(option.rect.center())
        painter.drawPixmap(place.topLeft(), icons.icon(name, tokens.trash, theme.ICON, painter.device().devicePixelRatioF()))

    def _text(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: theme.Tokens) -> None:
        font = QFont(option.font)
        if index.column() == Column.FILE:
            font.setWeight(QFont.Weight.Medium)
        dim = index.column() in (Column.FOLDER, Column.DO)
        elide = Qt.TextElideMode.ElideRight if index.column() in (Column.WHAT, Column.DO) else Qt.TextElideMode.ElideMiddle
        room = option.rect.adjusted(theme.SPACE_M, 0, -theme.SPACE_M, 0)
        painter.setFont(font)
        painter.setPen(QColor(tokens.dim) if dim else painting.text_colour(option))
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        painter.drawText(room, align, words.isolated(QFontMetrics(font).elidedText(str(index.data()), elide, room.width())))

    def _ring(self, painter: QPainter, option: QStyleOptionViewItem, column: int, tokens: theme.Tokens) -> None:
        """This cell's part of the ring round the row."""
        box = option.rect.adjusted(1, 1, -1, -1)
        first, last = self._table.ends()
        if option.direction == Qt.LayoutDirection.RightToLeft:
            first, last = last, first
        left = box.left() if column == first else box.left() - 2
        right = box.right() if column == last else box.right() + 2
        painter.save()
        painter.setClipRect(option.rect)
        painter.setPen(QPen(QColor(tokens.focus), 2, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(QRect(left, box.top(), right - left, box.height()))
        painter.restore()


class ProblemsTable(QTableView):
    """`problemsList`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemsList")
        self.setAccessibleName(self.tr("Files that could not be read"))
        self.hovered = -1
        self.setItemDelegate(ProblemDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(max(theme.PROBLEM_ROW, self.fontMetrics().height() + 10))
        self._arrange_head()
        self.entered.connect(lambda index: self._hover(index.row()))

    def _arrange_head(self) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setMinimumSectionSize(44)
        head.setStretchLastSection(True)
        head.setFixedHeight(max(28, self.fontMetrics().height() + 10))
        head.setAccessibleName(self.tr("Columns"))
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.viewport().width()
        self.setColumnHidden(Column.DO, width < WITHOUT_ADVICE)
        self.setColumnHidden(Column.FOLDER, width < WITHOUT_FOLDER)
        share = max(1.0, (width - WIDTHS[Column.SIGN]) / 960)
        for column, wanted in WIDTHS.items():
            self.setColumnWidth(column, wanted if column == Column.SIGN else round(wanted * share))

    def ends(self) -> tuple[int, int]:
        """First and last column that is shown."""
        shown = [column for column in range(len(Column)) if not self.isColumnHidden(column)]
        return shown[0], shown[-1]

    def shows_ring(self, row: int) -> bool:
        """The row has the keyboard focus, and the keyboard was used."""
        return (
            row == self.currentIndex().row()
            and self.hasFocus()
            and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        )

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here."""

    def leaveEvent(self, event: object) -> None:
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()
