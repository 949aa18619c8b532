"""Colours, type and measures of the window, as palette and style sheet. Around photographs every grey is neutral."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette, QPixmapCache
from PySide6.QtWidgets import QApplication, QStyleFactory

THEMES = ("system", "dark", "light")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, sRGB hex. Every pair used for text has a contrast of 4.5 or more, every sign 3 or more."""

    well: str  # behind photos
    window: str  # frame, panes, bars
    panel: str  # headings, faint lines between rows
    raised: str  # buttons, messages
    hover: str
    pressed: str
    selected: str
    field: str
    line: str  # hairlines, never the only sign
    edge: str  # boundaries that must be seen
    text: str
    dim: str
    off: str  # disabled
    accent: str  # keep, inside the line, progress
    on_accent: str
    trash: str  # trash and caution, always with a shape
    primary: str  # the one primary button
    on_primary: str
    focus: str
    groove: str


DARK = Tokens(
    well="#2b2b2b",
    window="#333333",
    panel="#3a3a3a",
    raised="#464646",
    hover="#3f3f3f",
    pressed="#525252",
    selected="#4b4b4b",
    field="#2b2b2b",
    line="#4d4d4d",
    edge="#8c8c8c",
    text="#e2e2e2",
    dim="#bcbcbc",
    off="#858585",
    accent="#7fb2e5",
    on_accent="#141414",
    trash="#e0995e",
    primary="#dedede",
    on_primary="#1a1a1a",
    focus="#f4f4f4",
    groove="#262626",
)

LIGHT = Tokens(
    well="#d2d2d2",
    window="#ececec",
    panel="#e2e2e2",
    raised="#fafafa",
    hover="#dedede",
    pressed="#cccccc",
    selected="#c8c8c8",
    field="#fafafa",
    line="#c6c6c6",
    edge="#6a6a6a",
    text="#1c1c1c",
    dim="#4a4a4a",
    off="#7d7d7d",
    accent="#1a5791",
    on_accent="#ffffff",
    trash="#8c4005",
    primary="#2e2e2e",
    on_primary="#ffffff",
    focus="#0f0f0f",
    groove="#cdcdcd",
)

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
HIT_MIN = 24
BASE_PX = 13  # body text at 100 %; a larger system setting wins
TRASHED_OPACITY = 0.45
PAINTED_KIB = 64 * 1024  # pictures at their size on the screen, kept between repaints


class Theme(QObject):
    """The theme of the running application: knows the tokens, and follows the system unless told otherwise."""

    def __init__(self, app: QApplication, wanted: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._wanted = wanted
        self.tokens = DARK
        QPixmapCache.setCacheLimit(PAINTED_KIB)
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(body_font(app.font()))
        app.styleHints().colorSchemeChanged.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        """Put palette and style sheet in force."""
        light = self._wanted == "light" or (
            self._wanted == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        )
        self.tokens = LIGHT if light else DARK
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens, self._app.font().pixelSize()))


def tokens_of(drawn: QPalette) -> Tokens:
    """The tokens in force, told from the palette that a widget or delegate paints with."""
    return LIGHT if drawn.color(QPalette.ColorRole.Window).lightness() > 128 else DARK


def body_font(system: QFont) -> QFont:
    """The system's interface font at our body size, or larger when the system asks for more."""
    font = QFont(system)
    font.setPixelSize(max(BASE_PX, QFontInfo(system).pixelSize()))
    return font


def sized(font: QFont, step: int, *, bold: bool = False) -> QFont:
    """`font` some pixels larger or smaller (never below 12), optionally semibold."""
    other = QFont(font)
    other.setPixelSize(max(12, font.pixelSize() + step))
    if bold:
        other.setWeight(QFont.Weight.DemiBold)
    return other


