"""What several delegates draw alike: a whole photo in a frame, the ground of a row, the ring of the keyboard focus."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QPixmap, QPixmapCache, QTransform
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from imgfp_gui import theme


def upright(turn: int, mirror: bool) -> QTransform:
    """The unit square mirrored left-right if `mirror`, then turned clockwise by `turn` degrees (0, 90, 180, 270), onto itself."""
    made = QTransform(-1, 0, 0, 1, 1, 0) if mirror else QTransform()
    return (
        made
        * {
            0: QTransform(),
            90: QTransform(0, 1, -1, 0, 1, 0),
            180: QTransform(-1, 0, 0, -1, 1, 1),
            270: QTransform(0, -1, 1, 0, 0, 1),
        }[turn % 360]
    )


def on_device_pixels(painter: QPainter) -> float:
    """Let the painter count in whole device pixels from the top left of its widget; returns how many make a logical one.

    A photo must lie on whole pixels to be sharp, which at 125 % or 150 % logical coordinates do not give.
    """
    ratio = painter.device().devicePixelRatioF()
    painter.scale(1 / ratio, 1 / ratio)
    origin = painter.deviceTransform().map(QPointF(0, 0))
    painter.translate(round(origin.x()) - origin.x(), round(origin.y()) - origin.y())
    return ratio


def draw_photo(
    painter: QPainter,
    frame: QRect,
    picture: QImage | None,
    tokens: theme.Tokens,
    opacity: float = 1.0,
    *,
    turn: int = 0,
    mirror: bool = False,
) -> QRect:
    """Draw the whole picture centred in `frame`, never cropped; a quiet ground while it is missing.

    turn, mirror: as in `upright`. Returns the rectangle that the picture takes.
    """
    if picture is None or picture.isNull():
        painter.fillRect(frame, QColor(tokens.panel))
        return frame
    size = picture.size().transposed() if turn % 180 else picture.size()
    size = size.scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    place = QRect(
        frame.x() + (frame.width() - size.width()) // 2,
        frame.y() + (frame.height() - size.height()) // 2,
        size.width(),
        size.height(),
    )
    painter.save()
    painter.setOpacity(painter.opacity() * opacity)
    ratio = on_device_pixels(painter)
    fitted = _fitted(picture, QSize(round(size.width() * ratio), round(size.height() * ratio)), turn, mirror)
    painter.drawPixmap(QPoint(round(place.x() * ratio), round(place.y() * ratio)), fitted)
    painter.restore()
    return place


def _fitted(picture: QImage, size: QSize, turn: int, mirror: bool) -> QPixmap:
    """The picture at its size in device pixels, kept: to scale smoothly at each repaint would cost a frame or two."""
    key = f"{picture.cacheKey()}:{size.width()}:{size.height()}:{turn}:{mirror}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    kept = QPixmap.fromImage(smaller(picture, size, turn, mirror=mirror))
    QPixmapCache.insert(key, kept)
    return kept


def smaller(picture: QImage, size: QSize, turn: int = 0, *, mirror: bool = False) -> QImage:
    """The picture scaled smoothly to a size, which is the one after it was mirrored and turned."""
    smooth, exact = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
    made = picture.scaled(size.transposed() if turn % 180 else size, exact, smooth)
    return made.transformed(upright(turn, mirror)) if turn % 360 or mirror else made


def draw_row_ground(painter: QPainter, option: QStyleOptionViewItem, tokens: theme.Tokens) -> None:
    """Fill of a hovered or selected row, with the bar at the leading edge that tells selection without colour."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(tokens.selected if selected else tokens.hover))
    if selected:
        bar = QRect(option.rect.x(), option.rect.y(), 4, option.rect.height())
        painter.fillRect(QStyle.visualRect(option.direction, option.rect, bar), QColor(tokens.text))


def draw_focus(painter: QPainter, option: QStyleOptionViewItem, tokens: theme.Tokens) -> None:
    """Ring inside a row that has the keyboard focus."""
    keys = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
    if option.state & keys == keys:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.focus), theme.FOCUS))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(option.rect).adjusted(3, 3, -3, -3), theme.RADIUS, theme.RADIUS)  # 2 px from the edge
        painter.restore()


def tokens_for(option: QStyleOptionViewItem) -> theme.Tokens:
    """The tokens of the palette a row is painted with."""
    return theme.tokens_of(option.palette)


def text_colour(option: QStyleOptionViewItem) -> QColor:
    """Colour of plain text in a row."""
    return option.palette.color(QPalette.ColorRole.Text)
