"""Paints the history: headings of days, and for each thing done its time, sign, photos, words, bytes and what can be done now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from imgfp_gui import icons, theme
from imgfp_gui.models import history_words, words
from imgfp_gui.models.history import ENTRY_ROLE
from imgfp_gui.models.history_entry import Entry
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting
from imgfp_gui.parts.photo_rows import LEADING

HEADING = 32
TIME, SIGN, THUMBS, BYTES, BUTTON = 56, 24, 136, 80, 104
THUMB = 40
WITHOUT_THUMBS, WITHOUT_BYTES = 640, 480  # widths of a row in px below which these give way

Index = QModelIndex | QPersistentModelIndex


class HistoryDelegate(QStyledItemDelegate):
    """files_of: ids of the photos that can be shown for an entry. `pressed(Entry)`: the button of a row was clicked."""

    pressed = Signal(object)

    def __init__(self, pictures: Pictures, files_of: Callable[[Entry], tuple[int, ...]], view: QAbstractItemView) -> None:
        super().__init__(view)
        self._pictures, self._files_of, self._view = pictures, files_of, view
        self.enabled = True
        self._held: Entry | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = QFontMetrics(option.font).height()
        if isinstance(index.data(ENTRY_ROLE), Entry):
            return QSize(0, max(theme.HISTORY_ROW, 2 * height + 16))
        return QSize(0, max(HEADING, height + 10))

    # ------------------------------------------------------------------------------------------------ painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        what = index.data(ENTRY_ROLE)
        tokens = painting.tokens_for(option)
        if not isinstance(what, Entry):
            self._heading(painter, option, str(what), tokens)
            return
        painting.draw_row_ground(painter, option, tokens)
        painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), QColor(tokens.panel))
        room = option.rect.adjusted(theme.SPACE_XL, 0, -theme.SPACE_L, 0)
        self._lead(painter, option, what, room, tokens)
        left = room.x() + TIME + SIGN + theme.SPACE_S
        if room.width() >= WITHOUT_THUMBS:
            self._thumbs(painter, option, what, QRect(left, room.y(), THUMBS, room.height()), tokens)
            left += THUMBS
        right = room.right() + 1 - BUTTON
        self._way(painter, option, what, tokens)
        if room.width() >= WITHOUT_BYTES:
            right -= BYTES
            if what.bytes:
                place = QRect(right, room.y(), BYTES - theme.SPACE_M, room.height())
                self._text(painter, option, place, words.size(what.bytes), option.font, tokens.dim, trailing=True)
        self._words(painter, option, what, QRect(left, room.y(), right - left - theme.SPACE_S, room.height()), tokens)
        painting.draw_focus(painter, option, tokens)

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str, tokens: theme.Tokens) -> None:
        painter.fillRect(option.rect, QColor(tokens.panel))
        font = theme.sized(option.font, 0, bold=True)
        room = option.rect.adjusted(theme.SPACE_XL, 0, -theme.SPACE_XL, 0)
        self._text(painter, option, room, text, font, tokens.text)

    def _lead(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, room: QRect, tokens: theme.Tokens) -> None:
        """Time of day and sign."""
        time = QRect(room.x(), room.y(), TIME, room.height())
        self._text(painter, option, time, history_words.clock(entry.when), option.font, tokens.dim)
        box = QRect(room.x() + TIME, room.y() + (room.height() - theme.ICON) // 2, theme.ICON, theme.ICON)
        sign = icons.icon(history_words.icon(entry), tokens.dim, theme.ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(self._seen(option, box).topLeft(), sign)

    def _thumbs(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, room: QRect, tokens: theme.Tokens) -> None:
        edge = THUMB * painter.device().devicePixelRatioF()
        for place, file in enumerate(self._files_of(entry)):
            frame = QRect(room.x() + place * (THUMB + 4), room.y() + (room.height() - THUMB) // 2, THUMB, THUMB)
            painting.draw_photo(painter, self._seen(option, frame), self._pictures.get(file, edge), tokens)

    def _words(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, room: QRect, tokens: theme.Tokens) -> None:
        upper, lower = QFont(option.font), theme.sized(option.font, theme.STEP_CAPTION)
        upper.setWeight(QFont.Weight.Medium)
        heights = QFontMetrics(upper).height(), QFontMetrics(lower).height()
        sentence = history_words.sentence(entry)
        top = room.y() + (room.height() - heights[0] - (heights[1] + LEADING if sentence else 0)) // 2
        first = QRect(room.x(), top, room.width(), heights[0])
        self._text(painter, option, first, history_words.title(entry), upper, tokens.text)
        second = QRect(room.x(), top + heights[0] + LEADING, room.width(), heights[1])
        if entry.caution:
            box = QRect(second.x(), second.center().y() - theme.ICON_BADGE // 2, theme.ICON_BADGE, theme.ICON_BADGE)
            sign = icons.icon("triangle-alert", tokens.trash, theme.ICON_BADGE, painter.device().devicePixelRatioF())
            painter.drawPixmap(self._seen(option, box).topLeft(), sign)
            second.adjust(theme.ICON_BADGE + 6, 0, 0, 0)
        self._text(painter, option, second, sentence, lower, tokens.dim)

    def _way(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, tokens: theme.Tokens) -> None:
        """The button of the row, or what became of it."""
        box = self._button_box(option)
        text = history_words.button(entry)
        if not text:
            small = theme.sized(option.font, theme.STEP_CAPTION)
            self._text(painter, option, self._seen(option, box), history_words.fate(entry), small, tokens.dim, trailing=True)
            return
        under = self._view.viewport().mapFromGlobal(self._view.cursor().pos())
        hovered = self.enabled and bool(option.state & QStyle.StateFlag.State_MouseOver) and box.contains(under)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(QColor(tokens.edge if selected else tokens.raised), 1) if self.enabled else QPen(QColor(tokens.line), 1)
        )
        painter.setBrush(QColor(tokens.pressed if hovered else tokens.raised) if self.enabled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text if self.enabled else tokens.off))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 8)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()

    def _text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        room: QRect,
        text: str,
        font: QFont,
        colour: str,
        *,
        trailing: bool = False,
    ) -> None:
        side = Qt.AlignmentFlag.AlignRight if trailing else Qt.AlignmentFlag.AlignLeft
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, side)
        painter.drawText(self._seen(option, room), align, words.isolated(shown))

    def _seen(self, option: QStyleOptionViewItem, rect: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, rect)

    # ------------------------------------------------------------------------------------------------ the button

    def _button_box(self, option: QStyleOptionViewItem) -> QRect:
        height = max(theme.BUTTON, QFontMetrics(option.font).height() + 8)
        width = BUTTON - theme.SPACE_S
        box = QRect(option.rect.right() + 1 - theme.SPACE_L - width, 0, width, height)
        box.moveTop(option.rect.y() + (option.rect.height() - height) // 2)
        return self._seen(option, box)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(event, QMouseEvent) or not isinstance(entry, Entry) or not self.enabled or not entry.way:
            return False
        inside = event.button() == Qt.MouseButton.LeftButton and self._hits(option, event.position().toPoint())
        if event.type() == QEvent.Type.MouseButtonPress:
            self._held = entry if inside else None
        elif event.type() == QEvent.Type.MouseButtonRelease:
            held, self._held = self._held, None
            if inside and held is entry:
                self.pressed.emit(entry)
                return True
        elif event.type() == QEvent.Type.MouseMove:
            self._view.viewport().update()
        return False

    def _hits(self, option: QStyleOptionViewItem, point: QPoint) -> bool:
        return self._button_box(option).contains(point)
