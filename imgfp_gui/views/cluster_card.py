"""A cluster as a card: its first two photos whole, how alike, in which way, how many. A click opens it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from engine.records import Cluster
from imgfp_gui import theme
from imgfp_gui.models import words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting

PICTURE_HEIGHT = 104
LINE = 24
BETWEEN = 2


class ClusterCard(QAbstractButton):
    """Keeps its place; `show_cluster` puts another cluster in, or the same one with more photos."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._kind = ""
        self.cluster: Cluster | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        pictures.arrived.connect(self._come)

    def show_cluster(self, cluster: Cluster, kind: str) -> None:
        """kind: what holds it together, in a word or two."""
        self.cluster, self._kind = cluster, kind
        freed = words.size(cluster.reclaimable_bytes) if cluster.reclaimable_bytes else ""
        parts = (words.percent(cluster.weakest), kind, words.photos(len(cluster.units)), freed)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, PICTURE_HEIGHT + 3 * theme.SPACE_S + max(LINE, self.fontMetrics().height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.cluster is None:
            return
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.hover if self.underMouse() else tokens.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        room = self.rect().adjusted(theme.SPACE_S + 1, theme.SPACE_S, -theme.SPACE_S - 1, 0)
        width = (room.width() - BETWEEN) // 2
        for place, unit in enumerate(self.cluster.units[:2]):
            frame = QRect(room.x() + place * (width + BETWEEN), room.y(), width, PICTURE_HEIGHT)
            picture = self._pictures.get(unit[0], max(frame.width(), frame.height()) * self.devicePixelRatioF())
            painting.draw_photo(painter, self._placed(frame), picture, tokens)
        self._write(painter, tokens, QRect(room.x() + 2, room.y() + PICTURE_HEIGHT + theme.SPACE_S, room.width() - 4, LINE))
        painter.end()

    def _write(self, painter: QPainter, tokens: theme.Tokens, room: QRect) -> None:
        assert self.cluster is not None
        bold, small = theme.sized(self.font(), 0, bold=True), theme.sized(self.font(), theme.STEP_CAPTION)
        score, amount = words.isolated(words.percent(self.cluster.weakest)), self._amount()
        taken, ends = QFontMetrics(bold).horizontalAdvance(score), QFontMetrics(small).horizontalAdvance(amount)
        middle = room.width() - taken - ends - 2 * theme.SPACE_S
        kind = QFontMetrics(self.font()).elidedText(self._kind, Qt.TextElideMode.ElideRight, middle)
        self._text(painter, QRect(room.x(), room.y(), taken + 2, room.height()), bold, tokens.text, score)
        at = QRect(room.x() + taken + theme.SPACE_S, room.y(), middle, room.height())
        self._text(painter, at, self.font(), tokens.dim, kind)
        self._text(painter, QRect(room.right() + 1 - ends, room.y(), ends + 1, room.height()), small, tokens.dim, amount)

    def _text(self, painter: QPainter, box: QRect, font: QFont, colour: str, text: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self._placed(box), align, text)

    def _amount(self) -> str:
        if self.cluster is None:
            return ""
        photos, freed = words.isolated(words.photos(len(self.cluster.units))), self.cluster.reclaimable_bytes
        return f"{photos} · {words.isolated(words.size(freed))}" if freed else photos

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def _come(self, file: int) -> None:
        if self.cluster is not None and any(file == unit[0] for unit in self.cluster.units[:2]):
            self.update()
