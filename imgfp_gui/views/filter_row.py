"""A state of the queue as a button that stays pressed: sign, name, number of clusters."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from engine.records import ClusterState
from imgfp_gui import theme
from imgfp_gui.models import words
from imgfp_gui.parts.state_sign import draw_sign, sign_of_state


class FilterRow(QAbstractButton):
    """Checked: clusters of this state are shown. The number keeps its place and never pushes the name about."""

    def __init__(self, state: ClusterState, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._count = -1  # until it is told
        self.setText(name)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ring", False)  # it fills the pane from edge to edge: its ring is inside
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Clusters in this state."""
        if count != self._count:
            self._count = count
            self.setAccessibleName(self.tr("{0}: {1}").format(self.text(), words.clusters(count)))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.LEFT_PANE[0], theme.at_least(theme.ROW, self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        if self.isChecked() or self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.selected if self.isChecked() else tokens.hover))
        middle = (self.height() - theme.ICON) // 2
        sign = self._placed(QRect(theme.SPACE_M, middle, theme.ICON, theme.ICON))
        draw_sign(painter, QRectF(sign), sign_of_state(self.state), tokens)
        small = theme.sized(self.font(), theme.STEP_CAPTION)
        number = words.number(self._count)
        width = QFontMetrics(small).horizontalAdvance(number)
        right = self.width() - theme.SPACE_M
        left = theme.SPACE_M + theme.ICON + theme.SPACE_S
        self._write(painter, QRect(left, 0, right - width - theme.SPACE_S - left, self.height()), self.text(), tokens.text)
        painter.setFont(small)
        self._write(painter, QRect(right - width, 0, width + 1, self.height()), number, tokens.dim)
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.focus), theme.FOCUS))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), theme.RADIUS, theme.RADIUS)
        painter.end()

    def _write(self, painter: QPainter, box: QRect, text: str, colour: str) -> None:
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(QColor(colour))
        painter.drawText(self._placed(box), align, elided)

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)
