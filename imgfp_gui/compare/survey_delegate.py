"""Paints one photo of the grid: the whole picture, then what it is, what shall become of it, and why."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.records import Suggest
from imgfp_gui import theme
from imgfp_gui.compare.scenery import Scenery
from imgfp_gui.models import words
from imgfp_gui.models.members import MEMBER_ROLE, Member
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.badge import in_header
from imgfp_gui.parts.painting import draw_photo
from imgfp_gui.parts.state_sign import sign_of
from imgfp_gui.parts.trouble import draw_trouble
from imgfp_gui.parts.writing import Line

Index = QModelIndex | QPersistentModelIndex

GAP = 4  # half of what lies between two cells
INSET = 8
LINE_ONE, LINE_TWO, FOOT = 28, 18, 6
MAT = 6  # of a chosen surround, round the photo
LEAST_NAME, LEAST_REASON = 96, 40  # logical pixels; badges give way before the name does
WIDE = 220  # from this width on the name stands in the first line


class SurveyDelegate(QStyledItemDelegate):
    """`cell` is the size of every cell in logical pixels."""

    def __init__(self, pictures: Pictures, scenery: Scenery, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._scenery = scenery
        self.cell = QSize(200, 200)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member = index.data(MEMBER_ROLE)
        if not isinstance(member, Member):
            return
        tokens = theme.tokens_of(option.palette)
        cell = option.rect.adjusted(GAP, GAP, -GAP, -GAP)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected:
            self._ring(painter, cell, tokens, focused=bool(option.state & QStyle.StateFlag.State_HasFocus))
        inside = cell.adjusted(INSET, INSET, -INSET, -FOOT)
        words_height = caption_height(option.font) - FOOT
        frame = QRect(inside.x(), inside.y(), inside.width(), inside.height() - words_height)
        self._photo(painter, frame, member, tokens, plain=selected or hovered)
        below = QRect(inside.x(), frame.bottom() + 1, inside.width(), words_height)
        self._caption(painter, option, member, tokens, below)

    @staticmethod
    def _ring(painter: QPainter, cell: QRect, tokens: theme.Tokens, *, focused: bool) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.focus if focused else tokens.edge), theme.FOCUS))
        painter.setBrush(QColor(tokens.hover))
        painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.restore()

    @staticmethod
    def _caption(painter: QPainter, option: QStyleOptionViewItem, member: Member, tokens: theme.Tokens, place: QRect) -> None:
        """Number, sign, word, name and badges; below them facts and the reason."""
        font, small = option.font, theme.sized(option.font, theme.STEP_CAPTION)
        medium = QFont(font)
        medium.setWeight(QFont.Weight.Medium)
        first = place.height() * LINE_ONE // (LINE_ONE + LINE_TWO)
        line = Line(painter, QRect(place.x(), place.y(), place.width(), first), option.direction)
        line.text(words.number(member.number), theme.sized(font, 0, bold=True), tokens.text)
        line.sign(sign_of(member.suggest), tokens)
        ink = {Suggest.KEEP: tokens.accent, Suggest.REMOVE: tokens.trash}.get(member.suggest, tokens.text)
        line.text(words.suggest(member.suggest), medium, ink)
        keep = LEAST_NAME if place.width() >= WIDE else 0
        line.badges_at_end(member.badges, font, in_header(tokens), keep)
        needed = min(QFontMetrics(font).horizontalAdvance(member.name), LEAST_NAME)
        named = line.left.width() >= needed
        if named:
            line.name(member.name, font, tokens.text)
        line = Line(painter, QRect(place.x(), place.y() + first, place.width(), place.height() - first), option.direction)
        if not named:  # in a small cell the name says more than its size
            line.name(member.name, small, tokens.dim)
            return
        line.text(facts_line(member), small, tokens.dim, theme.SPACE_M)
        line.text_at_end(member.verdict.reason, small, tokens.dim, LEAST_REASON)

    def _photo(self, painter: QPainter, frame: QRect, member: Member, tokens: theme.Tokens, *, plain: bool) -> None:
        grey = self._scenery.grey
        if grey:
            painter.fillRect(frame, QColor(grey))
            frame = frame.adjusted(MAT, MAT, -MAT, -MAT)
        ratio = painter.device().devicePixelRatioF()
        picture = self._pictures.get(member.file, round(max(frame.width(), frame.height()) * ratio))
        trouble = self._pictures.trouble(member.file) if picture is None else ""
        if trouble:
            draw_trouble(painter, frame, trouble, tokens)
            return
        opacity = theme.TRASHED_OPACITY if member.suggest is Suggest.REMOVE and not plain else 1.0
        place = draw_photo(painter, frame, picture, tokens, opacity, turn=member.turn, mirror=member.mirror)
        if picture is not None and self._scenery.lined:
            painter.setPen(QPen(QColor("#ffffff"), 1))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))


def caption_height(font: QFont) -> int:
    """Height of the words under a photo in logical pixels, for text of this font."""
    extra = max(0, QFontMetrics(font).height() + 10 - LINE_ONE)
    return LINE_ONE + LINE_TWO + FOOT + 2 * extra


def facts_line(member: Member) -> str:
    """Pixels, bytes, format."""
    view = member.view
    if view is None:
        return ""
    kind = (view.format or "").upper()
    if view.quality is not None and kind == "JPEG":
        kind = f"{kind} q {words.number(view.quality)}"
    parts = (words.pixels(view.width, view.height), words.size(view.size), kind)
    return " · ".join(part for part in parts if part)
