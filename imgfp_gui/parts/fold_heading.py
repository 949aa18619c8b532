"""The heading of a part of a side pane: folds what is below it, says a number, and holds a few small buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from imgfp_gui import icons, theme


class FoldHeading(QFrame):
    """Title with a chevron, a number beside it, buttons at the end. The chevron and the title are one button.

    Signals
    -------
    folded(bool): True when what is below is to be hidden.
    """

    folded = Signal(bool)

    def __init__(self, title: str, body: QWidget | None = None, parent: QWidget | None = None, *, line: bool = True) -> None:
        """body: is shown and hidden here. line: a hairline above, for all but the first heading of a pane."""
        super().__init__(parent)
        self._body = body
        self._title = QToolButton(text=title)
        self._title.setProperty("flat", "true")
        self._title.setProperty("heading", "true")
        self._title.setCheckable(False)
        self._title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._title.clicked.connect(lambda: self.fold(not self.is_folded))
        font = theme.sized(self.font(), 0, bold=True)
        self._title.setFont(font)
        self.number = HeadingNumber()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(1, 0, theme.SPACE_S, 0)  # its chevron stands over those of the rows
        self._layout.setSpacing(0)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self.number, 1)
        self.setProperty("line", "above" if line else "")
        self.setMinimumHeight(theme.at_least(theme.PANEL_HEADING, self.fontMetrics().height()))
        self.is_folded = False
        self._draw()

    def set_title(self, title: str) -> None:
        """Other words on the heading."""
        self._title.setText(title)
        self._draw()

    def add(self, widget: QWidget) -> None:
        """A widget at the end of the heading."""
        self._layout.addWidget(widget)

    def add_button(self, icon: str, name: str, action: QAction | None = None) -> QToolButton:
        """A small button at the end. icon: of `icons`. name: what a screen reader and the tip say."""
        button = QToolButton()
        if action is not None:
            button.setDefaultAction(action)
        button.setIcon(icons.qicon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setAccessibleName(name)
        if action is None:
            button.setToolTip(name)
        for quality in ("flat", "small", "square"):
            button.setProperty(quality, "true")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layout.addWidget(button)
        return button

    def fold(self, folded: bool) -> None:
        """Hide what is below, or show it again."""
        if folded == self.is_folded:
            return
        self.is_folded = folded
        if self._body is not None:
            self._body.setVisible(not folded)
        self._draw()
        self.folded.emit(folded)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        """Qt leaves two spaces behind the words of such a button, which would part the number from them."""
        spaces = 2 * self._title.fontMetrics().horizontalAdvance(" ")
        self._title.setMaximumWidth(max(theme.HIT_MIN, self._title.sizeHint().width() - spaces))

    def _draw(self) -> None:
        self._fit()
        self._title.setIcon(icons.qicon("chevron-right" if self.is_folded else "chevron-down"))
        state = self.tr("folded") if self.is_folded else self.tr("open")
        self._title.setAccessibleName(self._title.text())
        self._title.setAccessibleDescription(state)


class HeadingNumber(QLabel):
    """The number beside a title. Where there is no room for it all it says less: a number is never cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = self._short = ""
        self.setProperty("role", "second")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, whole: str, short: str = "") -> None:
        """short: shown instead where `whole` does not fit; the tip says it all then."""
        self._whole, self._short = whole, short or whole
        self.setAccessibleName(whole)
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self._whole) <= self.width()
        self.setText(self._whole if fits else self._short)
        self.setToolTip("" if fits else self._whole)
