"""Colours, type and measures of the window. Around photographs every grey is neutral, every pair has its contrast."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette

THEMES = ("system", "dark", "light")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, sRGB hex. Every pair used for text has a contrast of 4.5 or more, every sign 3 or more."""

    well: str  # behind photos, the usual surround
    window: str  # frame, panes, bars
    panel: str  # headings of bands, faint lines between rows
    raised: str  # buttons, messages, badges in headers
    hover: str  # fill under the pointer
    pressed: str  # button held down, or raised and hovered
    selected: str  # selected row or cell; button or segment that is on
    field: str  # text fields, check boxes, segments
    line: str  # hairlines, never the only sign
    edge: str  # boundaries that must be seen
    text: str
    dim: str  # second text, worse value
    off: str  # disabled
    accent: str  # keep, inside the line, better, progress, checked
    on_accent: str
    trash: str  # trash and caution, always with a shape
    on_trash: str
    primary: str  # the one primary button; handles
    on_primary: str
    focus: str
    chip: str  # badge on a photo, the same in both themes
    on_chip: str
    chip_line: str
    scrim: str  # over the window behind a sheet
    groove: str  # of sliders, progress, histograms


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
    on_trash="#141414",
    primary="#dedede",
    on_primary="#1a1a1a",
    focus="#f4f4f4",
    chip="#1e1e1e",
    on_chip="#f0f0f0",
    chip_line="#6e6e6e",
    scrim="#1c1c1c",
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
    on_trash="#ffffff",
    primary="#2e2e2e",
    on_primary="#ffffff",
    focus="#0f0f0f",
    chip="#1e1e1e",
    on_chip="#f0f0f0",
    chip_line="#6e6e6e",
    scrim="#9a9a9a",
    groove="#cdcdcd",
)

SURROUNDS = {"black": "#000000", "dark": DARK.well, "middle": "#777777", "light": LIGHT.well, "white": "#ffffff"}
"""Greys behind photos that the user can choose; the first sight is the theme's own well. middle is L* 50."""

# Measures in logical pixels at 100 %.
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL, SPACE_XXL = 4, 8, 12, 16, 24, 32
RADIUS_BADGE, RADIUS, RADIUS_SHEET, RADIUS_BAR = 3, 4, 6, 3
HAIR, FOCUS, FOCUS_GAP, SELECT_BAR, UNDERLINE = 1, 2, 1, 4, 2
HIT_MIN = 24
ICON_BADGE, ICON, ICON_LARGE, ICON_EMPTY = 14, 16, 20, 40
TOOLBAR, ACTIVITY_BAR, PANEL_HEADING, ROW, FACTS_ROW, FACTS_HISTOGRAM_ROW = 40, 28, 32, 28, 24, 52
CLUSTER_ROW, CLUSTER_THUMB = 56, (48, 40)
FILMSTRIP, FILMSTRIP_CELL, FILMSTRIP_PICTURE, FILMSTRIP_CAPTION, FILMSTRIP_ACTIONS = 120, (128, 104), (104, 72), 26, 152
FILMSTRIP_LOW, FILMSTRIP_PICTURE_LOW, LOW_WINDOW = 72, 40, 640  # below this window height the strip is lower
COMPARE_BAR, PANE_HEADER, PANE_HEADER_ROWS, PANE_FOOTER = 36, 32, 44, 44
BUTTON, BUTTON_LARGE, BADGE, TAG, CHECK = 28, 36, 20, 20, 16
SLIDER_GROOVE, SLIDER_THUMB, LINE_HANDLE, PROGRESS, SCROLL_BAR, SCROLL_BAR_HIT = 4, 16, (14, 16), 6, 6, 12
HISTORY_ROW, PROBLEM_ROW, MESSAGE, SHEET_APPLY, NAVIGATOR = 56, 40, 40, 720, 108
LEFT_PANE, RIGHT_PANE, RIGHT_PANE_WIDE = (216, 264, 400), (264, 288, 400), 336  # least, usual, greatest; wide from WIDE_WINDOW
SPLITTER, SPLITTER_HIT = 1, 8
WINDOW_MIN, WIDE_WINDOW, DRAWER_BELOW, ICONS_BELOW, LEFT_DRAWER_BELOW = (800, 560), 1600, 1100, 1000, 900

TRASHED_OPACITY, APPLIED_OPACITY, SCRIM_OPACITY, DISABLED_OPACITY = 0.45, 0.45, 0.72, 0.60
PANE_SLIDE_MS, MESSAGE_IN_MS, MESSAGE_MS = 120, 80, 8000

BASE_PX, SMALLEST_PX = 13, 12  # body text at 100 %; a larger system setting wins
STEP_CAPTION, STEP_HEADING, STEP_TITLE = -1, 2, 7  # pixels from body to the other sizes


def tokens_of(drawn: QPalette) -> Tokens:
    """The tokens in force, told from the palette that a widget or delegate paints with.

    By the groove: a style sheet puts a widget's own ground and text colours into its palette, and never this one.
    """
    return LIGHT if drawn.color(QPalette.ColorRole.Shadow).lightness() > 128 else DARK


def body_font(system: QFont) -> QFont:
    """The system's interface font at our body size, or larger when the system asks for more; figures all equally wide."""
    font = QFont(system)
    font.setPixelSize(max(BASE_PX, QFontInfo(system).pixelSize()))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def sized(font: QFont, step: int, *, bold: bool = False) -> QFont:
    """`font` some pixels larger or smaller (never below 12), optionally semibold."""
    other = QFont(font)
    other.setPixelSize(max(SMALLEST_PX, font.pixelSize() + step))
    if bold:
        other.setWeight(QFont.Weight.DemiBold)
    return other


def at_least(measure: int, font_height: int) -> int:
    """A height in logical pixels that holds a line of text: the measure, or more when the user's text is larger."""
    return max(measure, font_height + 10)


def palette(tokens: Tokens) -> QPalette:
    """The palette: what the style and the delegates paint with. A window without focus looks the same."""
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
        role.ToolTipBase: tokens.chip,
        role.ToolTipText: tokens.on_chip,
    }.items():
        made.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(group.Disabled, name, QColor(tokens.off))
    return made
