"""One picture as it lies in a pane: which of its pixels are seen, and how they come onto the screen sharp and soon."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from imgfp_gui.parts.painting import smaller, upright

BLENDED_DOWN_TO = 0.7  # a smaller scale leaves pixels out when drawn at once, so that fine patterns would sparkle
SAME_SHAPE = 0.02
WHOLE = QRectF(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class Laid:
    """A picture in the frame that all panes share.

    file: its id. turn, mirror: what makes it lie like the first one (degrees clockwise, after mirroring left-right).
    part: where it lies in the frame, in fractions of the frame; may reach outside 0..1. cut: it was cut out of the first there.
    """

    file: int
    turn: int = 0
    mirror: bool = False
    part: QRectF = field(default_factory=lambda: QRectF(WHOLE))
    cut: bool = False

    def rect(self, frame: QRectF) -> QRect:
        """Where it lies on the screen, on whole pixels, when the shared frame lies at `frame`."""
        left, top = frame.x() + self.part.x() * frame.width(), frame.y() + self.part.y() * frame.height()
        size = QSizeF(self.part.width() * frame.width(), self.part.height() * frame.height())
        return QRect(round(left), round(top), max(1, round(size.width())), max(1, round(size.height())))


def in_shape(rect: QRect, size: QSize) -> QRect:
    """The largest place in the middle of `rect` that has the shape of an image of this size, so that none is ever stretched.

    A preview in a RAW file may be cut otherwise than the sensor.
    """
    if rect.isEmpty() or size.isEmpty():
        return rect
    shape = (size.width() / size.height()) / (rect.width() / rect.height())
    slack = max(SAME_SHAPE, 2 / min(rect.width(), rect.height()))  # sides are whole pixels
    if abs(shape - 1) <= slack:
        return rect
    fitted = QSizeF(size).scaled(QSizeF(rect.size()), Qt.AspectRatioMode.KeepAspectRatio).toSize()
    corner = rect.topLeft() + QPoint((rect.width() - fitted.width()) // 2, (rect.height() - fitted.height()) // 2)
    return QRect(corner, fitted)


def part_for(first: QSizeF, other: QSizeF) -> QRectF:
    """Where a picture of size `other` lies in the frame of the first: all over it where the shapes agree, else centred in it."""
    if first.isEmpty() or other.isEmpty():
        return QRectF(WHOLE)
    shape = (other.width() / other.height()) / (first.width() / first.height())
    if abs(shape - 1) <= SAME_SHAPE:  # a pixel was lost to rounding
        return QRectF(WHOLE)
    if shape > 1:
        return QRectF(0, (1 - 1 / shape) / 2, 1, 1 / shape)
    return QRectF((1 - shape) / 2, 0, shape, 1)


class Brush:
    """Draws one picture; keeps what it scaled down last, so that the next repaint is a copy."""

    def __init__(self) -> None:
        self._key: tuple[int, QRect, QSize, int, bool] | None = None
        self._scaled = QImage()

    def draw(self, painter: QPainter, image: QImage, laid: Laid, rect: QRect, area: QRect, *, smooth: bool) -> None:
        """Draw the pixels of `image` that fall into `area` when the whole of it lies at `rect`. All in device pixels."""
        seen = rect.intersected(area)
        if seen.isEmpty() or image.isNull():
            return
        onto = _onto(image.size(), laid, rect)
        back, _ = onto.inverted()
        source = back.mapRect(QRectF(seen)).toAlignedRect().intersected(image.rect())
        scale = rect.width() / (image.height() if laid.turn % 180 else image.width())
        if scale < BLENDED_DOWN_TO:
            self._draw_smaller(painter, image, laid, source, onto.mapRect(QRectF(source)))
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and scale != 1.0)
        painter.setClipRect(seen)
        painter.setTransform(onto, True)
        painter.drawImage(QPointF(source.topLeft()), image, QRectF(source))
        painter.restore()

    def _draw_smaller(self, painter: QPainter, image: QImage, laid: Laid, source: QRect, target: QRectF) -> None:
        place = target.toRect()
        key = (image.cacheKey(), source, place.size(), laid.turn, laid.mirror)
        if key != self._key:
            cut = image if source == image.rect() else image.copy(source)
            self._scaled = smaller(cut, place.size().expandedTo(QSize(1, 1)), laid.turn, mirror=laid.mirror)
            self._key = key
        painter.drawImage(place.topLeft(), self._scaled)


def _onto(size: QSize, laid: Laid, rect: QRect) -> QTransform:
    """Pixels of an image of this size onto the screen."""
    unit = QTransform.fromScale(1 / size.width(), 1 / size.height())
    placed = QTransform(rect.width(), 0, 0, rect.height(), rect.x(), rect.y())
    return _whole(unit * upright(laid.turn, laid.mirror) * placed)


def _whole(onto: QTransform) -> QTransform:
    """The same without what rounding left of a scale of one, so that pixels are copied and not blended."""
    values = [onto.m11(), onto.m12(), onto.m21(), onto.m22(), onto.dx(), onto.dy()]
    return QTransform(*(float(round(value)) if abs(value - round(value)) < 1e-9 else value for value in values))
