"""The badge of a pane that looks apart from the others; a press brings it back."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from imgfp_gui import theme
from imgfp_gui.compare.viewport import TOGETHER, Viewport
from imgfp_gui.parts.badge import badge_size, draw_badge, on_photo

ICON = "unlink-2"


class ApartButton(QAbstractButton):
    """Lies in the lower left corner of its canvas, opposite the overview, and is seen only while the pane looks apart."""

    def __init__(self, viewport: Viewport, pane: int, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._viewport = viewport
        self._pane = pane
        self.setText(self.tr("Moved apart"))
        self.setAccessibleName(self.text())
        self.setToolTip(self.tr("This photo was moved on its own. Press to line it up again."))
        self.setAccessibleDescription(self.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.clicked.connect(lambda: viewport.join(pane))
        viewport.listen(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show itself in its corner, or not."""
        apart = self._viewport.apart(self._pane) != TOGETHER
        if apart:
            size = self.sizeHint()
            self.setGeometry(QRect(QPoint(theme.SPACE_M, self.parentWidget().height() - theme.SPACE_M - size.height()), size))
        self.setVisible(apart)

    def sizeHint(self) -> QSize:
        badge = badge_size(self.font(), ICON, self.text())
        return QSize(badge.width(), max(badge.height(), theme.HIT_MIN))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        look = on_photo(theme.tokens_of(self.palette()))
        draw_badge(painter, self.rect(), ICON, self.text(), look, self.font(), mirrored=mirrored)
        painter.end()
