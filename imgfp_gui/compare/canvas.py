"""One photo at the shared viewport. Draws what is there at once, asks for what is sharper, and never waits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from imgfp_gui import theme
from imgfp_gui.compare.apart_button import ApartButton
from imgfp_gui.compare.laid import Brush, Laid, in_shape
from imgfp_gui.compare.overlay import Outline, paint_facts, paint_frame, paint_outline
from imgfp_gui.compare.viewport import NOTCH, TOGETHER, Viewport
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.painting import on_device_pixels
from imgfp_gui.parts.trouble import draw_trouble
from imgfp_gui.style.ring import by_keyboard

LARGEST_STEP = 2048  # longest edge that is asked for by step; beyond it only all pixels will do
FIRST_STEP = 1024  # where one begins with all pixels and nothing is there yet
KEY_PAN = 64  # logical pixels that one press of a key moves
NOTCH_UNITS = 120  # of the wheel, as Qt counts
PAN_KEYS = {
    Qt.Key.Key_Left: QPoint(1, 0),
    Qt.Key.Key_Right: QPoint(-1, 0),
    Qt.Key.Key_Up: QPoint(0, 1),
    Qt.Key.Key_Down: QPoint(0, -1),
}


class Canvas(QWidget):
    """Shows one `Laid` picture. The wheel zooms under the pointer, a drag pans; with Shift only this one.

    Signals
    -------
    chosen(): it was pressed, or the keyboard came to it. resized(): its area is another.
    """

    chosen = Signal()
    resized = Signal()

    def __init__(self, viewport: Viewport, pictures: Pictures, pane: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self._pictures = pictures
        self._pane = pane
        self._laid: Laid | None = None
        self._brush = Brush()
        self._edge = FIRST_STEP
        self._surround = ""
        self._lined = False
        self._outlines: tuple[Outline, ...] = ()
        self._facts: tuple[str, ...] = ()
        self._grabbed: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(64, 48)
        self._apart = ApartButton(viewport, pane, self)
        viewport.listen(self._follow)
        pictures.arrived.connect(self._arrived)

    # ------------------------------------------------------------------------------------------------ what is shown

    @property
    def laid(self) -> Laid | None:
        """What is shown."""
        return self._laid

    @property
    def pane(self) -> int:
        """Its number, from 0."""
        return self._pane

    @property
    def area(self) -> QSizeF:
        """Its size in device pixels."""
        return QSizeF(self.size()) * self.devicePixelRatioF()

    def show_picture(self, laid: Laid | None) -> None:
        """Show another picture, or none."""
        if laid != self._laid:
            self._laid = laid
            self._follow()

    def set_surround(self, grey: str, *, lined: bool) -> None:
        """The grey round the photo, sRGB hex, "" for the theme's own; lined: a thin white line as a reference for white."""
        if (grey, lined) != (self._surround, self._lined):
            self._surround, self._lined = grey, lined
            self.update()

    def set_outlines(self, outlines: tuple[Outline, ...]) -> None:
        """Parts that other photos show."""
        if outlines != self._outlines:
            self._outlines = outlines
            self.update()

    def set_facts(self, facts: tuple[str, ...]) -> None:
        """Lines laid over the photo; none hides them."""
        if facts != self._facts:
            self._facts = facts
            self.update()

    def _arrived(self, file: int) -> None:
        if self._laid is not None and file == self._laid.file:
            self.update()

    def _follow(self) -> None:
        self._take_cursor()
        self.update()

    # ------------------------------------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(self.rect(), QColor(self._surround or tokens.well))
        if self._laid is not None:
            self._paint_photo(painter, self._laid, tokens)
        if self._facts:
            paint_facts(painter, self, self._facts, tokens)
        if self.hasFocus() and by_keyboard(self):
            painter.setPen(QPen(QColor(tokens.focus), theme.FOCUS, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_photo(self, painter: QPainter, laid: Laid, tokens: theme.Tokens) -> None:
        frame = self._viewport.frame(self.area, self._pane)
        if frame.isEmpty():
            return
        rect = laid.rect(frame)
        image = self._image(laid, rect)
        if image is None:
            self._paint_absent(painter, laid, rect, tokens)
            return
        rect = in_shape(rect, image.size().transposed() if laid.turn % 180 else image.size())
        painter.save()
        ratio = on_device_pixels(painter)
        if self._lined:
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), QColor("#ffffff"))
        area = QRect(0, 0, round(self.area.width()), round(self.area.height()))
        self._brush.draw(painter, image, laid, rect, area, smooth=self._viewport.smooth)
        if laid.cut:
            paint_frame(painter, frame, tokens)
        for outline in self._outlines:
            paint_outline(painter, frame, outline, ratio, tokens, self.font())
        painter.restore()

    def _image(self, laid: Laid, rect: QRect) -> QImage | None:
        """The best there is now; what would be better is asked for."""
        edge = max(rect.width(), rect.height())
        if min(edge, max(self._pictures.size(laid.file))) <= LARGEST_STEP:
            self._edge = min(edge, LARGEST_STEP)
        elif (image := self._pictures.full(laid.file)) is not None:
            return image
        return self._pictures.get(laid.file, self._edge)  # what is there already: a step between would only delay all pixels

    def _paint_absent(self, painter: QPainter, laid: Laid, rect: QRect, tokens: theme.Tokens) -> None:
        """A quiet ground while the picture is on its way, or why it cannot be shown."""
        trouble = self._pictures.trouble(laid.file)
        ratio = self.devicePixelRatioF()
        place = QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio).toRect()
        place = place.intersected(self.rect())
        if trouble:
            draw_trouble(painter, place, trouble, tokens)
        else:
            painter.fillRect(place, QColor(tokens.panel))

    # ------------------------------------------------------------------------------------------------ the hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if _alone(event.modifiers()):
            turned = turned or event.angleDelta().x()  # some systems turn a wheel aside while Shift is held
        self._zoom(NOTCH ** (turned / NOTCH_UNITS), event.position(), event.modifiers())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position()
            self._take_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            moved = (event.position() - self._grabbed) * self.devicePixelRatioF()
            self._grabbed = event.position()
            self._viewport.pan(moved.x(), moved.y(), self._pane, alone=_alone(event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self._take_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        if self._viewport.apart(self._pane) != TOGETHER:
            self._viewport.join(self._pane)
        elif self._viewport.fitted:
            self._viewport.zoom_to(1.0, event.position() * self.devicePixelRatioF(), self.area, self._pane)
        else:
            self._viewport.fit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom(1 + event.value(), event.position(), event.modifiers())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = PAN_KEYS.get(Qt.Key(event.key()))
        if way is None or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        step = KEY_PAN * self.devicePixelRatioF()
        self._viewport.pan(way.x() * step, way.y() * step, self._pane, alone=_alone(event.modifiers()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apart.follow()
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.chosen.emit()

    def _zoom(self, factor: float, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        place = at * self.devicePixelRatioF()
        self._viewport.zoom_by(factor, place, self.area, self._pane, alone=_alone(modifiers))

    def _take_cursor(self) -> None:
        movable = not self._viewport.fitted or not self._viewport.linked
        shape = Qt.CursorShape.ClosedHandCursor if self._grabbed else Qt.CursorShape.OpenHandCursor
        shape = shape if movable else Qt.CursorShape.ArrowCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)


def _alone(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
