"""A list of photos in words: a small picture, the name, and a line on what is or was done with it.

Rows are made when they are first shown, so that ten thousand photos cost no more than a screenful.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.models import names, words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting

LEADING = 2  # px between the two lines of a row
ROW_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """file: id in the open library, None when it is not there; then `icon` stands for it. line: the second line. tip: in full.

    caution: it needs a look.
    """

    file: int | None
    name: str
    line: str
    tip: str = ""
    caution: bool = False
    icon: str = "image"


class PhotoRows(QAbstractListModel):
    """`count` rows, each made by `make` when it is first asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._make: Callable[[int], PhotoRow] = lambda row: PhotoRow(None, "", "")
        self._made: dict[int, PhotoRow] = {}

    def show(self, count: int, make: Callable[[int], PhotoRow]) -> None:
        """Show other photos."""
        self.beginResetModel()
        self._count, self._make, self._made = count, make, {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._count

    def row(self, number: int) -> PhotoRow:
        """The row with this number."""
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = self._make(number)
        return made

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ROW_ROLE:
            return self.row(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.row(index.row())
            return f"{row.name}, {row.line}" if row.line else row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.row(index.row()).tip
            return names.tip(text) if text else None
        return None


class PhotoRowDelegate(QStyledItemDelegate):
    """Paints one row; the picture comes when it comes."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(theme.CLUSTER_THUMB[1] + 8, 2 * QFontMetrics(option.font).height() + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, PhotoRow):
            return
        tokens = painting.tokens_for(option)
        painting.draw_row_ground(painter, option, tokens)
        room = option.rect.adjusted(theme.SPACE_L, 0, -theme.SPACE_L, 0)
        width, height = theme.CLUSTER_THUMB
        frame = QRect(room.x(), room.y() + (room.height() - height) // 2, width, height)
        self._draw_picture(painter, self._visual(option, frame), row, tokens)
        self._write(painter, option, row, room.adjusted(width + theme.SPACE_M, 0, 0, 0))
        painting.draw_focus(painter, option, tokens)

    def _draw_picture(self, painter: QPainter, frame: QRect, row: PhotoRow, tokens: theme.Tokens) -> None:
        ratio = painter.device().devicePixelRatioF()
        if row.file is None:
            sign = icons.icon(row.icon, tokens.dim, theme.ICON, ratio)
            painter.drawPixmap(frame.center().x() - theme.ICON // 2, frame.center().y() - theme.ICON // 2, sign)
            return
        painting.draw_photo(painter, frame, self._pictures.get(row.file, frame.width() * ratio), tokens)

    def _write(self, painter: QPainter, option: QStyleOptionViewItem, row: PhotoRow, room: QRect) -> None:
        tokens = painting.tokens_for(option)
        name_font, line_font = QFont(option.font), theme.sized(option.font, theme.STEP_CAPTION)
        name_font.setWeight(QFont.Weight.Medium)
        upper, lower = QFontMetrics(name_font), QFontMetrics(line_font)
        top = room.y() + (room.height() - upper.height() - (lower.height() + LEADING if row.line else 0)) // 2
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        middle = Qt.TextElideMode.ElideMiddle
        painter.setFont(name_font)
        painter.setPen(painting.text_colour(option))
        place = self._visual(option, QRect(room.x(), top, room.width(), upper.height()))
        painter.drawText(place, align, words.isolated(upper.elidedText(row.name, middle, room.width())))
        if not row.line:
            return
        left = room.x()
        line = QRect(left, top + upper.height() + LEADING, room.width(), lower.height())
        if row.caution:
            sign = QRect(left, line.y() + (line.height() - theme.ICON_BADGE) // 2, theme.ICON_BADGE, theme.ICON_BADGE)
            pixmap = icons.icon("triangle-alert", tokens.trash, theme.ICON_BADGE, painter.device().devicePixelRatioF())
            painter.drawPixmap(self._visual(option, sign).topLeft(), pixmap)
            line.adjust(theme.ICON_BADGE + 6, 0, 0, 0)
        painter.setFont(line_font)
        painter.setPen(QColor(tokens.dim))
        text = lower.elidedText(row.line, Qt.TextElideMode.ElideRight if row.caution else middle, line.width())
        painter.drawText(self._visual(option, line), align, words.isolated(text))

    def _visual(self, option: QStyleOptionViewItem, rect: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, rect)


class PhotoList(QListView):
    """The rows in a view that scrolls. name: for screen readers."""

    def __init__(self, pictures: Pictures, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = PhotoRows(self)
        self.setModel(self.rows)
        self.setItemDelegate(PhotoRowDelegate(pictures, self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        pictures.arrived.connect(self._repaint)

    def _repaint(self) -> None:
        self.viewport().update()

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here."""
