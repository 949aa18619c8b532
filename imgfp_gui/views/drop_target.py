"""The dashed frame of the first page: what can be dropped, and the two buttons that need no dropping."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.button import ActionButton
from imgfp_gui.parts.icon_label import IconLabel

DROP_HEIGHT = 288


class DropTarget(QWidget):
    """The dashed frame with what to do in it. It is wide enough to be hit, but the whole page takes what is dropped."""

    def __init__(self, add: QAction, sample: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self._title, about = QLabel(), QLabel(self.tr("A card, a drive, a whole library. RAW, JPEG, HEIC, TIFF and more."))
        self._title.setProperty("role", "title")
        about.setProperty("role", "second")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_S)
        buttons.addStretch()
        self.add_button = ActionButton(add, "primary", large=True)
        self.sample_button = ActionButton(sample, large=True, icon=False)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.addStretch()
        layout.addWidget(IconLabel("images", "dim", theme.ICON_EMPTY), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(theme.SPACE_L)
        for label in (self._title, about):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.insertSpacing(layout.count() - 1, theme.SPACE_XS)
        layout.addSpacing(theme.SPACE_XL)
        layout.addLayout(buttons)
        layout.addStretch()
        self.setMinimumHeight(DROP_HEIGHT)
        self.set_over(False)

    def set_over(self, over: bool) -> None:
        """Folders hang over the page and can be let go."""
        self._over = over
        self._title.setText(self.tr("Let go to add these folders") if over else self.tr("Drop folders with photos here"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tokens.text if self._over else tokens.edge), 2 if self._over else 1)
        if not self._over:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.hover if self._over else tokens.window))
        inset = pen.widthF() / 2
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, theme.RADIUS_SHEET, theme.RADIUS_SHEET)
        painter.end()
