"""The ring round the control that has the keyboard: 2 px, 1 px outside; seen after keyboard use and not after a click."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QScrollBar,
    QWidget,
)

RINGED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)


class FocusRing(QObject):
    """Follows the focus from control to control. A widget of another class that wants the ring sets its property ``ring``."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._frame: QFocusFrame | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        ringed = now is not None and wants_ring(now)
        if ringed and self._frame is None:
            self._frame = QFocusFrame()
        if self._frame is not None:
            try:
                self._frame.setWidget(now if ringed else None)  # type: ignore[arg-type]
            except RuntimeError:  # it went with the window that it was in
                self._frame = None
                self._follow(before, now)


def by_keyboard(widget: QWidget) -> bool:
    """True when the last thing that moved the focus in this window was a key."""
    return widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def wants_ring(widget: QWidget) -> bool:
    """True for a control whose focus shows as a ring round it, after keyboard use."""
    if isinstance(widget, QScrollBar):
        return False
    wanted = widget.property("ring")
    ringed = isinstance(widget, RINGED) if wanted is None else bool(wanted)
    return ringed and by_keyboard(widget)
