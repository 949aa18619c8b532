"""Paints the values of the facts table: a mark and weight for the better one, dim for the worse, one value where both agree."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from imgfp_gui import theme
from imgfp_gui.models.facts import Fact, Mark
from imgfp_gui.models.facts_table import FACT_ROLE, SPREAD_ROLE
from imgfp_gui.models.luma import Spread
from imgfp_gui.parts.painting import draw_focus, tokens_for

SLOT = 12  # before the value, for the mark and a little air
GAP = 2  # after the value
MARK = (8.0, 7.0)
CURVE = 40  # height of the brightness curve
CURVE_WIDEST = 104
PATHS = ("folder", "name", "companions")  # elided in the middle: their end tells as much as their beginning


class FactsDelegate(QStyledItemDelegate):
    """`hovered` is the row under the pointer, -1 for none; the view sets it."""

    hovered = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        tokens = tokens_for(option)
        painter.save()
        if index.row() == self.hovered:
            painter.fillRect(option.rect, QColor(tokens.hover))
        fact: Fact | None = index.data(FACT_ROLE)
        if fact is None:
            self._curve(painter, option, index.data(SPREAD_ROLE), tokens)
        else:
            rule = QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), theme.HAIR)
            painter.fillRect(rule, QColor(tokens.panel))
            self._value(painter, option, fact, index.column(), tokens)
        draw_focus(painter, option, tokens)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, row_height(option.fontMetrics.height(), curve=index.data(FACT_ROLE) is None))

    def _value(self, painter: QPainter, option: QStyleOptionViewItem, fact: Fact, column: int, tokens: theme.Tokens) -> None:
        cell = fact.cells[column]
        slot = _visual(option, QRect(option.rect.left(), option.rect.top(), int(MARK[0]), option.rect.height()))
        room = _visual(option, option.rect.adjusted(SLOT, 0, -GAP, 0))
        better = cell.mark is Mark.BETTER
        painter.setFont(theme.sized(option.font, 0, bold=better))
        dim = fact.same or cell.mark is Mark.WORSE
        painter.setPen(QColor(tokens.dim if dim else tokens.text))
        if fact.same:
            painter.drawText(slot, Qt.AlignmentFlag.AlignCenter, "=")
        elif better:
            _draw_mark(painter, QRectF(slot), tokens)
        cut = Qt.TextElideMode.ElideMiddle if fact.id in PATHS else Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(cell.text, cut, room.width())
        side = Qt.AlignmentFlag.AlignRight if option.direction == Qt.LayoutDirection.RightToLeft else Qt.AlignmentFlag.AlignLeft
        # left to right: what stands here are names, numbers and dates, whichever way the window reads
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def _curve(self, painter: QPainter, option: QStyleOptionViewItem, spread: Spread | None, tokens: theme.Tokens) -> None:
        """The brightness, dark at the left in every language."""
        room = option.rect.adjusted(SLOT, 0, -GAP, 0)
        wide = min(room.width(), CURVE_WIDEST)
        box = _visual(option, QRect(room.left(), room.top() + (room.height() - CURVE) // 2, wide, CURVE))
        painter.fillRect(box, QColor(tokens.groove))
        if spread is None:
            return
        step, path = box.width() / len(spread.shares), QPainterPath(QPointF(box.left(), box.bottom() + 1))
        for place, share in enumerate(spread.shares.tolist()):
            y = box.bottom() + 1 - share * (CURVE - 3)
            path.lineTo(box.left() + place * step, y)
            path.lineTo(box.left() + (place + 1) * step, y)
        path.lineTo(box.left() + box.width(), box.bottom() + 1)
        painter.fillPath(path, QColor(tokens.dim))


def row_height(text: int, *, curve: bool = False) -> int:
    """Height of a row in logical pixels. text: height of a line of text."""
    return max(theme.FACTS_HISTOGRAM_ROW if curve else theme.FACTS_ROW, text + 8)


def _draw_mark(painter: QPainter, slot: QRectF, tokens: theme.Tokens) -> None:
    wide, high = MARK
    centre = slot.center()
    left, top = centre.x() - wide / 2, centre.y() - high / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.accent))
    corners = (QPointF(left, top + high), QPointF(left + wide, top + high), QPointF(centre.x(), top))
    painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def _visual(option: QStyleOptionViewItem, rect: QRect) -> QRect:
    return QStyle.visualRect(option.direction, option.rect, rect)
