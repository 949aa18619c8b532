"""A sentence over the photos about what was just done, with its way back. It comes and goes by itself and takes no keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QRect, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAction, QEnterEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QStyle, QWidget

from imgfp_gui import theme
from imgfp_gui.control.totals import Message
from imgfp_gui.controller import ReviewController
from imgfp_gui.parts.button import ActionButton
from imgfp_gui.parts.icon_label import IconLabel
from imgfp_gui.parts.push import push

SIGNS = {
    "done": ("check", "text"),
    "remembered": ("equal-not", "text"),
    "caution": ("triangle-alert", "trash"),
    "note": ("info", "text"),
}
MARGIN = theme.SPACE_M


class MessageBar(QFrame):
    """`messageBar`. Stands at the foot of whatever `place` gives, over everything else; stays longer while looked at.

    Signals of the controller it follows: `message`, and `noted` for sentences without a button.
    """

    def __init__(
        self,
        controller: ReviewController,
        actions: Mapping[str, QAction],
        over: QWidget,
        place: Callable[[], QRect],
    ) -> None:
        """over: widget it is a child of. place: the part of it, in its coordinates, at whose foot the bar stands just now."""
        super().__init__(over)
        self.setObjectName("messageBar")
        self._controller, self._actions, self._place = controller, actions, place
        self._promised: str | None = None
        self._icon: IconLabel | None = None
        self._text = QLabel()
        self._text.setObjectName("message")
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._button: ActionButton | None = None
        self._close = push("", "x", look="flat", name=self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(14, 0, theme.SPACE_S, 0)
        self._layout.setSpacing(theme.SPACE_M)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=theme.MESSAGE_MS)
        self._timer.timeout.connect(self._end)
        self.hide()
        over.installEventFilter(self)
        controller.message.connect(self.show_message)
        controller.undo_changed.connect(self._outdate)
        controller.noted.connect(lambda sentence: self.show_message(Message(sentence, "note")))

    @property
    def text(self) -> str:
        """The sentence that is shown, or was shown last."""
        return self._text.text()

    def show_message(self, message: Message) -> None:
        """Show a message in place of the one before, and have it read aloud."""
        self._fill(message)
        self._promised = None
        QTimer.singleShot(0, self, self._promise)  # what was just done becomes the latest step only after it is told
        self.setAccessibleName(message.text)
        self.show()
        self.stand()
        self.raise_()
        self._timer.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message.text))

    def _promise(self) -> None:
        self._promised = self._controller.undo_text

    def _outdate(self) -> None:
        """Its button takes the latest step back: gone when that is another one than it tells of."""
        if self._button is not None and self._promised is not None and self._controller.undo_text != self._promised:
            self.hide()

    def stand(self) -> None:
        """Take the place it has now."""
        area = self._place()
        self._text.setWordWrap(False)
        width = min(self.sizeHint().width(), area.width() - 2 * MARGIN)
        self._text.setWordWrap(self.sizeHint().width() > width)
        height = max(theme.MESSAGE, self.heightForWidth(width))
        place = QRect(area.left() + MARGIN, area.bottom() + 1 - MARGIN - height, width, height)
        self.setGeometry(QStyle.visualRect(self.layoutDirection(), area, place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            QTimer.singleShot(0, self, self.stand)  # the panes take their new places first
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def _end(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._timer.start()
        else:
            self.hide()

    def _fill(self, message: Message) -> None:
        for old in (self._icon, self._button):
            if old is not None:
                old.hide()
                self._layout.removeWidget(old)
                old.deleteLater()
        name, role = SIGNS.get(message.sign, SIGNS["note"])
        self._icon = IconLabel(name, role)
        self._layout.insertWidget(0, self._icon)
        self._text.setText(message.text)
        action = self._actions.get(message.command) if message.command else None
        self._button = None
        if action is not None:
            self._button = ActionButton(action, "outlined", text=message.button, key=True)
            self._button.clicked.connect(self.hide)
            self._layout.insertWidget(2, self._button)
        for new in (self._icon, self._button):
            if new is not None:
                new.show()  # a layout counts a new child only when it is shown, and the width is asked for at once
