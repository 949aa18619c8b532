"""The handle of the similarity line, under the histogram: the axis, the handle and the value it stands at.

Never mirrored: similarity grows to the right in every language, and ← → move the handle the way it is seen.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from engine.config import FLOOR
from imgfp_gui import theme
from imgfp_gui.models import words
from imgfp_gui.style.ring import by_keyboard

STEPS = 1000  # slider units in a similarity of 1
STEP, LEAP = 5, 20  # half a percent; two
HIT = (24.0, 28.0)
MARGIN = theme.SPACE_M  # half a hit box, so that the handle can stand at either end
TICKS = tuple(range(50, 101, 10))  # percent
TICK_CLEAR = 22.0  # a number nearer to the handle than this gives way
FARTHER = {Qt.Key.Key_Left: -LEAP, Qt.Key.Key_Down: -LEAP, Qt.Key.Key_Right: LEAP, Qt.Key.Key_Up: LEAP}


def x_of(line: float, width: float) -> float:
    """Where a similarity stands on an axis of this width, in logical pixels from its left edge."""
    return MARGIN + (line - FLOOR) / (1 - FLOOR) * (width - 2 * MARGIN)


def line_at(x: float, width: float) -> float:
    """Inverse of `x_of`, within the axis."""
    share = (x - MARGIN) / max(1.0, width - 2 * MARGIN)
    return FLOOR + min(max(share, 0.0), 1.0) * (1 - FLOOR)


class LineHandle(QSlider):
    """`thresholdSlider`: value in thousandths of similarity."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("thresholdSlider")
        self.setAccessibleName(self.tr("Similarity line"))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setRange(round(FLOOR * STEPS), STEPS)
        self.setSingleStep(STEP)
        self.setPageStep(LEAP)
        self.setProperty("ring", False)  # round the handle, not round the axis
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grip = 0.0  # from the handle's centre to where it was taken hold of
        self._tell()

    @property
    def line(self) -> float:
        """The similarity it stands at, 0..1."""
        return self.value() / STEPS

    def handle(self) -> QRectF:
        """The hit box, in logical pixels; as high as what is painted below it needs."""
        return QRectF(x_of(self.line, self.width()) - HIT[0] / 2, 0, HIT[0], HIT[1])

    def sizeHint(self) -> QSize:
        return QSize(200, max(int(HIT[1]), round(self._value_top() + self._metrics().height() + 2)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    # ------------------------------------------------------------------------------------------------ the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the handle, or brings it here."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at = event.position()
        self._grip = at.x() - self.handle().center().x() if self.handle().contains(at) else 0.0
        self.setSliderDown(True)
        self._drag(at.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        near = self.isSliderDown() or self.handle().contains(event.position())
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        if self.isSliderDown():
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _drag(self, x: float) -> None:
        self.setSliderPosition(round(line_at(x - self._grip, self.width()) * STEPS))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the keyboard on it: a pane that scrolls must not move the line in passing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = FARTHER.get(Qt.Key(event.key())) if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else None
        if by is None:
            super().keyPressEvent(event)
        else:
            self.setValue(self.value() + by)

    # ------------------------------------------------------------------------------------------------ the sight

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        """Said also when the line was moved by others, which `valueChanged` does not tell."""
        super().sliderChange(change)
        if change == QSlider.SliderChange.SliderValueChange:
            self._tell()

    def _tell(self) -> None:
        said = self.tr("{0}. Photos at least this alike come together; further right is stricter.")
        self.setAccessibleDescription(said.format(words.percent_fine(self.line)))

    def _font(self, *, bold: bool = False) -> QFont:
        return theme.sized(self.font(), theme.STEP_CAPTION, bold=bold)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font())

    def _value_top(self) -> float:
        return max(theme.LINE_HANDLE[1], self._metrics().height()) + 3.0

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = x_of(self.line, self.width())
        self._paint_axis(painter, x, tokens)
        painter.setFont(self._font(bold=True))
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.off))
        _centred(painter, x, self._value_top(), words.one_decimal(100 * self.line), self.width())
        _paint_handle(painter, x, tokens, enabled=self.isEnabled())
        if self.hasFocus() and by_keyboard(self):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), theme.FOCUS))
            wide, high = theme.LINE_HANDLE
            ring = QRectF(x - wide / 2, 0, wide, high).adjusted(-3, -1, 3, 4)
            painter.drawRoundedRect(ring.adjusted(0, 2, 0, 0), theme.RADIUS, theme.RADIUS)
        painter.end()

    def _paint_axis(self, painter: QPainter, handle: float, tokens: theme.Tokens) -> None:
        painter.setFont(self._font())
        painter.setPen(QColor(tokens.dim))
        for percent in TICKS:
            x = x_of(percent / 100, self.width())
            if abs(x - handle) >= TICK_CLEAR:
                _centred(painter, x, 2.0, words.number(percent), self.width())


def _centred(painter: QPainter, x: float, top: float, text: str, width: float) -> None:
    """A text centred at x, as far as the edges let it."""
    metrics = painter.fontMetrics()
    wide = metrics.horizontalAdvance(text)
    left = min(max(x - wide / 2, MARGIN), width - MARGIN - wide)
    painter.drawText(QPointF(left, top + metrics.ascent()), text)


def _paint_handle(painter: QPainter, x: float, tokens: theme.Tokens, *, enabled: bool) -> None:
    """A house whose roof points at the line."""
    wide, high = theme.LINE_HANDLE
    half = wide / 2
    corners = ((0, 1), (half, 1 + half), (half, 1 + high), (-half, 1 + high), (-half, 1 + half))
    painter.setPen(QPen(QColor(tokens.window), 1.5))
    painter.setBrush(QColor(tokens.primary if enabled else tokens.off))
    painter.drawPolygon(QPolygonF([QPointF(x + dx, dy) for dx, dy in corners]))
