"""Puts a theme in force: style, palette, font and style sheet of the running application."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPixmapCache
from PySide6.QtWidgets import QApplication

from imgfp_gui.style.flat import FlatStyle
from imgfp_gui.style.ring import FocusRing
from imgfp_gui.style.sheet import style_sheet
from imgfp_gui.theme import DARK, LIGHT, body_font, palette

PAINTED_KIB = 64 * 1024  # pictures at their size on the screen, kept between repaints


class Theme(QObject):
    """The theme of the running application: knows the tokens, and follows the system unless told otherwise.

    Signals
    -------
    changed(): other tokens are in force.
    """

    changed = Signal()

    def __init__(self, app: QApplication, wanted: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._wanted = wanted
        self.tokens = DARK
        QPixmapCache.setCacheLimit(PAINTED_KIB)
        app.setStyle(FlatStyle())
        app.setFont(body_font(app.font()))
        app.styleHints().colorSchemeChanged.connect(self.apply)
        self._ring = FocusRing(app)
        self.apply()

    @property
    def wanted(self) -> str:
        """What was asked for: ``system``, ``dark`` or ``light``."""
        return self._wanted

    def want(self, wanted: str) -> None:
        """Change to another theme, at once."""
        if wanted != self._wanted:
            self._wanted = wanted
            self.apply()

    def apply(self) -> None:
        """Put palette and style sheet in force."""
        light = self._wanted == "light" or (
            self._wanted == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        )
        self.tokens = LIGHT if light else DARK
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens, self._app.font()))
        self.changed.emit()
