"""Lines of words, signs and badges as delegates write them: from the leading end on, and from the trailing end back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle

from imgfp_gui import theme
from imgfp_gui.models.members import Badge
from imgfp_gui.parts.badge import Look, badge_size, draw_badge
from imgfp_gui.parts.state_sign import Sign, draw_sign


class Line:
    """One line of an item, mirrored in languages from right to left. `left` is what is still free, in unmirrored coordinates."""

    def __init__(self, painter: QPainter, place: QRect, direction: Qt.LayoutDirection) -> None:
        self._painter = painter
        self._place = place
        self._direction = direction
        self.left = QRect(place)

    def text(
        self,
        text: str,
        font: QFont,
        ink: str,
        gap: int = theme.SPACE_S,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """Write at the leading end; what has no room is elided."""
        width = min(QFontMetrics(font).horizontalAdvance(text) + 2, self.left.width())
        self._write(text, font, ink, self._take(width, gap), elide)

    def name(self, name: str, font: QFont, ink: str) -> None:
        """Write a file's name at the leading end, elided in the middle; it reads from left to right in every language."""
        before = self._painter.layoutDirection()
        self._painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.text(name, font, ink, elide=Qt.TextElideMode.ElideMiddle)
        self._painter.setLayoutDirection(before)

    def text_at_end(self, text: str, font: QFont, ink: str, least: int, gap: int = theme.SPACE_S) -> None:
        """Write at the trailing end; nothing when fewer than `least` logical pixels are free."""
        if not text or self.left.width() < least:
            return
        width = min(QFontMetrics(font).horizontalAdvance(text) + 2, self.left.width())
        self._write(text, font, ink, self._take_end(width, gap), Qt.TextElideMode.ElideRight)

    def sign(self, sign: Sign, tokens: theme.Tokens, gap: int = theme.SPACE_S) -> None:
        """Draw a sign at the leading end."""
        draw_sign(self._painter, QRectF(self._square(self._take(theme.ICON, gap))), sign, tokens)

    def badges_at_end(self, badges: Sequence[Badge], font: QFont, look: Look, keep: int) -> None:
        """Badges at the trailing end, in their order. `keep` logical pixels stay free: words give way from the last badge on,
        then whole badges."""
        sizes = self._fitting(badges, font, self.left.width() - keep)
        mirrored = self._direction == Qt.LayoutDirection.RightToLeft
        for badge, size in reversed(list(zip(badges, sizes, strict=False))):
            box = self._take_end(size.width(), theme.SPACE_XS)
            box = QRect(box.x(), box.y() + (box.height() - size.height()) // 2, size.width(), size.height())
            text = badge.text if size == badge_size(font, badge.icon, badge.text) else ""
            draw_badge(self._painter, self._seen(box), badge.icon, text, look, font, mirrored=mirrored)

    @staticmethod
    def _fitting(badges: Sequence[Badge], font: QFont, room: int) -> list[QSize]:
        """Sizes of as many badges as fit."""
        sizes = [badge_size(font, badge.icon, badge.text) for badge in badges]

        def fits() -> bool:
            return sum(size.width() + theme.SPACE_XS for size in sizes) <= room

        for at in range(len(sizes) - 1, -1, -1):
            if not fits() and badges[at].icon:
                sizes[at] = badge_size(font, badges[at].icon, "")
        while sizes and not fits():
            sizes.pop()
        return sizes

    def _write(self, text: str, font: QFont, ink: str, box: QRect, elide: Qt.TextElideMode) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(ink))
        side = QStyle.visualAlignment(self._direction, Qt.AlignmentFlag.AlignLeft)
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        self._painter.drawText(self._seen(box), flags, QFontMetrics(font).elidedText(text, elide, box.width()))

    def _take(self, width: int, gap: int) -> QRect:
        box = QRect(self.left.x(), self.left.y(), width, self.left.height())
        self.left = self.left.adjusted(min(width + gap, self.left.width()), 0, 0, 0)
        return box

    def _take_end(self, width: int, gap: int) -> QRect:
        box = QRect(self.left.right() + 1 - width, self.left.y(), width, self.left.height())
        self.left = self.left.adjusted(0, 0, -min(width + gap, self.left.width()), 0)
        return box

    def _square(self, box: QRect) -> QRect:
        return self._seen(QRect(box.x(), box.y() + (box.height() - theme.ICON) // 2, theme.ICON, theme.ICON))

    def _seen(self, box: QRect) -> QRect:
        return QStyle.visualRect(self._direction, self._place, box)
