"""The two buttons of a decision: keep and trash. Colour, shape and weight change together; neither pressed means undecided."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.state_sign import Sign, draw_sign

LEADING, TRAILING, GAP = 8, 10, 6
KEY_OPACITY = 0.8


class DecisionToggle(QAbstractButton):
    """A button that stays pressed while its decision is in force. A press on the pressed one takes the decision back.

    sign: KEEP or TRASH. key: what is printed behind the word.
    """

    def __init__(self, sign: Sign, word: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = sign
        self._key = key
        self._compact = False
        self._brief = False
        self.setText(word)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_form(self, *, compact: bool, brief: bool) -> None:
        """compact: the sign alone, else sign, word and key. brief: without the key."""
        if (compact, brief) != (self._compact, self._brief):
            self._compact, self._brief = compact, brief
            self.updateGeometry()
            self.update()

    def width_of(self, *, compact: bool, brief: bool) -> int:
        """Width in a form, in logical pixels: that of the heavier pressed type, so that nothing moves when it is pressed."""
        if compact:
            return self._height()
        width = LEADING + theme.ICON + GAP + QFontMetrics(self._word_font(True)).horizontalAdvance(self.text()) + TRAILING
        if self._key and not brief:
            width += GAP + QFontMetrics(self._key_font()).horizontalAdvance(self._key)
        return width

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(compact=self._compact, brief=self._brief), self._height())

    def _height(self) -> int:
        return max(theme.BUTTON, QFontMetrics(self.font()).height() + 10)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, on = theme.tokens_of(self.palette()), self.isChecked()
        keep = self._sign is Sign.KEEP
        fill = tokens.accent if keep else tokens.trash
        ink = (tokens.on_accent if keep else tokens.on_trash) if on else tokens.text if self.isEnabled() else tokens.off
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(fill if on else tokens.edge if self.isEnabled() else tokens.line), 1))
        hovered = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setBrush(QColor(fill) if on else QColor(tokens.hover) if hovered else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        sign = Sign.KEEP_OFF if keep and not on else self._sign
        draw_sign(painter, QRectF(self._placed(self._sign_box())), sign, tokens, ink, fill)
        if not self._compact:
            self._write(painter, ink, on)
        painter.end()

    def _write(self, painter: QPainter, ink: str, on: bool) -> None:
        x = LEADING + theme.ICON + GAP
        font = self._word_font(on)
        width = QFontMetrics(font).horizontalAdvance(self.text()) + 2
        flags = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(self._placed(QRect(x, 0, width, self.height())), flags, self.text())
        if self._shows_key():
            x += QFontMetrics(self._word_font(True)).horizontalAdvance(self.text()) + GAP
            painter.setFont(self._key_font())
            painter.setOpacity(KEY_OPACITY)
            painter.drawText(self._placed(QRect(x, 0, self.width() - x, self.height())), flags, self._key)

    def _sign_box(self) -> QRect:
        x = (self.width() - theme.ICON) // 2 if self._compact else LEADING
        return QRect(x, (self.height() - theme.ICON) // 2, theme.ICON, theme.ICON)

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def _shows_key(self) -> bool:
        return bool(self._key) and not self._brief

    def _word_font(self, on: bool) -> QFont:
        font = theme.sized(self.font(), 0)
        font.setWeight(QFont.Weight.DemiBold if on else QFont.Weight.Medium)
        return font

    def _key_font(self) -> QFont:
        return theme.sized(self.font(), theme.STEP_CAPTION)
