"""The colours keep their promises: neutral around photos, enough contrast for everyone, no gradient anywhere."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, fields

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgfp_gui import icons
from imgfp_gui.style.ring import wants_ring
from imgfp_gui.theme import DARK, LIGHT, SURROUNDS, Tokens, palette, tokens_of

THEMES = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
TEXT, SIGN = 4.5, 3.0
NEEDED: dict[str, dict[str, float]] = {
    "text": dict.fromkeys(("window", "panel", "raised", "hover", "pressed", "selected", "field", "well"), TEXT),
    "dim": dict.fromkeys(("window", "panel", "raised", "hover", "selected", "field", "well"), TEXT) | {"groove": SIGN},
    "accent": dict.fromkeys(("window", "well"), TEXT)
    | dict.fromkeys(("panel", "raised", "hover", "selected", "field", "groove"), SIGN),
    "trash": dict.fromkeys(("window", "well"), TEXT) | dict.fromkeys(("panel", "raised", "hover", "selected", "field"), SIGN),
    "on_accent": {"accent": TEXT},
    "on_trash": {"trash": TEXT},
    "on_primary": {"primary": TEXT},
    "primary": {"window": SIGN},
    "on_chip": {"chip": TEXT},
    "edge": dict.fromkeys(("window", "well", "field", "groove"), SIGN),
    "focus": dict.fromkeys(("window", "well", "raised", "selected", "hover"), SIGN),
}
"""Least contrast of a colour on each ground it stands on: WCAG 2.2 asks 4.5 for text and 3 for what is no text."""
COLOURED = {"accent", "trash"}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@THEMES
def test_every_pair_of_colours_has_its_contrast(tokens: Tokens) -> None:
    colours = asdict(tokens)

    poor = [
        (name, ground, round(_contrast(colours[name], colours[ground]), 2))
        for name, grounds in NEEDED.items()
        for ground, need in grounds.items()
        if _contrast(colours[name], colours[ground]) < need
    ]

    assert not poor


def test_the_contrast_of_black_and_white_is_known() -> None:
    assert _contrast("#ffffff", "#000000") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@THEMES
def test_nothing_around_a_photo_has_a_hue(tokens: Tokens) -> None:
    coloured = {name for name, value in asdict(tokens).items() if len({value[1:3], value[3:5], value[5:7]}) > 1}

    assert coloured == COLOURED
    assert all(len({value[1:3], value[3:5], value[5:7]}) == 1 for value in SURROUNDS.values())


@THEMES
def test_a_palette_tells_its_theme_even_in_a_widget_with_a_ground_of_its_own(themed: QApplication, tokens: Tokens) -> None:
    drawn = palette(tokens)
    assert tokens_of(drawn) is tokens

    button = QPushButton()
    button.setProperty("primary", "true")
    button.ensurePolished()
    assert tokens_of(button.palette()) is DARK  # `themed` is dark, its primary button light


def test_controls_are_painted_flat(themed: QApplication) -> None:
    """Every colour in a picture of the controls is a token, or lies between two of them where an edge is smoothed."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    push, tool, check, radio, box, line = QPushButton(), QToolButton(), QCheckBox(), QRadioButton(), QComboBox(), QLineEdit()
    bar, slider = QProgressBar(textVisible=False), QSlider(Qt.Orientation.Horizontal)
    bar.setValue(40)
    slider.setValue(40)
    check.setChecked(True)
    radio.setChecked(True)
    for part in (push, tool, check, radio, box, line, bar, slider):
        layout.addWidget(part)
    whole.resize(300, 400)
    picture = whole.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    known = {QColor(getattr(DARK, field.name)).rgb() for field in fields(DARK)}

    for part in (push, box, line, bar):
        place = QRect(part.x() + 16, part.y() + 3, 40, part.height() - 6)
        seen = {picture.pixel(x, y) for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())}
        assert len(seen) <= 4, type(part)
        assert seen & known, type(part)
    assert picture.pixelColor(bar.x() + 40, bar.geometry().center().y()).name() == DARK.accent
    assert picture.pixelColor(check.x() + 2, check.geometry().center().y()).name() == DARK.accent


def test_icons_follow_colour_size_and_ratio_and_are_kept(themed: QApplication) -> None:
    one = icons.icon("folder", DARK.text, 16, 1.5)
    again = icons.icon("folder", DARK.text, 16, 1.5)
    light = icons.icon("folder", LIGHT.text, 16, 1.5)

    assert one.cacheKey() == again.cacheKey()
    assert one.size().width() == 24 and one.deviceIndependentSize().width() == 16
    assert one.toImage() != light.toImage()


def test_every_icon_can_be_drawn_and_is_not_empty(themed: QApplication) -> None:
    names = sorted(path.stem for path in (icons.resources() / "icons").glob("*.svg"))

    blank = []
    for name in names:
        picture = QImage(24, 24, QImage.Format.Format_ARGB32)
        picture.fill(0)
        painter = QPainter(picture)
        painter.drawPixmap(0, 0, icons.icon(name, "#ffffff", 24, 1))
        painter.end()
        if not any(picture.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24)):
            blank.append(name)

    assert len(names) > 40 and not blank


def test_what_came_from_others_names_its_licence() -> None:
    drawn = tomllib.loads(icons.text_of("icons", "manifest.toml"))["lucide"]
    parts = tomllib.loads(icons.text_of("licences", "manifest.toml"))["part"]

    assert drawn["version"] and "ISC" in drawn["licence"]
    assert "Cole Bemis" in icons.text_of("licences", "lucide.txt")  # the drawings that came from Feather
    for part in parts:
        assert part["licence"] and all(len(icons.text_of("licences", name)) > 500 for name in part["files"])
    assert {"PySide6_Essentials", "numpy", "pillow", "pillow-heif", "rawpy", "numba", "llvmlite", "platformdirs", "blake3"} == {
        part["package"] for part in parts if "package" in part
    }


def test_the_ring_is_seen_after_keys_and_not_after_a_click(themed: QApplication) -> None:
    window = QWidget()
    button = QPushButton("Keep", window)
    window.show()

    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not wants_ring(button)

    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    assert wants_ring(button)
    window.close()