def palette(tokens: Tokens) -> QPalette:
    """The palette: what Fusion and the delegates paint with."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    for name, value in {
        role.Window: tokens.window,
        role.Base: tokens.field,
        role.AlternateBase: tokens.panel,
        role.Button: tokens.raised,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.edge,
        role.Dark: tokens.line,
        role.Shadow: tokens.groove,
        role.WindowText: tokens.text,
        role.Text: tokens.text,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.text,
        role.PlaceholderText: tokens.dim,
        role.Highlight: tokens.selected,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
    }.items():
        made.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(group.Disabled, name, QColor(tokens.off))
    return made


def style_sheet(tokens: Tokens, body_px: int) -> str:
    """Paddings, radii and states of controls; no colours of data."""
    t = tokens
    return f"""
    * {{ font-size: {body_px}px; }}
    QMainWindow, QDialog, QMessageBox {{ background: {t.window}; }}
    QToolBar {{
        background: {t.window}; border: 0; border-bottom: 1px solid {t.line};
        padding: 5px {SPACE_S}px; spacing: {SPACE_XS}px; }}
    QToolBar::separator {{ background: {t.line}; width: 1px; margin: 6px {SPACE_S}px; }}
    QToolButton, QPushButton {{
        background: transparent; color: {t.text}; border: 2px solid transparent; border-radius: 4px;
        padding: 3px 9px; min-height: 20px; font-weight: 500; }}
    QPushButton {{ background: {t.raised}; }}
    QToolButton:hover {{ background: {t.hover}; }}
    QPushButton:hover {{ background: {t.pressed}; }}
    QToolButton:pressed, QPushButton:pressed {{ background: {t.pressed}; }}
    QToolButton:checked {{ background: {t.selected}; }}
    QToolButton:disabled, QPushButton:disabled {{ color: {t.off}; }}
    QToolButton:focus, QPushButton:focus {{ border-color: {t.focus}; }}
    *[primary="true"] {{ background: {t.primary}; color: {t.on_primary}; font-weight: 600; }}
    *[primary="true"]:hover, *[primary="true"]:pressed {{ background: {t.primary}; }}
    *[primary="true"]:disabled {{ background: {t.raised}; color: {t.off}; }}
    *[primary="true"]:focus {{ border-color: {t.accent}; }}
    *[role="heading"] {{ font-weight: 600; color: {t.text}; }}
    *[role="title"] {{ font-size: {body_px + 7}px; font-weight: 600; }}
    *[role="dim"] {{ color: {t.dim}; font-size: {max(12, body_px - 1)}px; }}
    *[role="number"] {{ font-weight: 600; }}
    *[pane="side"] {{ background: {t.window}; }}
    #compareArea, #memberGrid, #startPage {{ background: {t.well}; }}
    #compareHeader {{ background: {t.window}; border-bottom: 1px solid {t.line}; }}
    #activityBar {{ background: {t.window}; border-top: 1px solid {t.line}; }}
    #problemsPane {{ background: {t.window}; border-top: 1px solid {t.line}; }}
    QSplitter::handle {{ background: {t.line}; }}
    QListView {{ background: {t.window}; border: 0; outline: 0; }}
    #foldersList::item {{ color: {t.text}; padding: 0 9px; height: 28px; border: 0; }}
    #foldersList::item:hover {{ background: {t.hover}; }}
    #foldersList::item:selected {{ background: {t.selected}; }}
    #factsPane {{ border-top: 1px solid {t.line}; }}
    QProgressBar {{ background: {t.groove}; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    QSlider {{ background: transparent; min-height: 28px; border: 2px solid transparent; border-radius: 4px; }}
    QSlider:focus {{ border-color: {t.focus}; }}
    QSlider::groove:horizontal {{ background: {t.groove}; height: 4px; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {t.edge}; border-radius: 2px; }}
    QSlider::add-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ background: {t.primary}; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }}
    QSlider::sub-page:horizontal:disabled, QSlider::add-page:horizontal:disabled {{ background: {t.line}; }}
    QSlider::handle:horizontal:disabled {{ background: {t.line}; }}
    QScrollBar {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {t.edge}; border-radius: 3px; margin: 3px; min-height: 24px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.edge}; padding: 3px; }}
    QMenu {{ background: {t.window}; color: {t.text}; border: 1px solid {t.edge}; padding: 4px; }}
    QMenu::item {{ padding: 4px 24px 4px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.selected}; }}
    QMenu::item:disabled {{ color: {t.off}; }}
    QMenuBar {{ background: {t.window}; color: {t.text}; padding: 2px {SPACE_XS}px; }}
    QMenuBar::item {{ padding: 3px {SPACE_S}px; background: transparent; }}
    QMenuBar::item:selected {{ background: {t.hover}; }}
    """
