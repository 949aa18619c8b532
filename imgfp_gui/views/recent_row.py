"""A library of before as a button: up to three photos, name and place, what is left to decide, and when it was open."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QStyle, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.models import names, recent_words, words
from imgfp_gui.models.recent_file import Recent
from imgfp_gui.parts import painting

HEIGHT = 64
THUMB = QSize(60, 40)
THUMBS_WIDTH = 188


class RecentRow(QAbstractButton):
    """Enter, Space or a click opens it. The arrows go to the next one.

    Signals
    -------
    removed(): take it off the list.
    """

    removed = Signal()

    def __init__(self, library: Recent, *, missing: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self._missing = missing
        now = QDateTime.currentDateTime()
        self._texts = (recent_words.name(library), recent_words.place(library, missing=missing))
        self._ends = (recent_words.left(library), recent_words.when(library, now))
        said = recent_words.sentence(library, missing=missing, now=now)
        self.setAccessibleName(said)
        self.setToolTip(names.tip("\n".join(names.shown(folder) for folder in library.folders)).replace("\n", "<br>"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(560, max(HEIGHT, 2 * self.fontMetrics().height() + theme.SPACE_XL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Open, or take off the list."""
        menu = QMenu(self)
        menu.setAccessibleName(self._texts[0])
        menu.setToolTipsVisible(True)
        menu.addAction(self.tr("Open")).triggered.connect(lambda _=False: self.click())
        remove = menu.addAction(self.tr("Remove from this list"))
        remove.setToolTip(self.tr("Only from the list: no photo and no decision is touched."))
        remove.triggered.connect(lambda _=False: self.removed.emit())
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        if self.underMouse() or self.isDown():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.pressed if self.isDown() else tokens.hover))
            painter.drawRoundedRect(self.rect(), theme.RADIUS, theme.RADIUS)
        self._draw_thumbs(painter, tokens)
        chevron = self._placed(QRect(self.width() - theme.SPACE_M - theme.ICON, 0, theme.ICON, self.height()))
        image = icons.icon("chevron-right", tokens.text, theme.ICON, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(chevron.x(), (self.height() - theme.ICON) / 2), image)
        self._write(painter, tokens)
        painter.end()

    def _draw_thumbs(self, painter: QPainter, tokens: theme.Tokens) -> None:
        left, top = theme.SPACE_M, (self.height() - THUMB.height()) // 2
        for thumb in self.library.thumbs:
            size = thumb.size().scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio)
            frame = QRect(left, top + (THUMB.height() - size.height()) // 2, size.width(), size.height())
            painting.draw_photo(painter, self._placed(frame), thumb, tokens, theme.DISABLED_OPACITY if self._missing else 1.0)
            left += size.width() + theme.SPACE_XS
        if not self.library.thumbs:
            sign = self._placed(QRect(theme.SPACE_M, (self.height() - theme.ICON_LARGE) // 2, theme.ICON_LARGE, theme.ICON_LARGE))
            image = icons.icon("images", tokens.dim, theme.ICON_LARGE, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(sign.topLeft()), image)

    def _write(self, painter: QPainter, tokens: theme.Tokens) -> None:
        bold, small = theme.sized(self.font(), 0, bold=True), theme.sized(self.font(), theme.STEP_CAPTION)
        upper, lower = max(18, QFontMetrics(bold).height()), max(16, QFontMetrics(small).height())
        top = (self.height() - upper - lower) // 2
        right = self.width() - 2 * theme.SPACE_M - theme.ICON
        ends = max(QFontMetrics(small).horizontalAdvance(text) for text in self._ends) + 2
        left = theme.SPACE_M + THUMBS_WIDTH + theme.SPACE_M
        room = right - ends - theme.SPACE_M - left
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self._text(painter, QRect(left, top, room, upper), bold, tokens.text, self._texts[0], start)
        self._text(painter, QRect(left, top + upper, room, lower), small, tokens.dim, self._texts[1], start)
        self._text(painter, QRect(right - ends, top, ends, upper), small, tokens.text, self._ends[0], end)
        self._text(painter, QRect(right - ends, top + upper, ends, lower), small, tokens.dim, self._ends[1], end)

    def _text(self, painter: QPainter, box: QRect, font: QFont, colour: str, text: str, side: Qt.AlignmentFlag) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(self.layoutDirection(), side)
        painter.drawText(self._placed(box), align, words.isolated(shown))

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)
