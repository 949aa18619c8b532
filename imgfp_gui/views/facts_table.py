"""The table of facts: no grid, labels and tags as its headers, rows as high as the text needs, no scrolling of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QSizePolicy, QStyle, QTableView, QWidget

from imgfp_gui import theme
from imgfp_gui.models.facts_table import WHOLE_ROLE, FactsTableModel
from imgfp_gui.parts.letter_tag import draw_tag
from imgfp_gui.views.facts_delegate import GAP, SLOT, FactsDelegate, row_height

LABEL_LEAST = 72
LABEL_FLOOR = 48  # what is left of the labels where numbers need the room
LABEL_SHARE = 0.4  # of the table's width, at most
NUMBERS = ("pixels", "size", "keywords")
LEFT, MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter


class FactsTable(QTableView):
    """Shows a `FactsTableModel`. tags: with a row of column tags above."""

    def __init__(self, model: FactsTableModel, parent: QWidget | None = None, *, tags: bool = True) -> None:
        super().__init__(parent)
        self.setFont(theme.sized(self.font(), theme.STEP_CAPTION))
        self._delegate = FactsDelegate(self)
        self.setItemDelegate(self._delegate)
        self._labels = _Labels(self)
        self.setVerticalHeader(self._labels)
        self._tags = _Tags(self)
        self.setHorizontalHeader(self._tags)
        self._tags.setVisible(tags)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setModel(model)
        self._labels.setAccessibleName(self.tr("What each row is about"))
        self._tags.setAccessibleName(self.tr("Photo of each column"))
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName(self.tr("Corner of the table"))
        model.modelReset.connect(self._lay_out)
        self._lay_out()

    @property
    def hovered(self) -> int:
        """Row under the pointer, -1 for none."""
        return self._delegate.hovered

    def sizeHint(self) -> QSize:
        tags = self._tags.sizeHint().height() if not self._tags.isHidden() else 0
        return QSize(200, tags + self._labels.length())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies the value with the keyboard on it."""
        if event.matches(QKeySequence.StandardKey.Copy):
            whole = self.currentIndex().data(WHOLE_ROLE)
            QGuiApplication.clipboard().setText(whole or "")
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(QModelIndex())
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_labels()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._lay_out()

    def _hover(self, index: QModelIndex) -> None:
        row = index.row() if index.isValid() else -1
        if row != self._delegate.hovered:
            self._delegate.hovered = row
            self.viewport().update()
            self._labels.viewport().update()

    def _lay_out(self) -> None:
        """Row heights, and one wide cell where all agree."""
        self.clearSpans()
        self._delegate.hovered = -1
        model, columns = self.model(), self.model().columnCount()
        height = self.fontMetrics().height()
        for row in range(model.rowCount()):
            fact = model.fact(row)  # type: ignore[attr-defined]
            self.setRowHeight(row, row_height(height, curve=fact is None))
            if fact is not None and fact.same and columns > 1:
                self.setSpan(row, 0, 1, columns)
        self._fit_labels()
        self.updateGeometry()

    def _fit_labels(self) -> None:
        """The widest label in full, as far as it leaves room for the values; a label is cut rather than a number."""
        model, metrics, bold = self.model(), self.fontMetrics(), QFontMetrics(theme.sized(self.font(), 0, bold=True))
        labels = [str(model.headerData(row, Qt.Orientation.Vertical)) for row in range(model.rowCount())]
        widest = max([LABEL_LEAST, *(metrics.horizontalAdvance(label) + GAP + 1 for label in labels)])
        facts = [fact for row in range(model.rowCount()) if (fact := model.fact(row))]  # type: ignore[attr-defined]
        numbers = [bold.horizontalAdvance(cell.text) for fact in facts if fact.id in NUMBERS for cell in fact.cells]
        taken = (max(numbers, default=0) + SLOT + GAP + 1) * model.columnCount()
        share, room = max(LABEL_LEAST, int(self.width() * LABEL_SHARE)), self.width() - taken
        self._labels.setFixedWidth(min(widest, share, room if room >= LABEL_FLOOR else share))


class _Header(QHeaderView):
    """A header that is painted like the table and is no control."""

    def __init__(self, orientation: Qt.Orientation, table: FactsTable) -> None:
        super().__init__(orientation, table)
        self.setFont(table.font())
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _text(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def _visual(self, rect: QRect, part: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), rect, part)


class _Labels(_Header):
    """What each row is about."""

    def __init__(self, table: FactsTable) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = theme.tokens_of(self.palette())
        hovered = section == self._table.hovered
        painter.fillRect(rect, QColor(tokens.hover if hovered else tokens.window))
        if self._table.model().fact(section) is not None:  # type: ignore[attr-defined]
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), theme.HAIR), QColor(tokens.panel))
        painter.setPen(QColor(tokens.dim))
        shown = painter.fontMetrics().elidedText(self._text(section), Qt.TextElideMode.ElideRight, rect.width() - GAP)
        side = QStyle.visualAlignment(self.layoutDirection(), LEFT) | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(rect, side | MIDDLE, shown)


class _Tags(_Header):
    """What each column is called."""

    def __init__(self, table: FactsTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def sizeHint(self) -> QSize:
        return QSize(0, max(theme.FACTS_ROW, theme.TAG + theme.SPACE_XS, self.fontMetrics().height() + 10))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(rect, QColor(tokens.window))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), theme.HAIR), QColor(tokens.panel))
        edge = max(theme.TAG, self.fontMetrics().height() + theme.SPACE_XS)
        box = QRect(rect.left() + SLOT, rect.top() + (rect.height() - edge) // 2, edge, edge)
        draw_tag(painter, QRectF(self._visual(rect, box)), self._text(section), tokens)
