"""The style sheet: paddings, radii and states of buttons, fields, bars, headings and messages; no colours of data.

Whatever it does not name is painted by `flat.FlatStyle`; no class of controls is in both.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics

from imgfp_gui.theme import BUTTON, RADIUS, RADIUS_BADGE, RADIUS_SHEET, SPACE_S, SPACE_XS, Tokens, at_least


def style_sheet(tokens: Tokens, font: QFont) -> str:
    """The sheet for a theme and a body font, whose height the controls grow with."""
    button = at_least(BUTTON, QFontMetrics(font).height()) - 2  # without its border
    parts = (_frames(tokens), _text(tokens, font.pixelSize()), _buttons(tokens, button), _segments(tokens, button))
    return "".join((*parts, _fields(tokens, button), _menus(tokens), _scrolling(tokens)))


def _frames(t: Tokens) -> str:
    return f"""
    QMainWindow, QDialog {{ background: {t.window}; }}
    #toolbar {{ background: {t.window}; border-bottom: 1px solid {t.line}; }}
    #compareArea, #startPage, #scanningPage, #emptyPage {{ background: {t.well}; }}
    #compareBar {{ background: {t.window}; border-bottom: 1px solid {t.line}; }}
    #activityBar {{ background: {t.window}; border-top: 1px solid {t.line}; }}
    #messageBar {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: {RADIUS}px; }}
    *[pane="side"] {{ background: {t.window}; }}
    *[rule="top"], *[line="above"] {{ border-top: 1px solid {t.line}; }}
    *[rule="bottom"] {{ border-bottom: 1px solid {t.line}; }}
    *[role="separator"] {{ background: {t.line}; }}
    *[rule="start"] {{ border-left: 1px solid {t.line}; }}
    *[rule="box"] {{ border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    *[ground="well"] {{ background: {t.well}; }}
    *[sheet="true"] {{ background: {t.window}; border: 1px solid {t.edge}; border-radius: {RADIUS_SHEET}px; }}
    QListView, QTreeView, QTableView {{ background: {t.window}; border: 0; outline: 0; }}
    #problemsList QHeaderView {{ background: {t.window}; }}
    #problemsList QHeaderView::section {{
        background: {t.window}; color: {t.dim}; border: 0; border-bottom: 1px solid {t.line};
        padding: 0 12px; font-weight: 500; }}
    QTableCornerButton::section {{ background: {t.window}; border: 0; }}
    QComboBoxListView {{ border: 1px solid {t.edge}; }}
    QListWidget::item {{ padding: 2px {SPACE_S}px; min-height: 22px; }}
    QListWidget::item:hover {{ background: {t.hover}; }}
    QListWidget::item:selected {{ background: {t.selected}; color: {t.text}; }}
    QToolTip {{ background: {t.chip}; color: {t.on_chip}; border: 1px solid {t.chip_line}; padding: 3px 5px; }}
    """


def _text(t: Tokens, body_px: int) -> str:
    return f"""
    QLabel[role="heading"] {{ font-weight: 600; }}
    QLabel[role="page"] {{ font-size: {body_px + 2}px; font-weight: 600; }}
    QLabel[role="title"] {{ font-size: {body_px + 7}px; font-weight: 600; }}
    QLabel[role="second"], QLabel[role="quiet"] {{ color: {t.dim}; }}
    QLabel[role="dim"] {{ color: {t.dim}; font-size: {max(12, body_px - 1)}px; }}
    QLabel[role="quiet"] {{ color: {t.dim}; }}
    QLabel[role="caption"] {{ font-size: {max(12, body_px - 1)}px; }}
    QLabel[role="number"] {{ font-weight: 600; }}
    QLabel[role="key"] {{
        color: {t.dim}; font-size: {max(12, body_px - 1)}px; border: 1px solid {t.line};
        border-radius: {RADIUS_BADGE}px; padding: 0 5px; }}
    """


def _buttons(t: Tokens, height: int) -> str:
    brighter = "#ffffff" if t.primary > "#808080" else "#000000"
    return f"""
    QPushButton, QToolButton {{
        background: {t.raised}; color: {t.text}; border: 1px solid transparent; border-radius: {RADIUS}px;
        padding: 0 9px; min-height: {height}px; font-weight: 500; }}
    QToolButton {{ max-height: {height}px; padding: 0 7px; }}
    QPushButton:hover, QToolButton:hover {{ background: {t.pressed}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {t.well}; }}
    QPushButton:disabled, QToolButton:disabled {{ background: transparent; color: {t.off}; border-color: {t.line}; }}
    *[flat="true"] {{ background: transparent; }}
    *[flat="true"]:hover {{ background: {t.hover}; }}
    *[flat="true"]:disabled {{ border-color: transparent; }}
    *[outlined="true"] {{ background: transparent; border-color: {t.edge}; }}
    *[outlined="true"]:hover {{ background: {t.hover}; }}
    QToolButton:checked, QPushButton:checked {{
        background: {t.selected}; border-bottom: 2px solid {t.text};
        border-bottom-left-radius: 0; border-bottom-right-radius: 0; }}
    *[large="true"] {{ min-height: {height + 8}px; padding: 0 19px; font-size: 15px; }}
    QToolButton[small="true"] {{ min-height: {height - 4}px; max-height: {height - 4}px; padding: 0 5px; font-weight: 400; }}
    QPushButton[small="true"] {{ min-height: {height - 4}px; padding: 0 5px; font-weight: 400; }}
    *[square="true"] {{ padding: 0; min-width: {height}px; max-width: {height}px; }}
    *[square="true"][small="true"] {{ padding: 0; min-width: {height - 4}px; max-width: {height - 4}px; }}
    *[primary="true"] {{ background: {t.primary}; color: {t.on_primary}; font-weight: 600; }}
    *[primary="true"]:hover, *[primary="true"]:pressed {{ background: {brighter}; }}
    *[primary="true"]:disabled {{ background: transparent; color: {t.off}; border-color: {t.line}; }}
    QToolButton[heading="true"] {{ padding: 0 4px; font-weight: 600; }}
    QToolButton[fold="true"] {{ text-align: left; color: {t.dim}; }}
    *[sheet="true"] QPushButton[roomy="true"] {{ min-height: 30px; padding: 0 15px; }}
    QToolButton::menu-indicator {{ image: none; }}
    """


def _segments(t: Tokens, height: int) -> str:
    return f"""
    *[segments="true"] {{ background: {t.field}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    QToolButton[segment] {{
        background: transparent; color: {t.dim}; border: 0; border-radius: 0; padding: 0 10px;
        min-height: {height}px; max-height: {height}px; }}
    QToolButton[segment="next"] {{ border-left: 1px solid {t.line}; }}
    QToolButton[segment]:hover {{ background: {t.hover}; color: {t.text}; }}
    QToolButton[segment]:checked {{
        background: {t.selected}; color: {t.text};
        border-bottom: 2px solid {t.text}; padding-top: 2px; min-height: {height - 4}px; }}
    QToolButton[segment]:disabled {{ color: {t.off}; }}
    """


def _fields(t: Tokens, height: int) -> str:
    return f"""
    QLineEdit, QPlainTextEdit, QTextBrowser {{
        background: {t.field}; color: {t.text}; border: 1px solid {t.edge}; border-radius: {RADIUS}px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QLineEdit {{ padding: 0 7px; min-height: {height}px; placeholder-text-color: {t.dim}; }}
    QLineEdit QToolButton {{ background: transparent; border: 0; padding: 0; min-height: 0; }}
    QLineEdit:disabled {{ color: {t.off}; border-color: {t.line}; }}
    """


def _menus(t: Tokens) -> str:
    return f"""
    QMenu {{ background: {t.window}; color: {t.text}; border: 1px solid {t.edge}; padding: {SPACE_XS}px; }}
    QMenu::item {{ padding: 5px 24px 5px {SPACE_S}px; border-radius: {RADIUS}px; }}
    QMenu::item:selected {{ background: {t.selected}; }}
    QMenu::item:disabled {{ color: {t.off}; }}
    QMenu::icon {{ padding-left: {SPACE_S}px; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: {SPACE_XS}px {SPACE_S}px; }}
    """


def _scrolling(t: Tokens) -> str:
    return f"""
    QScrollBar {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {t.edge}; border-radius: 3px; margin: 3px; min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {t.dim}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
