"""What happens to the photos, in one sentence, at the foot of the first page."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from imgfp_gui import theme
from imgfp_gui.parts.icon_label import IconLabel

PROMISE_HEIGHT = 44


class Promise(QFrame):
    """What happens to the photos, in one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", "top")
        self.setProperty("pane", "side")
        text = _Sentence(
            self.tr(
                "Everything stays on this computer. Photos you decide against go to the trash when you say Apply, "
                "and come back with Undo."
            )
        )
        text.setProperty("role", "dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_L, theme.SPACE_XS, theme.SPACE_L, theme.SPACE_XS)
        layout.setSpacing(theme.SPACE_S)
        layout.addStretch(1)
        layout.addWidget(IconLabel("shield-check"))
        layout.addWidget(text, 1000)
        layout.addStretch(1)
        self.setMinimumHeight(PROMISE_HEIGHT)


class _Sentence(QLabel):
    """Takes one line where there is room for it, and as many as it needs where there is none."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(self.text()) + theme.SPACE_XS)
