"""Badges: a fact about a photo in a few letters and an icon. They name a fact, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgfp_gui import icons, theme

SIDE, GAP = 7, 5
ALONE = 3  # room beside an icon without text


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a badge: `ground`, `text` and `line`."""

    ground: str
    text: str
    line: str


def on_photo(tokens: theme.Tokens) -> Look:
    """Dark on any photo, in both themes."""
    return Look(tokens.chip, tokens.on_chip, tokens.chip_line)


def in_header(tokens: theme.Tokens) -> Look:
    """Raised from the ground of a heading."""
    return Look(tokens.raised, tokens.text, tokens.edge)


def badge_font(font: QFont) -> QFont:
    """The font of badges beside text in `font`."""
    made = theme.sized(font, theme.STEP_CAPTION)
    made.setWeight(QFont.Weight.Medium)
    return made


def badge_size(font: QFont, icon: str, text: str) -> QSize:
    """The size of a badge in logical pixels, beside text in `font`."""
    metrics = QFontMetrics(badge_font(font))
    height = max(theme.BADGE, metrics.height() + 2)
    sign = theme.ICON_BADGE if icon else 0
    if not text:
        return QSize(sign + 2 * ALONE, height)
    return QSize(2 * SIDE + sign + (GAP if icon else 0) + metrics.horizontalAdvance(text), height)


def draw_badge(painter: QPainter, box: QRect, icon: str, text: str, look: Look, font: QFont, *, mirrored: bool = False) -> None:
    """Draw a badge into a box of `badge_size`; mirrored: icon at the right, for lines read from right to left."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.line), 1))
    painter.setBrush(QColor(look.ground))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_BADGE, theme.RADIUS_BADGE)
    inset = SIDE if text else ALONE
    inside = box.adjusted(inset, 0, -inset, 0)
    if icon:
        x = inside.right() + 1 - theme.ICON_BADGE if mirrored else inside.x()
        y = box.y() + (box.height() - theme.ICON_BADGE) / 2
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(QPointF(x, y), icons.icon(icon, look.text, theme.ICON_BADGE, ratio))
        step = theme.ICON_BADGE + GAP
        inside = inside.adjusted(0, 0, -step, 0) if mirrored else inside.adjusted(step, 0, 0, 0)
    painter.setFont(badge_font(font))
    painter.setPen(QColor(look.text))
    painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class BadgeLabel(QWidget):
    """A badge in a heading; its tooltip says the whole sentence. No stop of the keyboard: it is part of its photo's description.

    `set_short` leaves the icon alone where there is little room.
    """

    def __init__(self, icon: str, text: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._text = text
        self._short = False
        self.setToolTip(sentence)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def whole_width(self) -> int:
        """Width with its text, in logical pixels."""
        return badge_size(self.font(), self._icon, self._text).width()

    @property
    def short_width(self) -> int:
        """Width without its text, in logical pixels."""
        return badge_size(self.font(), self._icon, "" if self._icon else self._text).width()

    def set_short(self, short: bool) -> None:
        """Show the icon alone, or all."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return badge_size(self.font(), self._icon, self._shown())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        look = in_header(theme.tokens_of(self.palette()))
        draw_badge(painter, self.rect(), self._icon, self._shown(), look, self.font(), mirrored=mirrored)
        painter.end()

    def _shown(self) -> str:
        return "" if self._short and self._icon else self._text
