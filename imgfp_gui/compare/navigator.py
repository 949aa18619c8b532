"""A small copy of the whole photo, with a frame round what is seen of it; a press looks there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from imgfp_gui import theme
from imgfp_gui.compare.canvas import Canvas
from imgfp_gui.compare.stage import Stage
from imgfp_gui.parts.painting import draw_photo

OPACITY = 0.75
STEP = 256  # longest edge of the copy that is asked for, in device pixels
LEAST = 8  # logical pixels of the frame, however little is seen


class Navigator(QWidget):
    """Lies in the lower corner of a canvas while that shows a part of its photo. Not mirrored in languages from right to left."""

    def __init__(self, stage: Stage, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("navigator")
        self.setAccessibleName(self.tr("Overview of the photo"))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._stage = stage
        self._canvas = canvas
        canvas.installEventFilter(self)
        stage.viewport.listen(self._follow)
        stage.pictures.arrived.connect(lambda _: self.update())
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return False

    def _follow(self) -> None:
        first, area = self._stage.viewport.first, self._canvas.area
        seen = self._stage.viewport.visible(area) if not first.isEmpty() else QRectF(0, 0, 1, 1)
        shown = not first.isEmpty() and (seen.width() < 0.999 or seen.height() < 0.999)
        edge = min(theme.NAVIGATOR, self._canvas.width() // 3, self._canvas.height() // 3)
        if not shown or edge < 32:
            self.hide()
            return
        size = QSize(edge, edge) if first.isEmpty() else first.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio).toSize()
        room = self._canvas.rect().adjusted(0, 0, -theme.SPACE_M, -theme.SPACE_M)
        place = QRect(room.right() - size.width() + 1, room.bottom() - size.height() + 1, size.width(), size.height())
        if place != self.geometry():
            self.setGeometry(place)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(self.rect(), QColor("#000000"))
        laid = self._canvas.laid
        inside = self.rect().adjusted(1, 1, -1, -1)
        if laid is not None:
            image = self._stage.pictures.get(laid.file, STEP)
            if image is not None:
                draw_photo(painter, inside, image, tokens, OPACITY, turn=laid.turn, mirror=laid.mirror)
        painter.setPen(QPen(QColor(tokens.chip_line), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self._paint_frame(painter)
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        seen = self._stage.viewport.visible(self._canvas.area)
        size = QSize(self.width(), self.height())
        frame = QRectF(
            seen.x() * size.width(), seen.y() * size.height(), seen.width() * size.width(), seen.height() * size.height()
        )
        frame = frame.united(QRectF(frame.center() - QPointF(LEAST / 2, LEAST / 2), QSize(LEAST, LEAST)))
        frame = QRectF(frame.toRect()).intersected(QRectF(self.rect())).adjusted(1, 1, -1, -1)
        for inset, width, colour in ((-0.5, 1, "#000000"), (1, 2, "#ffffff")):
            painter.setPen(QPen(QColor(colour), width, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(frame.adjusted(inset, inset, -inset, -inset))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._look(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look(event)

    def _look(self, event: QMouseEvent) -> None:
        place = event.position()
        self._stage.viewport.look_at(QPointF(place.x() / max(1, self.width()), place.y() / max(1, self.height())))
        event.accept()
