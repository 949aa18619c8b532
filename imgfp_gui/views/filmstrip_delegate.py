"""Paints one photo of the filmstrip: the whole picture, number, what shall become of it, how it stands to the best one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.records import Suggest
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.members import MEMBER_ROLE, Member
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.badge import badge_size, draw_badge, on_photo
from imgfp_gui.parts.painting import draw_photo
from imgfp_gui.parts.state_sign import sign_of
from imgfp_gui.parts.trouble import draw_trouble
from imgfp_gui.parts.writing import Line
from imgfp_gui.style.ring import by_keyboard

Index = QModelIndex | QPersistentModelIndex

GAP = 8  # between two cells
TOP = 4
SIDE = 6


class FilmstripDelegate(QStyledItemDelegate):
    """`low`: the strip of a low window, with smaller pictures."""

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller = controller
        self._pictures = pictures
        self.low = False

    def cell(self, text_height: int) -> QSize:
        """Size of a cell in logical pixels, for text of this height."""
        high = self._picture().height() + TOP + max(theme.FILMSTRIP_CAPTION, text_height + 8) + 2
        return QSize(theme.FILMSTRIP_CELL[0], high)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell(option.fontMetrics.height()) + QSize(GAP, 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member = index.data(MEMBER_ROLE)
        if not isinstance(member, Member):
            return
        tokens = theme.tokens_of(option.palette)
        size = self.cell(option.fontMetrics.height())
        place = QRect(option.rect.x(), option.rect.y() + (option.rect.height() - size.height()) // 2, size.width(), size.height())
        cell = QStyle.visualRect(option.direction, option.rect, place)
        self._ground(painter, option, cell, member, tokens)
        self._photo(painter, option, cell, member, tokens)
        caption = QRect(cell.x() + SIDE, 0, cell.width() - 2 * SIDE, size.height() - self._picture().height() - TOP - 2)
        caption.moveBottom(cell.bottom() - 1)
        line = Line(painter, caption, option.direction)
        font = theme.sized(option.font, theme.STEP_CAPTION)
        line.text(words.number(member.number), theme.sized(option.font, theme.STEP_CAPTION, bold=True), tokens.text, 5)
        line.sign(sign_of(member.suggest), tokens, 5)
        line.text(member.relation, font, tokens.dim)

    def _picture(self) -> QSize:
        wide, high = theme.FILMSTRIP_PICTURE
        return QSize(wide, theme.FILMSTRIP_PICTURE_LOW if self.low else high)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, member: Member, tokens: theme.Tokens) -> None:
        """Fill of the active or hovered photo, a line round those that are shown side by side, the ring of the keyboard."""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        shown = member.index in self._controller.panes
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.edge), 1) if shown else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.selected if selected else tokens.hover) if selected or hovered else Qt.BrushStyle.NoBrush)
        box = QRectF(cell)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if shown else box, theme.RADIUS, theme.RADIUS)
        view = option.widget
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if focused and selected and isinstance(view, QWidget) and by_keyboard(view):
            painter.setPen(QPen(QColor(tokens.focus), theme.FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.restore()

    def _photo(self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, member: Member, tokens: theme.Tokens) -> None:
        size = self._picture()
        frame = QRect(cell.x() + (cell.width() - size.width()) // 2, cell.y() + TOP, size.width(), size.height())
        ratio = painter.device().devicePixelRatioF()
        picture = self._pictures.get(member.file, round(max(size.width(), size.height()) * ratio))
        trouble = self._pictures.trouble(member.file) if picture is None else ""
        if trouble:
            draw_trouble(painter, frame, trouble, tokens)
        else:
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            dimmed = member.suggest is Suggest.REMOVE and not hovered
            draw_photo(painter, frame, picture, tokens, theme.TRASHED_OPACITY if dimmed else 1.0)
        if member.view is not None and member.view.protected:
            lock = badge_size(option.font, "lock", "")
            box = QRect(cell.right() - SIDE - lock.width() + 1, cell.y() + SIDE, lock.width(), lock.height())
            box = QStyle.visualRect(option.direction, cell, box)
            draw_badge(painter, box, "lock", "", on_photo(tokens), option.font)
