"""Paints a folder as a row: chevron, folder, name, lock, number of photos. Knows where each of them lies, for the pointer too."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from engine.records import FolderView
from imgfp_gui import icons, theme
from imgfp_gui.models import words
from imgfp_gui.models.folders import AWAITED, folder_name
from imgfp_gui.parts import painting

INDENT = 20
GAP = 6


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles of one row in logical pixels, as painted (mirrored from right to left). state: words instead of a count."""

    chevron: QRect
    icon: QRect
    name: QRect
    lock: QRect
    count: QRect
    state: str


def number_font(font: QFont) -> QFont:
    """The font of the number of photos."""
    return theme.sized(font, theme.STEP_CAPTION)


def places(option: QStyleOptionViewItem, folder: FolderView, depth: int, count_width: int, offline_text: str) -> Places:
    """Where everything in a row lies.

    Parameters
    ----------
    option: rect of the whole row, font and direction. depth: 0 for a folder that was added. count_width: room for the number, so
    that numbers and locks stand below each other. offline_text: said instead of a number where a disk is not connected.
    """
    row, size = option.rect, theme.ICON
    middle = row.y() + (row.height() - size) // 2
    left = row.x() + theme.SPACE_S + INDENT * depth
    right = row.x() + row.width() - theme.SPACE_M
    state = offline_text if folder.offline else words.number(folder.photos) if folder.photos != AWAITED else ""
    width = max(count_width, QFontMetrics(number_font(option.font)).horizontalAdvance(state) if folder.offline else 0)
    count = QRect(right - width, row.y(), width, row.height())
    lock = QRect(count.x() - GAP - size, middle, size, size)
    name_left = left + 2 * (size + GAP)
    name = QRect(name_left, row.y(), max(0, lock.x() - GAP - name_left), row.height())
    boxes = (QRect(left, middle, size, size), QRect(left + size + GAP, middle, size, size), name, lock, count)
    return Places(*(QStyle.visualRect(option.direction, row, box) for box in boxes), state)


def draw_folder(
    painter: QPainter,
    option: QStyleOptionViewItem,
    folder: FolderView,
    at: Places,
    *,
    has_folders: bool,
    is_open: bool,
    lock_hovered: bool,
) -> None:
    """Draw a row. lock_hovered: the pointer is on the lock itself."""
    tokens = painting.tokens_for(option)
    ratio = painter.device().devicePixelRatioF()
    selected_or_hovered = bool(option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus))
    painting.draw_row_ground(painter, option, tokens)
    ink = tokens.dim if folder.offline else tokens.text
    if has_folders:
        name = "chevron-down" if is_open else "chevron-right"
        painter.drawPixmap(at.chevron.topLeft(), icons.icon(name, tokens.text, theme.ICON, ratio))
    picture = "folder-open" if is_open and has_folders else "folder"
    painter.drawPixmap(at.icon.topLeft(), icons.icon(picture, ink, theme.ICON, ratio))
    align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
    metrics = QFontMetrics(option.font)
    painter.setFont(option.font)
    painter.setPen(QColor(ink))
    elided = metrics.elidedText(folder_name(folder), Qt.TextElideMode.ElideMiddle, at.name.width())
    painter.drawText(at.name, align, words.isolated(elided))
    if folder.protected or selected_or_hovered:
        draw_lock(painter, at.lock, tokens.text if folder.protected or lock_hovered else tokens.dim, filled=folder.protected)
    painter.setFont(number_font(option.font))
    painter.setPen(QColor(tokens.dim))
    right = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignRight)
    painter.drawText(at.count, right, at.state)
    painting.draw_focus(painter, option, tokens)


def draw_lock(painter: QPainter, box: QRect, colour: str, *, filled: bool) -> None:
    """A lock; filled: its body is solid, so that it differs from the outline by more than brightness."""
    painter.drawPixmap(QPointF(box.topLeft()), icons.icon("lock", colour, box.width(), painter.device().devicePixelRatioF()))
    if filled:
        unit = box.width() / 24  # the grid that the icon is drawn on
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        body = QRectF(box.x() + 3 * unit, box.y() + 11 * unit, 18 * unit, 11 * unit)
        painter.drawRoundedRect(body, 2 * unit, 2 * unit)
        painter.restore()
