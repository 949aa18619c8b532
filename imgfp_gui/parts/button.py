"""Buttons bound to a command: they say what it says, are on when it can be done, and show its key when there is room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QToolButton, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.commands import keys_shown

GAP = 6  # between icon and words
ICON_PLACE = QSize(theme.ICON + 4, theme.ICON)  # the style leaves 4 between icon and words; this makes 6 of it


class BarButton(QToolButton):
    """A flat button of a bar; its words can give way to the icon alone, then the tip says them."""

    def __init__(self, action: QAction, parent: QWidget | None = None, *, flat: bool = True) -> None:
        super().__init__(parent)
        if flat:
            self.setProperty("flat", "true")
        self.setDefaultAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(ICON_PLACE)
        self.show_words(shown=True)
        action.changed.connect(self._name)
        self._name()

    def show_words(self, *, shown: bool) -> None:
        """With its words, or as an icon."""
        style = Qt.ToolButtonStyle
        words = style.ToolButtonTextBesideIcon if not self.defaultAction().icon().isNull() else style.ToolButtonTextOnly
        self.setToolButtonStyle(words if shown else style.ToolButtonIconOnly)
        squared = None if shown else "true"
        if self.property("square") != squared:
            self.setProperty("square", squared)
            self.style().unpolish(self)
            self.style().polish(self)

    def _name(self) -> None:
        self.setAccessibleName(self.defaultAction().text().replace("&", "").removesuffix("…"))


class ActionButton(QPushButton):
    """A button for a command, with its icon before the words and its key, fainter, behind them.

    look: ``plain``, ``flat``, ``outlined`` or ``primary``. Another text may be shown than the command's own.
    """

    def __init__(
        self,
        action: QAction,
        look: str = "plain",
        parent: QWidget | None = None,
        *,
        text: str = "",
        large: bool = False,
        icon: bool = True,
        key: bool = False,
        spread: bool = False,
    ) -> None:
        """spread: words at the leading and the key at the trailing edge, for buttons one above the other."""
        super().__init__(parent)
        self._action, self._own_text, self._spread, self._with_key = action, text, spread, key
        for name, wanted in (("flat", look == "flat"), ("outlined", look == "outlined"), ("primary", look == "primary")):
            if wanted:
                self.setProperty(name, "true")
        if large:
            self.setProperty("large", "true")
        self._with_icon = icon
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def set_text(self, text: str) -> None:
        """Other words than the command's own."""
        self._own_text = text
        self._follow()

    def show_key(self, *, shown: bool) -> None:
        """With its key behind the words, or without where there is no room."""
        self._with_key = shown
        self.updateGeometry()
        self.update()

    def _follow(self) -> None:
        text = self._own_text or self._action.text()
        self.setText(text)
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(text.replace("&", "").removesuffix("…"))
        self.setAccessibleDescription(self._action.statusTip())
        self.updateGeometry()
        self.update()

    @property
    def _icon(self) -> str:
        return str(self._action.property("icon.name") or "") if self._with_icon else ""

    @property
    def _key(self) -> str:
        return keys_shown(self._action) if self._with_key else ""

    def sizeHint(self) -> QSize:
        made = super().sizeHint()
        extra = theme.ICON + GAP if self._icon else 0
        if self._key:
            extra += theme.SPACE_S + QFontMetrics(self._key_font()).horizontalAdvance(self._key)
        return QSize(made.width() + extra, made.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        tokens = theme.tokens_of(self.palette())
        primary = bool(self.property("primary"))
        ink = tokens.off if not self.isEnabled() else tokens.on_primary if primary else tokens.text
        hint = ink if primary or not self.isEnabled() else tokens.dim
        key, text = self._key, self.text().replace("&", "")
        icon, words = (theme.ICON + GAP if self._icon else 0), self.fontMetrics().horizontalAdvance(text)
        small = QFontMetrics(self._key_font())
        tail = small.horizontalAdvance(key) + theme.SPACE_S if key else 0
        room = self.rect().adjusted(10, 0, -10, 0)
        left = room.left() if self._spread else room.left() + max(0, (room.width() - icon - words - tail) // 2)
        if self._icon:
            ratio = self.devicePixelRatioF()
            place = self._seen(QRect(left, (self.height() - theme.ICON) // 2, theme.ICON, theme.ICON))
            painter.drawPixmap(place, icons.icon(self._icon, ink, theme.ICON, ratio))
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(self._seen(QRect(left + icon, 0, words + 1, self.height())), middle, text)
        if key:
            start = room.right() + 1 - tail + theme.SPACE_S if self._spread else left + icon + words + theme.SPACE_S
            painter.setFont(self._key_font())
            painter.setPen(QColor(hint))
            painter.drawText(self._seen(QRect(start, 0, tail, self.height())), middle, key)
        painter.end()

    def _key_font(self) -> QFont:
        return theme.sized(self.font(), theme.STEP_CAPTION)

    def _seen(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
